"""Scores of a generator against real images."""

import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import within_range
from kgan.metrics import registry
from kgan.metrics.feature_set import FeatureSet
from kgan.metrics.frechet_distance import frechet_interval
from kgan.metrics.images import enlarge
from kgan.metrics.neighbors import nearest

# Members of each set that the metrics of neighbours need: they look at the fifth other.
_NEIGHBORS = 6


class Evaluator:
    """Scores generators against a set of real images by chosen metrics.

    What is computed of the real images is kept, so that one object serves a whole
    training run. Scores depend on the classifier, the real set and the number of
    samples: compare only numbers for which these agree, as `evaluate` reports them.

    Args:
        classifier: Sees the images for the metrics: a `kgan.metrics.Classifier`, or
            another extractor of `kgan.metrics.features`, which need not classify.
        images: Real images, uint8 or float in [-1, 1], `[N, H, W, C]`; held-out ones
            where there are enough.
        labels: Integer `[N]`; needed to score conditional generators.
        metrics: Names of metrics. `None` for `fd`, `precision_recall` and
            `density_coverage`, and `agreement` where the generator is conditional and
            the extractor classifies.

    Raises:
        ValueError: If a metric is unknown or the images are not valid.

    Example:

    >>> classifier = kgan.metrics.Classifier.for_data(x_train, y_train, x_test, y_test)
    >>> evaluator = kgan.metrics.Evaluator(classifier, x_test, y_test)
    >>> evaluator.evaluate(gan.generate, conditional=True)
    {'fd': 3.1, 'precision': 0.84, 'recall': 0.71, …, 'fd_interval': [2.8, 3.4], …}
    """

    def __init__(self, classifier, images, labels=None, metrics=None):
        self.classifier = classifier
        self.classifies = hasattr(classifier, "predict")
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
            A dict: the scores, then `fd_interval` where there is an `fd`, and what
            `basis` tells.
        """
        fake = self._draw(generate, num_samples, conditional, seed)
        return {**self._scores(fake), **self._interval(fake), **self.basis(num_samples)}

    def doubt(self):
        """Returns a sentence on why the scores mean nothing, or None.

        That is so where a classifier is no better than one that always guesses the most
        frequent class: by less than two standard errors of its accuracy.
        """
        if not self.classifies or self.real.labels is None:
            return None
        accuracy, count = self.classifier.accuracy, len(self.real)
        chance = np.bincount(self.real.labels).max() / count
        if accuracy > chance + 2 * np.sqrt(chance * (1 - chance) / count):
            return None
        return (
            f"The classifier that scores the samples is right on {accuracy:.0%} of the "
            f"test images, where the most frequent class alone has {chance:.0%}: it "
            "cannot tell the classes, and its scores mean nothing. Self-supervised "
            "features need no classes."
        )

    def basis(self, num_samples):
        """Returns what scores of so many samples rest on.

        A dict: `num_samples`, `num_real`, `classifier_accuracy` of a classifier,
        `extractor` (its name), `features` (its hash), and a `warning` where there is
        `doubt`.
        """
        accuracy, doubt = {}, self.doubt()
        if self.classifies:
            accuracy["classifier_accuracy"] = self.classifier.accuracy
        return {
            "num_samples": num_samples,
            "num_real": len(self.real),
            **accuracy,
            "extractor": getattr(self.classifier, "name", "classifier"),
            "features": self.classifier.hash,
            **({"warning": doubt} if doubt else {}),
        }

    def score(self, generate, num_samples=1000, conditional=False, seed=0):
        """Returns the scores of `evaluate` alone, a dict by name."""
        return self._scores(self._draw(generate, num_samples, conditional, seed))

    def _draw(self, generate, num_samples, conditional, seed):
        labels = self._draw_labels(num_samples) if conditional else None
        images = generate(num_samples, labels=labels, seed=seed)
        if not isinstance(images, dict):
            images = within_range(np.asarray(images))
        return self._set(images, labels)

    def compare(self, images, labels=None):
        """Scores images that exist already.

        Args:
            images: uint8 or float in [-1, 1], `[N, H, W, C]`. Those that are smaller
                than the real ones are enlarged, pixel by pixel.
            labels: Integer `[N]`, the labels asked for, or `None`.

        Returns:
            A dict of scores by name.
        """
        return self._scores(self._set(images, labels))

    def compare_real(self, images=None, num_samples=1000):
        """Scores real images: what a generator would, whose samples are as good.

        Args:
            images: Real images that are not the evaluator's, `[N, H, W, C]`, of which
                `num_samples` are evenly picked. `None` compares every second image of
                the evaluator with the others.
            num_samples: Number of images.

        Returns:
            A dict of scores by name, without those of labels.
        """
        if images is None:
            return self._scores(*reversed(self.real.halves()))
        count = min(num_samples, len(images))
        return self.compare(images[np.arange(count) * len(images) // count])

    def nearest(self, images, train):
        """Returns for each image the index of the most similar training image, `[N]`.

        Args:
            images: As for `compare`.
            train: Training images `[M, H, W, C]`.
        """
        columns = self.classifier.features(train)
        return nearest(self._set(images).features, columns)

    def _set(self, images, labels=None):
        if isinstance(images, dict):
            raise invalid(
                "An evaluator scores images of one kind.",
                {"outputs": sorted(images)},
                "Score each output alone: evaluator.compare(images['a']).",
            )
        images = enlarge(np.asarray(images), self.real.images.shape[1:])
        return FeatureSet(self.classifier, images, labels)

    def _scores(self, fake, real=None):
        real = self.real if real is None else real
        scores = {}
        for name in self.metrics or self._default_metrics(fake, real):
            scores |= registry.get(name)(real, fake)
        return scores

    def _default_metrics(self, fake, real):
        names = ["fd"]
        if min(len(real), len(fake)) >= _NEIGHBORS:
            names += ["precision_recall", "density_coverage"]
        if fake.labels is not None and self.classifies:
            names.append("agreement")
        return names

    def _interval(self, fake):
        if "fd" not in (self.metrics or ["fd"]):
            return {}
        return {"fd_interval": frechet_interval(self.real.features, fake.features)}

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
