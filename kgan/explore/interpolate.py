import numpy as np

from kgan._core.errors import invalid, one_of
from kgan.explore.support import to_support

METHODS = ("auto", "linear", "spherical")


def interpolate(start, end, steps, prior="normal", method="auto"):
    """Returns codes on the way from one code to another.

    In many dimensions a normal prior's codes lie near a sphere, and the middle of a
    straight way lies far inside of it, where the generator never was in training. The
    spherical way is `sin((1 - t) ω) / sin ω · start + sin(t ω) / sin ω · end`, with the
    angle ω between the codes.

    Args:
        start: Codes `[..., latent_dim]`.
        end: Codes of the same shape.
        steps: Number of codes on each way, both ends included; 2 or more.
        prior: Name of the prior. All codes stay where it draws codes.
        method: `"linear"`, `"spherical"`, or `"auto"`: linear for the uniform prior,
            spherical for the others.

    Returns:
        float32 array `[..., steps, latent_dim]`.

    Raises:
        ValueError: If shapes differ, or codes are opposite, so that no spherical way
            between them is the shortest.

    Example:

    >>> kgan.explore.interpolate([1.0, 0.0], [0.0, 1.0], steps=3)[1]
    array([0.70710677, 0.70710677], dtype=float32)

    Reference:

    - [White, 2016](https://arxiv.org/abs/1609.04468)
    """
    start, end = np.asarray(start, np.float64), np.asarray(end, np.float64)
    if start.shape != end.shape or start.ndim == 0:
        raise invalid(
            "Both ends must be codes of the same shape, [..., latent_dim].",
            {"start.shape": start.shape, "end.shape": end.shape},
            "Pass as many ends as starts.",
        )
    one_of("method", method, METHODS)
    if steps < 2:
        raise invalid(
            "`steps` counts both ends, so it must be 2 or more.",
            {"steps": steps},
            "Use 2 for the ends alone.",
        )
    if method == "auto":
        method = "linear" if prior == "uniform" else "spherical"
    t = np.linspace(0.0, 1.0, steps)[:, None]
    weights = (1 - t, t)
    if method == "spherical":
        weights = _spherical(start, end, t)
    way = weights[0] * start[..., None, :] + weights[1] * end[..., None, :]
    return to_support(prior, way)


def _spherical(start, end, t):
    """Returns the weights of both ends, `[..., steps, 1]`."""
    lengths = np.linalg.norm(start, axis=-1) * np.linalg.norm(end, axis=-1)
    cosine = np.sum(start * end, axis=-1) / np.maximum(lengths, 1e-12)
    if (cosine < -1 + 1e-9).any():
        raise invalid(
            "Between opposite codes no spherical way is the shortest.",
            {"cosine": float(cosine.min())},
            "Choose another end, or method='linear'.",
        )
    angle = np.arccos(np.clip(cosine, -1, 1))[..., None, None]
    parallel = angle < 1e-6
    sine = np.where(parallel, 1.0, np.sin(angle))
    return tuple(
        np.where(parallel, share, np.sin(share * angle) / sine) for share in (1 - t, t)
    )
