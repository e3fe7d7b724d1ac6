"""Exports of strangers: what is refused, and that damage gives nothing worse."""

import json
import os
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from small_generators import tiny_onnx

from kgan_export import Sampler
from kgan_export.interface.metadata import SCHEMA
from kgan_export.interface.reading import read_metadata
from kgan_export.onnx_file import read_onnx

FUZZ = Path(__file__).with_name("fuzz_sampler.py")


def with_metadata(path, **changes):
    """A tiny generator whose metadata were changed afterwards."""
    model = onnx.load(tiny_onnx(path))
    known = json.loads(model.metadata_props[0].value) | changes
    kept = {key: value for key, value in known.items() if value != "missing"}
    helper.set_model_props(model, {"kgan": json.dumps(kept)})
    onnx.save(model, path)
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {"latent_dim": -1},
        {"latent_dim": 2**40},
        {"latent_dim": "4"},
        {"latent_dim": True},
        {"latent_dim": 5},
        {"latent_dim": "missing"},
        {"prior": ["normal"]},
        {"prior": {}},
        {"kind": {}},
        {"num_classes": 3},
        {"num_classes": -3},
        {"static_batch": 10**9},
        {"sample_shape": [2**20, 2**20]},
        {"sample_shape": [0]},
        {"class_names": ["one"]},
        {"outputs": [{"name": "sample"}]},
        {"extra_inputs": [{"name": "z", "shape": "4", "distribution": "normal"}]},
        {"extra_inputs": 7},
        {"latents": "kgan-latents-9"},
        {"condition_shape": 3},
        {"condition_shape": [3]},
        {"condition_shape": [2, 2]},
        {"network": "discriminator"},
        {"network": []},
        {"num_classes": 2**31},
        {"class_names": "four", "num_classes": 4},
        {"kind": "image", "sample_shape": [4]},
        {"kind": "sample", "sample_shape": [5]},
        {"layout": "nchw", "sample_shape": [4]},
        {"architecture": "a" * 5000},
        {"dataset": ["digits"]},
        {"training_steps": -1},
        {"outputs": [{"name": "s"}] * 100},
        {"output_dtype": "float64"},
        {"output_range": [0, "255"]},
        {"inputs": [{"name": "image"}]},
        {"libraries": "keras"},
        {"settings": json.loads("[" * 100 + "]" * 100)},
        {"scores": {"fd": json.loads("[" * 100 + "]" * 100)}},
    ],
    ids=str,
)
def test_senseless_metadata_are_refused(tmp_path, changes):
    path = with_metadata(tmp_path / "g.onnx", **changes)
    with pytest.raises(ValueError, match="must.*\nReceived: "):
        Sampler(path)


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, "\x00", '{"latents"', "7"])
def test_metadata_that_are_no_json_object_are_refused(tmp_path, text):
    model = onnx.load(tiny_onnx(tmp_path / "g.onnx"))
    model.metadata_props[0].value = text
    onnx.save(model, tmp_path / "g.onnx")
    with pytest.raises(ValueError, match="must.*\nReceived: "):
        read_metadata(tmp_path / "g.onnx")


@pytest.mark.parametrize("key", list(SCHEMA))
def test_a_key_may_be_missing(tmp_path, key):
    """What sampling needs is asked for, the rest is unknown; nothing else is raised."""
    path = with_metadata(tmp_path / "g.onnx", **{key: "missing"})
    if SCHEMA[key].required or key == "latents":
        with pytest.raises(ValueError, match="must.*\nReceived: "):
            Sampler(path)
    else:
        sampler = Sampler(path)
        assert sampler.metadata[key] is None and sampler.sample(2).shape == (2, 4)


def test_other_keys_are_no_metadata(tmp_path):
    path = with_metadata(tmp_path / "g.onnx", **{"k" * 10**6: 1, "later": {}})
    assert list(Sampler(path).metadata) == list(SCHEMA)


