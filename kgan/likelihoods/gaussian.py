import math

import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan.likelihoods.base import Likelihood

# Half a grey level: data that never vary would otherwise have no largest likelihood.
LEAST = 1 / 255


@keras.saving.register_keras_serializable(package="kgan")
class Gaussian(Likelihood):
    """Each value is normal, with a mean of its own.

    The decoder gives the means; where the deviation is learned, then as many logarithms
    of deviations beside them in the channels.

    Args:
        stddev: Standard deviation of all values; None: the decoder gives each its own,
            at least half a grey level.

    Example:

    >>> kgan.likelihoods.Gaussian(stddev=1.0).log_prob([[0.0]], [[0.0]])  # -log √2π

    Reference:

    - [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114), appendix C.2
    """

    def __init__(self, stddev=None):
        if stddev is not None and not stddev > 0:
            raise invalid(
                "`stddev` must be a positive number, or None to be learned.",
                {"stddev": stddev},
                "Try 0.1 for images in [-1, 1].",
            )
        self.stddev = stddev
        self.parameters = 2 if stddev is None else 1

    def log_prob_of_values(self, outputs, x):
        mean, log_stddev = self._parts(outputs)
        distance = (x - mean) * tf.exp(-log_stddev)
        return -0.5 * tf.square(distance) - log_stddev - 0.5 * math.log(2 * math.pi)

    def mean(self, outputs):
        channels = outputs.shape[-1] // self.parameters
        return outputs[..., :channels]

    def get_config(self):
        return {"stddev": self.stddev}

    def _parts(self, outputs):
        """Returns means, and logarithms of deviations."""
        if self.stddev is not None:
            return outputs, math.log(self.stddev)
        mean, log_stddev = tf.split(outputs, 2, axis=-1)
        return mean, tf.maximum(log_stddev, math.log(LEAST))
