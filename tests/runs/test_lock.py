"""One process at a time trains in a run folder, and a killed one leaves it free."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from kgan.runs.folder import RunFolder

HOLD = """
import sys, time
from kgan.runs.folder import RunFolder
folder = RunFolder(sys.argv[1])
folder.acquire()
print("held", flush=True)
time.sleep(60)
"""
CONFIG = {"settings": {"steps": 1}, "preset": "mlp"}


@pytest.fixture
def folder(tmp_path):
    found = RunFolder(tmp_path / "run")
    yield found
    found.release()


@pytest.fixture
def holder(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, folder.path], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_the_second_is_told_who_is_first(folder, holder):
    with pytest.raises(ValueError, match="One process at a time") as error:
        folder.acquire()
    text = str(error.value)
    assert f"process={holder.pid}" in text and os.uname().nodename in text
    assert "since='20" in text and f"kill {holder.pid}" in text


def test_a_killed_process_leaves_the_folder_free(folder, holder):
    holder.kill()
    holder.wait()
    folder.acquire()
    folder.release()
    assert not list(folder.path.iterdir())


def test_a_run_that_started_meanwhile_is_not_overwritten(folder):
    folder.check_free()
    folder.path.mkdir()
    folder.write_config(CONFIG)
    with pytest.raises(ValueError, match="this holds a run"):
        folder.acquire(new=True)


@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
def test_a_deleted_folder_is_noticed(how, folder, tmp_path):
    folder.acquire()
    folder.write_config(CONFIG)
    folder.check_there()
    if how == "deleted":
        shutil.rmtree(folder.path)
    else:
        os.rename(folder.path, tmp_path / "moved")
    if how == "replaced":
        other = RunFolder(folder.path)
        other.acquire()
        other.write_config(CONFIG)
    with pytest.raises(FileNotFoundError, match="deleted or moved"):
        folder.check_there()
    folder.release()
    if how == "replaced":
        assert json.loads((folder.path / ".lock").read_text())["process"] == os.getpid()
        other.release()


def test_what_killed_processes_left_is_swept(folder):
    left = [folder.path / ".report.12.tmp.html", folder.samples / ".step_1.9.tmp.png"]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    kept = folder.path / "notes.tmp.txt"
    kept.touch()
    folder.acquire()
    assert not any(path.exists() for path in left) and kept.exists()


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "Expecting value"),
        ("[1]", "holds no settings"),
        ('{"settings": []}', "holds no settings"),
        ('{"settings": {"steps": "many"}}', "settings.steps is 'many'"),
        ('{"settings": {"batch_size": 1e99}}', "settings.batch_size"),
        ('{"settings": {"image_shape": [1000000000, 1, 1]}}', "image_shape"),
        ('{"settings": {}, "class_names": [1]}', "class_names is"),
        ('{"settings": {}, "save_every": 0}', "save_every is 0"),
        ('{"settings": {}, "save_every": true}', "save_every is True"),
        ('{"settings": {}, "data": {"a": NaN}}', "NaN is no number"),
        ("[" * 10**6, "nested too deeply|holds no settings|bytes"),
        ('{"settings": {}, "dataset": null}', "dataset is None"),
        ("\udcff", "utf-8"),
    ],
)
def test_configurations_that_are_none(text, message, folder):
    folder.path.mkdir()
    (folder.path / "config.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match=f"(?s)readable `config.json`.*({message})"):
        folder.read_config()