def test_metadata_are_bounded(tmp_path):
    path = with_metadata(tmp_path / "g.onnx", other="x" * 2**22)
    with pytest.raises(ValueError, match="smaller than 4 MB"):
        Sampler(path)


def domain_of(model, place):
    """Gives one operator of a model a foreign domain."""
    node = helper.make_node("Anything", ["z"], ["y"], domain="com.microsoft")
    graph = helper.make_graph([node], "inner", [], [])
    if place == "graph":
        model.graph.node.append(node)
    elif place == "branch":
        model.graph.node.append(helper.make_node("If", ["b"], ["c"], then_branch=graph))
    elif place == "function":
        model.functions.append(helper.make_function("d", "f", [], ["y"], [node], []))
    else:
        model.training_info.add().algorithm.CopyFrom(graph)


@pytest.mark.parametrize("place", ["graph", "branch", "function", "training"])
def test_operators_outside_ai_onnx_are_refused(tmp_path, place):
    path = tiny_onnx(tmp_path / "g.onnx")
    model = onnx.load(path)
    domain_of(model, place)
    onnx.save(model, path)
    with pytest.raises(ValueError, match="ai.onnx only.*\n.*'com.microsoft'"):
        Sampler(path)


def test_onnxruntimes_own_format_is_refused(tmp_path):
    path = tiny_onnx(tmp_path / "g.ORT")
    with pytest.raises(ValueError, match="another format"):
        Sampler(path)


def test_a_file_of_countless_parts_is_refused_soon(tmp_path):
    (tmp_path / "g.onnx").write_bytes(b"\x08\x01" * 10**7)
    began = time.perf_counter()
    with pytest.raises(ValueError, match="too many parts"):
        read_onnx(tmp_path / "g.onnx")
    assert time.perf_counter() - began < 20


def external(path, location, **place):
    """A tiny generator with a weight in another file."""
    model = onnx.load(tiny_onnx(path))
    weight = numpy_helper.from_array(
        numpy_helper.to_array(model.graph.initializer[0]), "elsewhere"
    )
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **place}.items():
        weight.external_data.add(key=key, value=value)
    model.graph.initializer.append(weight)
    Path(path).write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize(
    "location",
    [
        "/etc/hostname",
        "../secret",
        "deep/../../secret",
        "..\\secret",
        "",
        "link",
        "*/_ORT_MEM_ADDR_/*",
        "*/_ORT_NATIVE_ENDIAN_MEM_ADDR_/*",
        "./inside",
        "deep//inside",
        "C:inside",
        "inside\n",
    ],
)
def test_weights_stay_in_the_folder(tmp_path, location):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(bytes(8))
    os.symlink(tmp_path / "secret", folder / "link")
    for name in ("inside", "*/_ORT_MEM_ADDR_/*", "deep/inside", "C:inside"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes(8))
    path = external(folder / "g.onnx", location)
    with pytest.raises(ValueError, match="must lie in its folder"):
        read_onnx(path)
    with pytest.raises(ValueError, match="must lie in its folder"):
        Sampler(path)


def test_weights_inside_the_folder_are_welcome(tmp_path):
    (tmp_path / "g.onnx.data").write_bytes(bytes(8))
    assert Sampler(external(tmp_path / "g.onnx", "g.onnx.data")).sample(2).any()


@pytest.mark.parametrize(
    "place",
    [
        {"location": "missing"},
        {"location": "pipe"},
        {"location": "folder"},
        {"offset": "4096"},
        {"length": "9"},
        {"offset": "4", "length": "8"},
        {"offset": "-8"},
        {"length": "9" * 400},
        {"offset": "eight"},
    ],
    ids=str,
)
def test_weights_are_a_part_of_a_file(tmp_path, place):
    (tmp_path / "weights").write_bytes(bytes(8))
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")  # which would be waited for
    path = external(tmp_path / "g.onnx", **({"location": "weights"} | place))
    with pytest.raises(ValueError, match="must lie in a file beside it"):
        Sampler(path)


