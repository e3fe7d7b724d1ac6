"""Codes that depend on a seed and a position alone, the same in every language.

`GAN.generate` and `kgan_export.Sampler` draw their codes here, so a trained model and
its export give the same samples for the same seed. Needs NumPy only.
`docs/latents.md` specifies every step, with golden vectors, for other languages.
"""

import math
import operator

import numpy as np

from kgan._core.errors import invalid
from kgan._core.memory import check_memory

SPECIFICATION = "kgan-latents-1"

MULTIPLIERS = np.array([0xD2511F53, 0xCD9E8D57], np.uint64)
KEY_INCREMENTS = np.array([0x9E3779B9, 0xBB67AE85], np.uint64)
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
ROUNDS = 10


def latents(prior, n, latent_dim, seed, start=0):
    """Draws the codes of samples `start` to `start + n - 1`.

    Sample `i` gets the same code whatever `n`, `start` and the batch size are, and its
    first coordinates are the same whatever `latent_dim` is (except on the sphere).

    Args:
        prior: `"normal"`; `"uniform"` on [-1, 1]; `"truncated_normal"`, the normal
            distribution limited to [-2, 2]; or `"sphere"`, uniform on the sphere of
            radius `sqrt(latent_dim)`, where each coordinate has unit variance.
        n: Number of codes.
        latent_dim: Size of a code.
        seed: Integer from 0 to 2**64 - 1.
        start: Position of the first sample, from 0.

    Returns:
        float32 array `[n, latent_dim]`.

    Raises:
        ValueError: If an argument is outside its range.

    Example:

    >>> latents("normal", 1, 2, seed=0)
    array([[ 0.9911377, -0.9246626]], dtype=float32)

    Reference:

    - [Salmon et al., 2011](https://doi.org/10.1145/2063384.2063405), Philox
    - [Box and Muller, 1958](https://doi.org/10.1214/aoms/1177706645)
    """
    return _draw(PRIORS, prior, n, latent_dim, seed, start)


def _draw(distributions, name, n, size, seed, start):
    if name not in distributions:
        raise invalid(
            "`prior` must name a known distribution.",
            {"prior": name},
            f"Use one of {', '.join(distributions)}.",
        )
    n = integer("n", n, 0, 2**63)
    size = integer("latent_dim", size, 1, 2**31)
    seed = integer("seed", seed, 0, 2**64)
    start = integer("start", start, 0, 2**63)
    check_memory(8 * n * size, {"n": n, "latent_dim": size})
    index = np.arange(start, start + n, dtype=np.uint64)
    return distributions[name](index, size, seed).astype(np.float32)


def default_labels(n, num_classes, start=0):
    """Labels of samples whose classes nobody chose: the classes in turn.

    Args:
        n: Number of labels.
        num_classes: Number of classes.
        start: Position of the first sample, from 0.

    Returns:
        int64 array `[n]`: sample `i` has the label `i % num_classes`.

    Example:

    >>> default_labels(4, num_classes=3)
    array([0, 1, 2, 0])
    """
    return np.arange(start, start + n, dtype=np.int64) % num_classes


def noise(distribution, n, shape, seed, name, start=0):
    """Draws what samples `start` to `start + n - 1` feed to a further input.

    Args:
        distribution: One of the priors of `latents`, or `"unit"`: uniform on (0, 1),
            the ends excluded.
        n: Number of samples.
        shape: Shape of one sample's input.
        seed: Integer from 0 to 2**64 - 1.
        name: Name of the input. Inputs of different names get independent numbers,
            which are independent of the codes too.
        start: Position of the first sample, from 0.

    Returns:
        float32 array `[n, *shape]`.

    Raises:
        ValueError: If an argument is outside its range.

    Example:

    >>> noise("unit", 1, [2], seed=0, name="dice")
    array([[0.84974974, 0.9965182 ]], dtype=float32)
    """
    size = math.prod(shape)
    seed = _named_seed(integer("seed", seed, 0, 2**64), name)
    return _draw(DISTRIBUTIONS, distribution, n, size, seed, start).reshape(n, *shape)


