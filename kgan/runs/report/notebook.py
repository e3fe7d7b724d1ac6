"""What a notebook shows of a run: last samples, curves and scores in one piece of HTML.

It needs no other file, and neither model nor TensorFlow: the pictures are the run's.
"""

from html import escape

from kgan.runs.folder import read_json
from kgan.runs.pictures import embed_file

STYLE = (
    "<style>.kgan-run img { max-width: 100%; } .kgan-run img.pixels "
    "{ min-width: 24rem; image-rendering: pixelated; }</style>"
)


def summary(folder, config):
    """Returns the HTML of a run.

    Args:
        folder: The `RunFolder`.
        config: What its `config.json` holds.
    """
    title = f"{config['preset']} on {config['dataset']}"
    place = escape(str(folder.path))
    parts = [STYLE, f"<h4>{escape(title)}</h4><p><code>{place}</code></p>"]
    drawn = folder.samples.glob("step_*.png")
    last = sorted(drawn, key=lambda path: int(path.stem[5:]))[-1:]
    parts += [embed_file(path, "pixels") for path in last]
    if folder.curves.exists():
        parts.append(f"<p>{embed_file(folder.curves, 'paper')}</p>")
    parts.append(_table(read_json(folder.scores)))
    return '<div class="kgan-run">' + "".join(parts) + "</div>"


def _table(scores):
    flat = {k: v for k, v in scores.items() if not isinstance(v, dict)}
    if not flat:
        return ""
    rows = [
        f"<tr><td>{escape(name)}</td><td>{escape(_shown(value))}</td></tr>"
        for name, value in flat.items()
    ]
    return f"<table>{''.join(rows)}</table>"


def _shown(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)
