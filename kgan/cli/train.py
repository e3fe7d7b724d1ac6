from pathlib import Path

import click

from kgan.errors import invalid

# As a shell reports a process that Ctrl-C ended.
INTERRUPTED = 130


@click.command("train")
@click.option("--preset", help="Name of a preset; `kgan presets` lists them.")
@click.option(
    "--data",
    help="fashion_mnist, digits, tfds:NAME, a folder of images, or an .npz file.",
)
@click.option(
    "-o", "--out", help="Run folder; by default runs/PRESET-DATA.", metavar="DIR"
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    help="Generator updates in all; by default the preset's.",
)
@click.option(
    "--batch-size",
    type=click.IntRange(1),
    help="Samples a discriminator update; by default the preset's.",
)
@click.option(
    "--image-shape",
    metavar="HxWxC",
    help="Brings images to this shape, as in 32x32x3; by default that of the data.",
)
@click.option("--unconditional", is_flag=True, help="Do not use the labels.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    help="Initial weights and all random numbers derive from it.  [default: 0]",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY.PATH=VALUE",
    help="Changes a setting of the preset, as in generator.width=32; may be repeated.",
)
@click.option(
    "--evaluate-every",
    type=click.IntRange(0),
    help="Steps between scores; 0: none. By default ten times a run, of labelled data.",
)
@click.option(
    "--save-every",
    type=click.IntRange(1),
    help="Steps between checkpoints. By default ten times a run, at most 1000.",
)
@click.option(
    "--sample-every",
    type=click.IntRange(1),
    help="Steps between pictures. By default twenty times a run.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with the run in --out where its last checkpoint stopped. Options that "
    "are left out stay as they were.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object at the end."
)
@click.pass_context
def command(context, out, resume, as_json, **options):
    """Trains a preset on a data set, in a run folder.

    Ctrl-C saves a checkpoint and says how to go on."""
    from kgan.cli.options import parse_image_shape, parse_settings

    options["settings"] = parse_settings(options.pop("assignments"))
    options["image_shape"] = parse_image_shape(options["image_shape"])
    options = {k: v for k, v in options.items() if v is not None and v is not False}
    _check(options, out, resume)

    from kgan.cli.run_folder import RunFolder
    from kgan.quiet import load_tensorflow

    run = RunFolder(out or default_folder(options["preset"], options["data"]))
    config = run.read_config() if resume else run.check_free()

    click.echo("Loading TensorFlow and the data …", err=True)
    load_tensorflow()
    from kgan.cli.prepare import new_run, resumed_run
    from kgan.cli.report import REPORT_SAMPLES, write_report
    from kgan.cli.source import to_uint8
    from kgan.cli.summary import show
    from kgan.cli.training import fit
    from kgan.requests import resolve_labels

    game = resumed_run(run, config, options) if resume else new_run(run, options)
    gan, config = game.gan, game.config
    outcome = fit(run, game)
    if not outcome.interrupted:
        images = to_uint8(gan.generate(REPORT_SAMPLES))
        labels = resolve_labels(None, len(images), gan.num_classes)
        write_report(run, config, outcome, images, labels)
    show(run, config, outcome, as_json)
    if outcome.interrupted:
        context.exit(INTERRUPTED)


def default_folder(preset, data):
    """Returns `runs/PRESET-DATA`."""
    name = Path(data).stem if Path(data).exists() else data.replace(":", "-")
    return Path("runs", f"{preset}-{name}".replace("/", "-"))


def _check(options, out, resume):
    """Checks what is cheap to check before TensorFlow is loaded."""
    if resume and out is None:
        raise invalid(
            "`--resume` needs the folder of the run.",
            {"out": out},
            "Add --out DIR.",
        )
    for name in () if resume else ("preset", "data"):
        if name not in options:
            raise invalid(
                f"A new run needs --{name}.",
                {name: None},
                "Try kgan train --preset dcgan-sn --data fashion_mnist.",
            )
