"""Reads a folder of image files."""

import concurrent.futures
import os
import pathlib
import warnings

import numpy as np

from kgan._core.errors import invalid
from kgan.data.arrays import from_arrays
from kgan.data.resize import check_resize, to_shape

_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
_BROKEN_ALLOWED = 0.01
_MANY = 1000  # files, from which on a progress bar is worth its lines


def read_folder(path, split="train", image_shape=None, resize="crop", labels=True):
    """Reads the PNG, JPEG, WebP and BMP files of a folder into memory.

    Images that lie in subfolders, at any depth, get the first subfolder's name as their
    class. A folder with a subfolder `train` is taken to hold one subfolder a split;
    the classes of `train` number the labels of every split.

    A file that cannot be decoded is skipped with a warning that names it.

    Args:
        path: The folder.
        split: "train", or the name of a split's subfolder.
        image_shape: `(height, width, channels)`; by default that of the files, which
            must then agree in size, with 1 channel where all are grey.
        resize: "crop" or "letterbox".
        labels: Whether subfolders are classes.

    Returns:
        `Samples`, uint8.

    Raises:
        ValueError: If there are no images, sizes differ without `image_shape`, more
            than 1 % of the files are broken, or a split has a class that `train` lacks.
    """
    from PIL import Image

    check_resize(image_shape, resize)
    root = _split_folder(pathlib.Path(path), split)
    files = _files(root)
    if not files:
        raise invalid(
            f"A folder of images must hold {', '.join(_SUFFIXES)} files.",
            {"path": str(root)},
            "Check the path.",
        )
    class_names, y = _classes(root, files) if labels else (None, None)
    if y is not None and split != "train":
        class_names, y = _as_in_train(root, class_names, y)

    broken = {}

    def opened(file, use):
        try:
            with Image.open(file) as image:
                return use(image)
        except Exception as error:  # decoders raise many kinds for damaged files
            broken[file] = error

    if image_shape is None:
        image_shape = _common_shape(_each(lambda file: opened(file, _header), files))
    # Without any header there is no shape; what follows names the broken files.
    x = np.empty((len(files), *(image_shape or ())), "uint8")

    def decode(index):
        if files[index] not in broken:
            pixels = opened(
                files[index], lambda image: to_shape(image, image_shape, resize)
            )
            if pixels is not None:
                x[index] = pixels

    _each(decode, range(len(files)))
    _report(broken, len(files))
    if broken:
        good = np.array([file not in broken for file in files])
        x, y = x[good], None if y is None else y[good]
    return from_arrays(
        x,
        y,
        class_names=class_names,
        name=pathlib.Path(path).resolve().name,
        value_range=(0, 255),
    )


def folder_splits(path):
    """Returns the names of the splits of a folder of images."""
    if not (path / "train").is_dir():
        return ["train"]
    return sorted(entry.name for entry in path.iterdir() if entry.is_dir())


def _split_folder(root, split):
    if (root / "train").is_dir():
        if split not in folder_splits(root):
            raise invalid(
                "`split` must name a subfolder of a folder that holds splits.",
                {"split": split, "path": str(root)},
                f"Use one of {folder_splits(root)}.",
            )
        return root / split
    if split != "train":
        raise invalid(
            'A folder without splits has only split="train".',
            {"split": split, "path": str(root)},
            "Sort the files into subfolders `train` and `test`.",
        )
    return root


def _files(root):
    return sorted(
        pathlib.Path(folder, name)
        for folder, _, names in os.walk(root, followlinks=True)
        for name in names
        if name.lower().endswith(_SUFFIXES) and not name.startswith(".")
    )


def _as_in_train(root, class_names, y):
    """Returns the class names of the split `train`, and labels by their order."""
    train = root.parent / "train"
    known, _ = _classes(train, _files(train))
    if known is None or not set(class_names) <= set(known):
        raise invalid(
            "A split must have no class that the split `train` lacks.",
            {
                "path": str(root),
                "classes": [str(name) for name in class_names],
                "classes of train": known if known is None else known.tolist(),
            },
            "Rename the class's subfolder, or pass labels=False.",
        )
    return known, np.searchsorted(known, class_names)[y]


def _classes(root, files):
    folders = [file.relative_to(root).parts[:-1] for file in files]
    if not any(folders):
        return None, None
    if not all(folders):
        loose = files[folders.index(())]
        raise invalid(
            "Images must all lie in class subfolders, or all beside each other.",
            {"path": str(root), "image outside a subfolder": loose.name},
            "Move it into a subfolder, or pass labels=False.",
        )
    names, y = np.unique([parts[0] for parts in folders], return_inverse=True)
    return names, y


def _header(image):
    width, height = image.size
    if image.getexif().get(0x0112, 1) >= 5:  # the camera lay on its side
        width, height = height, width
    grey = image.mode in ("1", "L", "LA") or image.mode.startswith("I;16")
    return height, width, 1 if grey else 3


def _common_shape(headers):
    headers = {header for header in headers if header is not None}
    if not headers:
        return None
    sizes = {header[:2] for header in headers}
    if len(sizes) > 1:
        raise invalid(
            "Images of different sizes need an `image_shape` to be brought to.",
            {"sizes (height, width)": sorted(sizes)[:10]},
            "Pass, for example, image_shape=(64, 64, 3).",
        )
    return (*sizes.pop(), max(channels for *_, channels in headers))


def _each(function, items):
    """Maps over files in threads; Pillow lets go of the interpreter lock to decode."""
    from rich.console import Console
    from rich.progress import track

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(
            track(
                pool.map(function, items),
                total=len(items),
                description="Reading images",
                console=Console(stderr=True),
                disable=len(items) < _MANY,
                transient=True,
            )
        )


def _report(broken, total):
    if len(broken) > _BROKEN_ALLOWED * total:
        raise invalid(
            "At most 1 % of the image files may be broken.",
            {
                "files": total,
                "broken": len(broken),
                "such as": [str(file) for file in sorted(broken)[:10]],
            },
            "Repair or remove them.",
        )
    for file, error in sorted(broken.items()):
        warnings.warn(f"Skipped the broken image {file}: {error}", stacklevel=4)
