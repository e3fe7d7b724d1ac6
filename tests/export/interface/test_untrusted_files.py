"""Exports of strangers: what is refused, and that damage gives nothing worse."""

import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from small_generators import tiny_onnx

from kgan_export import Sampler
from kgan_export.interface.onnx_properties import read_onnx
from kgan_export.interface.reading import read_metadata

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


def external(path, location):
    """A tiny generator with a weight in another file."""
    model = onnx.load(tiny_onnx(path))
    weight = numpy_helper.from_array(
        numpy_helper.to_array(model.graph.initializer[0]), "elsewhere"
    )
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value=location)
    model.graph.initializer.append(weight)
    Path(path).write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize(
    "location",
    ["/etc/hostname", "../secret", "deep/../../secret", "..\\secret", "", "link"],
)
def test_weights_stay_in_the_folder(tmp_path, location):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(bytes(8))
    os.symlink(tmp_path / "secret", folder / "link")
    path = external(folder / "g.onnx", location)
    with pytest.raises(ValueError, match="must lie in its folder"):
        read_onnx(path)
    with pytest.raises(ValueError, match="must lie in its folder"):
        Sampler(path)


def test_weights_inside_the_folder_are_welcome(tmp_path):
    (tmp_path / "g.onnx.data").write_bytes(bytes(8))
    assert Sampler(external(tmp_path / "g.onnx", "g.onnx.data")).sample(2).any()


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
