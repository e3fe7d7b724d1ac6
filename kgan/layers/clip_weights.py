import keras


@keras.saving.register_keras_serializable(package="kgan")
class ClipWeights(keras.constraints.Constraint):
    """Clips weights to [-limit, limit] after each update, as in the first WGAN.

    A constraint for `kernel_constraint` and `bias_constraint` of Keras layers.

    Args:
        limit: c; 0.01 in the paper.

    Reference:

    - [Arjovsky et al., 2017](https://arxiv.org/abs/1701.07875), Algorithm 1
    """

    def __init__(self, limit=0.01):
        self.limit = limit

    def __call__(self, value):
        return keras.ops.clip(value, -self.limit, self.limit)

    def get_config(self):
        return {"limit": self.limit}
