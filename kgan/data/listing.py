"""What a folder of images holds: which files are read, as which classes and splits.

Only regular files are read, each folder once, however links lead to it. What is left
out is counted, so that nobody misses it silently.
"""

import collections
import dataclasses
import os
import pathlib
import stat

from kgan._core.errors import invalid

SUFFIXES = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp")
# Pictures that are not read: who has any wants to know.
_OTHER_PICTURES = set(
    ".apng .avif .cr2 .dcm .dds .dng .exr .gif .heic .heif .icns .ico .j2k .jp2 .jpx "
    ".jxl .nef .pbm .pcx .pgm .pnm .ppm .psd .raw .svg .tga .tif .tiff .xbm".split()
)
# Folders of tools and systems, beside those whose names start with a dot.
_TOOLS = {
    "__macosx",
    "__pycache__",
    "@eadir",
    "$recycle.bin",
    "lost+found",
    "system volume information",
}
_SPLITS = {
    "train": ("train", "training", "train_set", "training_set"),
    "test": ("test", "testing", "test_set", "testing_set"),
    "validation": ("validation", "val", "valid", "val_set", "validation_set", "dev"),
}
_MEANING = {alias: split for split, names in _SPLITS.items() for alias in names}


@dataclasses.dataclass(frozen=True)
class Listing:
    """The image files of a folder, and what lies beside them.

    Attributes:
        files: Paths of the images, sorted.
        left_out: `Counter` of what is not read: suffixes such as ".gif", and words.
        pictures: Of these, the suffixes that are pictures.
        empty: Names of subfolders that hold pictures, none of which is read.
    """

    files: list
    left_out: collections.Counter
    pictures: set
    empty: list

    @property
    def remark(self):
        """Such as "left out: 14 .gif, 1 hidden folder", or None."""
        if not self.left_out:
            return None
        counts = sorted(self.left_out.items())
        return "left out: " + ", ".join(f"{n} {what}" for what, n in counts)


def list_images(root):
    """Returns the `Listing` of a folder, with all of its subfolders."""
    files, left_out, lost = [], collections.Counter(), collections.defaultdict(set)
    # Links come last, so that a folder is known by the name of its own place.
    waiting, links, seen = [pathlib.Path(root)], [], set()
    while waiting or links:
        folder = waiting.pop() if waiting else links.pop(0)
        try:
            status = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            left_out["folder that cannot be opened"] += 1
            continue
        if (status.st_dev, status.st_ino) in seen:
            left_out["link to a folder that is read already"] += 1
            continue
        seen.add((status.st_dev, status.st_ino))
        for entry in entries:
            if _is_folder(entry):
                if is_hidden(entry.name):
                    left_out["hidden folder"] += 1
                else:
                    place = links if entry.is_symlink() else waiting
                    place.append(pathlib.Path(entry.path))
                continue
            suffix = pathlib.PurePath(entry.name).suffix.lower()
            if entry.name.startswith("."):
                continue
            if not _is_file(entry):
                left_out["that is no file"] += 1
            elif suffix in SUFFIXES:
                files.append(pathlib.Path(entry.path))
            else:
                left_out[shown(suffix) or "without suffix"] += 1
                if suffix in _OTHER_PICTURES:
                    lost[class_of(root, entry.path)].add(suffix)
    files.sort()
    found = {class_of(root, file) for file in files}
    return Listing(
        files,
        left_out,
        {suffix for suffixes in lost.values() for suffix in suffixes},
        sorted(shown(name) for name in set(lost) - found if name is not None),
    )


def class_of(root, file):
    """Returns the name of the first subfolder that a file lies in, or None."""
    parts = pathlib.PurePath(file).relative_to(root).parts
    return parts[0] if len(parts) > 1 else None


def folder_splits(root):
    """Returns a dict from the names of splits to their folders, {} without splits.

    A folder holds splits if one of its subfolders is named train, or training and such,
    in any case, and it is alone, another is named test or validation and such, or the
    images of that one lie in class subfolders of its own. So a class may be called
    train.
    """
    root = pathlib.Path(root)
    folders = [
        pathlib.Path(entry.path)
        for entry in sorted(os.scandir(root), key=lambda entry: entry.name)
        if _is_folder(entry) and not is_hidden(entry.name)
    ]
    trains = [f for f in folders if _MEANING.get(f.name.lower()) == "train"]
    if not trains:
        return {}
    others = {_MEANING.get(folder.name.lower()) for folder in folders} - {"train", None}
    if not (others or len(folders) == 1 or any(map(_has_classes, trains))):
        return {}
    splits = {}
    for folder in folders:
        name = folder.name.lower()
        name = _MEANING.get(name, folder.name)
        if name in splits:
            raise invalid(
                "A folder must hold each split once.",
                {
                    "path": str(root),
                    "split": name,
                    "folders": [splits[name].name, folder.name],
                },
                "Rename or move one of them.",
            )
        splits[name] = folder
    return splits


def shown(name):
    """Returns a name as text that can be printed, whatever its bytes."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def is_hidden(name):
    """Returns whether a folder is one of a tool, or hidden."""
    return name.startswith(".") or name.lower() in _TOOLS


def _has_classes(folder):
    """Returns whether the images of a folder lie in subfolders."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return False
    return any(
        _is_folder(entry) and not is_hidden(entry.name) for entry in entries
    ) and not any(entry.name.lower().endswith(SUFFIXES) for entry in entries)


def _is_folder(entry):
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry):
    try:
        return stat.S_ISREG(entry.stat().st_mode)
    except OSError:
        return False
