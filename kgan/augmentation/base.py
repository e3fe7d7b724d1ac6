class Augmentation:
    """Base class of differentiable changes of real and fake samples alike."""

    def __call__(self, samples, random, step):
        """Changes samples.

        Args:
            samples: Float tensor `[N, …]`.
            random: A `kgan.Stream`.
            step: Integer tensor: steps of `fit` so far.

        Returns:
            A tensor of the same shape.
        """
        raise NotImplementedError(f"{type(self).__name__} must implement `__call__`.")

    def get_config(self):
        """Returns the constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
