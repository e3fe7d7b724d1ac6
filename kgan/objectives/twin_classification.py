import keras

from kgan.objectives.base import Objective, cross_entropy


@keras.saving.register_keras_serializable(package="kgan")
class TwinClassification(Objective):
    """Twin classifiers of TAC-GAN, with which samples of a class stay varied.

    `"class_logits"` learns the classes of real samples, its twin `"twin_logits"` those
    of the fakes, both `[N, num_classes]`. The generator makes samples whose class the
    first one sees and the twin does not: what only makes fakes easy does not pay.

    Example:

    >>> objective = kgan.objectives.TwinClassification()
    >>> fake = {"class_logits": [[0.0, 0.0]], "twin_logits": [[0.0, 0.0]]}
    >>> objective.generator_loss(fake, [1])  # [0.0]

    Reference:

    - [Gong et al., 2019](https://arxiv.org/abs/1907.02690)
    """

    def heads(self, num_classes):
        return {"class_logits": num_classes, "twin_logits": num_classes}

    def discriminator_loss(self, real, fake, label=None, z=None):
        return cross_entropy(label, real["class_logits"]) + cross_entropy(
            label, fake["twin_logits"]
        )

    def generator_loss(self, fake, label=None, z=None):
        return cross_entropy(label, fake["class_logits"]) - cross_entropy(
            label, fake["twin_logits"]
        )
