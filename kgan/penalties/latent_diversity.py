import math

import keras
import tensorflow as tf

from kgan._core.gradients import squared_norm
from kgan._core.nests import leaves, map_leaves
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
        near = batch.generator(disturbed(batch, self.stddev))
        change = map_leaves(
            lambda a, b: tf.cast(a - b, tf.float32), batch.generator(batch.z), near
        )
        size = sum(math.prod(x.shape[1:]) for x in leaves(change))
        return -squared_norm(change) / size

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}
