import os
import socket
import subprocess
import sys

from kgan_export.scratch import scratch_folder


def test_what_killed_exports_left_is_swept(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    here = f".kgan-{socket.gethostname()}-"
    for name in (
        f"{here}{process.pid}-ab",
        f"{here}{os.getpid()}-ab",
        ".kgan-far-1-ab",
    ):
        (tmp_path / name).mkdir()
    with scratch_folder(tmp_path) as scratch:
        assert scratch.is_dir()
        assert not (tmp_path / f"{here}{process.pid}-ab").exists()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"{here}{os.getpid()}-ab", ".kgan-far-1-ab"}
