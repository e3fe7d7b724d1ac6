import keras
import tensorflow as tf

from kgan._core.gradients import squared_norm
from kgan.penalties.base import Penalty
from kgan.penalties.latent_consistency import disturbed


@keras.saving.register_keras_serializable(package="kgan")
class LatentDiversity(Penalty):
    """zCR, the generator's part: close codes must give different samples.

    -mean((G(z) - G(z + Δ))²) over a sample's values, with Δ ~ N(0, σ²); never above
    zero. Combine with `LatentConsistency`. Costs two passes of the generator.

    Args:
        weight: λ_gen; 0.5 in the paper.
        interval: Steps between two uses.
        stddev: σ; 0.03 to 0.07 in the paper.

    Reference:

    - [Zhao et al., 2021](https://arxiv.org/abs/2002.04724)
    """

    player = "generator"
    uses_codes = True

    def __init__(self, weight=0.5, interval=1, stddev=0.05):
        super().__init__(weight, interval)
        self.stddev = stddev

    def call(self, batch):
        change = batch.generator(batch.z) - batch.generator(
            disturbed(batch, self.stddev)
        )
        count = tf.size(change[0], out_type=tf.int32)
        return -squared_norm(tf.cast(change, tf.float32)) / tf.cast(count, tf.float32)

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}
