from kgan.callbacks.score_callback import ScoreCallback


class Evaluate(ScoreCallback):
    """Scores samples during training.

    The scores join the logs, so that progress bar, `History`, TensorBoard,
    `EarlyStopping`, and the callbacks that come after this one in the list see them.
    `History` and TensorBoard get the last scores of each epoch; `Curves` and
    `Checkpoint` all of them.

    Args:
        evaluator: A `kgan.metrics.Evaluator`.
        every: Number of steps, or `"epoch"`.
        num_samples: Number of samples.
        seed: Seed of the codes, the same each time: differences come from the model.

    Attributes:
        scores: List of dicts, one for each evaluation: `step` and all scores.

    Example:

    >>> evaluate = kgan.callbacks.Evaluate(evaluator, every=500)
    >>> gan.fit(x, y, callbacks=[evaluate])
    >>> evaluate.best("fd")
    {'step': 4000, 'fd': 3.1, 'agreement': 0.93, …}
    """

    def __init__(self, evaluator, every="epoch", num_samples=1000, seed=0):
        super().__init__(every)
        self.evaluator = evaluator
        self.num_samples = num_samples
        self.seed = seed

    def measure(self, step):
        return self.evaluator.score(
            self.model.generate,
            self.num_samples,
            conditional=self.model.knows_classes,
            seed=self.seed,
        )

    def best(self, name="fd", mode="min"):
        return super().best(name, mode)
