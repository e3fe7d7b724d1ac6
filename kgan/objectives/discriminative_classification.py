import keras

from kgan.objectives.base import Objective, cross_entropy


@keras.saving.register_keras_serializable(package="kgan")
class DiscriminativeClassification(Objective):
    """Discriminative classifier of ADC-GAN: it tells real from fake of each class.

    The head `"class_logits"` `[N, 2 num_classes]` has the real classes first, then the
    fake ones. The generator raises the real class of its label above the fake one,
    which leads to the data's own distribution of each class.

    Example:

    >>> objective = kgan.objectives.DiscriminativeClassification()
    >>> fake = {"class_logits": [[0.0, 1.0, 0.0, 3.0]]}
    >>> objective.generator_loss(fake, [1])  # [2.0], 3 - 1

    Reference:

    - [Hou et al., 2022](https://arxiv.org/abs/2107.10060)
    """

    def heads(self, num_classes):
        return {"class_logits": 2 * num_classes}

    def discriminator_loss(self, real, fake, label=None, z=None):
        real, fake = real["class_logits"], fake["class_logits"]
        return cross_entropy(label, real) + cross_entropy(_fake(label, fake), fake)

    def generator_loss(self, fake, label=None, z=None):
        fake = fake["class_logits"]
        return cross_entropy(label, fake) - cross_entropy(_fake(label, fake), fake)


def _fake(label, logits):
    """Returns the fake class of each label."""
    return label + logits.shape[-1] // 2
