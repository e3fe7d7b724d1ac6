import json

import keras
import matplotlib.pyplot
from PIL import Image

from kgan.callbacks import Curves, draw_curves, read_metrics


class Scorer(keras.callbacks.Callback):
    """Puts a score into the logs of step 3 and, as `Evaluate` does, of the epoch."""

    def on_train_batch_end(self, batch, logs=None):
        if batch == 2:
            logs["fd"] = 7.5

    def on_epoch_end(self, epoch, logs=None):
        logs["fd"] = 7.5


def test_lines_hold_steps_times_and_means(make_gan, train, tmp_path):
    history = train(make_gan(), Curves(tmp_path, every=4), epochs=2).history
    records = read_metrics(tmp_path)
    assert [r["step"] for r in records] == [4, 8, 12, 16]
    assert {"time", "d_loss", "g_loss", "d_real", "d_fake"} <= set(records[0])
    assert records[1]["d_loss"] == history["d_loss"][0]
    assert records[0]["time"] <= records[-1]["time"]
    with Image.open(tmp_path / "curves.png") as image:
        assert image.size[0] > 300


def test_scores_get_their_own_line_once(make_gan, train, tmp_path):
    train(make_gan(), Scorer(), Curves(tmp_path))
    records = read_metrics(tmp_path)
    assert [(r["step"], r.get("fd")) for r in records] == [(3, 7.5), (8, None)]


def test_resumed_run_continues_the_file(make_gan, train, tmp_path):
    gan = make_gan()
    train(gan, Curves(tmp_path, every=4))
    first = (tmp_path / "metrics.jsonl").read_text()
    # A run that went on to step 12 and broke off in the middle of a line.
    with open(tmp_path / "metrics.jsonl", "a") as file:
        file.write(json.dumps({"step": 12, "time": 0.0}) + '\n{"step": 16, "ti')
    train(gan, Curves(tmp_path, every=4))
    assert [r["step"] for r in read_metrics(tmp_path)] == [4, 8, 12, 16]
    assert (tmp_path / "metrics.jsonl").read_text().startswith(first)
    assert read_metrics(tmp_path)[2]["time"] > 0


def test_numbers_that_are_not_finite_stay_json(tmp_path, make_gan):
    curves = Curves(tmp_path)
    curves.set_model(make_gan())
    curves.on_train_begin()
    curves.on_step(1, {"d_loss": float("nan"), "g_loss": float("inf"), "fd": 2.0})
    (line,) = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert '"d_loss": null, "g_loss": null, "fd": 2.0' in line
    curves.draw()


def test_draws_nothing_and_much(tmp_path):
    draw_curves([], tmp_path / "none.png")
    records = [
        {"step": s, "time": 0.0, "d_loss": 1.0, "r1": 2.0, "fd": 1000.0 / s}
        for s in range(1, 50)
    ]
    draw_curves(records, tmp_path / "many.png")
    assert matplotlib.pyplot.get_fignums() == []  # nothing global
    assert {p.name for p in tmp_path.iterdir()} == {"none.png", "many.png"}


class EpochScorer(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs["fd"] = 7.5


def test_no_step_has_two_lines(make_gan, train, tmp_path):
    """The line of step 8 is written by its count, and gains the epoch's score."""
    train(make_gan(), EpochScorer(), Curves(tmp_path, every=4), epochs=2)
    records = read_metrics(tmp_path)
    assert [(r["step"], r.get("fd")) for r in records] == [
        (4, None),
        (8, 7.5),
        (12, None),
        (16, 7.5),
    ]
