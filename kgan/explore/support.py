import numpy as np

from kgan._core.errors import one_of
from kgan.latents import PRIORS

# The largest coordinate that a bounded prior draws.
BOUNDS = {"uniform": 1.0, "truncated_normal": 2.0}


def to_support(prior, z):
    """Brings codes to the nearest place where a prior draws codes.

    Args:
        prior: Name of the prior.
        z: Codes `[..., latent_dim]`.

    Returns:
        float32 array: coordinates limited to those of `"uniform"` and
        `"truncated_normal"`, codes of `"sphere"` scaled to its radius, those of
        `"normal"` as they are.

    Raises:
        ValueError: If the prior is unknown.
    """
    one_of("prior", prior, PRIORS, "Use `gan.prior.name`.")
    z = np.asarray(z, np.float32)
    if prior in BOUNDS:
        return np.clip(z, -BOUNDS[prior], BOUNDS[prior])
    if prior == "sphere":
        norm = np.linalg.norm(z, axis=-1, keepdims=True)
        return z * np.float32(z.shape[-1] ** 0.5) / np.maximum(norm, 1e-12)
    return z
