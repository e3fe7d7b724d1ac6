"""Scores of a generator against real images."""

import numpy as np

from kgan._core.errors import invalid
from kgan.metrics import registry
from kgan.metrics.feature_set import FeatureSet
from kgan.metrics.images import enlarge


class Evaluator:
    """Scores generators against a set of real images by chosen metrics.

    What is computed of the real images is kept, so that one object serves a whole
    training run. Scores depend on the classifier, the real set and the number of
    samples: compare only numbers for which these agree, as `evaluate` reports them.

    Args:
        classifier: Sees the images for the metrics: a `kgan.metrics.Classifier`, or an
            object with `features(images)`, `predict(images)`, `accuracy` and `hash`.
        images: Real images, uint8 or float in [-1, 1], `[N, H, W, C]`; held-out ones
            where there are enough.
        labels: Integer `[N]`; needed to score conditional generators.
        metrics: Names of metrics. `None` for `fd`, and `agreement` where the generator
            is conditional.

    Raises:
        ValueError: If a metric is unknown or the images are not valid.

    Example:

    >>> classifier = kgan.metrics.Classifier.for_data(x_train, y_train, x_test, y_test)
    >>> evaluator = kgan.metrics.Evaluator(classifier, x_test, y_test)
    >>> evaluator.evaluate(gan.generate, conditional=True)
    {'fd': 3.1, 'agreement': 0.93, 'num_samples': 1000, 'classifier_accuracy': 0.9, …}
    """

    def __init__(self, classifier, images, labels=None, metrics=None):
        self.classifier = classifier
        self.metrics = None if metrics is None else list(metrics)
        for name in self.metrics or []:
            registry.get(name)
        self.real = FeatureSet(classifier, images, labels)

    def evaluate(self, generate, num_samples=1000, conditional=False, seed=0):
        """Scores samples and says what the numbers rest on.

        Args:
            generate: Called as `generate(n, labels=labels, seed=seed)`, returns images
                `[n, H, W, C]`, uint8 or float in [-1, 1]: `GAN.generate`, or the
                `sample` method of an exported generator's `Sampler`.
            num_samples: Number of samples.
            conditional: Whether the generator takes labels. They then have the real
                set's class frequencies.
            seed: Passed to `generate`.

        Returns:
            A dict: the scores, then `num_samples`, `num_real`, `classifier_accuracy`
            and `features` (which classifier it was).
        """
        return {
            **self.score(generate, num_samples, conditional, seed),
            "num_samples": num_samples,
            "num_real": len(self.real),
            "classifier_accuracy": self.classifier.accuracy,
            "features": self.classifier.hash,
        }

    def score(self, generate, num_samples=1000, conditional=False, seed=0):
        """Returns the scores of `evaluate` alone, a dict by name."""
        labels = self._draw_labels(num_samples) if conditional else None
        return self.compare(generate(num_samples, labels=labels, seed=seed), labels)

    def compare(self, images, labels=None):
        """Scores images that exist already.

        Args:
            images: uint8 or float in [-1, 1], `[N, H, W, C]`. Those that are smaller
                than the real ones are enlarged, pixel by pixel.
            labels: Integer `[N]`, the labels asked for, or `None`.

        Returns:
            A dict of scores by name.
        """
        if isinstance(images, dict):
            raise invalid(
                "An evaluator scores images of one kind.",
                {"outputs": sorted(images)},
                "Score each output alone: evaluator.compare(images['a']).",
            )
        images = enlarge(np.asarray(images), self.real.images.shape[1:])
        fake = FeatureSet(self.classifier, images, labels)
        chosen = self.metrics
        if chosen is None:
            chosen = ["fd"] if labels is None else ["fd", "agreement"]
        scores = {}
        for name in chosen:
            scores |= registry.get(name)(self.real, fake)
        return scores

    def _draw_labels(self, count):
        """Labels with the frequencies of the real set: quantiles of the sorted ones."""
        if self.real.labels is None:
            raise invalid(
                "Scoring a conditional generator needs the real images' labels.",
                {"labels": None},
                "Pass them to Evaluator(classifier, images, labels).",
            )
        ranks = np.arange(count) * len(self.real) // count
        return np.sort(self.real.labels)[ranks]
