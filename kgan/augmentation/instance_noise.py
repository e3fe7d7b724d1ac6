import keras
import tensorflow as tf

from kgan.augmentation.base import Augmentation


@keras.saving.register_keras_serializable(package="kgan")
class InstanceNoise(Augmentation):
    """Adds normal noise, which fades out, to all that the discriminator sees.

    Real and fake distributions then overlap from the start, so that their divergence
    has a gradient.

    Args:
        stddev: Standard deviation of the noise in the first step.
        steps: Steps over which it falls to zero, linearly; None: it stays.

    Reference:

    - [Sønderby et al., 2017](https://arxiv.org/abs/1610.04490)
    """

    def __init__(self, stddev=0.1, steps=None):
        self.stddev = stddev
        self.steps = steps

    def __call__(self, samples, random, step):
        stddev = tf.constant(self.stddev, samples.dtype)
        if self.steps is not None:
            left = 1.0 - tf.cast(step, samples.dtype) / self.steps
            stddev *= tf.maximum(left, 0.0)
        noise = random.normal([tf.shape(samples)[0], *samples.shape[1:]])
        return samples + stddev * tf.cast(noise, samples.dtype)

    def get_config(self):
        return {"stddev": self.stddev, "steps": self.steps}
