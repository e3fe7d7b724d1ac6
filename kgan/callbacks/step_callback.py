import keras

from kgan._core.errors import invalid


class StepCallback(keras.callbacks.Callback):
    """Base of callbacks that act every so many steps of a `kgan.GAN`.

    Steps are counted by the model's own `step`, so that a resumed run goes on in the
    same rhythm. With `steps_per_execution` above 1 only the last step of each group is
    seen; the callback acts at the first step seen at or after each multiple.

    Subclasses implement `on_step(step, logs)`. Scores that a callback adds to `logs`
    are seen by the callbacks that come after it in the list.

    Args:
        every: Number of steps, or `"epoch"` for the end of each epoch.

    Raises:
        ValueError: If `every` is neither.
    """

    def __init__(self, every="epoch"):
        super().__init__()
        is_count = isinstance(every, int) and not isinstance(every, bool) and every > 0
        if every != "epoch" and not is_count:
            raise invalid(
                '`every` must be a positive number of steps, or "epoch".',
                {"every": every},
                'Use for instance every=500, or every="epoch".',
            )
        self.every = every
        self._step = 0

    def on_step(self, step, logs):
        """Acts after `step` steps.

        Args:
            step: Number of steps that the model has been trained.
            logs: Dict of the running means of the epoch and of scores, to read and to
                add to.
        """
        raise NotImplementedError

    def on_train_begin(self, logs=None):
        self._step = self.model_step()

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_start = self._step = self.model_step()

    def on_train_batch_end(self, batch, logs=None):
        # Counted here: reading the model's step would make a GPU wait at every step.
        step, self._step = self._step, self._epoch_start + batch + 1
        if self.every != "epoch" and step // self.every < self._step // self.every:
            self.on_step(self.model_step(), logs)

    def on_epoch_end(self, epoch, logs=None):
        self._step = self.model_step()
        if self.every == "epoch":
            self.on_step(self._step, logs)

    def model_step(self):
        """Returns the model's own step count, an int."""
        return int(self.model.step.numpy())
