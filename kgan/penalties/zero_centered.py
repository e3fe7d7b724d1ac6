import keras

from kgan.penalties.gradient_penalty import GradientPenalty


@keras.saving.register_keras_serializable(package="kgan")
class ZeroCentered(GradientPenalty):
    """Zero-centred gradient penalty between real and fake samples: ‖∇D(x̂)‖².

    `GradientPenalty` with the target 0: the discriminator flattens out where real and
    fake samples meet, which the penalty with the target 1 forbids. No factor ½.

    Args:
        weight: λ; 100 in the paper.
        interval: Steps between two uses.

    Reference:

    - [Thanh-Tung et al., 2019](https://arxiv.org/abs/1902.03984)
    """

    def __init__(self, weight=100.0, interval=1):
        super().__init__(weight, interval, target=0.0)

    def get_config(self):
        return {"weight": self.weight, "interval": self.interval}
