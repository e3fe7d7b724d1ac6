"""The comparison of a reduced export with the float32 one."""

import time

import numpy as np

from kgan.metrics import frechet_distance
from kgan_export.errors import ExportError

# A reduced export's share of the variance of the float samples, at most.
LARGEST_FRECHET_SHARE = 0.01
# Between the integer kernels of this processor and the operators as the file defines
# them, in grey levels (255ths of the range of the float samples): on average and at
# most. A number that is rounded the other way moves tanh by 3.5 levels where it is
# steepest, and other numbers after it. Seen: 0.0 in a DCGAN, 0.1 and 10 in a ResNet of
# three blocks; 1.0 and 24 with kernels that cut sums off, in the same DCGAN.
KERNEL_MEAN, KERNEL_LARGEST = 0.5, 20.0
SPEED_ROUNDS = 5


def compare_reduced(full, reduced, feeds, unfused=None):
    """Compares a reduced export with the float32 one, on the same codes.

    One in integers is run as an application would, and again operator by operator in
    float, which gives the same on every processor. Where both agree, what is found here
    holds elsewhere.

    The Fréchet distance is between pixels in [-1, 1] (the numbers of a sample, for what
    is no image), also as a share of the float samples' variance.

    Args:
        full: onnxruntime session of the float32 export, with float outputs.
        reduced: onnxruntime session of the reduced one.
        feeds: List of dicts from names of inputs to arrays.
        unfused: Session of the reduced export without fused operators, see
            `kgan_export.graph.running`, or `None` if it computes in floats.

    Returns:
        A JSON-ready dict.

    Raises:
        ExportError: If the distance is more than 1 % of the variance, or the two
            sessions of the reduced export differ by more than half a grey level on
            average, or by more than 20 anywhere.
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
    levels = None
    if unfused is not None:
        truth = _flat(unfused.run(None, feeds[0]))  # slow: one batch must do
        levels = _levels_between(truth, samples["reduced"][0], fp32)
    return {
        "frechet_distance": distance,
        "frechet_share": share,
        "features": "pixels",
        "num_samples": len(fp32),
        "largest_difference": float(np.abs(fp32 - other).max()),
        "kernel_levels": levels,
        "samples_per_second": {
            name: round(float(np.median(values)), 1) for name, values in rates.items()
        },
    }


def _levels_between(truth, other, fp32):
    """Mean and largest difference, in 255ths of the range of the float samples."""
    levels = 255.0 * np.abs(truth - other) / max(float(np.ptp(fp32)), 1e-12)
    mean, largest = float(levels.mean()), float(levels.max())
    if not (mean <= KERNEL_MEAN and largest <= KERNEL_LARGEST):
        raise ExportError(
            "This processor's integer kernels do not compute what the file says: "
            f"samples differ by {mean:.2f} grey levels on average, at most "
            f"{KERNEL_MEAN:g} are allowed, and by up to {largest:.1f}, at most "
            f"{KERNEL_LARGEST:g}. Nothing was written. Use fp32 or fp16."
        )
    return {"mean": mean, "largest": largest}


def _flat(outputs):
    return np.concatenate([x.reshape(len(x), -1) for x in outputs], axis=1)
