"""Files and folders that are damaged at random: documented exceptions only.

Memory and time are bounded: a reader that is led astray fails here by either.
"""

import io
import json
import os
import random
import resource
import time
import warnings
import zipfile

import numpy as np
import pytest
from PIL import Image

import kgan.data
from kgan.callbacks import latest_checkpoint
from kgan.runs.folder import RunFolder

pytestmark = pytest.mark.slow
SECONDS = 5  # of a single file
GROWTH = 2**20  # kilobytes of memory of a whole fuzzing


def mutated(content, rng):
    """Returns bytes with one to four changes: of bits, of cuts, of copies, of runs."""
    content = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(content) or 1)
        kind = rng.randrange(5)
        if kind == 0 and content:
            content[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del content[at : at + rng.randint(1, 64)]
        elif kind == 2:
            content[at:at] = content[: rng.randint(1, 64)]
        elif kind == 3:
            content[at : at + 8] = bytes([rng.choice((0, 255))]) * 8
        else:
            content = content[: at + 1]
    return bytes(content)


@pytest.fixture(autouse=True)
def bounded():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH


def attempt(function, *documented):
    """Calls a function, which may raise what is documented, and returns its result."""
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function()
        except documented as error:
            assert str(error)
            return None
        finally:
            assert time.process_time() - began < SECONDS


def test_npz_files(tmp_path):
    rng, path, read = random.Random(0), tmp_path / "data.npz", 0
    files = []
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        x = np.arange(1280, dtype="uint8").reshape(20, 8, 8, 1)
        save(file, x=x, y=np.arange(20))
        files.append(file.getvalue())
    for _ in range(300):
        path.write_bytes(mutated(rng.choice(files), rng))
        read += attempt(lambda: kgan.data.read(path), ValueError, OSError) is not None
    assert read < 150


def values(rng):
    return rng.choice(
        [
            None,
            True,
            -1,
            0,
            2**64,
            1e308,
            "",
            "x" * 99,
            [],
            [[]],
            {},
            {"a": [1]},
            [None],
        ]
    )


def test_configurations(tmp_path):
    rng, folder = random.Random(1), RunFolder(tmp_path)
    config = {
        "preset": "mlp",
        "data": "digits",
        "dataset": "digits",
        "class_names": ["0", "1"],
        "settings": {"steps": 5, "batch_size": 8, "image_shape": [8, 8, 1], "seed": 0},
        "save_every": 5,
        "runtime": {"strategy": "none"},
    }
    for number in range(500):
        changed = json.loads(json.dumps(config))
        table = rng.choice([changed, changed["settings"], changed["runtime"]])
        key = rng.choice(list(table))
        if rng.random() < 0.2:
            del table[key]
        else:
            table[key] = values(rng)
        text = json.dumps(changed).encode()
        if number % 2:
            text = mutated(text, rng)
        (tmp_path / "config.json").write_bytes(text)
        found = attempt(folder.read_config, ValueError)
        assert found is None or isinstance(found["settings"], dict)
        names = None if found is None else found["class_names"]
        assert names is None or all(isinstance(name, str) for name in names)


def test_images(tmp_path):
    rng, files = random.Random(2), []
    pixels = np.random.default_rng(0).integers(0, 256, (24, 32, 4)).astype("uint8")
    for mode, form in (
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("P", "PNG"),
        ("L", "JPEG"),
        ("RGB", "JPEG"),
        ("RGB", "WEBP"),
        ("RGB", "BMP"),
        ("I;16", "PNG"),
    ):
        file, exif = io.BytesIO(), Image.Exif()
        exif[0x0112] = 6
        if mode == "I;16":
            image = Image.fromarray(pixels[..., 0].astype("uint16") * 257)
        else:
            image = Image.fromarray(pixels).convert(mode)
        image.save(file, form, **({} if form == "BMP" else {"exif": exif}))
        files.append((file.getvalue(), form.lower()))
    good, form = files[0]
    (tmp_path / f"good.{form}").write_bytes(good)
    for number in range(500):
        content, form = rng.choice(files)
        path = tmp_path / f"{number}.{form}"
        path.write_bytes(mutated(content, rng))
        shape = rng.choice([None, (8, 8, 1), (8, 8, 3)])
        found = attempt(
            lambda shape=shape: kgan.data.read(tmp_path, image_shape=shape), ValueError
        )
        assert found is None or 1 <= len(found) <= 2
        path.unlink()


def test_checkpoints(tmp_path):
    rng = random.Random(3)
    for step in (1, 2):
        with zipfile.ZipFile(tmp_path / f"step_{step:06d}.keras", "w") as archive:
            for name in ("metadata.json", "config.json", "model.weights.h5"):
                archive.writestr(name, rng.randbytes(400))
    newest = tmp_path / "step_000002.keras"
    whole, kept = newest.read_bytes(), 0
    for _ in range(300):
        newest.write_bytes(mutated(whole, rng))
        found = attempt(lambda: latest_checkpoint(tmp_path))
        assert found in (newest, tmp_path / "step_000001.keras")
        kept += found == newest
    assert kept < 100


def test_layouts(tmp_path):
    rng = random.Random(4)
    names = ["train", "Test", "cat", "dog", ".git", "a b", "0", "10", "caf\udce9", "é"]
    endings = [".png", ".PNG", ".gif", ".txt", "", ".jfif", ".png.bak"]
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    for number in range(200):
        root = tmp_path / str(number)
        root.mkdir()
        folders = [root]
        for _ in range(rng.randint(0, 6)):
            folder = rng.choice(folders) / rng.choice(names)
            if not folder.exists() and not folder.is_symlink():
                if rng.random() < 0.2:
                    folder.symlink_to(rng.choice(folders))
                else:
                    folder.mkdir()
                    folders.append(folder)
        for index in range(rng.randint(0, 12)):
            path = rng.choice(folders) / f"file{index}{rng.choice(endings)}"
            kind = rng.random()
            if kind < 0.05:
                os.mkfifo(path)
            elif kind < 0.1:
                path.symlink_to(root / "nowhere")
            else:
                path.write_bytes(file.getvalue())
        found = attempt(
            lambda root=root: kgan.data.read(
                root, rng.choice(["train", "test"]), labels=rng.random() < 0.7
            ),
            ValueError,
        )
        if found is not None:
            str(found).encode()
            assert 1 <= len(found) <= 12