def test_weights_of_inner_graphs_are_found(tmp_path):
    """A branch of an `If`, a sparse tensor and a function may name files too."""
    weight = helper.make_tensor("w", TensorProto.FLOAT, [1], [0.0])
    weight.ClearField("float_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="/etc/hostname")
    constant = helper.make_node("Constant", [], ["c"], value=weight)
    sparse = onnx.SparseTensorProto(values=weight)
    graphs = [
        helper.make_graph([constant], "g", [], []),
        helper.make_graph([], "g", [], [], sparse_initializer=[sparse]),
        helper.make_graph(
            [
                helper.make_node(
                    "If",
                    ["b"],
                    ["c"],
                    then_branch=helper.make_graph([constant], "then", [], []),
                )
            ],
            "g",
            [],
            [],
        ),
    ]
    models = [helper.make_model(graph) for graph in graphs]
    function = helper.make_function("d", "f", [], ["c"], [constant], [])
    models.append(
        helper.make_model(helper.make_graph([], "g", [], []), functions=[function])
    )
    for model in models:
        (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
        with pytest.raises(ValueError, match="must lie in its folder"):
            read_onnx(tmp_path / "m.onnx")


def test_damaged_archives_give_clean_errors(tmp_path):
    """Of the metadata at the end of TFLite files: only their own error, or a dict."""
    path, chance = tmp_path / "g.tflite", random.Random(0)
    metadata = read_metadata(tiny_onnx(tmp_path / "g.onnx"))
    path.write_bytes(bytes(range(256)))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kgan.json", json.dumps(metadata))
    assert read_metadata(path) == metadata
    original, refused = path.read_bytes(), 0
    for _ in range(1000):
        data = bytearray(original)
        for _ in range(chance.choice([1, 3, 30])):
            data[chance.randrange(256, len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice([len(data), chance.randrange(600)])])
        try:
            read_metadata(path)
        except ValueError as error:
            assert "Received: " in str(error)
            refused += 1
    assert 500 < refused < 1000


def fuzz(tmp_path, first, count):
    """Runs mutated files in a process of their own, which must not crash."""
    folder = tmp_path / str(first)
    folder.mkdir()
    source = tiny_onnx(folder / "source.onnx", num_classes=3)
    command = [sys.executable, FUZZ, source, str(first), str(count)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert process.returncode == 0, process.stdout[-2000:] + process.stderr[-2000:]
    return json.loads(process.stdout.splitlines()[-1])


def test_damaged_files_give_clean_errors(tmp_path):
    counts = fuzz(tmp_path, first=0, count=100)
    assert sum(counts.values()) == 100
    assert counts["refused"] > 20


@pytest.mark.slow
def test_thousands_of_damaged_files_give_clean_errors(tmp_path):
    counts = fuzz(tmp_path, first=100, count=20_000)
    assert sum(counts.values()) == 20_000


def fuzz_commands(tmp_path, kind, count):
    """Runs commands on mutated files in a process of their own."""
    script = FUZZ.with_name("fuzz_commands.py")
    command = [sys.executable, script, kind, tmp_path, str(count)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert process.returncode == 0, process.stdout[-2000:] + process.stderr[-4000:]
    return json.loads(process.stdout.splitlines()[-1])


def test_commands_end_in_one_message(tmp_path):
    found = fuzz_commands(tmp_path, "onnx", 60)
    assert found["ends"].keys() == {"0", "1"} and sum(found["ends"].values()) == 60


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "count"), [("onnx", 1000), ("keras", 300), ("saved_model", 300)]
)
def test_many_damaged_files_end_in_one_message(tmp_path, kind, count):
    found = fuzz_commands(tmp_path, kind, count)
    assert sum(found["ends"].values()) == count and found["ends"]["1"] > count / 10
    assert found["slowest"] < 20
