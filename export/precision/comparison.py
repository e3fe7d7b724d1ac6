"""The comparison of a reduced export with the float32 one."""

import time

import numpy as np

from kgan.metrics import frechet_distance
from kgan_export.errors import ExportError

# A reduced export's share of the variance of the float samples, at most.
LARGEST_FRECHET_SHARE = 0.01
SPEED_ROUNDS = 5


def compare_reduced(full, reduced, feeds):
    """Compares a reduced export with the float32 one, on the same codes.

    The Fréchet distance is between pixels in [-1, 1] (the numbers of a sample, for what
    is no image), also as a share of the float samples' variance.

    Args:
        full: onnxruntime session of the float32 export, with float outputs.
        reduced: onnxruntime session of the reduced one.
        feeds: List of dicts from names of inputs to arrays.

    Returns:
        A JSON-ready dict.

    Raises:
        ExportError: If the distance is more than 1 % of the variance.
    """
    samples, rates = {}, {}
    for name, session in (("fp32", full), ("reduced", reduced)):
        samples[name] = [_flat(session.run(None, feed)) for feed in feeds]
        rates[name] = []
    for _ in range(SPEED_ROUNDS):
        for name, session in (("fp32", full), ("reduced", reduced)):
            start = time.perf_counter()
            session.run(None, feeds[0])
            seconds = time.perf_counter() - start
            rates[name].append(len(feeds[0]["z"]) / seconds)
    fp32, other = (np.concatenate(samples[name]) for name in ("fp32", "reduced"))
    distance = frechet_distance(fp32, other)
    share = distance / max(float(fp32.var(axis=0, ddof=1).sum()), 1e-12)
    if not share <= LARGEST_FRECHET_SHARE:
        raise ExportError(
            f"The reduced samples differ too much from the float32 ones: a Fréchet "
            f"distance of {share:.1%} of their variance, more than "
            f"{LARGEST_FRECHET_SHARE:.0%}. Nothing was written. Use fp32 or fp16."
        )
    return {
        "frechet_distance": distance,
        "frechet_share": share,
        "features": "pixels",
        "num_samples": len(fp32),
        "largest_difference": float(np.abs(fp32 - other).max()),
        "samples_per_second": {
            name: round(float(np.median(values)), 1) for name, values in rates.items()
        },
    }


def _flat(outputs):
    return np.concatenate([x.reshape(len(x), -1) for x in outputs], axis=1)
