import keras
import tensorflow as tf

from kgan._core.distribution import global_mean
from kgan.objectives.base import Objective, cross_entropy


@keras.saving.register_keras_serializable(package="kgan")
class SemiSupervised(Objective):
    """Semi-supervised GAN: the discriminator is a classifier of K classes and "fake".

    With few labels, the game teaches it from all samples. Its head `"class_logits"`
    `[N, num_classes]` holds the logits of the classes; that of "fake" is fixed at 0, so
    that the logit of real against fake is their log-sum-exp: build the discriminator
    with `logits_from="class_logits"`. The loss is the cross-entropy of the labelled
    real samples, averaged over those of the batch; label -1 means unlabelled. The
    generator needs no label.

    Example:

    >>> objective = kgan.objectives.SemiSupervised()
    >>> real = {"class_logits": [[0.0, 0.0], [9.0, 0.0]]}
    >>> objective.discriminator_loss(real, real, [1, -1])  # [1.3863, 0], mean log 2

    Reference:

    - [Salimans et al., 2016](https://arxiv.org/abs/1606.03498), section 5
    - [Odena, 2016](https://arxiv.org/abs/1606.01583)
    """

    needs_label = False

    def heads(self, num_classes):
        return {"class_logits": num_classes}

    def discriminator_loss(self, real, fake, label=None, z=None):
        labelled = tf.cast(label >= 0, tf.float32)
        share = global_mean(tf.reduce_mean(labelled))
        value = cross_entropy(tf.maximum(label, 0), real["class_logits"])
        return tf.math.divide_no_nan(labelled * value, share)

    def generator_loss(self, fake, label=None, z=None):
        return tf.zeros_like(fake["logits"][:, 0])
