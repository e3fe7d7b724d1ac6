"""The folder in which an export is made before it takes its place."""

import contextlib
import os
import shutil
import socket
import tempfile
from pathlib import Path

_PREFIX = ".kgan-"


@contextlib.contextmanager
def scratch_folder(parent):
    """Gives a folder inside `parent` that is removed after the block.

    Those of exports that were killed, on this machine, are removed first.

    Args:
        parent: `Path` of a folder.
    """
    here = f"{_PREFIX}{socket.gethostname()}-"
    for left in parent.glob(f"{here}*-*"):
        process = left.name.removeprefix(here).partition("-")[0]
        if process.isdecimal() and not _lives(int(process)):
            shutil.rmtree(left, ignore_errors=True)
    prefix = f"{here}{os.getpid()}-"
    with tempfile.TemporaryDirectory(dir=parent, prefix=prefix) as folder:
        yield Path(folder)


def _lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # of another user, or no number of a process
        return True
    return True
