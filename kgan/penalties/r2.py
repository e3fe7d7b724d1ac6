import keras

from kgan._core.gradients import input_gradient, squared_norm
from kgan.penalties.base import Penalty


@keras.saving.register_keras_serializable(package="kgan")
class R2(Penalty):
    """Zero-centred gradient penalty on fake samples: ½‖∇D(G(z))‖².

    The convention is γ/2: `weight` is the paper's γ, and the half is in the term.

    Args:
        weight: γ; as for `R1`, with which it is combined in R3GAN.
        interval: Steps between two uses.

    Reference:

    - [Mescheder et al., 2018](https://arxiv.org/abs/1801.04406)
    - [Huang et al., 2024](https://arxiv.org/abs/2501.05441), R3GAN
    """

    per_sample_gradient = True

    def __init__(self, weight=10.0, interval=1):
        super().__init__(weight, interval)

    def call(self, batch):
        return 0.5 * squared_norm(input_gradient(batch.discriminator, batch.fake))
