import keras
import tensorflow as tf

from kgan.augmentation.base import Augmentation, check_images, read_policy
from kgan.augmentation.rgb import on_colors


@keras.saving.register_keras_serializable(package="kgan")
class DiffAugment(Augmentation):
    """Differentiable augmentation: every image changes, in the same ways at all times.

    | policy | what it does |
    | --- | --- |
    | `color` | brightness + U(-½, ½), saturation × U(0, 2), contrast × U(½, 1½) |
    | `translation` | a shift by up to ⅛ of height and width, 0 beyond the border |
    | `cutout` | a rectangle of half the height and width is set to 0 |

    Images are of any height and width, gray, RGB or RGB with alpha, whose colors alone
    change under `color`.

    Args:
        policy: Names with commas between them, applied in this order. The paper has all
            three for photographs of 256 x 256, `translation,cutout` for CIFAR.

    Reference:

    - [Zhao et al., 2020](https://arxiv.org/abs/2006.10738)
    """

    in_penalties = True

    def __init__(self, policy="color,translation,cutout"):
        read_policy(policy, _CHANGES)
        self.policy = policy

    def check(self, shape):
        check_images("DiffAugment", shape)

    def __call__(self, samples, random, step):
        for name in read_policy(self.policy, _CHANGES):
            samples = _CHANGES[name](samples, random.fold(name))
        return samples

    def get_config(self):
        return {"policy": self.policy}


def _recolor(images, random):
    return on_colors(images, lambda x: _change_colors(x, random))


def _change_colors(x, random):
    def draw(name, low, high):
        drawn = random.fold(name).uniform([tf.shape(x)[0], 1, 1, 1], low, high)
        return tf.cast(drawn, x.dtype)

    x += draw("brightness", -0.5, 0.5)
    gray = tf.reduce_mean(x, axis=-1, keepdims=True)
    x = (x - gray) * draw("saturation", 0.0, 2.0) + gray
    mean = tf.reduce_mean(x, axis=[1, 2, 3], keepdims=True)
    return (x - mean) * draw("contrast", 0.5, 1.5) + mean


def _translate(images, random):
    count = tf.shape(images)[0]
    for axis, name in ((1, "y"), (2, "x")):
        size = images.shape[axis]
        most = int(size / 8 + 0.5)
        shift = random.fold(name).uniform([count, 1], -most, most + 1.0)
        place = tf.range(size) - tf.cast(tf.floor(shift), tf.int32)
        # One more row of zeros, which stands for all beyond the border.
        padding = [[0, 0]] * 4
        padding[axis] = [0, 1]
        place = tf.where((place < 0) | (place >= size), size, place)
        images = tf.gather(tf.pad(images, padding), place, axis=axis, batch_dims=1)
    return images


def _cut_out(images, random):
    count = tf.shape(images)[0]
    inside = []
    for axis, name in ((1, "y"), (2, "x")):
        size = images.shape[axis]
        length = int(size / 2 + 0.5)
        places = size + 1 - length % 2
        center = tf.floor(random.fold(name).uniform([count, 1], 0.0, places))
        distance = tf.range(size, dtype=tf.float32) - center + length // 2
        inside.append((distance >= 0) & (distance < length))
    inside = inside[0][:, :, tf.newaxis] & inside[1][:, tf.newaxis]
    return tf.where(inside[..., tf.newaxis], tf.zeros([], images.dtype), images)


_CHANGES = {"color": _recolor, "translation": _translate, "cutout": _cut_out}
