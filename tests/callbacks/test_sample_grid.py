import numpy as np
from PIL import Image

from kgan.callbacks import SampleGrid, image_grid


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_writes_pictures_and_the_animation(make_gan, train, tmp_path):
    gan = make_gan()
    train(gan, SampleGrid(tmp_path / "s", num_samples=16, every=3, seed=5))
    steps = [0, 3, 6, 8]
    assert names(tmp_path / "s") == ["animation.gif"] + [
        f"step_{step:06d}.png" for step in steps
    ]
    last = np.asarray(Image.open(tmp_path / "s" / "step_000008.png"))
    assert np.array_equal(last, image_grid(gan.generate(16, seed=5), columns=4))
    with Image.open(tmp_path / "s" / "animation.gif") as animation:
        assert animation.n_frames == len(steps)
        assert animation.size == last.shape[::-1]


def test_conditional_models_get_a_row_for_each_class(make_gan, train, tmp_path):
    gan = make_gan(num_classes=10)
    train(gan, SampleGrid(tmp_path, num_samples=64))
    last = np.asarray(Image.open(tmp_path / "step_000008.png"))
    expected = gan.generate(60, labels=np.repeat(np.arange(10), 6))
    assert np.array_equal(last, image_grid(expected, columns=6))
    assert last.shape == (10 * 10 + 2, 6 * 10 + 2)


def test_more_classes_than_samples(make_gan, train, tmp_path):
    train(make_gan(num_classes=10), SampleGrid(tmp_path, num_samples=9))
    assert Image.open(tmp_path / "step_000008.png").size == (32, 32)


def test_resumed_run_drops_pictures_of_later_steps(make_gan, train, tmp_path):
    (tmp_path / "step_000900.png").touch()
    gan = make_gan()
    train(gan, SampleGrid(tmp_path, num_samples=4))
    train(gan, SampleGrid(tmp_path, num_samples=4))
    assert names(tmp_path)[1:] == [f"step_{s:06d}.png" for s in (0, 8, 16)]
    with Image.open(tmp_path / "animation.gif") as animation:
        assert animation.n_frames == 3


def test_long_runs_keep_the_first_and_the_last_frame(tmp_path):
    grid = SampleGrid(tmp_path)
    for step in range(250):
        grey = Image.new("L", (4, 4), step)
        grey.save(tmp_path / f"step_{step:06d}.png")
    grid.animate()
    with Image.open(tmp_path / "animation.gif") as animation:
        assert animation.n_frames == 100
        first = animation.convert("L").getpixel((0, 0))
        animation.seek(99)
        assert (first, animation.convert("L").getpixel((0, 0))) == (0, 249)
