"""The data sets that are known by name. Needs no TensorFlow."""

import pathlib

from kgan._core.errors import invalid

NAMED = (
    "digits",
    "fashion_mnist",
    "fashion_mnist:embedded",
    "ring",
    "grid",
    "swiss_roll",
)


def check_source(source, argument="source", made=()):
    """Raises a `ValueError` unless a text names data that may be there.

    Args:
        source: A text, as for `kgan.data.read`.
        argument: Name of the user's argument, for errors.
        made: Names of data that are made of others, and are allowed too.
    """
    if source in (*NAMED, *made) or source.startswith("tfds:"):
        return
    path = pathlib.Path(source).expanduser()
    if not (path.is_dir() or (path.suffix == ".npz" and path.is_file())):
        raise invalid(
            f"A data set must be one of {', '.join((*NAMED, *made))}, tfds:NAME, a "
            "folder of images or a .npz file.",
            {argument: source},
            "Check the spelling or the path.",
        )
