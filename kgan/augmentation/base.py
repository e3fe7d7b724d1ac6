from kgan._core.errors import invalid


class Augmentation:
    """Base class of differentiable changes of real and fake samples alike.

    Attributes:
        in_penalties: Whether penalties judge changed samples too. Their gradients are
            then those at the samples before the change.
        compiles: Whether XLA compiles it.
        state: A `keras.Layer` with what is remembered from step to step, or None.
    """

    in_penalties = False
    compiles = True
    state = None

    def build(self):
        """Creates `state`; called in `compile`, in the scope of a strategy."""

    def check(self, shape):
        """Raises a `ValueError` unless samples of this shape can be changed."""

    def replace(self, real, fake, random):
        """Returns what the discriminator is told is real.

        Args:
            real: Real samples of an update, a tensor or a nest of tensors.
            fake: Generated samples of the same structure and conditions.
            random: A `kgan.Stream`.
        """
        return real

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


def check_images(augmentation, shape):
    """Raises a `ValueError` unless samples are grey or RGB images, or RGB with alpha.

    Args:
        augmentation: Its name, for the error.
        shape: Shape of a sample.
    """
    if len(shape) != 3 or shape[-1] not in (1, 3, 4) or min(shape[:2]) < 2:
        raise invalid(
            f"{augmentation} changes images of 1, 3 or 4 channels and 2 x 2 pixels or "
            "more.",
            {"shape of a sample": tuple(shape)},
            "Leave it out, or write a kgan.augmentation.Augmentation of your own.",
        )


def read_policy(policy, known):
    """Returns the names of a policy such as `"color,translation"`, in this order.

    Args:
        policy: Text of names with commas between them.
        known: The names allowed.

    Raises:
        ValueError: If it is empty, or a name is unknown or stands there twice.
    """
    known = list(known)
    texts = policy.split(",") if isinstance(policy, str) else []
    names = [text.strip() for text in texts]
    if not names or set(names) - set(known) or len(set(names)) < len(names):
        raise invalid(
            f"`policy` lists some of {', '.join(known)}, each once.",
            {"policy": policy},
            f"Write for instance {','.join(known[:2])!r}.",
        )
    return names
