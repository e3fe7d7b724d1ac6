import keras
import tensorflow as tf

from kgan._core.nests import count, map_leaves
from kgan.augmentation.base import Augmentation
from kgan.augmentation.controller import Controller, check_control


@keras.saving.register_keras_serializable(package="kgan")
class APA(Augmentation):
    """Adaptive pseudo augmentation: generated samples among those told to be real.

    In the discriminator's batch each real sample is replaced by a generated one, of the
    same condition, with a probability p that rises while the discriminator grows too
    sure of the training samples. It suits data of every kind. The generated ones are
    those of the same update, which are judged as fakes too: no further samples are
    made.

    Args:
        target: Mean sign of D(real) that is aimed at; None keeps p as it is.
        images: Real samples in which p rises from 0 to 1 at the fastest.
        interval: Steps from one adjustment of p to the next.
        probability: p at the start, in [0, 1].

    Reference:

    - [Jiang et al., 2021](https://arxiv.org/abs/2111.06849)
    """

    def __init__(self, target=0.6, images=500_000, interval=4, probability=0.0):
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

    def __call__(self, samples, random, step):
        return samples

    def replace(self, real, fake, random):
        self.build()
        number = count(real)
        chance = random.uniform([number])
        replaced = chance < tf.convert_to_tensor(self.state.probability)

        def mixed(real, fake):
            shape = [number, *[1] * (len(real.shape) - 1)]
            return tf.where(tf.reshape(replaced, shape), tf.stop_gradient(fake), real)

        return map_leaves(mixed, real, fake)

    def get_config(self):
        return dict(self._control)
