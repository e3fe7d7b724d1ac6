import keras

from kgan.objectives.base import Objective, cross_entropy


@keras.saving.register_keras_serializable(package="kgan")
class Classification(Objective):
    """Auxiliary classifier of ACGAN: both players want every class to be seen.

    The discriminator learns the classes of real and fake samples by its head
    `"class_logits"`, `[N, num_classes]`; the generator makes samples that show theirs.
    It tends to make the easiest ones of each class: see `TwinClassification` and
    `DiscriminativeClassification`.

    Example:

    >>> objective = kgan.objectives.Classification()
    >>> undecided = {"class_logits": [[0.0, 0.0]]}
    >>> objective.discriminator_loss(undecided, undecided, [1])  # [1.3863], 2 log 2

    Reference:

    - [Odena et al., 2017](https://arxiv.org/abs/1610.09585)
    """

    def heads(self, num_classes):
        return {"class_logits": num_classes}

    def discriminator_loss(self, real, fake, label=None, z=None):
        real, fake = real["class_logits"], fake["class_logits"]
        return cross_entropy(label, real) + cross_entropy(label, fake)

    def generator_loss(self, fake, label=None, z=None):
        return cross_entropy(label, fake["class_logits"])
