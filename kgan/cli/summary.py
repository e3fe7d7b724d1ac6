"""What a finished run prints."""

import dataclasses

import click

from kgan.cli.evaluate import table
from kgan.cli.files import to_json


def show(run, config, outcome, as_json, untrained=None, exports=()):
    """Prints where everything is and what was reached; or one JSON object.

    Args:
        run: The `RunFolder`.
        config: What its `config.json` holds.
        outcome: The `Outcome` of the training.
        as_json: Whether to print JSON.
        untrained: Scores of the untrained generator, or None.
        exports: `kgan_export.Report`s.
    """
    if as_json:
        facts = {"run": str(run.path), **dataclasses.asdict(outcome)}
        facts["model"] = str(run.model)
        facts["report"] = None if outcome.interrupted else str(run.report)
        facts["resume"] = run.resume_command if outcome.interrupted else None
        facts["untrained"] = untrained
        facts["exports"] = [report.to_dict() for report in exports]
        click.echo(to_json(facts))
        return
    if outcome.interrupted:
        click.echo(
            f"\nStopped at step {outcome.steps}; a checkpoint is saved. Resume by"
        )
        click.echo(f"  {run.resume_command}")
        return
    click.echo(
        f"\nTrained to step {outcome.steps} in {outcome.seconds:.0f} s "
        f"({outcome.rate:.1f} steps/s)"
    )
    if outcome.throughput:
        click.echo(f"  {_speed(outcome.throughput)}")
    for line in table(outcome.scores or {}, config["class_names"]):
        click.echo(f"  {line}")
    if untrained:
        click.echo(f"  untrained: fd {untrained['fd']:.4g}")
    if outcome.best:
        best = ", ".join(f"{name} {value:.4g}" for name, value in outcome.best.items())
        click.echo(f"  best: {best} ({run.checkpoints / 'best.keras'})")
    for report in exports:
        click.echo(report.summary())
    click.echo(f"model    {run.model}")
    click.echo(f"pictures {run.samples}")
    click.echo(f"report   {run.report}")
    click.echo(f"next     kgan generate {run.path} -n 64 -o samples.png")
    if not exports:
        click.echo(f"         kgan-export {run.path}")


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
