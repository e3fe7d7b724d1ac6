"""Who trains in a run folder: one process at a time. Needs no TensorFlow."""

import datetime
import json
import os
import socket

from kgan._core.errors import invalid

try:
    import fcntl
except ImportError:  # not on Windows, where folders stay unlocked
    fcntl = None


class Lock:
    """A file that one process holds locked, and that says which.

    The system lets go of it when the process ends, however that happens: a run that
    was killed can go on at once.

    Args:
        path: Where the file goes, in a folder that exists.
    """

    def __init__(self, path):
        self.path = path
        self._file = None

    def acquire(self):
        """Takes the lock.

        Raises:
            ValueError: If another process holds it; the message says which.
        """
        while self._file is None and fcntl is not None:
            file = open(self.path, "a+")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise self._held(file) from error
            except OSError:  # a file system without locks
                file.close()
                return
            if not self._is_there(file):  # its holder removed it just now
                file.close()
                continue
            self._file = file
            file.truncate(0)
            json.dump(
                {
                    "host": socket.gethostname(),
                    "process": os.getpid(),
                    "since": datetime.datetime.now().isoformat(" ", "seconds"),
                },
                file,
            )
            file.flush()

    def release(self):
        """Lets go of the lock, and removes its file."""
        if self._file is not None:
            if self._is_there(self._file):
                self.path.unlink()
            self._file.close()
            self._file = None

    @property
    def lost(self):
        """Whether the file of a lock that is held was removed, or replaced."""
        return self._file is not None and not self._is_there(self._file)

    def _is_there(self, file):
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(file.fileno()))
        except OSError:
            return False

    def _held(self, file):
        with file:
            file.seek(0)
            try:
                who = dict(json.load(file))
            except (ValueError, TypeError):
                who = {}
        process, host = who.get("process", "unknown"), who.get("host", "unknown")
        return invalid(
            "One process at a time trains in a run folder, and another one does.",
            {
                "folder": str(self.path.parent),
                "process": process,
                "host": host,
                "since": who.get("since", "unknown"),
            },
            f"Let it end, stop it by `kill {process}` on {host}, or choose another "
            "--out.",
        )
