import keras
import numpy as np


@keras.saving.register_keras_serializable(package="kgan")
class Remembered(keras.layers.Layer):
    """The conditions of the first samples of a training, saved with the model.

    They are what `generate` makes samples of when it is given no conditions.

    Args:
        shape: Shape of one condition.
    """

    # How many are kept.
    size = 64

    def __init__(self, shape, **kwargs):
        super().__init__(dtype="float32", trainable=False, **kwargs)
        self.shape = tuple(shape)

    def build(self, input_shape):
        options = {
            "initializer": "zeros",
            "trainable": False,
            "aggregation": "only_first_replica",
        }
        self.conditions = self.add_weight(
            shape=(self.size, *self.shape), name="conditions", **options
        )
        self.known = self.add_weight(shape=(), dtype="int64", name="known", **options)

    def learn(self, conditions):
        """Keeps the first conditions of a training, `[N, …]`; later ones are not."""
        if int(self.known.numpy()):
            return
        kept = np.asarray(conditions, np.float32)[: self.size]
        rows = np.zeros((self.size, *self.shape), np.float32)
        rows[: len(kept)] = kept
        self.conditions.assign(rows)
        self.known.assign(len(kept))

    def examples(self, count):
        """Returns `count` of them in turn, or zeros before a training."""
        known = max(int(self.known.numpy()), 1)
        return self.conditions.numpy()[np.arange(count) % known]

    def get_config(self):
        return {**super().get_config(), "shape": self.shape}
