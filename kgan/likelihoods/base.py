import tensorflow as tf

from kgan._core.registry import snake_case


class Likelihood:
    """Base class of the distributions of samples given what a decoder computes.

    A subclass gives `log_prob_of_values` and `mean` as equations of float32 tensors.

    Attributes:
        parameters: Numbers that the decoder gives for each value of a sample, side by
            side in the last axis.
    """

    parameters = 1

    @property
    def name(self):
        return snake_case(type(self).__name__)

    def log_prob(self, outputs, x):
        """Returns the log-likelihood of samples in nats, float32 `[N]`.

        Args:
            outputs: What the decoder gives, `[N, …, parameters·channels]`.
            x: Samples `[N, …, channels]`, images in [-1, 1].
        """
        outputs, x = (tf.cast(tensor, tf.float32) for tensor in (outputs, x))
        values = self.log_prob_of_values(outputs, x)
        return tf.reduce_sum(values, axis=range(1, len(values.shape)))

    def log_prob_of_values(self, outputs, x):
        """Returns the log-likelihood of each value, of the shape of `x`."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `log_prob_of_values`."
        )

    def mean(self, outputs):
        """Returns the mean of the distribution, samples `[N, …, channels]`."""
        raise NotImplementedError(f"{type(self).__name__} must implement `mean`.")

    def get_config(self):
        """Returns the constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
