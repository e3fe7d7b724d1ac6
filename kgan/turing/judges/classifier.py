"""scikit-learn's classifiers as judges."""

import numpy as np
from scipy.special import expit
from sklearn.base import clone

from kgan.turing.trials import flat


def fit_judge(judge, real, fake, rng):
    """Returns a fresh copy of a classifier, fitted on trials.

    Args:
        judge: A scikit-learn classifier or pipeline; it stays as it is.
        real: Genuine trials `[n, steps, features]`, class 1.
        fake: Other trials, class 0.
        rng: Seeds those of its `random_state` parameters that are `None`.
    """
    judge = clone(judge)
    seeds = {
        name: int(rng.integers(2**31))
        for name, value in sorted(judge.get_params().items())
        if name.split("__")[-1] == "random_state" and value is None
    }
    judge.set_params(**seeds)
    y = np.repeat([1, 0], [len(real), len(fake)])
    return judge.fit(np.concatenate([flat(real), flat(fake)]), y)


def genuineness(judge, trials):
    """Returns a fitted classifier's probabilities of class 1, or its guesses, `[n]`."""
    x = flat(trials)
    if hasattr(judge, "predict_proba"):
        return judge.predict_proba(x)[:, 1]
    if hasattr(judge, "decision_function"):
        return expit(judge.decision_function(x))
    return judge.predict(x).astype(float)
