import keras
import tensorflow as tf

from kgan.likelihoods.base import Likelihood


@keras.saving.register_keras_serializable(package="kgan")
class Bernoulli(Likelihood):
    """Each value is 1 with a probability of its own, otherwise -1.

    The decoder gives the logit of it. Values between -1 and 1 count as the probability
    (1 + x) / 2 of a 1: then the log-likelihood is the expected one of a binary sample
    that is drawn with it, as is usual for grey images.

    Example:

    >>> kgan.likelihoods.Bernoulli().log_prob([[0.0, 0.0]], [[1.0, -1.0]])  # -2 log 2

    Reference:

    - [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114), appendix C.1
    """

    def log_prob_of_values(self, outputs, x):
        probability = (1.0 + x) / 2.0
        return -tf.nn.sigmoid_cross_entropy_with_logits(probability, outputs)

    def mean(self, outputs):
        return keras.ops.tanh(outputs / 2.0)
