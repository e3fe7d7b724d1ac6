import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan.objectives.base import Objective, cross_entropy


@keras.saving.register_keras_serializable(package="kgan")
class MutualInformation(Objective):
    """Mutual information of codes and samples of InfoGAN: codes gain a meaning.

    The game, whose data need no labels, draws a categorical code as the generator's
    label; the first coordinates of `z` are the continuous codes. Both players want the
    heads `"code_logits"` `[N, categories]` and `"code_mean"` `[N, continuous]` to find
    the codes in the fakes: a categorical distribution, and normal ones of variance 1.
    The loss is their negative log-likelihood but for constants, a bound on the mutual
    information.

    Args:
        weight: λ; 1 in the authors' code.
        categories: Values of the categorical code: the generator's `num_classes`.
        continuous: Number of continuous codes; 0 for none.

    Example:

    >>> objective = kgan.objectives.MutualInformation(categories=2, continuous=1)
    >>> fake = {"code_logits": [[0.0, 0.0]], "code_mean": [[3.0]]}
    >>> objective.generator_loss(fake, [1], [[1.0, 0.0]])  # [2.6931], log 2 + 2

    Reference:

    - [Chen et al., 2016](https://arxiv.org/abs/1606.03657)
    """

    def __init__(self, weight=1.0, categories=10, continuous=2):
        super().__init__(weight)
        if not (isinstance(categories, int) and categories >= 2):
            raise invalid(
                "`categories` must be an integer, 2 or more.",
                {"categories": categories},
                "Take about as many as the data seem to have kinds.",
            )
        if not (isinstance(continuous, int) and continuous >= 0):
            raise invalid(
                "`continuous` must be 0 or a positive integer.",
                {"continuous": continuous},
                "Use 2, or 0 for a categorical code alone.",
            )
        self.categories = categories
        self.continuous = continuous

    @property
    def drawn_labels(self):
        return self.categories

    def heads(self, num_classes=None):
        heads = {"code_logits": self.categories}
        return heads | ({"code_mean": self.continuous} if self.continuous else {})

    def discriminator_loss(self, real, fake, label=None, z=None):
        return self.generator_loss(fake, label, z)

    def generator_loss(self, fake, label=None, z=None):
        loss = cross_entropy(label, fake["code_logits"])
        if self.continuous:
            distance = tf.square(fake["code_mean"] - z[:, : self.continuous])
            loss += tf.reduce_sum(distance, axis=1) / 2.0
        return loss

    def get_config(self):
        return {
            **super().get_config(),
            "categories": self.categories,
            "continuous": self.continuous,
        }
