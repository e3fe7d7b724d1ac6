import re
from pathlib import Path

import click

from kgan._core.errors import invalid


@click.command("generate")
@click.argument("source")
@click.option(
    "-n",
    "--num-samples",
    type=click.IntRange(1),
    default=16,
    show_default=True,
    help="Number of samples.",
)
@click.option(
    "-o",
    "--output",
    default="samples.png",
    show_default=True,
    help="A .png file for one grid, or a folder for one PNG a sample.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed gives the same images.",
)
@click.option(
    "--labels",
    help="Classes by number or name, used in turn: 3 or 0,1,2 or Bag,Coat. By default "
    "all classes in turn.",
)
@click.option(
    "--truncation",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="Below 1: more typical, less varied.",
)
@click.option(
    "--columns",
    type=click.IntRange(1),
    help="Width of the grid; by default nearly square.",
)
def command(source, num_samples, output, seed, labels, truncation, columns):
    """Draws images from SOURCE: a run folder, a .keras file, an exported .onnx file or
    a SavedModel. An .onnx file needs no TensorFlow.

    Pairs of two domains stand side by side in a grid; in a folder each image has a file
    of its own."""
    from kgan.cli.source import open_source, to_pictures

    output = Path(output)
    as_grid = _is_grid(output, columns)
    generator = open_source(source)
    labels = parse_labels(labels, num_samples, generator)
    samples = generator.sample(
        num_samples, seed=seed, labels=labels, truncation=truncation
    )
    pictures = to_pictures(samples)
    if as_grid:
        _write_grid(output, pictures, columns)
    elif isinstance(samples, dict):
        for name, images in samples.items():
            _write_files(output, images, labels, generator, f"-{name}")
    else:
        _write_files(output, samples, labels, generator)
    click.echo(f"Wrote {num_samples} samples to {output}")


def parse_labels(text, num_samples, generator):
    """Reads `--labels`.

    Args:
        text: Numbers or names of classes, separated by commas; or None.
        num_samples: Number of samples.
        generator: The `Source`.

    Returns:
        List of `num_samples` integers: the given classes in turn, or all of them. None
        for an unconditional generator.

    Raises:
        ValueError: If a class is unknown, or the generator knows none.
    """
    count = generator.num_classes
    if count is None:
        if text is not None:
            raise invalid(
                "An unconditional generator takes no labels.",
                {"labels": text},
                "Leave --labels out.",
            )
        return None
    names = [name.casefold() for name in generator.class_names or []]
    chosen = []
    for word in range(count) if text is None else text.split(","):
        word = str(word).strip()
        if word.isdecimal() and int(word) < count:
            chosen.append(int(word))
        elif word.casefold() in names:
            chosen.append(names.index(word.casefold()))
        else:
            known = f": {', '.join(generator.class_names)}" if names else ""
            raise invalid(
                f"A label must be a class from 0 to {count - 1}{known}.",
                {"label": word},
                "Separate several by commas, as in 0,1,2.",
            )
    return [chosen[i % len(chosen)] for i in range(num_samples)]


def _is_grid(output, columns):
    if output.suffix.lower() == ".png":
        return True
    if output.suffix or output.is_file():
        raise invalid(
            "The output must be a .png file or a folder.",
            {"output": str(output)},
            "Name it samples.png, or samples for one file a sample.",
        )
    if columns:
        raise invalid(
            "`columns` is the width of a grid.",
            {"columns": columns, "output": str(output)},
            "Name a .png file to write a grid.",
        )
    return False


def _write_grid(path, images, columns):
    from kgan._core.images import encode_png, tile
    from kgan.cli.files import write_bytes

    write_bytes(path, encode_png(tile(images, columns)))


def _write_files(folder, images, labels, generator, suffix=""):
    """Writes `0007-3-dress.png` for sample 7 of class 3."""
    from kgan._core.images import encode_png
    from kgan.cli.files import write_bytes

    digits = max(4, len(str(len(images) - 1)))
    for i, image in enumerate(images):
        name = f"{i:0{digits}}"
        if labels is not None:
            name += f"-{labels[i]}"
            if generator.class_names:
                word = generator.class_names[labels[i]].lower()
                name += "-" + re.sub(r"\W+", "_", word).strip("_")
        write_bytes(folder / f"{name}{suffix}.png", encode_png(image))
