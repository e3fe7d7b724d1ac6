import click

from kgan._core.errors import invalid
from kgan.cli.options import seed_option

MAX_PICTURES = 1000  # of a row, or a column


@click.group("latent")
def command():
    """Explores the codes of a generator and draws what it finds as a PNG.

    SOURCE is what `kgan generate` takes: a run folder, a .keras file, an exported .onnx
    file, which needs no TensorFlow, or a SavedModel; factors and project need one of
    the first two. Samples are numbered as in `kgan generate` with the same seed."""


def _png(context, parameter, path):
    if not path.lower().endswith(".png"):
        raise click.BadParameter("The output must be a .png file.")
    return path


def options(function):
    """The options and the argument that all tools share."""
    for decorator in (
        seed_option("Seed of the numbered samples."),
        click.option(
            "--labels",
            help="Classes of the rows, by number or name, used in turn; by default "
            "those of the samples.",
        ),
        click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False),
            callback=_png,
            default="latent.png",
            show_default=True,
            help="A .png file.",
        ),
        click.argument("source"),
    ):
        function = decorator(function)
    return function


number = click.option(
    "-n",
    "--num-samples",
    type=click.IntRange(1, MAX_PICTURES),
    default=5,
    show_default=True,
    help="Number of samples to start from, one a row.",
)


@command.command()
@options
@number
@click.option("--from", "starts", help="Samples to start from, as in 3,14,15.")
@click.option("--to", "ends", help="Samples to go to, as many.")
@click.option(
    "--steps", type=click.IntRange(2, MAX_PICTURES), default=9, show_default=True
)
@click.option(
    "--method",
    type=click.Choice(["auto", "linear", "spherical"]),
    default="auto",
    show_default=True,
)
def interpolate(source, output, seed, labels, num_samples, starts, ends, steps, method):
    """Goes from one code to another, a row for each pair.

    By default from samples 0 to n - 1 to the n samples that follow. A row keeps the
    class of its first sample."""
    from kgan.runs import latent

    if (starts is None) != (ends is None):
        raise click.UsageError("--from and --to go together.")
    first = _positions(starts) or list(range(num_samples))
    last = _positions(ends) or list(range(num_samples, 2 * num_samples))
    generator = _open(source)
    table = latent.interpolate(generator, first, last, steps, method, labels, seed)
    _write(output, table)


@command.command()
@options
@click.option(
    "--plus",
    multiple=True,
    required=True,
    help="Samples whose mean code is added, as in 3,14,15; may be repeated.",
)
@click.option("--minus", multiple=True, help="Samples whose mean code is subtracted.")
def arithmetic(source, output, seed, labels, plus, minus):
    """Adds and subtracts mean codes: a row of the terms, the result last.

    Look for samples of a trait in `kgan generate SOURCE -n 100`; three or more a term
    make it clear."""
    from kgan.runs import latent

    terms = [[_positions(term) for term in texts] for texts in (plus, minus)]
    _write(output, latent.arithmetic(_open(source), *terms, labels, seed))


@command.command()
@options
@number
@click.option(
    "--levels",
    default="1,0.8,0.6,0.4,0.2",
    show_default=True,
    help="Truncations from 0 to 1, one a column.",
)
def truncate(source, output, seed, labels, num_samples, levels):
    """Draws samples ever more typical and less varied, from left to right."""
    from kgan.runs import latent

    levels = _numbers(levels, float, "--levels")
    table = latent.truncate(_open(source), num_samples, levels, labels, seed)
    _write(output, table)


@command.command()
@options
@number
@click.option(
    "--count",
    type=click.IntRange(1, MAX_PICTURES),
    default=5,
    show_default=True,
    help="Number of factors, the strongest first.",
)
@click.option(
    "--extent",
    type=click.FloatRange(0, min_open=True),
    default=3.0,
    show_default=True,
    help="How far to move the code either way.",
)
@click.option(
    "--steps", type=click.IntRange(2, MAX_PICTURES), default=7, show_default=True
)
def factors(source, output, seed, labels, num_samples, count, extent, steps):
    """Finds the directions that change samples most, and moves along them.

    A block of rows for each factor, a row for each sample. Reads the generator's first
    weights: SOURCE must be a run folder or a .keras file."""
    from kgan.runs import latent

    generator = _open(source, need="factors")
    table, strengths = latent.factors(
        generator, count, num_samples, extent, steps, labels, seed
    )
    _write(output, table)
    for i, strength in enumerate(strengths):
        click.echo(f"factor {i}: strength {strength:.3g}")


@command.command()
@options
@click.argument("images", nargs=-1, required=True)
@click.option(
    "--steps", type=click.IntRange(1, MAX_PICTURES), default=300, show_default=True
)
@click.option(
    "--restarts", type=click.IntRange(1, MAX_PICTURES), default=4, show_default=True
)
@click.option("--codes", "codes_path", help="An .npy file for the codes found.")
def project(source, output, seed, labels, images, steps, restarts, codes_path):
    """Finds codes that give IMAGES: files, above, and what the codes give, below.

    Images are brought to the generator's shape. A conditional generator needs --labels,
    the classes of the images. SOURCE must be a run folder or a .keras file."""
    import numpy as np

    from kgan._core.writing import replacing
    from kgan.runs import latent

    if codes_path and not codes_path.endswith(".npy"):
        raise click.BadParameter("The codes need an .npy file.", param_hint="--codes")
    generator = _open(source, need="project")
    if generator.outputs is not None:
        raise invalid(
            "`project` finds the codes of single images.",
            {"outputs": ", ".join(generator.outputs)},
            "Use a generator of one image.",
        )
    if generator.num_classes is not None and labels is None:
        raise click.UsageError("A conditional generator needs --labels.")
    given = latent.read_images(images, generator.image_shape)
    with click.progressbar(length=steps, label="Projecting") as bar:
        table, found = latent.project(
            generator, given, steps, restarts, labels, seed, lambda: bar.update(1)
        )
    _write(output, table)
    if codes_path:
        with replacing(codes_path) as path:
            np.save(path, found.codes)
    for path, error in zip(images, found.errors, strict=True):
        click.echo(f"{path}: mean squared error {error:.4f}")


def _open(source, need=None):
    from kgan import runs
    from kgan.cli.output import say

    return runs.open_generator(source, need, say)


def _positions(text):
    return [] if text is None else _numbers(text, int, "sample numbers")


def _numbers(text, kind, name):
    try:
        return [kind(word) for word in text.split(",")]
    except ValueError:
        raise invalid(
            f"{name} must be numbers separated by commas.",
            {"text": text},
            "Write for instance 0,1.",
        ) from None


def _write(path, table):
    """Writes images `[rows, columns, H, W, C]` as one PNG."""
    from kgan.runs.drawing import write_table

    write_table(path, table)
    click.echo(f"Wrote {table.shape[0]} x {table.shape[1]} images to {path}")
