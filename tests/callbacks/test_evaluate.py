import keras
import numpy as np
import pytest

from kgan.callbacks import Checkpoint, Curves, Evaluate, read_metrics
from kgan.metrics import Evaluator


class Pixels:
    """A judge whose features are the pixels and whose label is the sign of the sum."""

    accuracy = 0.5
    hash = "pixels"

    def features(self, images):
        return images.reshape(len(images), -1)[:, 20:28] / np.float32(255)

    def predict(self, images):
        return np.zeros(len(images), np.int64)


@pytest.fixture
def evaluator(digit_images):
    return Evaluator(Pixels(), *digit_images)


def test_scores_reach_history_and_the_other_callbacks(
    make_gan, train, evaluator, tmp_path
):
    gan = make_gan(num_classes=10)
    evaluate = Evaluate(evaluator, every=3, num_samples=100, seed=2)
    checkpoint = Checkpoint(tmp_path / "checkpoints", every=100)
    history = train(gan, evaluate, checkpoint, Curves(tmp_path), epochs=2).history
    assert [entry["step"] for entry in evaluate.scores] == [3, 6, 9, 12, 15]
    # The last scores of each epoch of 8 steps.
    assert history["fd"] == [evaluate.scores[i]["fd"] for i in (1, 4)]
    assert history["agreement"][0] == evaluate.scores[1]["agreement"]
    assert "agreement_per_class" not in history
    lines = {r["step"]: r["fd"] for r in read_metrics(tmp_path) if "fd" in r}
    assert lines == {entry["step"]: entry["fd"] for entry in evaluate.scores}
    best = evaluate.best()
    assert best["fd"] == min(lines.values())
    assert checkpoint.best == {"step": best["step"], "fd": best["fd"]}


def test_scores_are_those_of_the_evaluator(make_gan, train, evaluator):
    gan, evaluate = make_gan(), Evaluate(evaluator, num_samples=50, seed=2)
    train(gan, evaluate)
    expected = evaluator.score(gan.generate, 50, seed=2)
    assert evaluate.scores == [{"step": 8, **expected}]
    assert evaluate.best("fd", mode="max")["step"] == 8


def test_keras_callbacks_can_monitor_scores(make_gan, train, evaluator):
    stop = keras.callbacks.EarlyStopping("fd", mode="min", patience=1, min_delta=1e9)
    gan = make_gan()
    train(gan, Evaluate(evaluator, num_samples=50), stop, epochs=9)
    assert int(gan.step.numpy()) == 16  # two epochs


def test_tensorboard_gets_logs_and_scores(make_gan, train, evaluator, tmp_path):
    accumulator = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator"
    )
    board = keras.callbacks.TensorBoard(tmp_path)
    train(make_gan(), Evaluate(evaluator, num_samples=50), board, epochs=2)
    events = accumulator.EventAccumulator(str(tmp_path / "train"))
    events.Reload()
    assert {"epoch_d_loss", "epoch_g_loss", "epoch_fd"} <= set(events.Tags()["tensors"])


def test_best_of_nothing(evaluator):
    assert Evaluate(evaluator).best() is None
