import keras
import tensorflow as tf
from keras import ops

from kgan import losses
from kgan._core.errors import invalid
from kgan.losses.base import AdversarialLoss


@keras.saving.register_keras_serializable(package="kgan")
class LabelFlipping(AdversarialLoss):
    """Tells the discriminator the wrong labels of some samples, drawn in each step.

    A real sample and the fake at its place in the batch change places with a
    probability. So every label is wrong with that probability, and the expected loss
    is that of labels flipped one by one. The generator's loss stays as it is.

    Args:
        loss: A loss, by name or instance.
        probability: Share of the wrong labels, above 0 and below 0.5.

    Reference:

    - [Chintala et al., 2016](https://github.com/soumith/ganhacks), hint 6
    """

    def __init__(self, loss="non_saturating", probability=0.05):
        if not 0 < probability < 0.5:
            raise invalid(
                "`probability` must be above 0 and below 0.5.",
                {"probability": probability},
                "Try 0.05.",
            )
        self.loss = losses.get(loss)
        self.probability = probability
        self.relativistic = self.loss.relativistic
        self.threshold = self.loss.threshold

    def relabel(self, real_logits, fake_logits, random):
        real_logits = tf.convert_to_tensor(real_logits)
        ones = [1] * (len(real_logits.shape) - 1)  # patches of a sample flip together
        draw = random.uniform([tf.shape(real_logits)[0], *ones])
        flip = draw < self.probability
        return (
            ops.where(flip, fake_logits, real_logits),
            ops.where(flip, real_logits, fake_logits),
        )

    def discriminator_loss(self, real_logits, fake_logits):
        return self.loss.discriminator_loss(real_logits, fake_logits)

    def generator_loss(self, real_logits, fake_logits):
        return self.loss.generator_loss(real_logits, fake_logits)

    def get_config(self):
        loss = keras.saving.serialize_keras_object(self.loss)
        return {"loss": loss, "probability": self.probability}

    @classmethod
    def from_config(cls, config):
        loss = keras.saving.deserialize_keras_object(config["loss"])
        return cls(loss, config["probability"])
