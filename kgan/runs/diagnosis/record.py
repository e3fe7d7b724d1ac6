"""What `kgan diagnose` leaves in a run folder: `diagnosis.json` and plots."""

import dataclasses
import math

import numpy as np
from matplotlib.figure import Figure

from kgan._core.images import encode_png, image_grid
from kgan._core.writing import replacing, write_bytes, write_json
from kgan.runs.pictures import to_levels

PAIRS = 12
REAL, FAKE, THEORY = "#4c78a8", "#f58518", "#5c6670"


def write_diagnosis(folder, subject, found, train):
    """Writes `diagnosis.json` and the plots.

    Args:
        folder: The `RunFolder`.
        subject: Dict of what was diagnosed.
        found: The `Diagnosis`.
        train: The training `Samples`, to show the nearest ones.

    Returns:
        What the file holds, a dict of JSON-ready values.
    """
    plots = folder.diagnosis_plots
    for path in plots.glob("*.png"):  # of an earlier diagnosis
        path.unlink()
    if found.report.fresh:
        _save(plots / "logits.png", _logits, found)
        _save(plots / "value.png", _values, found)
    if found.classes:
        _save(plots / "classes.png", _classes, found)
    if found.copies:
        write_bytes(plots / "pairs.png", encode_png(_pairs(found, train)))
    written = {
        **subject,
        **found.report.to_dict(),
        "sentences": found.sentences,
        "rows": found.rows(),
        "value": found.value,
        "perturbed_gap": _fields(found.perturbed, "gap"),
        "birthday": _fields(found.birthday, "relative_support"),
        "memorization": _fields(found.copies),
        "class_coverage": _fields(found.classes),
        "seconds": found.seconds,
    }
    written = _plain(written)
    write_json(folder.diagnosis, written)
    return written


def _logits(axes, found):
    """Draws what a fresh discriminator thinks of images that it has not seen."""
    fresh = found.report.fresh
    both = np.concatenate([fresh.real_logits, fresh.fake_logits])
    bins = np.linspace(*np.percentile(both, [0.5, 99.5]), 41)
    for values, name, color in (
        (fresh.real_logits, "real", REAL),
        (fresh.fake_logits, "generated", FAKE),
    ):
        clipped = np.clip(values, bins[0], bins[-1])
        axes.hist(clipped, bins, color=color, alpha=0.6, label=name)
    axes.axvline(0, color=THEORY, linestyle="--", label="undecided")
    axes.set(xlabel="logit", ylabel="held-out images")
    axes.set_title(f"A fresh discriminator is right in {found.report.accuracy:.1%}")
    axes.margins(y=0.3)  # room for the legend
    axes.legend()


def _values(axes, found):
    """Draws V of both discriminators between what theory allows."""
    values = [found.value, found.report.fresh.value]
    axes.bar(["the game's own", "a fresh one"], values, width=0.5, color=[THEORY, REAL])
    axes.axhline(-math.log(4), color=THEORY, linestyle="--")
    axes.text(0.5, -math.log(4), "-log 4: it guesses", ha="center", va="bottom")
    axes.set_ylim(min(-1.6, *values) * 1.05, 0)
    axes.set_ylabel("V in nats; 0: always right")
    axes.set_title("Value of the game")


def _classes(axes, found):
    """Draws the share of each class among samples and real images."""
    index = np.arange(found.classes.num_modes)
    for i, (part, name, color) in enumerate(
        [(found.real, "real", REAL), (found.classes, "generated", FAKE)]
    ):
        share = part.counts / part.counts.sum()
        axes.bar(index + 0.4 * (i - 0.5), share, 0.4, color=color, label=name)
    axes.set(xlabel="class that the classifier sees", ylabel="share", xticks=index)
    axes.set_title(f"{found.classes.modes} of {found.classes.num_modes} classes")
    axes.margins(y=0.3)
    axes.legend()


def _pairs(found, train):
    """Returns the samples nearest to training images, and these below, as a grid."""
    first = np.argsort(found.copies.distances)[:PAIRS]
    nearest = train.x[found.copies.nearest[first]]
    images = np.concatenate([to_levels(found.fake[first]), to_levels(nearest)])
    grid = image_grid(images, len(first), padding=1 + images.shape[1] // 20)
    return grid if grid.ndim == 3 else grid[..., None]


def _save(path, draw, found):
    # Not pyplot, whose figures and backend are global.
    figure = Figure(figsize=(4.4, 3.2), layout="constrained")
    draw(figure.add_subplot(), found)
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=100)


def _fields(result, *properties):
    """Returns the numbers of a result as a dict, without its arrays; None for None."""
    if result is None:
        return None
    values = {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
    values |= {name: getattr(result, name) for name in properties}
    return {k: v for k, v in values.items() if np.ndim(v) == 0}


def _plain(value):
    """Returns a value as JSON knows it: what is not finite becomes None."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
