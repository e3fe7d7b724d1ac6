import pytest
import tensorflow as tf

from kgan.callbacks import StepCallback


class Recorder(StepCallback):
    def __init__(self, every):
        super().__init__(every)
        self.seen = []

    def on_step(self, step, logs):
        assert {"d_loss", "g_loss"} <= set(logs)
        self.seen.append(step)


def test_steps_and_epochs(make_gan, train):
    steps, epochs = Recorder(3), Recorder("epoch")
    train(make_gan(), steps, epochs, epochs=2)
    assert steps.seen == [3, 6, 9, 12, 15]
    assert epochs.seen == [8, 16]


def test_rhythm_goes_on_in_a_second_fit(make_gan, train):
    gan, steps = make_gan(), Recorder(5)
    train(gan, steps)
    train(gan, steps, epochs=2)
    assert steps.seen == [5, 10, 15, 20]


def test_acts_once_a_crossing_with_several_steps_per_execution(make_gan, train):
    steps = Recorder(2)
    train(make_gan(steps_per_execution=3), steps, epochs=2, steps_per_epoch=9)
    # Seen are 3, 6, 9, 12, 15, 18, which reach the multiples 2, 6 (and 4), 8, 12, …
    assert steps.seen == [3, 6, 9, 12, 15, 18]
    fives = Recorder(5)
    train(make_gan(steps_per_execution=3), fives, epochs=2, steps_per_epoch=9)
    assert fives.seen == [6, 12, 15]


def test_an_incomplete_last_execution_does_not_shift_the_count(make_gan, digit_images):
    # 8 batches in executions of 3: Keras reports the last batch as index 8, not 7.
    dataset = tf.data.Dataset.from_tensor_slices(digit_images[0]).batch(32)
    gan, steps = make_gan(steps_per_execution=3), Recorder(4)
    gan.fit(dataset, epochs=2, callbacks=[steps], verbose=0)
    assert steps.seen == [6, 8, 14, 16]


@pytest.mark.parametrize("every", [0, -1, "step", True, 2.5])
def test_refuses_other_intervals(every):
    with pytest.raises(ValueError, match="positive number of steps"):
        Recorder(every)
