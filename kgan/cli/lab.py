import math
import time
from pathlib import Path

import click

# As a shell reports a process that Ctrl-C ended.
INTERRUPTED = 130


@click.command("lab")
@click.argument("name", required=False)
@click.option(
    "-o",
    "--out",
    help="Folder of the results; by default runs/lab-NAME.",
    metavar="DIR",
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    help="Generator updates in all; by default the experiment's.",
)
@click.option(
    "--batch-size",
    type=click.IntRange(1),
    help="Points a discriminator update; by default the experiment's.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="Points, initial weights and all random numbers derive from it.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY.PATH=VALUE",
    help="Changes a setting, as in loss=hinge or penalties.r1.weight=1; may be "
    "repeated.",
)
@click.option(
    "--frames",
    type=click.IntRange(2, 500),
    default=40,
    show_default=True,
    help="Frames of the animation.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(context, name, out, seed, assignments, frames, as_json, **options):
    """Plays a small game whose answer is known; without NAME, lists the games.

    Leaves an animation of the samples and of what the discriminator sees, curves, the
    model and its scores in a folder. Ctrl-C ends the training early and leaves the
    same."""
    from kgan import lab
    from kgan.cli.files import to_json, write_json
    from kgan.cli.options import parse_settings
    from kgan.cli.run_folder import check_empty

    if name is None:
        click.echo(to_json(lab.names()) if as_json else _listing(lab.names()))
        return
    given = {key: value for key, value in options.items() if value is not None}
    settings = lab.settings(name, seed, **given, **parse_settings(assignments))
    folder = Path(out or Path("runs", f"lab-{name}"))
    check_empty(folder)

    click.echo("Loading TensorFlow …", err=True)
    from kgan._core.quiet import load_tensorflow

    load_tensorflow()
    from kgan.lab.library import build

    outcome = _run(build(settings), folder, frames)
    scores = outcome["scores"]
    write_json(folder / "scores.json", {"step": outcome["steps"], **scores})
    if as_json:
        click.echo(to_json({"run": str(folder), "experiment": name, **outcome}))
    else:
        _show(outcome, folder)
    if outcome["interrupted"]:
        context.exit(INTERRUPTED)


def _listing(names):
    formatter = click.HelpFormatter(width=88)
    formatter.write_dl(list(names.items()))
    return formatter.getvalue().rstrip()


def _run(experiment, folder, frames):
    """Trains, draws, saves and judges; returns a dict of how it went."""
    import keras

    from kgan import callbacks
    from kgan._core.files import replacing
    from kgan.cli.files import write_json
    from kgan.cli.progress import Progress
    from kgan.lab.scenes import Recorder, animate, scene_of

    gan, steps = experiment.gan, experiment.settings["steps"]
    scene = scene_of(experiment)
    recorder = Recorder(scene, steps, frames)
    stop = callbacks.StopOnInterrupt()
    # Not before: data that does not fit leaves no folder.
    begin = keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: write_json(
            folder / "config.json", experiment.settings
        )
    )
    began = time.perf_counter()
    with Progress(0, steps) as progress:
        experiment.fit([begin, recorder, callbacks.Curves(folder), stop, progress])
    seconds = time.perf_counter() - began
    with replacing(folder / "model.keras") as path:
        gan.save(path)
    click.echo("Drawing and judging …", err=True)
    animate(scene, recorder.frames, folder, frames)
    scores = {
        key: value if math.isfinite(value) else None
        for key, value in experiment.scores().items()
    }
    done = int(gan.step.numpy())
    return {
        "steps": done,
        "seconds": seconds,
        "rate": done / seconds,
        "interrupted": stop.interrupted,
        "scores": scores,
        "meanings": experiment.target.meanings,
    }


def _show(outcome, folder):
    verb = "Stopped at" if outcome["interrupted"] else "Trained to"
    click.echo(
        f"\n{verb} step {outcome['steps']} in {outcome['seconds']:.0f} s "
        f"({outcome['rate']:.1f} steps/s)"
    )
    for name, value in outcome["scores"].items():
        shown = "none" if value is None else f"{value:.4g}"
        click.echo(f"  {name:22} {shown:>10}  {outcome['meanings'][name]}")
    for name, file in (
        ("animation", "animation.gif"),
        ("picture", "final.png"),
        ("curves", "curves.png"),
        ("model", "model.keras"),
    ):
        click.echo(f"{name:10} {folder / file}")
