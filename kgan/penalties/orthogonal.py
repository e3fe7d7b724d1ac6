import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan.penalties.base import Penalty


@keras.saving.register_keras_serializable(package="kgan")
class Orthogonal(Penalty):
    """Orthogonal regularisation: the filters of a layer must not resemble each other.

    Σ over a player's kernels of ‖WᵀW ⊙ (1 - I)‖², where the columns of W are the
    filters; their norms stay free, as in BigGAN. No factor ½.

    Args:
        weight: β; 1e-4 in the paper.
        interval: Steps between two uses.
        player: Whose kernels are regularised, `"discriminator"` or `"generator"`.

    Reference:

    - [Brock et al., 2019](https://arxiv.org/abs/1809.11096), section 3.1
    """

    def __init__(self, weight=1e-4, interval=1, player="generator"):
        super().__init__(weight, interval)
        if player not in ("discriminator", "generator"):
            raise invalid(
                "`player` must be 'discriminator' or 'generator'.",
                {"player": player},
                "BigGAN regularises the generator.",
            )
        self.player = player

    def call(self, batch):
        value = tf.add_n(
            [
                _overlap(variable)
                for variable in batch.game.players[self.player].weights
                if variable.name == "kernel"
            ]
        )
        return tf.fill([batch.size], value)

    def get_config(self):
        return {**super().get_config(), "player": self.player}


def _overlap(kernel):
    matrix = tf.reshape(tf.cast(kernel, tf.float32), [-1, kernel.shape[-1]])
    product = tf.matmul(matrix, matrix, transpose_a=True)
    product = tf.linalg.set_diag(product, tf.zeros([kernel.shape[-1]]))
    return tf.reduce_sum(tf.square(product))
