"""Starting runs in Python, and going on with them: nothing is printed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

import kgan
from kgan import runs
from kgan.runs.progress import Progress

SMALL = {
    "batch_size": 16,
    "evaluate_every": 0,
    "generator": {"width": 16},
    "discriminator": {"width": 16},
}


SCRIPT = """
import kgan

kgan.runs.train("mlp", "digits", {out!r}, steps=2, batch_size=16, evaluate_every=0)
"""


def test_nothing_is_printed(tmp_path):
    # The suite's own log level would let TensorFlow speak.
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(out=str(tmp_path / "run"))],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "" and done.stderr == ""
    assert (tmp_path / "run/report.html").exists()


def test_say_is_told_and_settings_are_kept(tmp_path, capfd):
    said = []
    out = tmp_path / "run"
    run = runs.train(
        "mlp", "digits", out, steps=2, loss="hinge", say=said.append, **SMALL
    )
    assert capfd.readouterr().out == ""
    assert [line.split(" ")[0] for line in said] == [
        "Loading",
        "Reading",
        "Read",
        "1,500",
        "Tracing",
    ]
    settings = run.config["settings"]
    assert settings["loss"] == "hinge" and settings["generator"]["width"] == 16
    assert settings["steps"] == 2 and settings["batch_size"] == 16


def test_resumed_run_equals_an_uninterrupted_one(small_run, tmp_path):
    half = runs.train("mlp", "digits", tmp_path / "half", steps=2, **SMALL)
    resumed = runs.resume(half, steps=4)
    assert resumed.path == half.path and resumed.outcome.steps == 4
    pairs = zip(small_run.model.get_weights(), resumed.model.get_weights(), strict=True)
    for a, b in pairs:
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="loss: 'non_saturating' -> 'hinge'"):
        runs.resume(half, loss="hinge")
    with pytest.raises(ValueError, match="nonsense: None -> 1"):
        runs.resume(half, nonsense=1)


def test_arrays_are_passed_again(tmp_path):
    x = np.random.default_rng(0).integers(256, size=(64, 8, 8, 1)).astype("uint8")
    run = runs.train("mlp", x, tmp_path / "run", steps=1, **SMALL)
    config = json.loads((run.path / "config.json").read_text())
    assert config["data"] is None and config["dataset"] == "array"
    with pytest.raises(ValueError, match="goes on with the same arrays"):
        runs.resume(run, steps=2)
    with pytest.raises(ValueError, match="data that it started with"):
        runs.resume(run, steps=2, data=255 - x)
    assert runs.resume(run, steps=2, data=x).outcome.steps == 2
    with pytest.raises(ValueError, match="does not keep them"):
        run.evaluate()
    scores = run.evaluate((x, np.arange(64) % 2), num_samples=20)
    assert scores["num_real"] == 64


def test_interrupt_returns_a_run_that_can_go_on(tmp_path, monkeypatch):
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("Signals arrive in the main thread.")

    def interrupt(self, batch, logs=None):
        signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "on_train_batch_end", interrupt)
        run = runs.train("mlp", "digits", tmp_path / "run", steps=50, **SMALL)
    done = run.outcome.steps
    assert run.interrupted and 0 < done < 50 and run.report is None
    assert (run.path / f"checkpoints/step_{done:06}.keras").exists()
    assert int(kgan.load_model(run.path / "model.keras").step.numpy()) == done
    assert runs.resume(run, steps=done + 1).outcome.steps == done + 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"preset": "nothing"}, "Received: name='nothing'"),
        ({"data": "nothing"}, "Received: data='nothing'"),
        ({"width": 3}, "Received: width=3"),
        ({"strategy": "none", "devices": 2}, "is for `--strategy mirrored`"),
        ({"data_b": "inverted"}, "presets of two domains"),
    ],
)
def test_mistakes_leave_no_folder(arguments, message, tmp_path):
    given = {"preset": "mlp", "data": "digits", "out": tmp_path / "run", **SMALL}
    with pytest.raises(ValueError, match=message):
        runs.train(**(given | arguments))
    assert not (tmp_path / "run").exists()


def test_used_folder_is_refused(small_run):
    with pytest.raises(ValueError, match="a folder of its own"):
        runs.train("mlp", "digits", small_run.path)


@pytest.mark.slow
def test_quickstart_in_python(tmp_path):
    said = []
    run = runs.quickstart(tmp_path / "run", steps=2, progress=False, say=said.append)
    assert [r.format for r in run.outcome.exports] == ["onnx", "saved_model"]
    assert run.outcome.untrained["fd"] > 0 and run.report.exists()
    assert said[-1].startswith("Exporting to ONNX")
    shutil.rmtree(run.path / "saved_model")
    again = runs.resume(run, steps=3)
    assert len(again.outcome.exports) == 2
    assert again.outcome.untrained["fd"] == run.outcome.untrained["fd"]
