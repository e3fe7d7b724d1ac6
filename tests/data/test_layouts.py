"""Folders as users have them: what is read, what is not, and that it is said."""

import os
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

import kgan.data
from kgan.data import folder as folder_module


def put(path, color=(200, 30, 60), mode="RGB", size=(8, 8), **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(path, **options)
    return path


def quietly(path, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return kgan.data.read(path, *arguments, **options)


def put_all(root, *names):
    for name in names:
        put(root / name)


@pytest.mark.parametrize(
    "hidden", [".ipynb_checkpoints", "__MACOSX", "@eaDir", ".git", "$RECYCLE.BIN"]
)
def test_folders_of_tools_are_no_classes(hidden, tmp_path):
    put_all(tmp_path / "classes", "cat/1.png", "dog/1.png", f"{hidden}/1.png")
    put_all(tmp_path / "flat", "1.png", f"{hidden}/1.png")
    put_all(tmp_path / "deep", "cat/1.png", f"cat/{hidden}/1.png")
    samples = quietly(tmp_path / "classes")
    assert samples.class_names == ("cat", "dog") and len(samples) == 2
    assert str(samples) == (
        "2 images 8×8×3 in 2 classes: cat 1, dog 1; left out: 1 hidden folder"
    )
    assert quietly(tmp_path / "flat").y is None
    assert len(quietly(tmp_path / "deep")) == 1


@pytest.mark.parametrize(
    "train, test",
    [
        ("train", "test"),
        ("Train", "Test"),
        ("training_set", "test_set"),
        ("TRAIN", "VAL"),
    ],
)
def test_splits_by_any_name(train, test, tmp_path):
    put_all(tmp_path, f"{train}/cat/1.png", f"{train}/dog/1.png", f"{test}/dog/1.png")
    assert quietly(tmp_path).class_names == ("cat", "dog")
    assert len(quietly(tmp_path)) == 2
    split = "validation" if test == "VAL" else "test"
    assert quietly(tmp_path, split).y.tolist() == [1]
    assert quietly(tmp_path, test).y.tolist() == [1]
    assert kgan.data.loading.has_split(str(tmp_path), "test") == (split == "test")


def test_a_split_that_is_there_twice(tmp_path):
    put_all(tmp_path, "train/cat/1.png", "Train/cat/1.png")
    with pytest.raises(ValueError, match="each split once"):
        kgan.data.read(tmp_path)


def test_a_class_may_be_called_train(tmp_path):
    put_all(tmp_path, "car/1.png", "plane/1.png", "train/1.png")
    assert quietly(tmp_path).class_names == ("car", "plane", "train")
    put_all(tmp_path / "splits", "train/car/1.png", "extra/car/1.png")
    assert quietly(tmp_path / "splits", "extra").class_names == ("car",)


def test_links_are_followed_once(tmp_path):
    put_all(tmp_path, "cat/1.png", "dog/1.png")
    (tmp_path / "cat/loop").symlink_to(tmp_path / "cat")
    (tmp_path / "dog/up").symlink_to(tmp_path)
    put_all(tmp_path.parent / f"{tmp_path.name}-cow", "1.png")
    (tmp_path / "cow").symlink_to(tmp_path.parent / f"{tmp_path.name}-cow")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    samples = quietly(tmp_path)
    assert samples.class_names == ("cat", "cow", "dog") and len(samples) == 3
    assert "2 link to a folder that is read already" in str(samples)


def test_what_is_no_file_is_not_waited_for(tmp_path):
    put(tmp_path / "1.png")
    os.mkfifo(tmp_path / "2.png")
    assert "1 that is no file" in str(quietly(tmp_path))


def test_other_formats_are_told(tmp_path):
    for i in range(3):
        put(tmp_path / f"cat/{i}.jfif", format="JPEG")
        put(tmp_path / f"cow/{i}.gif")
        put(tmp_path / f"dog/{i}.tif")
    (tmp_path / "cat/notes.txt").write_text("no picture")
    with pytest.warns(UserWarning, match=r"3 \.gif, 3 \.tif, 1 \.txt.*all of cow, dog"):
        samples = kgan.data.read(tmp_path)
    assert str(samples).endswith("1 class: cat 3; left out: 3 .gif, 3 .tif, 1 .txt")
    with pytest.raises(ValueError, match=r"must hold .png.*\n.*3 \.gif"):
        kgan.data.read(tmp_path / "cow")


def test_bombs_are_broken_files(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "_LARGEST", 100)
    put(tmp_path / "bomb.png", size=(16, 16))
    put_all(tmp_path, *(f"{i}.png" for i in range(5)))
    with pytest.warns(UserWarning, match="bomb.png.*16×16 pixels are more than 100"):
        assert len(kgan.data.read(tmp_path, image_shape=(8, 8, 3))) == 5


def test_large_images_are_decoded_one_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "_LARGE", 0)
    put_all(tmp_path, *(f"{i}.png" for i in range(5)))
    assert len(quietly(tmp_path)) == 5


def test_images_that_need_more_than_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "_MEMORY", 1e-12)
    put(tmp_path / "1.png")
    with pytest.raises(ValueError, match="fit into the memory"):
        kgan.data.read(tmp_path)


