import click

from kgan._core.errors import invalid
from kgan.cli.options import (
    INTERRUPTED,
    features_option,
    json_option,
    parse_devices,
    parse_image_shape,
    parse_settings,
    value_range_option,
)


@click.command("train")
@click.option("--preset", help="Name of a preset; `kgan presets` lists them.")
@click.option(
    "--data",
    help="fashion_mnist, digits, tfds:NAME, a folder of images, or an .npz file.",
)
@click.option(
    "--data-b",
    metavar="DATA",
    help="For presets of two domains: the second one, as --data; or inverted or edges, "
    "which makes it of every other image of --data.  [default: inverted]",
)
@click.option(
    "--init",
    metavar="RUN|FILE",
    help="Fine-tuning: start from the weights of a run or a .keras file, where they "
    "fit. Its preset is the default.",
)
@click.option(
    "--freeze-discriminator",
    type=click.IntRange(0),
    metavar="N",
    help="With --init: keep the discriminator's first N layers, from the image on.",
)
@click.option(
    "--freeze-generator",
    type=click.IntRange(0),
    metavar="N",
    help="With --init: keep the generator's first N layers, from the code on.",
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
    metavar="HxWxC|auto",
    help="Brings images to this shape, as in 32x32x3, or to one that fits a folder's "
    "pictures; by default that of the data. 4 channels keep transparency.",
)
@value_range_option
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
    help="Steps between scores; 0: none. By default ten times a run.",
)
@features_option
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
    "--strategy",
    type=click.Choice(["none", "mirrored", "multiworker"]),
    help="One device, several of this machine, or the workers of TF_CONFIG; by default "
    "what --devices and TF_CONFIG ask for.",
)
@click.option(
    "--devices",
    metavar="N|NAMES",
    help="Devices of this machine to train on: a number, or names as in gpu:0,gpu:2.",
)
@click.option(
    "--precision",
    type=click.Choice(["float32", "mixed_bfloat16", "mixed_float16"]),
    help="What the networks compute in; by default the preset's.",
)
@click.option(
    "--accumulate",
    "gradient_accumulation_steps",
    type=click.IntRange(1),
    metavar="M",
    help="Compute each batch in M parts, to need less memory.",
)
@click.option(
    "--flip",
    type=click.Choice(["none", "x", "y", "xy"]),
    help="Flips each training image with probability 1/2: x from left to right, y "
    "upside down, xy either way.",
)
@click.option(
    "--augment",
    type=click.Choice(["none", "diffaugment", "ada", "apa"]),
    help="For few images: changes all that the discriminator sees; --set "
    "augmentation.policy=… says how.",
)
@click.option(
    "--deterministic",
    is_flag=True,
    help="Repeat bit for bit, on a GPU too, where this is slower.",
)
@click.option(
    "--on-nan",
    type=click.Choice(["stop", "rollback"]),
    help="When training diverges: stop, or go on from the last checkpoint with half "
    "the learning rates, three times at most.  [default: stop]",
)
@click.option(
    "--profile", is_flag=True, help="Record steps 10 to 15 for TensorBoard's profiler."
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with the run in --out where its last checkpoint stopped. Options that "
    "are left out stay as they were.",
)
@click.option(
    "--override",
    is_flag=True,
    help="With --resume: allow changed learning rates, devices and --accumulate.",
)
@json_option
@click.pass_context
def command(context, out, resume, override, profile, as_json, **options):
    """Trains a preset on a data set, in a run folder.

    Ctrl-C saves a checkpoint and says how to go on."""
    from kgan.cli.output import say, show
    from kgan.runs.start import go_on, start

    options["devices"] = parse_devices(options["devices"])
    options["settings"] = parse_settings(options.pop("assignments"))
    options["image_shape"] = parse_image_shape(options["image_shape"])
    _check(options, out, resume, override)
    if resume:
        run = go_on(out, options, override, profile, say=say)
    else:
        run = start(out, options, profile, say=say)
    if run is None:  # a worker that is not the chief
        return
    show(run, as_json)
    if run.interrupted:
        context.exit(INTERRUPTED)


def run_folder(arguments):
    """Returns the `RunFolder` of a `kgan train`, raising errors of its arguments.

    Args:
        arguments: Texts of the command line after `train`.
    """
    from kgan.runs.start import folder_of

    with command.make_context("train", list(arguments)) as context:
        options = dict(context.params)
    out, resume = options.pop("out"), options["resume"]
    _check(options, out, resume, options["override"])
    run = folder_of(out, options)
    if resume:
        run.read_config()
    else:
        run.check_free()
    return run


def _check(options, out, resume, override):
    """Checks what is cheap to check before TensorFlow is loaded."""
    if override and not resume:
        raise invalid(
            "`--override` is for resumed runs.",
            {"resume": False},
            "Leave it out, or add --resume.",
        )
    if resume and out is None:
        raise invalid(
            "`--resume` needs the folder of the run.",
            {"out": out},
            "Add --out DIR.",
        )
    for name in () if resume else ("preset", "data"):
        if options[name] is None and not (name == "preset" and options["init"]):
            raise invalid(
                f"A new run needs --{name}.",
                {name: None},
                "Try kgan train --preset dcgan-sn --data fashion_mnist.",
            )
