import numpy as np
import pytest
from PIL import Image

import kgan.data


def write(path, size=(8, 8), color=(255, 0, 0), mode="RGB", **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(path, **options)


def test_formats_and_classes(tmp_path):
    write(tmp_path / "cat/a.png")
    write(tmp_path / "cat/deep/b.JPG", color=(0, 0, 0))
    write(tmp_path / "dog/c.webp", color=(255, 255, 255), lossless=True)
    write(tmp_path / "ant/d.bmp", color=(0, 0, 255))
    (tmp_path / "ant/notes.txt").write_text("not an image")
    (tmp_path / "empty").mkdir()
    samples = kgan.data.read(tmp_path)
    assert samples.class_names == ("ant", "cat", "dog")
    assert samples.y.tolist() == [0, 1, 1, 2]
    assert (samples.x.dtype, samples.shape) == (np.uint8, (8, 8, 3))
    assert samples.x[:, 0, 0].tolist() == [
        [0, 0, 255],
        [255, 0, 0],
        [0, 0, 0],
        [255, 255, 255],
    ]
    assert kgan.data.read(tmp_path, labels=False).y is None
    x, y = next(iter(kgan.data.load(str(tmp_path), batch_size=2, shuffle=False)))
    np.testing.assert_allclose(x[0, 0, 0], [-1, -1, 1])
    assert y.numpy().tolist() == [0, 1]


def test_crop_takes_the_centre_and_letterbox_adds_black(tmp_path):
    pixels = np.zeros((8, 24, 3), "uint8")
    pixels[:, 8:16] = 200
    pixels[:, :8, 0] = 99
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    crop = kgan.data.read(tmp_path, image_shape=(8, 8, 3)).x[0]
    assert (crop == 200).all()
    box = kgan.data.read(tmp_path, image_shape=(24, 24, 3), resize="letterbox").x[0]
    assert (box[:8] == 0).all() and (box[16:] == 0).all()
    np.testing.assert_array_equal(box[8:16], pixels)


def test_shrinking_averages_over_the_source(tmp_path):
    """A one-pixel chessboard has mean 127.5; subsampling would give 0 or 255."""
    board = (np.indices((64, 64)).sum(0) % 2 * 255).astype("uint8")
    Image.fromarray(board).save(tmp_path / "board.png")
    small = kgan.data.read(tmp_path, image_shape=(8, 8, 1)).x[0]
    assert np.abs(small.astype(int) - 127).max() <= 2


def test_modes(tmp_path):
    write(tmp_path / "a_grey.png", mode="L", color=100)
    write(tmp_path / "b_clear.png", mode="RGBA", color=(9, 9, 9, 0))
    deep = Image.fromarray(np.full((8, 8), 51 * 256 + 7, "uint16"))
    deep.save(tmp_path / "c_deep.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90 degrees
    write(tmp_path / "d_camera.jpg", size=(16, 8), color=(0, 0, 0), exif=exif)
    samples = kgan.data.read(tmp_path, image_shape=(16, 8, 3), resize="letterbox")
    assert samples.x[:, 8, 4].tolist() == [[100] * 3, [255] * 3, [51] * 3, [0] * 3]


def test_grey_files_give_one_channel_and_sizes_must_agree(tmp_path):
    write(tmp_path / "a.png", mode="L", color=3)
    write(tmp_path / "b.png", mode="L", color=4)
    assert kgan.data.read(tmp_path).shape == (8, 8, 1)
    write(tmp_path / "c.png", size=(9, 8))
    with pytest.raises(ValueError, match=r"need an `image_shape`.*\n.*\(8, 9\)"):
        kgan.data.read(tmp_path)


def test_camera_orientation_counts_for_the_common_shape(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    write(tmp_path / "a.jpg", size=(16, 8), exif=exif)
    assert kgan.data.read(tmp_path).shape == (16, 8, 3)


@pytest.mark.parametrize("image_shape", [None, (8, 8, 3)])
def test_broken_file_is_named_and_skipped(tmp_path, image_shape):
    for index in range(100):
        write(tmp_path / f"{index % 2}/{index:03}.png", color=(index, 0, 0))
    broken = tmp_path / "1/broken.png"
    broken.write_bytes((tmp_path / "0/000.png").read_bytes()[:45])
    with pytest.warns(UserWarning, match="Skipped the broken image .*broken.png"):
        samples = kgan.data.read(tmp_path, image_shape=image_shape)
    assert len(samples) == 100
    np.testing.assert_array_equal(samples.x[:, 0, 0, 0] % 2, samples.y)
    (tmp_path / "0/other.jpg").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="(?s)At most 1 %.*broken=2.*other.jpg"):
        kgan.data.read(tmp_path, image_shape=image_shape)


def test_only_broken_files(tmp_path):
    (tmp_path / "a.png").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="At most 1 %"):
        kgan.data.read(tmp_path)


def test_splits(tmp_path):
    write(tmp_path / "train/a/1.png")
    write(tmp_path / "test/a/1.png", color=(0, 0, 7))
    samples = kgan.data.read(tmp_path, "test")
    assert samples.class_names == ("a",)
    assert samples.x[0, 0, 0].tolist() == [0, 0, 7]
    with pytest.raises(ValueError, match=r"\['test', 'train'\]"):
        kgan.data.read(tmp_path, "validation")
    with pytest.raises(ValueError, match='only split="train"'):
        kgan.data.read(tmp_path / "test", "test")


@pytest.mark.parametrize(
    "options, message",
    [
        ({"resize": "stretch"}, "one of crop, letterbox"),
        ({"image_shape": (8, 8)}, "height, width, channels"),
        ({"image_shape": (8, 8, 5)}, "1 to 4 channels"),
    ],
)
def test_bad_options(tmp_path, options, message):
    write(tmp_path / "a.png")
    with pytest.raises(ValueError, match=message):
        kgan.data.read(tmp_path, **options)


def test_empty_folder_and_loose_images(tmp_path):
    with pytest.raises(ValueError, match="must hold .png"):
        kgan.data.read(tmp_path)
    write(tmp_path / "a.png")
    write(tmp_path / "cat/b.png")
    with pytest.raises(ValueError, match="(?s)all lie in class subfolders.*a.png"):
        kgan.data.read(tmp_path)
    assert len(kgan.data.read(tmp_path, labels=False)) == 2


def test_classes_of_train_number_the_labels_of_every_split(tmp_path):
    for name in ("ant", "cat", "dog"):
        write(tmp_path / "train" / name / "1.png")
    write(tmp_path / "test/dog/1.png")
    write(tmp_path / "test/cat/1.png")
    samples = kgan.data.read(tmp_path, "test")
    assert samples.class_names == ("ant", "cat", "dog") and samples.num_classes == 3
    assert samples.y.tolist() == [1, 2]
    write(tmp_path / "test/eel/1.png")
    with pytest.raises(ValueError, match="(?s)no class that the split `train`.*eel"):
        kgan.data.read(tmp_path, "test")
    assert len(kgan.data.read(tmp_path, "test", labels=False)) == 3
