import signal

import keras
import pytest

from kgan.callbacks import Checkpoint, SampleGrid, StopOnInterrupt


class Sender(keras.callbacks.Callback):
    """Sends signals to this process after a chosen batch."""

    def __init__(self, batch, *numbers):
        super().__init__()
        self.batch, self.numbers = batch, numbers

    def on_train_batch_end(self, batch, logs=None):
        if batch == self.batch:
            for number in self.numbers:
                signal.raise_signal(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_fit_concludes(number, make_gan, train, tmp_path):
    before = signal.getsignal(number)
    stop = StopOnInterrupt()
    train(
        make_gan(),
        stop,
        Sender(4, number),
        SampleGrid(tmp_path / "samples", num_samples=4),
        Checkpoint(tmp_path / "checkpoints"),
        epochs=3,
    )
    assert stop.interrupted
    assert (tmp_path / "checkpoints" / "step_000005.keras").exists()
    assert (tmp_path / "samples" / "animation.gif").exists()
    assert signal.getsignal(number) is before


@pytest.fixture
def python_handler():
    """SIGINT raises KeyboardInterrupt; pytest-xdist's processes ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_second_interrupt_is_immediate(make_gan, train, python_handler):
    with pytest.raises(KeyboardInterrupt):
        train(make_gan(), StopOnInterrupt(), Sender(4, signal.SIGINT, signal.SIGINT))


def test_without_interrupt(make_gan, train):
    before = signal.getsignal(signal.SIGINT)
    stop = StopOnInterrupt()
    train(make_gan(), stop)
    assert not stop.interrupted
    assert signal.getsignal(signal.SIGINT) is before
