"""`python -m kgan_export.sample`: pictures from an exported generator."""

import os

import click
import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import encode_png, grey_levels, tile
from kgan._core.terminal import one_message
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
    help="A PNG grid of images, several outputs side by side; an array of anything "
    "(.npy), or one a name of several outputs (.npz).",
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
    help="One class, or one a sample, by name or number: Coat, 3 or 0,1,2. By default "
    "the classes in turn.",
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

    with one_message(ExportError):
        suffix = _check_suffix(output)
        sampler = Sampler(file)
        samples = sampler.sample(
            num_samples,
            seed,
            labels,
            truncation,
            condition=_numbers("condition", condition, float, "numbers", "0.5,-1,1"),
        )
        if suffix == ".png":
            _write_grid(output, samples, sampler.metadata, columns)
        else:
            _write_arrays(output, samples, suffix)
    click.echo(f"Wrote {num_samples} samples to {output}.")


def _check_suffix(output):
    suffix = os.path.splitext(output)[1].lower()
    if suffix not in (".png", ".npy", ".npz"):
        raise invalid(
            "The output must be a .png, .npy or .npz file.",
            {"output": output},
            "Name it samples.png, samples.npy or samples.npz.",
        )
    return suffix


def _write_arrays(output, samples, suffix):
    if suffix == ".npz":
        _write(output, lambda stream: np.savez(stream, **_by_name(samples)))
        return
    if isinstance(samples, dict):
        raise invalid(
            "An .npy file holds one array.",
            {"outputs": list(samples)},
            "Write one array a name instead: -o samples.npz",
        )
    _write(output, lambda stream: np.save(stream, samples))


def _by_name(samples):
    return samples if isinstance(samples, dict) else {"samples": samples}


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
    told = {x["name"]: x for x in metadata["outputs"] or []}
    pictures = []
    for name, images in _by_name(samples).items():
        output_told = told.get(name, metadata)
        if output_told["kind"] != "image" or images.ndim != 4:
            raise invalid(
                "A PNG grid is for images.",
                {"kind": output_told["kind"], "shape": images.shape[1:]},
                "Write an array instead: -o samples.npy",
            )
        if output_told["layout"] == "nchw":
            images = images.transpose(0, 2, 3, 1)
        if images.dtype != np.uint8:
            images = grey_levels(images).astype(np.uint8)
        pictures.append(images)
    if len({(x.shape[1], x.shape[3]) for x in pictures}) > 1:
        raise invalid(
            "Several outputs side by side must be equally high, of equal channels.",
            {"shapes": [x.shape[1:] for x in pictures]},
            "Write one array a name instead: -o samples.npz",
        )
    grid = encode_png(tile(np.concatenate(pictures, axis=2), columns))
    _write(output, lambda stream: stream.write(grid))


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
