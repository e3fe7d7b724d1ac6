"""Reads a folder of image files."""

import concurrent.futures
import os
import pathlib
import threading
import warnings

import numpy as np

from kgan._core.errors import invalid
from kgan.data.arrays import from_arrays
from kgan.data.auto_shape import propose_shape
from kgan.data.listing import SUFFIXES, class_of, folder_splits, list_images, shown
from kgan.data.resize import check_resize, orientation, to_shape

_BROKEN_ALLOWED = 0.01
_MANY = 1000  # files, from which on a progress bar is worth its lines
# Pixels of an image: more is a mistake or a bomb, and needs gigabytes to decode.
_LARGEST = 2**26
# Pixels from which on images are decoded one at a time, for the sake of memory.
_LARGE = 2**22
# Share of this machine's memory that the images may take.
_MEMORY = 0.8


def read_folder(path, split="train", image_shape=None, resize="crop", labels=True):
    """Reads the PNG, JPEG, WebP and BMP files of a folder into memory.

    Images that lie in subfolders, at any depth, get the first subfolder's name as their
    class. A folder holds splits if a subfolder is named train, or training, Train and
    such, and the others are named likewise, or that one holds class subfolders; the
    classes of `train` number the labels of every split.

    Hidden folders and those of tools, links to folders that are read already, and what
    is no regular file are left out, and so are other formats; `Samples.remark` counts
    all of it, and where pictures are left out, a warning does. A file that cannot be
    decoded is skipped with a warning that names it and says why.

    Args:
        path: The folder.
        split: "train", or the name of a split's subfolder.
        image_shape: `(height, width, channels)`; by default that of the files, which
            must then agree in size, with 1 channel where all are grey. "auto" finds one
            that fits most of them: see `kgan.data.auto_shape`. 2 and 4 channels keep
            transparency; otherwise it is laid over white.
        resize: "crop" or "letterbox".
        labels: Whether subfolders are classes.

    Returns:
        `Samples`, uint8.

    Raises:
        ValueError: If there are no images, sizes differ without `image_shape`, more
            than one file and 1 % of them are broken, the images need more memory than
            this machine has, or a split has a class that `train` lacks.
    """
    from PIL import Image

    check_resize(image_shape, resize)
    root = _split_folder(pathlib.Path(path), split)
    listing = list_images(root)
    files = listing.files
    if not files:
        raise invalid(
            f"A folder of images must hold {', '.join(SUFFIXES)} files.",
            {"path": str(root), "found": listing.remark},
            "Check the path, or convert the files.",
        )
    class_names, y = _classes(root, files) if labels else (None, None)
    if y is not None and split != "train":
        class_names, y = _as_in_train(path, root, class_names, y)

    broken, alone, twelve = {}, threading.Lock(), []

    def opened(file, use):
        try:
            with Image.open(file) as image:
                _check_size(image)
                return use(image)
        except Exception as error:  # decoders raise many kinds for damaged files
            broken[file] = error

    if image_shape is None or image_shape == "auto":
        headers = _each(lambda file: opened(file, _header), files)
        headers = [header for header in headers if header is not None]
        choose = _common_shape if image_shape is None else propose_shape
        image_shape = choose(headers) if headers else None
    # Without any header there is no shape; what follows names the broken files.
    shape = (len(files), *(image_shape or ()))
    _check_memory(shape, root)
    x = np.empty(shape, "uint8")

    def decode(index):
        def place(image):
            if image.mode.startswith("I;16"):
                twelve.append(np.asarray(image).max() < 2**12)
            if image.size[0] * image.size[1] < _LARGE:
                return to_shape(image, image_shape, resize)
            with alone:
                return to_shape(image, image_shape, resize)

        if files[index] not in broken:
            pixels = opened(files[index], place)
            if pixels is not None:
                x[index] = pixels

    _each(decode, range(len(files)))
    _report(broken, len(files))
    _warn(listing, root, labels, twelve)
    if broken:
        good = np.array([file not in broken for file in files])
        x, y = x[good], None if y is None else y[good]
    return from_arrays(
        x,
        y,
        class_names=class_names,
        name=shown(pathlib.Path(path).resolve().name),
        value_range=(0, 255),
        remark=listing.remark,
    )