def _named_seed(seed, name):
    """A seed for the input `name`: two words of Philox at the name's FNV-1a hash."""
    digest = 0xCBF29CE484222325
    for byte in name.encode():
        digest = (digest ^ byte) * 0x100000001B3 % 2**64
    counter = np.array([digest % 2**32, digest >> 32, 0, 0xFFFFFFFF], np.uint64)
    low, high, *_ = philox4x32(counter, (seed % 2**32, seed >> 32)).tolist()
    return low + (high << 32)


def philox4x32(counter, key):
    """Philox4x32-10: four random 32-bit words for each counter.

    Args:
        counter: uint64 array `[..., 4]` of 32-bit words.
        key: Two 32-bit words.

    Returns:
        uint64 array `[..., 4]` of 32-bit words.
    """
    c0, c1, c2, c3 = np.moveaxis(counter, -1, 0)
    k0, k1 = np.asarray(key, np.uint64)
    for _ in range(ROUNDS):
        p0, p1 = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (
            (p1 >> HALF) ^ c1 ^ k0,
            p1 & LOW,
            (p0 >> HALF) ^ c3 ^ k1,
            p0 & LOW,
        )
        k0, k1 = (k0 + KEY_INCREMENTS[0]) & LOW, (k1 + KEY_INCREMENTS[1]) & LOW
    return np.stack([c0, c1, c2, c3], axis=-1)


def _unit(index, size, seed, attempt=0):
    """Uniform numbers in (0, 1), float64 `[len(index), size]`; `size` is rounded up to
    whole blocks of four."""
    blocks = -(-size // 4)
    counter = np.empty((len(index), blocks, 4), np.uint64)
    counter[..., 0] = np.arange(blocks)
    counter[..., 1] = (index & LOW)[:, None]
    counter[..., 2] = (index >> HALF)[:, None]
    counter[..., 3] = attempt
    words = philox4x32(counter, (seed & 0xFFFFFFFF, seed >> 32))
    return (words.reshape(len(index), blocks * 4) + 0.5) * 2.0**-32


def _open_unit(index, size, seed):
    # 23 bits and a half: exact in float32, and never 0 or 1.
    return (np.floor(_unit(index, size, seed)[:, :size] * 2.0**23) + 0.5) * 2.0**-23


def _uniform(index, size, seed):
    return 2.0 * _unit(index, size, seed)[:, :size] - 1.0


def _normal(index, size, seed, attempt=0):
    u = _unit(index, size, seed, attempt)
    radius = np.sqrt(-2.0 * np.log(u[:, 0::2]))
    angle = 2.0 * np.pi * u[:, 1::2]
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return pairs.reshape(u.shape)[:, :size]


def _truncated_normal(index, size, seed):
    z = _normal(index, size, seed)
    attempt = 0
    while (rows := np.flatnonzero((np.abs(z) > 2.0).any(axis=1))).size:
        attempt += 1
        redrawn = _normal(index[rows], size, seed, attempt)
        z[rows] = np.where(np.abs(z[rows]) > 2.0, redrawn, z[rows])
    return z


def _sphere(index, size, seed):
    z = _normal(index, size, seed)
    return z * (np.sqrt(size) / np.linalg.norm(z, axis=1, keepdims=True))


PRIORS = {
    "normal": _normal,
    "uniform": _uniform,
    "truncated_normal": _truncated_normal,
    "sphere": _sphere,
}
DISTRIBUTIONS = {**PRIORS, "unit": _open_unit}


def integer(name, value, low, high):
    """Returns `value` as a Python int if it is an integer in `[low, high)`.

    Args:
        name: Name of the argument, for the message.
        value: Anything; NumPy integers are welcome, floats are not.
        low: Smallest value allowed.
        high: First value too large.

    Raises:
        ValueError: If `value` is no integer of that range.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or not low <= number < high:
        raise invalid(
            f"`{name}` must be an integer from {low} to {high - 1}.",
            {name: value},
            "Pass a whole number of that range.",
        )
    return number
