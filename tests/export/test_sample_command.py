import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from small_generators import dcgan, mlp, tiny_onnx

from kgan_export import Sampler, export
from kgan_export.sample import main


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "g.onnx"
    export(dcgan(10, channels=3), path)
    return path


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_grid_shows_the_samples_row_by_row(generator, tmp_path):
    output = tmp_path / "new" / "grid.png"
    result = run(generator, "-n", 5, "-o", output, "--seed", 3, "--columns", 2)
    assert result.exit_code == 0, result.output
    picture = np.asarray(Image.open(output))
    assert picture.shape == (3 * 8, 2 * 8, 3)
    samples = Sampler(generator).sample(5, seed=3)
    np.testing.assert_array_equal(picture[8:16, 8:16], samples[3])
    np.testing.assert_array_equal(picture[16:, :8], samples[4])
    assert not picture[16:, 8:].any()
    assert [path.name for path in output.parent.iterdir()] == ["grid.png"]


def test_labels_and_truncation_are_used(generator, tmp_path):
    output = tmp_path / "a.npy"
    run(generator, "-n", 2, "-o", output, "--labels", "3,4", "--truncation", "0.5")
    expected = Sampler(generator).sample(2, labels=[3, 4], truncation=0.5)
    np.testing.assert_array_equal(np.load(output), expected)
    run(generator, "-n", 2, "-o", output, "--labels", "7")
    expected = Sampler(generator).sample(2, labels=7)
    np.testing.assert_array_equal(np.load(output), expected)


def test_float_nchw_gives_the_same_grid(generator, tmp_path):
    options = {"layout": "nchw", "output_dtype": "float32"}
    export(dcgan(10, channels=3), tmp_path / "f.onnx", **options)
    for source, name in [(generator, "a.png"), (tmp_path / "f.onnx", "b.png")]:
        assert run(source, "-o", tmp_path / name).exit_code == 0
    ours, theirs = (
        np.asarray(Image.open(tmp_path / name)).astype(int)
        for name in ("a.png", "b.png")
    )
    assert np.abs(ours - theirs).max() <= 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["-o", "grid.jpg"], "must be a .png, .npy or .npz file"),
        (["--labels", "cat"], "must be a class from 0 to 9"),
        (["--labels", "10"], "must be a class from 0 to 9"),
        (["--seed", "-1"], "seed"),
        (["--truncation", "2"], "truncation"),
        (["-n", "0"], "num-samples"),
    ],
    ids=lambda value: str(value),
)
def test_a_mistake_gives_one_message(generator, arguments, message):
    with CliRunner().isolated_filesystem():
        result = run(generator, *arguments)
    assert result.exit_code != 0
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_sound_is_no_picture(tmp_path):
    export(mlp((40, 2)), tmp_path / "sound.onnx")
    output = tmp_path / "sound.png"
    result = run(tmp_path / "sound.onnx", "-o", output)
    assert result.exit_code == 1
    assert "samples.npy" in result.output
    assert not output.exists()


def test_flat_samples_are_written_as_an_array(tmp_path):
    path = tiny_onnx(tmp_path / "tiny.onnx")
    assert run(path, "-n", 3, "-o", tmp_path / "a.npy").exit_code == 0
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), Sampler(path).latents(3))
