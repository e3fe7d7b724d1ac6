import keras

from kgan import losses
from kgan._core.errors import invalid
from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class LabelSmoothing(AdversarialLoss):
    """One-sided label smoothing: a logistic loss with target 1 - α for real samples.

    It holds back a discriminator that is too sure: the best logit of a sample that no
    fake resembles is log((1 - α) / α) and no longer infinite. The target of fakes
    stays 0, and the generator's loss stays as it is.

    Args:
        loss: A logistic loss, by name or instance.
        alpha: α, between 0 and 0.5.

    Example:

    >>> loss = kgan.losses.LabelSmoothing("minimax", alpha=0.1)
    >>> loss.discriminator_loss([[1.0]], [[0.0]])  # [1.1064], 0.1 above Minimax

    Reference:

    - [Salimans et al., 2016](https://arxiv.org/abs/1606.03498), section 3.4
    """

    def __init__(self, loss="non_saturating", alpha=0.1):
        self.loss = losses.get(loss)
        if not self.loss.logistic:
            raise invalid(
                "`loss` must be a logistic loss, such as `NonSaturating`.",
                {"loss": type(self.loss).__name__},
                "To flip labels too, use `LabelFlipping(LabelSmoothing())`.",
            )
        if not 0 < alpha < 0.5:
            raise invalid(
                "`alpha` must be above 0 and below 0.5.", {"alpha": alpha}, "Try 0.1."
            )
        self.alpha = alpha
        self.relativistic = self.loss.relativistic
        self.threshold = self.loss.threshold

    def discriminator_loss(self, real_logits, fake_logits):
        # (1 - α) softplus(-m) + α softplus(m) = softplus(-m) + α m
        real_margin, _ = self.loss.margins(real_logits, fake_logits)
        value = self.loss.discriminator_loss(real_logits, fake_logits)
        return value[:, None] + self.alpha * real_margin

    def generator_loss(self, real_logits, fake_logits):
        return self.loss.generator_loss(real_logits, fake_logits)

    def get_config(self):
        loss = keras.saving.serialize_keras_object(self.loss)
        return {"loss": loss, "alpha": self.alpha}

    @classmethod
    def from_config(cls, config):
        loss = keras.saving.deserialize_keras_object(config["loss"])
        return cls(loss, config["alpha"])
