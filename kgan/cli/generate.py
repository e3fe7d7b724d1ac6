from pathlib import Path

import click

from kgan._core.errors import invalid
from kgan.cli.options import seed_option


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
@seed_option("The same seed gives the same images.")
@click.option(
    "--labels",
    help="Classes by number or name, used in turn: 3 or 0,1,2 or Bag,Coat. By default "
    "all classes in turn.",
)
@click.option(
    "--condition",
    metavar="A,B,…",
    help="Attributes of all samples, of a model that was trained with any. By default "
    "those of the first training samples in turn; an export has no default.",
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
def command(source, num_samples, output, seed, labels, condition, truncation, columns):
    """Draws images from SOURCE: a run folder, a .keras file, an exported .onnx file or
    a SavedModel. An .onnx file needs no TensorFlow.

    Pairs of two domains stand side by side in a grid; in a folder each image has a file
    of its own."""
    from kgan import runs
    from kgan.cli.options import parse_condition
    from kgan.cli.output import say
    from kgan.runs.drawing import write_files, write_grid
    from kgan.runs.pictures import to_pictures

    output = Path(output)
    as_grid = _is_grid(output, columns)
    generator = runs.open_generator(source, say=say)
    generator.check_pictures(num_samples)
    labels = generator.choose_labels(labels, num_samples)
    samples = generator.sample(
        num_samples,
        seed=seed,
        labels=labels,
        truncation=truncation,
        condition=parse_condition(condition),
    )
    pictures = to_pictures(samples)
    if as_grid:
        write_grid(output, pictures, columns)
    else:
        write_files(output, samples, labels, generator.class_names)
    click.echo(f"Wrote {num_samples} samples to {output}")


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
