"""One judge of an evolved population."""


class EvolvedJudge:
    """An evolvable judge with its parameters.

    Args:
        judge: Such as `Elman`; see `kgan.turing`.
        params: Array `[n_params]`.
    """

    def __init__(self, judge, params):
        self.judge, self.params = judge, params

    def score(self, trials):
        """Returns scores in [0, 1], `[n]`, of trials `[n, steps, features]`."""
        return self.judge.score(self.params[None], trials)[0]

    def predict(self, trials):
        """Returns 1 for each trial that it holds genuine, else 0: int64 `[n]`."""
        return (self.score(trials) >= 0.5).astype("int64")
