import keras
import tensorflow as tf

from kgan.augmentation.base import Augmentation


@keras.saving.register_keras_serializable(package="kgan")
class ShiftFlip(Augmentation):
    """Shifts images by some pixels and flips half of them from left to right.

    Args:
        shift: Largest shift in each direction, in pixels; the border is reflected.
        flip: Whether to flip.

    Reference:

    - [Zhang et al., 2020](https://arxiv.org/abs/1910.12027), section 3.1
    """

    def __init__(self, shift=4, flip=True):
        self.shift = shift
        self.flip = flip

    def __call__(self, samples, random, step):
        count = tf.shape(samples)[0]
        height, width = samples.shape[1:3]
        shift = min(self.shift, height - 1, width - 1)
        padding = [[0, 0], [shift, shift], [shift, shift], [0, 0]]
        padded = tf.pad(samples, padding, "REFLECT")
        rows = _window(random.fold("y"), count, shift, height)
        columns = _window(random.fold("x"), count, shift, width)
        if self.flip:
            mirror = random.fold("flip").uniform([count, 1]) < 0.5
            columns = tf.where(mirror, tf.reverse(columns, [1]), columns)
        moved = tf.gather(padded, rows, axis=1, batch_dims=1)
        return tf.gather(moved, columns, axis=2, batch_dims=1)

    def get_config(self):
        return {"shift": self.shift, "flip": self.flip}


def _window(random, count, shift, size):
    """Returns the indices of a randomly placed window for each sample, `[N, size]`."""
    start = tf.floor(random.uniform([count, 1], 0.0, 2.0 * shift + 1.0))
    return tf.cast(start, tf.int32) + tf.range(size)
