"""`.npz` files that are damaged, no `.npz` files, or traps."""

import io
import zipfile

import numpy as np
import pytest

import kgan.data


def packed(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


GOOD = packed(x=np.arange(1280, dtype=np.uint8).reshape(20, 8, 8, 1), y=np.arange(20))


def with_header(shape, dtype="|u1", data=b""):
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}}}"
    head = b"\x93NUMPY\x01\x00v\x00" + text.encode().ljust(117) + b"\n"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.npy", head + data)
    return file.getvalue()


def renamed_npy():
    file = io.BytesIO()
    np.save(file, np.zeros((9, 8, 8, 1), "uint8"))
    return file.getvalue()


FILES = {
    "empty": b"",
    "a page": b"PK\x03\x04<html>404</html>",
    "a .npy file": renamed_npy(),
    "cut": GOOD[:-30],
    "a bit": GOOD[:400] + bytes([GOOD[400] ^ 1]) + GOOD[401:],
    "784 TB": with_header((10**12, 28, 28, 1)),
    "more axes than NumPy has": with_header((1,) * 99, data=b"\0"),
    "negative": with_header((-1, 8, 8, 1), data=b"\0" * 64),
    "no dtype": with_header((1, 2, 2, 1), "nonsense", b"\0" * 4),
    "less than it says": with_header((20, 8, 8, 1), data=b"\0" * 64),
    "objects": packed(x=np.array([{}, None])),
    "code": with_header("__import__('os').getcwd()"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_npz_file(name, tmp_path):
    path = tmp_path / "data.npz"
    path.write_bytes(FILES[name])
    with pytest.raises(ValueError, match=r"must be whole.*\n.*data.npz"):
        kgan.data.read(path)


def test_members_that_are_larger_than_memory(tmp_path, monkeypatch):
    from kgan.data import npz

    monkeypatch.setattr(npz, "_MEMORY", 1e-12)
    (tmp_path / "data.npz").write_bytes(GOOD)
    with pytest.raises(ValueError, match="half of this machine's memory"):
        kgan.data.read(tmp_path / "data.npz")


def test_good_files_in_any_order_and_compression(tmp_path):
    x = np.asfortranarray(np.arange(1280, dtype=np.uint8).reshape(20, 8, 8, 1))
    np.savez_compressed(tmp_path / "data.npz", x=x, y=np.arange(20)[::-1])
    samples = kgan.data.read(tmp_path / "data.npz")
    np.testing.assert_array_equal(samples.x, x)
    assert samples.y.tolist() == list(range(20))[::-1]
    with pytest.raises(FileNotFoundError):
        kgan.data.npz.array_names(tmp_path / "missing.npz")


@pytest.mark.parametrize("label", [2**31, 2**40, 2**62, 5000])
def test_labels_that_number_no_classes(label):
    y = np.arange(20) % 2
    y[-1] = label
    x = np.zeros((20, 8, 8, 1), "uint8")
    with pytest.raises(ValueError, match="must number classes"):
        kgan.data.from_arrays(x, y)
    if label == 5000:
        assert kgan.data.from_arrays(x, y, num_classes=6000).num_classes == 6000
    with pytest.raises(ValueError, match="Labels must be integers"):
        kgan.data.from_arrays(x, y.astype("uint64") + np.uint64(2**63))


def test_labels_from_one_are_told():
    x = np.zeros((20, 8, 8, 1), "uint8")
    with pytest.warns(UserWarning, match="labels from 1 to 10 make 11 classes"):
        kgan.data.from_arrays(x, np.arange(20) % 10 + 1)