def _split_folder(root, split):
    splits = folder_splits(root)
    if splits:
        names = sorted({*splits, *(folder.name for folder in splits.values())})
        known = {**{folder.name: folder for folder in splits.values()}, **splits}
        if split not in known:
            raise invalid(
                "`split` must name a subfolder of a folder that holds splits.",
                {"split": split, "path": str(root)},
                f"Use one of {names}.",
            )
        return known[split]
    if split != "train":
        raise invalid(
            'A folder without splits has only split="train".',
            {"split": split, "path": str(root)},
            "Sort the files into subfolders `train` and `test`.",
        )
    return root


def _as_in_train(path, root, class_names, y):
    """Returns the class names of the split `train`, and labels by their order."""
    train = folder_splits(path)["train"]
    known, _ = _classes(train, list_images(train).files)
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
    names = [class_of(root, file) for file in files]
    if not any(names):
        return None, None
    if not all(names):
        loose = files[names.index(None)]
        raise invalid(
            "Images must all lie in class subfolders, or all beside each other.",
            {"path": str(root), "image outside a subfolder": loose.name},
            "Move it into a subfolder, or pass labels=False.",
        )
    return np.unique([shown(name) for name in names], return_inverse=True)


def _check_size(image):
    width, height = image.size
    if width * height > _LARGEST:
        raise ValueError(f"{width}×{height} pixels are more than {_LARGEST}")


def _check_memory(shape, root):
    size = np.prod(shape, dtype=float)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if size > _MEMORY * memory:
        raise invalid(
            "The images of a folder must fit into the memory of this machine.",
            {"path": str(root), "GB": round(size / 1e9), "memory": round(memory / 1e9)},
            "Pass a smaller `image_shape`, or give `fit` a data set that decodes as it "
            "goes, such as `keras.utils.image_dataset_from_directory`.",
        )


def _header(image):
    width, height = image.size
    if orientation(image) >= 5:  # the camera lay on its side
        width, height = height, width
    grey = image.mode in ("1", "L", "LA") or image.mode.startswith("I;16")
    return height, width, 1 if grey else 3, image.has_transparency_data


def _common_shape(headers):
    sizes = {header[:2] for header in headers}
    if len(sizes) > 1:
        raise invalid(
            "Images of different sizes need an `image_shape` to be brought to.",
            {"sizes (height, width)": sorted(sizes)[:10]},
            'Pass, for example, image_shape=(64, 64, 3), or image_shape="auto".',
        )
    return (*sizes.pop(), max(channels for _, _, channels, _ in headers))


def _each(function, items):
    """Maps over files in threads; Pillow lets go of the interpreter lock to decode."""
    from rich.console import Console
    from rich.progress import track

    with (
        warnings.catch_warnings(),
        concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        warnings.simplefilter("ignore")  # Pillow's of sizes, which are checked here
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
    why = {shown(file): _reason(error) for file, error in sorted(broken.items())}
    if len(broken) > max(1, _BROKEN_ALLOWED * total) or len(broken) == total:
        raise invalid(
            "At most 1 % of the image files, or one, may be broken.",
            {
                "files": total,
                "broken": len(broken),
                "such as": [f"{file}: {why[file]}" for file in list(why)[:10]],
            },
            "Repair or remove them.",
        )
    for file, reason in why.items():
        warnings.warn(f"Skipped the broken image {file}: {reason}", stacklevel=4)


def _reason(error):
    """Returns what a decoder said, without the path that stands beside it."""
    first = (str(error).splitlines() or [""])[0]
    if "cannot identify image file" in first:
        return "the content is that of no image format that is known"
    return f"{type(error).__name__}: {shown(first)}" if first else type(error).__name__


def _warn(listing, root, labels, twelve):
    """Warns of pictures that are not read, and of ones that are read dark."""
    if listing.pictures:
        whole = f", and with them all of {', '.join(listing.empty)}"
        warnings.warn(
            f"Not all pictures of {shown(root)} are read: {listing.remark}"
            f"{whole if labels and listing.empty else ''}. Convert them to PNG to use "
            "them.",
            stacklevel=4,
        )
    if twelve and all(twelve):
        warnings.warn(
            f"The 16-bit images of {shown(root)} hold no value above 4095, as 12-bit "
            "data do, and are read as nearly black: values are divided by 256. "
            "Multiply them by 16 and save them anew.",
            stacklevel=4,
        )
