"""Workers of one machine share its cores."""

import json
import signal
import sys

import pytest

from kgan.runs import launch

NAMES = ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS")
TELL = f"""
import json, os, sys
print(json.dumps([os.environ[name] for name in {NAMES}]), file=sys.stderr)
"""


@pytest.fixture
def threads(monkeypatch):
    """Returns what each of two workers on eight cores gets."""
    monkeypatch.setattr(signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(launch, "usable_cores", lambda: 8)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)

    def ask():
        lines = []
        launch.launch([sys.executable, "-c", TELL], 2, None, lines.append)
        prefixes = ("[worker 0] ", "[worker 1] ")
        told = [line.partition("] ")[2] for line in lines if line.startswith(prefixes)]
        return [json.loads(line) for line in told]

    return ask


def test_each_gets_its_share(threads):
    assert threads() == [["4", "4"], ["4", "4"]]


def test_what_the_user_set_stays(threads, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert threads() == [["4", "3"], ["4", "3"]]
