from pathlib import Path

import click

from kgan.cli.options import INTERRUPTED, json_option, parse_settings, seed_option


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
@seed_option(
    "Points, initial weights and all random numbers derive from it.", 2**31 - 1
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
@json_option
@click.pass_context
def command(context, name, out, seed, assignments, frames, as_json, **options):
    """Plays a small game whose answer is known; without NAME, lists the games.

    Leaves an animation of the samples and of what the discriminator sees, curves, the
    model and its scores in a folder. Ctrl-C ends the training early and leaves the
    same."""
    from kgan import lab
    from kgan._core.quiet import import_tensorflow
    from kgan._core.writing import to_json
    from kgan.cli.output import say
    from kgan.runs.folder import check_empty

    if name is None:
        click.echo(to_json(lab.names()) if as_json else _listing(lab.names()))
        return
    given = {key: value for key, value in options.items() if value is not None}
    settings = lab.settings(name, seed, **given, **parse_settings(assignments))
    folder = Path(out or Path("runs", f"lab-{name}"))
    check_empty(folder)

    say("Loading TensorFlow …")
    import_tensorflow()
    from kgan.lab.library import build
    from kgan.runs.experiments import play

    outcome = play(build(settings), folder, frames, say)
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
