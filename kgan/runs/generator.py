"""Whatever a trained generator is kept in, as one kind of object.

Needs no TensorFlow; `kgan.runs.opening` makes the objects.
"""

import dataclasses
import math
from collections.abc import Callable

import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import COLOR_TYPES
from kgan._core.memory import check_memory
from kgan._core.quiet import import_tensorflow
from kgan.latents import default_labels, latents
from kgan.runs.pictures import to_pictures
from kgan.sampling import classes_of

# Of samples, until they are a PNG file: as drawn, as grey levels, in a grid, as rows.
COPIES = 4


@dataclasses.dataclass(frozen=True)
class TrainedGenerator:
    """A generator that samples can be drawn from.

    Samples are uint8 images `[n, H, W, C]`; of several outputs, such as the pairs of a
    `kgan.CoGAN`, a dict of them by name. `kgan.runs.open_generator` makes it.

    Attributes:
        sample: Called as `sample(n, seed=0, labels=None, truncation=1.0,
            condition=None)`; returns samples, equal for equal seeds whatever the
            format.
        decode: Called as `decode(z, labels=None, truncation=1.0, condition=None)`;
            returns the samples of codes.
        kind: `"keras"`, `"onnx"` or `"saved_model"`.
        image_shape: `(height, width, channels)`, of the first output.
        prior: Name of the prior.
        latent_dim: Size of a code.
        num_classes: Number of classes, or None if unconditional.
        class_names: List of their names, or None if unknown.
        outputs: Names of several outputs, or None if there is one.
        model: The Keras model, such as a `kgan.GAN`, or None of an exported generator.

    Example:

    >>> generator = kgan.runs.open_generator("generator.onnx")
    >>> generator.evaluate("digits", num_samples=1000)["fd"]
    12.3
    """

    sample: Callable
    decode: Callable
    kind: str
    image_shape: tuple
    prior: str
    latent_dim: int
    num_classes: int | None
    class_names: list | None
    outputs: tuple | None = None
    model: object = None

    def evaluate(
        self,
        data,
        data_b=None,
        metrics=None,
        num_samples=10_000,
        seed=0,
        value_range=None,
        features=None,
    ):
        """Scores samples against real ones.

        A small network, trained once on the data and kept in a cache, sees the images
        for the metrics: a classifier, or where there are no labels a self-supervised
        one.

        Args:
            data: Real images, as `kgan.data.read` takes them; scored against their test
                split, or against the training images where there is none.
            data_b: For pairs, real images of the second domain, as in
                `kgan.runs.train`.
            metrics: Names of metrics; by default those that apply.
            num_samples: Number of samples. Compare only scores of equal numbers.
            seed: The same seed gives the same samples.
            value_range: Of the real images, as in `kgan.runs.train`.
            features: Name of the feature extractor: see `kgan.metrics.features.open`.

        Returns:
            A dict: the name of the data, the seed, the scores, what they rest on, the
            scores of `real` images, and a `warning` where scores mean nothing.

        Raises:
            ValueError: If data and generator do not fit, or a metric is unknown.
        """
        import_tensorflow()
        from kgan.runs.domains import NAMES, PairSplits
        from kgan.runs.scoring import Splits

        self._check_domains(data_b, NAMES)
        kind = Splits if data_b is None else PairSplits
        given = {"data": data, "data_b": data_b, "value_range": value_range}
        splits = kind.read(given, self.image_shape)
        evaluator = splits.evaluator(features, metrics)
        conditional = self.num_classes is not None and splits.train.y is not None
        scores = evaluator.evaluate(self.sample, num_samples, conditional, seed)
        return {
            "data": splits.train.name,
            "seed": seed,
            **scores,
            "real": splits.real_scores(evaluator, num_samples),
        }

    def _check_domains(self, data_b, names):
        """Checks that there are real images for what the generator gives."""
        if self.outputs not in (None, names):
            raise invalid(
                "Scores are of one image, or of the pairs of a `kgan.CoGAN`.",
                {"outputs": ", ".join(self.outputs)},
                "Score each output in Python, by `kgan.metrics.Evaluator`.",
            )
        if self.outputs and data_b is None:
            raise invalid(
                "Pairs need real images of both domains.",
                {"data_b": None},
                "Add --data-b as in training, for instance --data-b inverted.",
            )
        if data_b is not None and not self.outputs:
            raise invalid(
                "`--data-b` is for generators of pairs.",
                {"data_b": data_b},
                "Leave it out.",
            )

    def check_pictures(self, num_samples):
        """Checks that samples can be pictures, and so many of them in memory.

        Raises:
            ValueError: If they cannot.
        """
        if self.image_shape[-1] not in COLOR_TYPES:
            raise invalid(
                "PNG files hold images of 1 to 4 channels.",
                {"image_shape": self.image_shape},
                "Use `kgan.GAN.generate` or `kgan_export.Sampler` in Python.",
            )
        size = num_samples * math.prod(self.image_shape)
        check_memory(COPIES * size, {"num_samples": num_samples})

    def choose_labels(self, text, num_samples):
        """Returns the classes that a text names, in turn.

        Args:
            text: Names of classes or, where they are no numbers, their numbers,
                separated by commas; or None for all.
            num_samples: Number of samples.

        Returns:
            int64 array `[num_samples]`; None for an unconditional generator.

        Raises:
            ValueError: If a class is unknown, or the generator knows none.
        """
        count = self.num_classes
        if count is None:
            if text is not None:
                raise invalid(
                    "An unconditional generator takes no labels.",
                    {"labels": text},
                    "Leave --labels out.",
                )
            return None
        if text is None:
            return default_labels(num_samples, count)
        found = classes_of(text, count, self.class_names)
        return np.resize(np.array(found, np.int64), num_samples)

    def codes(self, positions, seed):
        """Returns the codes of numbered samples under a seed, `[n, latent_dim]`."""
        draws = [latents(self.prior, 1, self.latent_dim, seed, i) for i in positions]
        return np.concatenate(draws)

    def table(self, z, labels=None, truncation=1.0):
        """Returns pictures `[rows, columns, H, W, C]` of codes in a table.

        Args:
            z: Codes `[rows, columns, latent_dim]`.
            labels: The class of each row, or None.
            truncation: As in `kgan.GAN.generate`.
        """
        rows, columns, _ = z.shape
        if labels is not None:
            labels = np.repeat(np.asarray(labels), columns)
        made = to_pictures(
            self.decode(z.reshape(rows * columns, -1), labels, truncation)
        )
        return made.reshape(rows, columns, *made.shape[1:])
