"""`report.html`: a run on one page that needs no other file."""

import importlib.resources
import string
from html import escape
from pathlib import Path

import numpy as np

from kgan._core.writing import to_json, write_bytes, write_json
from kgan.callbacks import read_metrics
from kgan.callbacks.step_files import step_files
from kgan.runs.folder import read_json
from kgan.runs.pictures import embed_file, embed_grid, to_pictures
from kgan.runs.report.diagnosis_section import diagnosis_section
from kgan.runs.report.score_tiles import score_tiles
from kgan.sampling import resolve_labels

REPORT_SAMPLES = 500
PICTURES = 6


def write_report(folder, config, outcome, images, labels):
    """Writes the page of a run that has ended, and `report.json`.

    The latter keeps what only the training knew, so that `rewrite_report` can tell it.

    Args:
        folder: The `RunFolder`.
        config: What its `config.json` holds.
        outcome: The `Outcome` of the training.
        images: Samples, uint8 `[N, H, W, C]`.
        labels: Their labels `[N]`, or None.
    """
    known = {
        "step": outcome.steps,
        "rate": outcome.rate,
        "scale": outcome.scale,
        "exports": [report.to_dict() for report in outcome.exports],
        "durations": outcome.durations,
    }
    write_json(folder.report_json, known)
    _write_page(folder, config, outcome.steps, images, labels)


def rewrite_report(folder, config, model):
    """Writes the page anew from the run folder, with what was added to it since.

    Args:
        folder: The `RunFolder`.
        config: What its `config.json` holds.
        model: The model of the run as it is now.
    """
    images, labels = report_samples(model)
    _write_page(folder, config, int(model.step.numpy()), images, labels)


def report_samples(model):
    """Returns the samples of the page as uint8 images, and their labels or None."""
    images = to_pictures(model.generate(REPORT_SAMPLES))
    return images, resolve_labels(None, len(images), model.num_classes)


def _write_page(folder, config, step, images, labels):
    known = _of_step(folder.report_json, step)
    scores = _of_step(folder.scores, step)
    exports = known.get("exports", ())
    diagnosis = _of_step(folder.diagnosis, step)
    sections = [
        ("Scores", score_tiles(scores, known.get("scale", known))),
        ("Has the game converged?", diagnosis_section(folder, diagnosis)),
        (f"{len(images)} samples", _samples(images, labels, config, scores)),
        ("The most similar training images", _nearest(folder)),
        ("Progress", _progress(folder)),
        ("Curves", _curves(folder)),
        ("Verified exports", _exports(exports)),
        ("Where the time went", _durations(known.get("durations"))),
        ("Use it", _code(folder, config, images, exports)),
    ]
    template = (
        importlib.resources.files("kgan.runs.report")
        .joinpath("report.html")
        .read_text()
    )
    page = string.Template(template).substitute(
        title=escape(f"{config['preset']} on {config['dataset']}"),
        headline=escape(_headline(config, step, known.get("rate"))),
        sections="\n".join(
            f"<section><h2>{title}</h2>{body}</section>"
            for title, body in sections
            if body
        ),
        config=escape(to_json(config)),
    )
    write_bytes(folder.report, page.encode())


def _of_step(path, step):
    """Returns what a JSON file says of the model as it is at a step; {} if nothing."""
    found = read_json(path)
    return found if found.get("step") == step else {}


def _headline(config, step, rate):
    versions = config["versions"]
    speed = f" at {rate:.1f} a second" if rate else ""
    return (
        f"{step:,} steps{speed} on "
        f"{config['num_samples']:,} images · seed {config['settings']['seed']} · "
        f"kgan {versions['kgan']}, TensorFlow {versions['tensorflow']}, "
        f"Keras {versions['keras']}"
    )


