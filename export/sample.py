"""`python -m kgan_export.sample`: pictures from an exported generator."""

import os

import click
import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import COLOR_TYPES, encode_png, grey_levels, tile
from kgan_export.errors import ExportError


@click.command()
@click.argument("file", type=click.Path(exists=True))
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
    "--condition",
    help="Attributes of all samples, for a generator that takes them: 0.5,-1,1.",
)
@click.option(
    "--truncation",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="Below 1: more typical, less varied.",
)
@click.option("--columns", type=click.IntRange(1), help="Width of the grid.")
def main(file, num_samples, output, seed, labels, condition, truncation, columns):
    """Draws samples from FILE, an exported generator: without TensorFlow, unless it is
    the folder of a SavedModel."""
    from kgan_export.runtime.sampler import Sampler

    try:
        suffix = _check_suffix(output)
        sampler = Sampler(file)
        classes = _numbers("labels", labels, int, "integers", "0,1,2")
        if classes is not None and len(classes) == 1:
            (classes,) = classes
        samples = sampler.sample(
            num_samples,
            seed,
            classes,
            truncation,
            condition=_numbers("condition", condition, float, "numbers", "0.5,-1,1"),
        )
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


def _numbers(option, text, kind, what, example):
    """List of the numbers in a text, or `None` if there is no text."""
    if text is None:
        return None
    try:
        return [kind(number) for number in text.split(",")]
    except ValueError:
        raise invalid(
            f"`{option}` must be {what} separated by commas.",
            {option: text},
            f"Write them like {example}.",
        ) from None


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
