"""Divergences of two sets of samples, by a freshly trained discriminator."""

from kgan.diagnostics.optimal_discriminator import optimal_discriminator


def jensen_shannon(real, fake, **options):
    """Estimates the Jensen–Shannon divergence (V(D*) + log 4) / 2.

    Args:
        real: Array `[N, …]`, a tuple with labels, or a `kgan.data.Samples`.
        fake: Generated samples, likewise.
        **options: See `kgan.diagnostics.optimal_discriminator`.

    Returns:
        A float in nats: 0 for equal distributions (up to noise, which may be negative)
        to log 2 for disjoint ones. A lower bound, up to noise.

    Example:

    >>> kgan.diagnostics.jensen_shannon(normal, normal + 1.0)  # N(0, 1) and N(1, 1)
    0.111

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), theorem 1
    """
    return optimal_discriminator(real, fake, **options).jensen_shannon


def total_variation(real, fake, **options):
    """Estimates the total variation distance from the Bayes accuracy (1 + TV) / 2.

    Args:
        real: Array `[N, …]`, a tuple with labels, or a `kgan.data.Samples`.
        fake: Generated samples, likewise.
        **options: See `kgan.diagnostics.optimal_discriminator`.

    Returns:
        A float: 0 for equal distributions (up to noise) to 1 for disjoint ones. A lower
        bound, up to noise.

    Example:

    >>> kgan.diagnostics.total_variation(normal, normal + 1.0)  # N(0, 1) and N(1, 1)
    0.383
    """
    return optimal_discriminator(real, fake, **options).total_variation
