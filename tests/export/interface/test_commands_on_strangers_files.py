"""`kgan generate`, `kgan-export --inspect` and `kgan_export.sample` believe nothing."""

import sys

import numpy as np
import pytest
from click.testing import CliRunner
from onnx_images import write_images

import kgan.cli
import kgan_export.cli
import kgan_export.sample
from kgan_export import ExportError, Sampler

COMMANDS = {
    "generate": (kgan.cli.main, ["generate"], ["-o", "a.png"]),
    "sample": (kgan_export.sample.main, [], ["-o", "a.npy"]),
}


def run(command, path, *options, expected=0):
    main, first, last = COMMANDS[command]
    with CliRunner().isolated_filesystem():
        arguments = [*first, path, *last, *options]
        result = CliRunner().invoke(main, [str(x) for x in arguments])
    assert isinstance(result.exception, SystemExit | None), result.exception
    assert result.exit_code == expected, result.output
    return result.output


def inspect(path, *options):
    result = CliRunner().invoke(
        kgan_export.cli.main, ["--inspect", str(path), *options]
    )
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result.output


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("key", ["class_names", "outputs", "output_dtype", "settings"])
def test_what_sampling_can_do_without(command, key, tmp_path):
    run(command, write_images(tmp_path / "g.onnx", missing=[key]))


@pytest.mark.parametrize("key", ["sample_shape", "layout", "num_classes", "kind"])
def test_what_pictures_need_is_asked_for(key, tmp_path):
    path = write_images(tmp_path / "g.onnx", missing=[key])
    code = int(key != "layout")
    assert "Received" in run("generate", path, expected=code) or not code


@pytest.mark.parametrize(
    "changes",
    [
        {"num_classes": 2**31, "class_names": None},
        {"sample_shape": [2, 2, 8]},
        {"sample_shape": [2, 2]},
        {"kind": "video"},
        {"sample_shape": [2**14, 2**14, 1]},
        {"latent_dim": 2**20},
    ],
    ids=str,
)
def test_absurd_metadata_are_one_message(changes, tmp_path):
    assert "must" in run(
        "generate", write_images(tmp_path / "g.onnx", **changes), expected=1
    )


def test_more_channels_than_png_has_are_refused(tmp_path):
    path = write_images(tmp_path / "g.onnx", layout="nchw", sample_shape=[2, 2, 1])
    run("generate", path)  # two channels
    from kgan._core.images import encode_png

    with pytest.raises(ValueError, match="1 to 4 channels"):
        encode_png(np.zeros((2, 2, 8), np.uint8))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-n", 10**12], "must fit into memory"),
        (["-n", 2**62], "must fit into memory"),
        (["-n", 10**30], "must be an integer|must fit into memory"),
        (["--labels", 2**64 - 1], "abel"),
        (["--labels", "9" * 5000], "abel"),
        (["--labels", -1], "abel"),
        (["--seed", 2**64], "seed"),
        (["--seed", "9" * 5000], "seed"),
        (["--condition", "1,2"], "condition"),
    ],
    ids=lambda x: str(x)[:30],
)
def test_numbers_are_bounded(command, options, message, tmp_path):
    main, first, last = COMMANDS[command]
    path = write_images(tmp_path / "g.onnx")
    arguments = [*first, path, "-o", tmp_path / last[1], *options]
    result = CliRunner().invoke(main, [str(x) for x in arguments])
    assert isinstance(result.exception, SystemExit | None), result.exception
    assert result.exit_code in (1, 2) and "Traceback" not in result.output
    assert any(word in result.output for word in message.split("|"))


def test_sampler_bounds_its_batches(tmp_path):
    sampler = Sampler(write_images(tmp_path / "g.onnx"))
    for wrong in (-1, 0, 2**31, 2.5):
        with pytest.raises(ValueError, match="`batch_size` must be"):
            sampler.sample(2, batch_size=wrong)
    assert sampler.sample(2, batch_size=2**31 - 1).shape == (2, 2, 2, 1)
    for wrong in (2**64 - 1, -1, np.uint64(2**64 - 1), [2**64 - 1, 0], 1.5):
        with pytest.raises(ValueError, match="`labels` must be"):
            sampler.sample(2, labels=wrong)
    with pytest.raises(ValueError, match="`start` must be"):
        sampler.sample(2, start=2**63 - 1)
    static = Sampler(write_images(tmp_path / "s.onnx", static_batch=2**16))
    assert static.sample(2).shape == (2, 2, 2, 1)


