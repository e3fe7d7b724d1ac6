import keras
import tensorflow as tf

from kgan._core.gradients import logits_of, squared_norm
from kgan._core.nests import map_leaves
from kgan.penalties.base import Penalty


@keras.saving.register_keras_serializable(package="kgan")
class LatentConsistency(Penalty):
    """zCR, the discriminator's part: close codes must get close logits.

    ‖D(G(z)) - D(G(z + Δ))‖² with Δ ~ N(0, σ²). Combine with `LatentDiversity`, the
    generator's part. No factor ½. Costs a pass of the generator.

    Args:
        weight: λ_dis; 5 in the paper.
        interval: Steps between two uses.
        stddev: σ; 0.03 to 0.07 in the paper.

    Reference:

    - [Zhao et al., 2021](https://arxiv.org/abs/2002.04724)
    """

    uses_codes = True

    def __init__(self, weight=5.0, interval=1, stddev=0.05):
        super().__init__(weight, interval)
        self.stddev = stddev

    def call(self, batch):
        near = batch.generator(disturbed(batch, self.stddev))
        near = map_leaves(tf.stop_gradient, near)
        here, there = (
            tf.cast(logits_of(batch.discriminator(samples)), tf.float32)
            for samples in (batch.fake, near)
        )
        return squared_norm(here - there)

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}


def disturbed(batch, stddev):
    """Returns the codes of a batch with normal noise added."""
    shape = [tf.shape(batch.z)[0], batch.z.shape[1]]
    return batch.z + stddev * batch.random.normal(shape)
