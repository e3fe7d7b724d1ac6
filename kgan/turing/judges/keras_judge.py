"""Keras discriminators as judges."""

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin


class KerasJudge(ClassifierMixin, BaseEstimator):
    """A Keras network behind scikit-learn's classifier interface.

    Each `fit` starts from fresh weights.

    Args:
        build: A function of the shape of a sample, `(steps * features,)`, that returns
            a `keras.Model` with logits `[n, 1]`, such as
            `kgan.networks.mlp.discriminator`.
        epochs: Passes over the trials.
        batch_size: Trials in a step.
        learning_rate: Of Adam.
        random_state: A Python integer, or `None`.
    """

    def __init__(
        self, build, epochs=20, batch_size=64, learning_rate=5e-3, random_state=None
    ):
        self.build = build
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.random_state = random_state

    def fit(self, X, y):
        """Trains on float trials `[n, features]` and classes 0 and 1, `[n]`."""
        import keras

        from kgan._core.random import seeded_initializers

        rng = np.random.default_rng(self.random_state)
        self.classes_ = np.unique(y)
        with seeded_initializers(int(rng.integers(2**31))):
            self.model_ = self.build((X.shape[1],))
        self.model_.compile(
            keras.optimizers.Adam(self.learning_rate),
            keras.losses.BinaryCrossentropy(from_logits=True),
        )
        # Shuffled by our seed: Keras would use its global one.
        order = np.concatenate([rng.permutation(len(X)) for _ in range(self.epochs)])
        x, y = np.asarray(X, "float32"), np.asarray(y, "float32")[:, None]
        for start in range(0, len(order), self.batch_size):
            batch = order[start : start + self.batch_size]
            self.model_.train_on_batch(x[batch], y[batch])
        return self

    def predict_proba(self, X):
        """Returns the probabilities of both classes, `[n, 2]`."""
        # Called, not `predict`: tracing that would take longer than these few samples.
        logits = self.model_(np.asarray(X, "float32"), training=False)
        genuine = expit(np.asarray(logits, float).ravel())
        return np.stack([1 - genuine, genuine], axis=1)

    def predict(self, X):
        """Returns the more probable class of each trial, `[n]`."""
        return self.classes_[self.predict_proba(X).argmax(1)]
