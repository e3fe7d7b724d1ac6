import keras
import tensorflow as tf

from kgan._core.distribution import global_mean
from kgan._core.errors import invalid


class Controller(keras.layers.Layer):
    """The probability of an augmentation, which follows the discriminator's judgement.

    Every `interval` steps it rises by `images shown / images` where the mean sign of
    D(real) since the last time is above `target`, a discriminator that is sure of the
    training images, and falls by as much elsewhere; it stays in [0, 1]. A target of
    None keeps it as it is. Its weights are saved with the model.

    Args:
        probability: What it starts at, in [0, 1].
        target: Mean sign that is aimed at, above -1 and below 1, or None.
        images: Real images after which it has risen from 0 to 1, at the fastest.
        interval: Steps from one adjustment to the next.

    Reference:

    - [Karras et al., 2020](https://arxiv.org/abs/2006.06676), section 3.1
    """

    def __init__(self, probability, target, images, interval):
        super().__init__(dtype="float32", trainable=False)
        self.target, self.images, self.interval = target, images, interval
        self.probability = self._number("probability", probability)
        self.signs = self._number("signs")
        self.shown = self._number("shown")
        self.built = True

    def _number(self, name, value=0.0):
        return self.add_weight(
            shape=(),
            initializer=keras.initializers.Constant(value),
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",
            name=name,
        )

    def observe(self, logits, threshold, count):
        """Takes in the logits of the real images of an update.

        Args:
            logits: List of tensors, the logits of the micro-batches of this replica.
            threshold: The logit of what may as well be real as not.
            count: Number of real images of the global batch.

        Returns:
            The mean sign over the global batch, a scalar.
        """
        signs = [tf.sign(tf.cast(x, tf.float32) - threshold) for x in logits]
        mean = global_mean(tf.add_n(map(tf.reduce_mean, signs)) / len(signs))
        # A step in half precision that overflows is taken back; no NaN must stay.
        mean = tf.where(tf.math.is_nan(mean), 0.0, mean)
        count = tf.cast(count, tf.float32)
        self.signs.assign_add(mean * count)
        self.shown.assign_add(count)
        return mean

    def adjust(self, step):
        """Moves the probability, if this step ends an interval.

        Args:
            step: Integer tensor: steps of `fit` before this one.
        """
        if self.target is None:
            return
        due = (step + 1) % self.interval == 0
        # Known before any of them is assigned.
        old, signs, shown = map(tf.identity, (self.probability, self.signs, self.shown))
        change = tf.sign(signs - self.target * shown) * shown / self.images
        new = tf.clip_by_value(old + change, 0.0, 1.0)
        self.probability.assign(tf.where(due, new, old))
        self.signs.assign(tf.where(due, 0.0, signs))
        self.shown.assign(tf.where(due, 0.0, shown))


def check_control(probability, target, images, interval):
    """Raises a `ValueError` unless these are arguments of a `Controller`."""
    if not 0 <= probability <= 1:
        raise invalid(
            "`probability` must be in [0, 1].",
            {"probability": probability},
            "Start at 0.0.",
        )
    if target is not None and not -1 < target < 1:
        raise invalid(
            "`target` is a mean of signs, above -1 and below 1.",
            {"target": target},
            "Use 0.6, or None to keep the probability as it is.",
        )
    if not (images > 0 and isinstance(interval, int) and interval >= 1):
        raise invalid(
            "`images` and `interval` must be positive numbers.",
            {"images": images, "interval": interval},
            "Use 500_000 and 4.",
        )
