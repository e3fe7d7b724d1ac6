import numpy as np

from kgan._core.errors import invalid
from kgan.explore.support import to_support


def arithmetic(plus, minus=(), prior="normal"):
    """Adds and subtracts codes: smiling woman - woman + man gives a smiling man.

    A code of a single sample carries much beside the trait that it was chosen for; the
    mean of several that share the trait carries less.

    Args:
        plus: List of terms to add. A term is a code `[latent_dim]`, or codes
            `[n, latent_dim]` that are averaged.
        minus: List of terms to subtract.
        prior: Name of the prior; the result is brought to where it draws codes.

    Returns:
        float32 array `[latent_dim]`.

    Raises:
        ValueError: If there is nothing to add.

    Example:

    >>> kgan.explore.arithmetic([[1.0, 2.0], [[0.0, 1.0], [2.0, 1.0]]], [[1.0, 1.0]])
    array([1., 2.], dtype=float32)

    Reference:

    - [Radford et al., 2015](https://arxiv.org/abs/1511.06434), section 6.3.2
    """
    if not len(plus):
        raise invalid(
            "There must be a code to add.", {"plus": plus}, "Pass a list of terms."
        )
    total = sum(map(_mean, plus)) - sum(map(_mean, minus))
    return to_support(prior, total)


def direction(codes, present):
    """Returns the direction of an attribute: from codes without it to those with it.

    Args:
        codes: Codes `[n, latent_dim]`.
        present: Whether each code's sample has the attribute: bools `[n]`.

    Returns:
        float32 array `[latent_dim]`, the difference of the two means.

    Raises:
        ValueError: If all codes have the attribute, or none has.

    Example:

    >>> z = sampler.latents(500)
    >>> brightness = sampler.generate(z).mean(axis=(1, 2, 3))
    >>> brighter = kgan.explore.direction(z, brightness > np.median(brightness))
    >>> images = sampler.generate(kgan.explore.move(z[0], brighter, [-3, 0, 3]))

    Reference:

    - [Larsen et al., 2016](https://arxiv.org/abs/1512.09300), attribute vectors
    """
    codes, present = np.asarray(codes, np.float64), np.asarray(present, bool)
    if present.shape != codes.shape[:1] or present.all() or not present.any():
        raise invalid(
            "`present` must tell for each code whether it has the attribute, and some "
            "must have it, some not.",
            {
                "codes.shape": codes.shape,
                "present.shape": present.shape,
                "present.sum()": int(present.sum()),
            },
            "Draw more codes, or move the threshold.",
        )
    return (codes[present].mean(0) - codes[~present].mean(0)).astype(np.float32)


def move(z, direction, amounts, prior="normal"):
    """Returns codes moved along a direction.

    Args:
        z: Codes `[..., latent_dim]`.
        direction: A direction `[latent_dim]`; its length is the unit of `amounts`.
        amounts: How far to move: numbers `[k]`.
        prior: Name of the prior; codes are brought to where it draws codes.

    Returns:
        float32 array `[..., k, latent_dim]`.

    Example:

    >>> kgan.explore.move([0.0, 1.0], [2.0, 0.0], [-1, 0])
    array([[-2.,  1.],
           [ 0.,  1.]], dtype=float32)
    """
    amounts = np.asarray(amounts, np.float64)[:, None]
    z = np.asarray(z, np.float64)[..., None, :]
    return to_support(prior, z + amounts * np.asarray(direction, np.float64))


def _mean(term):
    term = np.asarray(term, np.float64)
    return term if term.ndim == 1 else term.mean(axis=0)
