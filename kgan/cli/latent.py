import click

from kgan._core.errors import invalid


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
        click.option(
            "--seed",
            type=click.IntRange(0),
            default=0,
            show_default=True,
            help="Seed of the numbered samples.",
        ),
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
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Number of samples to start from, one a row.",
)


@command.command()
@options
@number
@click.option("--from", "starts", help="Samples to start from, as in 3,14,15.")
@click.option("--to", "ends", help="Samples to go to, as many.")
@click.option("--steps", type=click.IntRange(2), default=9, show_default=True)
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
    from kgan.cli.source import open_source
    from kgan.explore import interpolate

    if (starts is None) != (ends is None):
        raise click.UsageError("--from and --to go together.")
    first = _positions(starts) or list(range(num_samples))
    last = _positions(ends) or list(range(num_samples, 2 * num_samples))
    generator = open_source(source)
    way = interpolate(
        generator.codes(first, seed),
        generator.codes(last, seed),
        steps,
        generator.prior,
        method,
    )
    _write(output, generator.table(way, _labels(generator, labels, first)))


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
    import numpy as np

    from kgan.cli.source import open_source
    from kgan.explore import arithmetic

    generator = open_source(source)
    terms = [_positions(term) for term in (*plus, *minus)]
    drawn = [generator.codes(positions, seed) for positions in terms]
    added, subtracted = drawn[: len(plus)], drawn[len(plus) :]
    result = arithmetic(added, subtracted, generator.prior)
    row = [arithmetic([term], prior=generator.prior) for term in drawn] + [result]
    labels = _labels(generator, labels, terms[0][:1])
    _write(output, generator.table(np.stack(row)[None], labels))


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
    import numpy as np

    from kgan.cli.source import open_source

    levels = _numbers(levels, float, "--levels")
    generator = open_source(source)
    positions = list(range(num_samples))
    z = generator.codes(positions, seed)[:, None]
    labels = _labels(generator, labels, positions)
    columns = [generator.table(z, labels, level) for level in levels]
    _write(output, np.concatenate(columns, axis=1))


@command.command()
@options
@number
@click.option(
    "--count",
    type=click.IntRange(1),
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
@click.option("--steps", type=click.IntRange(2), default=7, show_default=True)
def factors(source, output, seed, labels, num_samples, count, extent, steps):
    """Finds the directions that change samples most, and moves along them.

    A block of rows for each factor, a row for each sample. Reads the generator's first
    weights: SOURCE must be a run folder or a .keras file."""
    import numpy as np

    from kgan.cli.source import open_source
    from kgan.explore import factors, move

    generator = open_source(source, need="factors")

    directions, strengths = factors(generator.gan, count)
    positions = list(range(num_samples))
    z = generator.codes(positions, seed)
    amounts = np.linspace(-extent, extent, steps)
    moved = [move(z, direction, amounts, generator.prior) for direction in directions]
    labels = _labels(generator, labels, positions)
    labels = None if labels is None else labels * len(directions)
    _write(output, generator.table(np.concatenate(moved), labels))
    for i, strength in enumerate(strengths):
        click.echo(f"factor {i}: strength {strength:.3g}")


@command.command()
@options
@click.argument("images", nargs=-1, required=True)
@click.option("--steps", type=click.IntRange(1), default=300, show_default=True)
@click.option("--restarts", type=click.IntRange(1), default=4, show_default=True)
@click.option("--codes", "codes_path", help="An .npy file for the codes found.")
def project(source, output, seed, labels, images, steps, restarts, codes_path):
    """Finds codes that give IMAGES: files, above, and what the codes give, below.

    Images are brought to the generator's shape. A conditional generator needs --labels,
    the classes of the images. SOURCE must be a run folder or a .keras file."""
    import numpy as np

    from kgan.cli.generate import parse_labels
    from kgan.cli.source import open_source, to_uint8
    from kgan.explore import project

    if codes_path and not codes_path.endswith(".npy"):
        raise click.BadParameter("The codes need an .npy file.", param_hint="--codes")
    generator = open_source(source, need="project")
    if generator.outputs is not None:
        raise invalid(
            "`project` finds the codes of single images.",
            {"outputs": ", ".join(generator.outputs)},
            "Use a generator of one image.",
        )
    if generator.num_classes is not None and labels is None:
        raise click.UsageError("A conditional generator needs --labels.")
    given = _read_images(images, generator.gan.sample_shape)
    with click.progressbar(length=steps, label="Projecting") as bar:
        found = project(
            generator.gan,
            given / np.float32(127.5) - 1,
            parse_labels(labels, len(given), generator),
            steps=steps,
            restarts=restarts,
            seed=seed,
            progress=lambda: bar.update(1),
        )
    _write(output, np.stack([given, to_uint8(found.samples)]))
    if codes_path:
        _write_array(codes_path, found.codes)
    for path, error in zip(images, found.errors, strict=True):
        click.echo(f"{path}: mean squared error {error:.4f}")


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


def _labels(generator, text, positions):
    """The class of each row: the given ones in turn, or those of the samples."""
    from kgan.cli.generate import parse_labels

    if text is None and generator.num_classes is not None:
        return [position % generator.num_classes for position in positions]
    return parse_labels(text, len(positions), generator)


def _read_images(paths, shape):
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    from kgan.data.resize import to_shape

    images = []
    for path in paths:
        try:
            with Image.open(path) as image:
                images.append(to_shape(image, shape))
        except (OSError, UnidentifiedImageError) as error:
            raise invalid(
                "IMAGES must be image files.", {"image": path}, f"{error}"
            ) from error
    return np.stack(images)


def _write(path, table):
    """Writes images `[rows, columns, H, W, C]` as one PNG."""
    from kgan._core.images import encode_png, tile
    from kgan.cli.files import write_bytes

    rows, columns, *_ = table.shape
    write_bytes(path, encode_png(tile(table.reshape(-1, *table.shape[2:]), columns)))
    click.echo(f"Wrote {rows} x {columns} images to {path}")


def _write_array(path, array):
    import io

    import numpy as np

    from kgan.cli.files import write_bytes

    stream = io.BytesIO()
    np.save(stream, array)
    write_bytes(path, stream.getvalue())
    click.echo(f"Wrote the codes to {path}")
