import keras
import tensorflow as tf

from kgan._core.gradients import logits_of, squared_norm
from kgan._core.nests import map_leaves
from kgan.augmentation import ShiftFlip
from kgan.penalties.base import Penalty


@keras.saving.register_keras_serializable(package="kgan")
class Consistency(Penalty):
    """Consistency regularisation: the logit must not change under augmentation.

    ‖D(x) - D(T(x))‖², for real samples (CR), or for real and fake ones (balanced, bCR).
    No factor ½.

    Args:
        weight: λ; 10 in the papers.
        interval: Steps between two uses.
        balanced: Whether fake samples count too.
        augmentation: T, a callable `(samples, random, step) -> samples`; by default
            `kgan.augmentation.ShiftFlip()`, for images.

    Reference:

    - [Zhang et al., 2020](https://arxiv.org/abs/1910.12027), CR
    - [Zhao et al., 2021](https://arxiv.org/abs/2002.04724), bCR
    """

    def __init__(self, weight=10.0, interval=1, balanced=False, augmentation=None):
        super().__init__(weight, interval)
        self.balanced = balanced
        self.augmentation = augmentation or ShiftFlip()

    def call(self, batch):
        value = self._change(batch, batch.real, "real")
        if self.balanced:
            value += self._change(batch, batch.fake, "fake")
        return value

    def _change(self, batch, samples, name):
        random = batch.random.fold(name)
        step = 0 if batch.game is None else batch.game.step
        augmented = map_leaves(lambda x: self.augmentation(x, random, step), samples)
        before, after = (
            tf.cast(logits_of(batch.discriminator(x)), tf.float32)
            for x in (samples, augmented)
        )
        return squared_norm(before - after)

    def get_config(self):
        return {
            **super().get_config(),
            "balanced": self.balanced,
            "augmentation": keras.saving.serialize_keras_object(self.augmentation),
        }

    @classmethod
    def from_config(cls, config):
        augmentation = keras.saving.deserialize_keras_object(config["augmentation"])
        return cls(**{**config, "augmentation": augmentation})
