from kgan.callbacks.step_callback import StepCallback


class ScoreCallback(StepCallback):
    """Base of callbacks that score samples every so many steps.

    The scores join the logs, so that progress bar, `History`, TensorBoard,
    `EarlyStopping`, and the callbacks that come after this one in the list see them.
    `History` and TensorBoard get the last scores of each epoch; `Curves` and
    `Checkpoint` all of them.

    Subclasses implement `measure(step)`.

    Args:
        every: Number of steps, or `"epoch"`.

    Attributes:
        scores: List of dicts, one for each time: `step` and all scores.
    """

    def __init__(self, every="epoch"):
        super().__init__(every)
        self.scores = []
        self._epoch_scores = {}

    def measure(self, step):
        """Returns a dict of scores; floats join the logs, other values stay here.

        Args:
            step: Number of steps that the model has been trained.
        """
        raise NotImplementedError

    def on_step(self, step, logs):
        scores = self.measure(step)
        self.scores.append({"step": step, **scores})
        # Keras's logs hold numbers; scores by class stay here.
        self._epoch_scores = {k: v for k, v in scores.items() if isinstance(v, float)}
        logs.update(self._epoch_scores)

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self._epoch_scores = {}

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        logs.update(self._epoch_scores)

    def best(self, name, mode="min"):
        """Returns the entry of `scores` with the best `name`, or `None` without any.

        Args:
            name: Name of a score.
            mode: `"min"` or `"max"`: what is better.
        """
        choose = {"min": min, "max": max}[mode]
        return choose(self.scores, key=lambda entry: entry[name], default=None)