def chunk(kind, data):
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def test_transparency_of_16_bit_grey(tmp_path):
    """A colour that is named transparent, in a tRNS chunk, shows white."""
    rows = b"".join(b"\0" + struct.pack(">2H", 0, 51 * 256) for _ in range(2))
    (tmp_path / "1.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">2I5B", 2, 2, 16, 0, 0, 0, 0))
        + chunk(b"tRNS", struct.pack(">H", 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    assert quietly(tmp_path).x[0, :, :, 0].tolist() == [[255, 51]] * 2


def test_notes_of_a_camera_that_cannot_be_read(tmp_path):
    whole = put(tmp_path / "1.png").read_bytes()
    exif = chunk(b"eXIf", b"MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 20)
    (tmp_path / "1.png").write_bytes(whole[:33] + exif + whole[33:])
    assert len(quietly(tmp_path)) == 1
    assert len(quietly(tmp_path, image_shape=(4, 4, 3))) == 1


@pytest.mark.parametrize("turned", range(1, 9))
def test_orientations_are_those_of_pillow(turned, tmp_path):
    from PIL import ImageOps

    pixels = np.arange(24, dtype="uint8").reshape(4, 6) * 10
    exif = Image.Exif()
    exif[0x0112] = turned
    Image.fromarray(pixels).save(tmp_path / "1.png", exif=exif)
    with Image.open(tmp_path / "1.png") as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(quietly(tmp_path).x[0, ..., 0], expected)


def test_12_bit_data_are_told(tmp_path):
    for i in range(2):
        pixels = np.full((4, 4), 4095, "uint16")
        Image.fromarray(pixels).save(tmp_path / f"{i}.png")
    with pytest.warns(UserWarning, match="no value above 4095"):
        kgan.data.read(tmp_path)
    Image.fromarray(pixels * 16).save(tmp_path / "2.png")
    assert quietly(tmp_path).x.max() == 255


@pytest.mark.parametrize("name", [b"caf\xe9", b"a\nb", "日本".encode()])
def test_names_of_any_bytes(name, tmp_path):
    put(tmp_path / "cat/1.png")
    folder = os.path.join(os.fsencode(tmp_path), name)
    os.mkdir(folder)
    os.link(tmp_path / "cat/1.png", os.path.join(folder, b"1\xff.png"))
    samples = quietly(tmp_path)
    assert len(samples) == 2 and samples.num_classes == 2
    text = str(samples)
    assert text.encode() and "\n" not in text


def test_one_broken_file_of_60_is_told_with_its_reason(tmp_path):
    put_all(tmp_path, *(f"{i}.png" for i in range(59)))
    (tmp_path / "page.png").write_text("<html>404</html>")
    with pytest.warns(UserWarning, match="page.png: the content is that of no image"):
        assert len(kgan.data.read(tmp_path)) == 59
    (tmp_path / "cut.png").write_bytes((tmp_path / "1.png").read_bytes()[:45])
    with pytest.raises(ValueError, match="(?s)broken=2.*cut.png: .*page.png: the"):
        kgan.data.read(tmp_path)


def test_one_class_has_no_classifier(tmp_path):
    from kgan.metrics import Classifier
    from kgan.runs.scoring import Splits

    put_all(tmp_path, *(f"faces/{i}.png" for i in range(20)))
    samples = quietly(tmp_path)
    assert "20 images 8×8×3 in 1 class: faces 20" in str(samples)
    assert Splits(samples, None).choose_features() == "self-supervised"
    with pytest.raises(ValueError, match="two classes"):
        Classifier.for_data(samples.x, samples.y, cache=False)
