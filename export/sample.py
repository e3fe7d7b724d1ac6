"""`python -m kgan_export.sample`: pictures from an exported generator."""

import os

import click
import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import COLOR_TYPES, encode_png, grey_levels, tile
from kgan_export.errors import ExportError


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
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
    type=click.Path(dir_okay=False),
    default="samples.png",
    show_default=True,
    help="A PNG grid of images, or an array of anything (.npy).",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed gives the same samples.",
)
@click.option(
    "--labels",
    help="One class, or one a sample: 3 or 0,1,2. By default the classes in turn.",
)
@click.option(
    "--truncation",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="Below 1: more typical, less varied.",
)
@click.option("--columns", type=click.IntRange(1), help="Width of the grid.")
def main(file, num_samples, output, seed, labels, truncation, columns):
    """Draws samples from FILE, an exported generator, without TensorFlow."""
    from kgan_export.runtime import Sampler

    try:
        suffix = _check_suffix(output)
        sampler = Sampler(file)
        samples = sampler.sample(num_samples, seed, _parse(labels), truncation)
        if suffix == ".npy":
            _write(output, lambda stream: np.save(stream, samples))
        else:
            _write_grid(output, samples, sampler.metadata, columns)
    except (ValueError, OSError, ExportError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Wrote {num_samples} samples to {output}.")


def _check_suffix(output):
    suffix = os.path.splitext(output)[1].lower()
    if suffix not in (".png", ".npy"):
        raise invalid(
            "The output must be a .png or .npy file.",
            {"output": output},
            "Name it samples.png or samples.npy.",
        )
    return suffix


def _parse(labels):
    if labels is None:
        return None
    try:
        numbers = [int(label) for label in labels.split(",")]
    except ValueError:
        raise invalid(
            "`labels` must be integers separated by commas.",
            {"labels": labels},
            "Use 3 for one class, or 0,1,2 for one class a sample.",
        ) from None
    return numbers if len(numbers) > 1 else numbers[0]


def _write_grid(output, samples, metadata, columns):
    if metadata["layout"] == "nchw":
        samples = samples.transpose(0, 2, 3, 1)
    if metadata["kind"] != "image" or samples.shape[-1] not in COLOR_TYPES:
        raise invalid(
            "A PNG grid is for images of 1 to 4 channels.",
            {"kind": metadata["kind"], "shape": samples.shape[1:]},
            "Write an array instead: -o samples.npy",
        )
    if samples.dtype != np.uint8:
        samples = grey_levels(samples).astype(np.uint8)
    _write(output, lambda stream: stream.write(encode_png(tile(samples, columns))))


def _write(path, write):
    """Writes a file under a temporary name, then renames it."""
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, exist_ok=True)
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as stream:
            write(stream)
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


if __name__ == "__main__":
    main(prog_name="python -m kgan_export.sample")
