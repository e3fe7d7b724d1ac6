"""`report.html`: a run on one page that needs no other file."""

import base64
import importlib.resources
import json
import string
from html import escape
from pathlib import Path

import numpy as np

from kgan._core.images import encode_png, tile
from kgan.callbacks.files import step_files
from kgan.cli.diagnosis_section import diagnosis_section
from kgan.cli.files import to_json, write_bytes, write_json
from kgan.cli.score_tiles import score_tiles
from kgan.cli.source import to_pictures
from kgan.sampling import resolve_labels

COLUMNS = 25
REPORT_SAMPLES = 500
PICTURES = 6


def write_report(run, config, outcome, images, labels, untrained=None, exports=()):
    """Writes the page of a run that has ended, and `report.json` with its facts.

    Args:
        run: The `RunFolder`.
        config: What its `config.json` holds.
        outcome: The `Outcome` of the training.
        images: Samples, uint8 `[N, H, W, C]`.
        labels: Their labels `[N]`, or None.
        untrained: Scores of the untrained generator, or None.
        exports: Verified `kgan_export.Report`s.
    """
    facts = {
        "step": outcome.steps,
        "rate": outcome.rate,
        "untrained": untrained,
        "exports": [report.to_dict() for report in exports],
    }
    write_json(run.report_facts, facts)
    _write_page(run, config, outcome.steps, images, labels)


def rewrite_report(run, config, gan):
    """Writes the page anew from the run folder, with what was added to it since.

    Args:
        run: The `RunFolder`.
        config: What its `config.json` holds.
        gan: The `kgan.GAN` of the run as it is now.
    """
    images = to_pictures(gan.generate(REPORT_SAMPLES))
    labels = resolve_labels(None, len(images), gan.num_classes)
    _write_page(run, config, int(gan.step.numpy()), images, labels)


def _write_page(run, config, step, images, labels):
    facts = _of_step(run.report_facts, step)
    scores = _of_step(run.scores, step)
    exports = facts.get("exports", ())
    diagnosis = _of_step(run.diagnosis, step)
    sections = [
        ("Scores", score_tiles(scores, facts.get("untrained"))),
        ("Has the game converged?", diagnosis_section(run, diagnosis, embed_file)),
        (f"{len(images)} samples", _samples(images, labels, config, scores)),
        ("Progress", _progress(run)),
        ("Curves", _curves(run)),
        ("Verified exports", _exports(exports)),
        ("Use it", _code(run, config, images, exports)),
    ]
    template = importlib.resources.files("kgan.cli").joinpath("report.html").read_text()
    page = string.Template(template).substitute(
        title=escape(f"{config['preset']} on {config['dataset']}"),
        facts=escape(_facts(config, step, facts.get("rate"))),
        sections="\n".join(
            f"<section><h2>{title}</h2>{body}</section>"
            for title, body in sections
            if body
        ),
        config=escape(to_json(config)),
    )
    write_bytes(run.report, page.encode())


def _of_step(path, step):
    """Returns what a JSON file says of the model as it is at a step; {} if nothing."""
    try:
        facts = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return facts if facts["step"] == step else {}


def _facts(config, step, rate):
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
        return note + _picture(images, "samples")
    shares = scores.get("agreement_per_class", {})
    header = '<td></td><td></td><td class="soft">agreement</td>' if shares else ""
    rows = [f"<tr>{header}</tr>"]
    for label in np.unique(labels):
        name = config["class_names"][label] if config["class_names"] else str(label)
        share = f"{shares[str(label)]:.0%}" if str(label) in shares else ""
        picture = _picture(images[labels == label], name)
        rows.append(
            f"<tr><th>{escape(name)}</th><td>{picture}</td>"
            f'<td class="soft">{share}</td></tr>'
        )
    return f"{note}<table>{''.join(rows)}</table>"


def _progress(run):
    files = list(step_files(run.samples, ".png").items())
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


def _curves(run):
    if not run.curves.exists():
        return ""
    return (
        '<p class="soft">In a healthy game the losses stay in a narrow range while the '
        "scores improve. A discriminator loss near 0 means that the generator has "
        "fallen behind.</p>" + embed_file(run.curves, "paper")
    )


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


def _code(run, config, images, exports):
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
        lines = ["import kgan", f"gan = kgan.load_model({str(run.model)!r})", draw]
    code = escape("\n".join(lines))
    return f'<p class="soft">{note}</p><pre>{code}</pre>'


def _picture(images, alt):
    return _embed(encode_png(tile(images, COLUMNS)), "png", "pixels", alt)


def embed_file(path, style):
    """Returns the HTML of a picture, which is written into the page."""
    return _embed(path.read_bytes(), path.suffix[1:], style, path.stem)


def _embed(content, kind, style, alt):
    data = base64.b64encode(content).decode()
    source = f"data:image/{kind};base64,{data}"
    return f'<img class="{style}" alt="{escape(alt)}" src="{source}">'
