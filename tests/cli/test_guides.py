"""The commands of guides run as they stand there."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

import kgan

DOCS = Path(__file__).parents[2] / "docs"
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run_commands(page, kgan_run):
    """Runs the `kgan` commands of a page one after the other."""
    blocks = SHELL.findall((DOCS / page).read_text())
    assert blocks
    for block in blocks:
        for line in block.replace("\\\n", " ").splitlines():
            program, *words = shlex.split(line, comments=True)
            assert program == "kgan"
            result = kgan_run(*words)
            assert result.exit_code == 0, result.output


@pytest.mark.slow
def test_fine_tuning(kgan_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    digits = kgan.data.read("digits")
    np.savez("fives.npz", x=digits.x[digits.y == 5])
    run_commands("fine-tuning.md", kgan_run)
    assert (tmp_path / "fives" / "model.keras").exists()
