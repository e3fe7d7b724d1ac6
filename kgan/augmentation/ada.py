import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan.augmentation.affine import blit, chained, geometry, warp
from kgan.augmentation.base import Augmentation, check_images, read_policy
from kgan.augmentation.color import recolor
from kgan.augmentation.controller import Controller, check_control
from kgan.augmentation.corruptions import cut_out, filtered, noisy
from kgan.augmentation.draws import Draws
from kgan.augmentation.rgb import on_colors

_MAPS = {"blit": blit, "geometry": geometry}
_CHANGES = {"filter": filtered, "noise": noisy, "cutout": cut_out}
GROUPS = (*_MAPS, "color", *_CHANGES)


@keras.saving.register_keras_serializable(package="kgan")
class ADA(Augmentation):
    """Adaptive discriminator augmentation: as much of StyleGAN2-ADA's as is needed.

    Each operation changes each image with probability p, independently, which rises
    while the discriminator grows too sure of the training images. Below about 0.8 the
    changes do not leak into what the generator makes. In the logs `augment_p` is p,
    `augment_sign` the mean sign of D(real).

    | group | operations |
    | --- | --- |
    | `blit` | flip from left to right; quarter turns; shift by whole pixels, ±⅛ |
    | `geometry` | scale 2^N(0, .2²); rotation; stretch 2^N(0, .2²); shift N(0, ⅛²) |
    | `color` | brightness, contrast, luma flip, hue, saturation |
    | `filter` | four octave bands × 2^N(0, 1) |
    | `noise` | N(0, σ²) with σ = abs N(0, .1²) |
    | `cutout` | a rectangle of half the height and width is set to 0 |

    Images are of any height and width, gray, RGB or RGB with alpha; colors of alpha
    stay. What lies beyond their borders is mirrored. Maps are resampled once: at twice
    the resolution by the wavelet sym6, as in the paper.

    Args:
        policy: Groups with commas between them, or a dict from groups to factors of p.
        target: Mean sign of D(real) that is aimed at; None keeps p as it is.
        images: Real images in which p rises from 0 to 1 at the fastest; the paper has
            100,000 for transfer.
        interval: Steps from one adjustment of p to the next.
        probability: p at the start, in [0, 1].

    Reference:

    - [Karras et al., 2020](https://arxiv.org/abs/2006.06676)
    """

    in_penalties = True

    def __init__(
        self,
        policy="blit,geometry,color",
        target=0.6,
        images=500_000,
        interval=4,
        probability=0.0,
    ):
        factors = policy if isinstance(policy, dict) else None
        names = read_policy(policy if factors is None else ",".join(factors), GROUPS)
        self._factors = factors or dict.fromkeys(names, 1.0)
        if not all(0 <= factor <= 1 for factor in self._factors.values()):
            raise invalid(
                "The factors of `policy` must be in [0, 1].",
                {"policy": policy},
                "Leave out what is not wanted.",
            )
        self.policy = policy
        self._control = {
            "target": target,
            "images": images,
            "interval": interval,
            "probability": probability,
        }
        check_control(**self._control)

    def build(self):
        if self.state is None:
            self.state = Controller(**self._control)

    def check(self, shape):
        check_images("ADA", shape)

    def __call__(self, samples, random, step):
        self.build()
        images = tf.cast(samples, tf.float32)
        draws = Draws(
            random, tf.shape(images)[0], tf.convert_to_tensor(self.state.probability)
        )
        images = self._moved(images, draws)
        if "color" in self._factors:
            colors = draws.scaled(self._factors["color"])
            images = on_colors(images, lambda x: recolor(x, colors))
        for name, change in _CHANGES.items():
            if name in self._factors:
                images = change(images, draws.scaled(self._factors[name]))
        return tf.cast(images, samples.dtype)

    def _moved(self, images, draws):
        size = images.shape[1:3]
        maps = [
            map_
            for name, group in _MAPS.items()
            if name in self._factors
            for map_ in group(draws.scaled(self._factors[name]), *size)
        ]
        if not maps:
            return images
        whole = chained(maps)
        moved = tf.reduce_any(whole != tf.eye(3), axis=[1, 2])
        moved = moved[:, tf.newaxis, tf.newaxis, tf.newaxis]
        return tf.where(moved, warp(images, whole), images)

    def get_config(self):
        return {"policy": self.policy, **self._control}