def _samples(images, labels, config, scores):
    note = (
        '<p class="soft">Each from a code of its own, drawn from the seed alone; none '
        "was picked by hand.</p>"
    )
    if labels is None:
        return note + embed_grid(images, "samples")
    shares = scores.get("agreement_per_class", {})
    header = '<td></td><td></td><td class="soft">agreement</td>' if shares else ""
    rows = [f"<tr>{header}</tr>"]
    for label in np.unique(labels):
        name = config["class_names"][label] if config["class_names"] else str(label)
        share = f"{shares[str(label)]:.0%}" if str(label) in shares else ""
        picture = embed_grid(images[labels == label], name)
        rows.append(
            f"<tr><th>{escape(name)}</th><td>{picture}</td>"
            f'<td class="soft">{share}</td></tr>'
        )
    return f"{note}<table>{''.join(rows)}</table>"


def _nearest(folder):
    if not folder.nearest.exists():
        return ""
    note = (
        '<p class="soft">Above, samples; below each, the training image that is most '
        "similar to it. Where both are the same, the generator copies what it was "
        "trained on.</p>"
    )
    return note + embed_file(folder.nearest, "pixels")


def _progress(folder):
    files = list(step_files(folder.samples, ".png").items())
    if not files:
        return ""
    chosen = np.unique(np.linspace(0, len(files) - 1, PICTURES).round().astype(int))
    figures = [
        f"<figure>{embed_file(files[i][1], 'pixels')}"
        f"<figcaption>step {files[i][0]:,}</figcaption></figure>"
        for i in chosen
    ]
    note = (
        '<p class="soft">The same codes, drawn again while the generator learned.</p>'
    )
    return f'{note}<div class="strip">{"".join(figures)}</div>'


def _curves(folder):
    if not folder.curves.exists():
        return ""
    records = read_metrics(folder.path)
    text = "Losses and scores, step by step."
    if any("d_loss" in record for record in records):
        text = (
            "In a healthy game the losses stay in a narrow range while the scores "
            "improve. A discriminator loss near 0 means that the generator has "
            "fallen behind."
        )
    return f'<p class="soft">{text}</p>' + embed_file(folder.curves, "paper")


def _exports(reports):
    if not reports:
        return ""
    rows = [
        "<tr><th>Format</th><th>File</th><th>Size</th><th>Largest difference</th>"
        "<th>Batches</th><th>Nodes</th></tr>"
    ]
    for report in reports:
        difference = f"{max(report['float_differences'].values()):.1e}"
        if report["level_differences"]:
            levels = max(report["level_differences"].values())
            difference += f", {levels:.0f} of 255 grey levels"
        cells = [
            report["format"],
            Path(report["path"]).name,
            f"{report['size'] / 1e6:.2f} MB",
            difference,
            ", ".join(report["float_differences"]),
            str(report["nodes"]),
        ]
        rows.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
    body = "".join(row if row.startswith("<tr>") else f"<tr>{row}</tr>" for row in rows)
    note = (
        '<p class="soft">Each file was run by itself and compared with Keras on the '
        "same codes before it was kept.</p>"
    )
    return f"{note}<table>{body}</table>"


def _durations(durations):
    if not durations:
        return ""
    rows = "".join(
        f"<tr><th>{escape(part)}</th><td>{seconds:.1f} s</td></tr>"
        for part, seconds in durations.items()
    )
    return f"<table>{rows}</table>"


def _code(folder, config, images, exports):
    shape = ", ".join(map(str, images.shape[1:]))
    onnx = [report["path"] for report in exports if report["format"] == "onnx"]
    if onnx:
        note = "With NumPy and onnxruntime alone, no TensorFlow:"
        lines = [
            "from kgan_export import Sampler",
            f"sampler = Sampler({onnx[0]!r})",
            f"images = sampler.sample(16, seed=0)  # uint8 [16, {shape}]",
        ]
    else:
        note = "In Python:"
        draw = f"images = gan.generate(16, seed=0)  # float32 [16, {shape}] in [-1, 1]"
        if "data_b" in config:
            draw = 'pairs = gan.generate(16, seed=0)  # {"a": …, "b": …} in [-1, 1]'
        lines = ["import kgan", f"gan = kgan.load_model({str(folder.model)!r})", draw]
    code = escape("\n".join(lines))
    return f'<p class="soft">{note}</p><pre>{code}</pre>'