def test_samples_are_what_was_told(tmp_path):
    """A graph may tell no sizes, and give others than its metadata."""
    import onnx

    path = write_images(tmp_path / "g.onnx", outputs=("image",))
    model = onnx.load(path)
    for dim in model.graph.output[0].type.tensor_type.shape.dim:
        dim.ClearField("dim_value")
        dim.dim_param = "any"
    model.graph.initializer[0].int64_data[:] = [-1, 1, 4, 1]
    make = onnx.helper.make_node
    model.graph.node.insert(0, make("Sub", ["label", "label"], ["zeros"]))
    model.graph.node.insert(1, make("ReduceMax", ["zeros"], ["zero"]))
    model.graph.node.insert(2, make("Add", ["shape", "zero"], ["sizes"]))
    model.graph.node[3].input[1] = "sizes"
    onnx.save(model, path)
    with pytest.raises(ExportError, match=r"gave float32 \[2, 1, 4, 1\] as image"):
        Sampler(path).sample(2)


def test_samples_are_numbers(tmp_path):
    import onnx

    path = write_images(tmp_path / "g.onnx")
    model = onnx.load(path)
    node = model.graph.node[0]
    node.output[0] = "floats"
    cast = onnx.helper.make_node(
        "Cast", ["floats"], ["image"], to=onnx.TensorProto.STRING
    )
    model.graph.node.append(cast)
    model.graph.output[0].type.tensor_type.elem_type = onnx.TensorProto.STRING
    onnx.save(model, path)
    with pytest.raises(ExportError, match="The generator gave"):
        Sampler(path).sample(2)


def test_inspect_shows_only_what_it_knows(tmp_path):
    path = write_images(tmp_path / "g.onnx", **{"k" * 10**6: 1, "x": 1})
    assert len(inspect(path)) < 2000


@pytest.mark.parametrize("name", ["\x1b]0;owned\x07", "\x9b2J", "\u202egnp", "\ud800"])
def test_names_are_shown_and_not_obeyed(name, tmp_path):
    path = write_images(tmp_path / "g.onnx", dataset=name, class_names=[name, "b", "c"])
    messages = [
        inspect(path),
        inspect(path, "--json"),
        run("generate", path, "--labels", "none", expected=1),
        run("generate", write_images(tmp_path / "h.onnx", kind=name), expected=1),
    ]
    for text in messages:
        assert text.replace("\n", "").isprintable()


def test_foreign_domains_are_shown_and_not_obeyed(tmp_path):
    import onnx

    path = write_images(tmp_path / "g.onnx")
    model = onnx.load(path)
    model.graph.node[0].domain = "\x1b[2J"
    onnx.save(model, path)
    assert inspect(path).replace("\n", "").isprintable()


def test_memory_errors_are_one_message(tmp_path, monkeypatch):
    def fail(*arguments, **options):
        raise MemoryError("Unable to allocate 7 TiB")

    monkeypatch.setattr(Sampler, "sample", fail)
    for command in COMMANDS:
        text = run(command, write_images(tmp_path / "g.onnx"), expected=1)
        assert "The memory is used up. Unable to allocate 7 TiB" in text


def test_errors_of_tensorflow_are_one_message(tmp_path, monkeypatch):
    import tensorflow as tf

    def fail(*arguments, **options):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM\nthe whole graph")

    assert "tensorflow" in sys.modules
    monkeypatch.setattr(Sampler, "sample", fail)
    for command in COMMANDS:
        text = run(command, write_images(tmp_path / "g.onnx"), expected=1)
        assert "OOM" in text and "whole graph" not in text


def test_several_outputs(tmp_path):
    path = write_images(tmp_path / "g.onnx", outputs=("a", "b"))
    main, picture = kgan_export.sample.main, tmp_path / "pair.png"
    result = CliRunner().invoke(main, [str(path), "-n", "4", "-o", str(picture)])
    assert result.exit_code == 0, result.output
    from PIL import Image

    assert Image.open(picture).size == (2 * 4, 2 * 2)  # 2×2 pairs, side by side
    arrays = tmp_path / "pair.npz"
    result = CliRunner().invoke(main, [str(path), "-n", "4", "-o", str(arrays)])
    with np.load(arrays) as made:
        assert made["a"].shape == made["b"].shape == (4, 2, 2, 1)
    result = CliRunner().invoke(main, [str(path), "-o", str(tmp_path / "pair.npy")])
    assert result.exit_code == 1 and "-o samples.npz" in result.output
