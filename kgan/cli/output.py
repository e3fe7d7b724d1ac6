"""What commands print: results on standard output, the rest on standard error."""

import click

from kgan._core.errors import printable
from kgan._core.writing import to_json
from kgan.runs.folder import RunFolder


def say(line):
    """Writes a line on what is going on to standard error."""
    click.echo(printable(line), err=True)


def table(scores, class_names=None):
    """Returns the lines that show a flat dict of scores, and scores by class."""
    lines = []
    for name, value in scores.items():
        if isinstance(value, dict):
            names = class_names or {}
            lines.append(name)
            for key, part in value.items():
                is_class = names and not isinstance(key, str)
                word = printable(names[key] if is_class else key)
                lines.append(f"  {word!s:20} {part:.4g}")
        else:
            lines.append(f"{name:22} {_shown(value)}")
    return lines


def _shown(value):
    if isinstance(value, list):  # an interval
        return " to ".join(map(_shown, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def show(run, as_json):
    """Prints where everything is and what was reached; or one JSON object.

    Args:
        run: The `kgan.runs.Run`, just trained.
        as_json: Whether to print JSON.
    """
    folder, outcome = RunFolder(run.path), run.outcome
    if as_json:
        click.echo(to_json(_as_json(folder, outcome)))
    elif outcome.interrupted:
        click.echo(
            f"\nStopped at step {outcome.steps}; a checkpoint is saved. Resume by"
        )
        click.echo(f"  {folder.resume_command}")
    else:
        for line in _lines(folder, run.config, outcome):
            click.echo(line)


def _as_json(folder, outcome):
    return {
        "run": str(folder.path),
        "steps": outcome.steps,
        "seconds": outcome.seconds,
        "rate": outcome.rate,
        "interrupted": outcome.interrupted,
        "scores": outcome.scores,
        "best": outcome.best,
        "throughput": outcome.throughput,
        "durations": outcome.durations,
        "model": str(folder.model),
        "report": None if outcome.interrupted else str(folder.report),
        "resume": folder.resume_command if outcome.interrupted else None,
        "untrained": outcome.untrained,
        "real": outcome.scale.get("real"),
        "exports": [report.to_dict() for report in outcome.exports],
    }


def _lines(folder, config, outcome):
    yield (
        f"\nTrained to step {outcome.steps} in {outcome.seconds:.0f} s "
        f"({outcome.rate:.1f} steps/s)"
    )
    if outcome.throughput:
        yield f"  {_speed(outcome.throughput)}"
    for line in table(outcome.scores or {}, config["class_names"]):
        yield f"  {line}"
    names = {"untrained": "the untrained generator", "real": "real images"}
    for key, name in names.items():
        if "fd" in (outcome.scale.get(key) or {}):
            yield f"  {name}: fd {outcome.scale[key]['fd']:.4g}"
    if outcome.best:
        best = ", ".join(f"{name} {value:.4g}" for name, value in outcome.best.items())
        yield f"  best: {best} ({folder.checkpoints / 'best.keras'})"
    for report in outcome.exports:
        yield report.summary()
    yield "where the time went"
    total = sum(outcome.durations.values())
    for part, seconds in [*outcome.durations.items(), ("in all", total)]:
        yield f"  {part:30} {seconds:6.1f} s"
    yield f"model    {folder.model}"
    yield f"pictures {folder.samples}"
    yield f"report   {folder.report}"
    yield f"next     kgan generate {folder.path} -n 64 -o samples.png"
    if not outcome.exports:
        yield f"         kgan-export {folder.path}"


def _speed(throughput):
    """What `kgan.callbacks.Throughput` measured last, on one line."""
    parts = [
        f"steps alone: {throughput['steps_per_second']:.1f}/s",
        f"{throughput['images_per_second']:.0f} images/s",
    ]
    if "input_wait" in throughput:
        parts.append(f"{throughput['input_wait']:.0%} of it waiting for data")
    parts.append(f"memory {throughput['memory_gb']:.1f} GB")
    if "gpu_memory_gb" in throughput:
        parts.append(f"GPU memory {throughput['gpu_memory_gb']:.1f} GB")
    return ", ".join(parts)
