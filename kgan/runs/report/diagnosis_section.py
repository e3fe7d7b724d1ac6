"""What `kgan diagnose` found, on the report page."""

from html import escape

from kgan.runs.pictures import embed_file

VIEWS = ("the classifier sees", "their pixels say")
CAPTIONS = {
    "logits": "Trained from scratch to tell generated images from real ones, then "
    "shown others. At equilibrium both hills lie on one another.",
    "value": "At equilibrium both bars end at the dashed line. The nearer to 0, the "
    "more surely generated images are told from real ones.",
    "classes": "Bars that are missing are classes that the generator has lost.",
}


def diagnosis_section(folder, diagnosis):
    """Returns the HTML of a diagnosis, or "" for none.

    Args:
        folder: The `RunFolder`.
        diagnosis: What its `diagnosis.json` holds, or {}.
    """
    if not diagnosis:
        return ""
    first, *rest = map(escape, diagnosis["sentences"])
    verdict, colon, why = first.partition(":")
    parts = [f"<p><strong>{verdict}{colon}</strong>{why}</p>"]
    parts += [f"<p>{sentence}</p>" for sentence in rest]
    figures = [
        f"<figure>{embed_file(path, 'paper')}"
        f"<figcaption>{caption}</figcaption></figure>"
        for name, caption in CAPTIONS.items()
        if (path := folder.diagnosis_plots / f"{name}.png").exists()
    ]
    parts.append(f'<div class="strip">{"".join(figures)}</div>')
    pairs = folder.diagnosis_plots / "pairs.png"
    if pairs.exists():
        parts.append(
            f'<figure class="apart">{embed_file(pairs, "pixels")}<figcaption>Above, '
            "the samples that lie nearest to training images, by what "
            f"{VIEWS[diagnosis['features'] == 'pixels']}; below, these images."
            "</figcaption></figure>"
        )
    if diagnosis["rows"]:
        parts.append(_table(diagnosis["rows"]))
    parts.append(f'<p class="soft">{escape(_basis(diagnosis))}</p>')
    return "".join(parts)


def _table(rows):
    cells = [
        f"<tr><td>{escape(name)}</td><td>{escape(seen)}</td>"
        f'<td class="soft">{escape(expected)}</td></tr>'
        for name, seen, expected in rows
    ]
    header = "<tr><th></th><th>seen</th><th>at equilibrium</th></tr>"
    return f"<table>{header}{''.join(cells)}</table>"


def _basis(diagnosis):
    split = "test split" if diagnosis["held_out"] else "training images"
    return (
        f"kgan diagnose: {diagnosis['model']} at step {diagnosis['step']:,}, against "
        f"the {split} of {diagnosis['data']}; opponents of {diagnosis['steps']} "
        f"updates, seed {diagnosis['seed']}, {diagnosis['seconds']:.0f} s."
    )
