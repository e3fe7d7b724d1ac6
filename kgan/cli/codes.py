"""A generator as a function of its codes, for the commands of `kgan latent`."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kgan.cli.run_folder import RunFolder
from kgan.cli.source import load_gan, run_model, to_uint8
from kgan.errors import invalid
from kgan.latents import latents
from kgan.requests import truncate


@dataclasses.dataclass(frozen=True)
class Codes:
    """A generator and what is known of its codes.

    Args:
        generate: Called as `generate(z, labels, truncation)`; returns images of one
            output, uint8 or float in [-1, 1], `[n, H, W, C]`.
        prior: Name of the prior.
        latent_dim: Size of a code.
        num_classes: Number of classes, or None if unconditional.
        class_names: List of their names, or None if unknown.
        gan: The `kgan.GAN`, or None if the source is an exported file.
    """

    generate: Callable
    prior: str
    latent_dim: int
    num_classes: int | None
    class_names: list | None
    gan: object = None

    def of_samples(self, positions, seed):
        """Returns the codes of numbered samples under a seed, `[n, latent_dim]`."""
        draws = [latents(self.prior, 1, self.latent_dim, seed, i) for i in positions]
        return np.concatenate(draws)

    def images(self, z, labels=None, truncation=1.0):
        """Returns uint8 images `[rows, columns, H, W, C]` of codes in a table.

        Args:
            z: Codes `[rows, columns, latent_dim]`.
            labels: The class of each row, or None.
            truncation: As in `GAN.generate`.
        """
        rows, columns, _ = z.shape
        if labels is not None:
            labels = np.repeat(np.asarray(labels), columns)
        made = self.generate(z.reshape(rows * columns, -1), labels, truncation)
        if isinstance(made, dict) or made.ndim != 4:
            raise invalid(
                "A picture needs a generator of one image.",
                {"samples": str(getattr(made, "shape", "several outputs"))},
                "Use `kgan.explore` in Python for what is no image.",
            )
        return to_uint8(made).reshape(rows, columns, *made.shape[1:])


def open_codes(path, need=None):
    """Opens a run folder, a `.keras` file or an exported `.onnx` file.

    Args:
        path: The path.
        need: Name of a tool that needs the Keras model, or None if any will do.

    Raises:
        ValueError: If there is no generator that can be read, or not of that kind.
    """
    path = Path(path)
    if path.suffix == ".onnx" and path.is_file() and need is None:
        return _open_onnx(path)
    model = path if path.suffix == ".keras" and path.is_file() else run_model(path)
    if model is None:
        kinds = "a run folder or a `.keras` file"
        rule = f"SOURCE must be {kinds}, or an exported `.onnx` file."
        if need:
            rule = f"`{need}` needs the Keras model: {kinds}."
        raise invalid(rule, {"source": str(path)}, "`kgan train` makes a run folder.")
    names = RunFolder(path).read_config()["class_names"] if path.is_dir() else None
    gan = load_gan(model)

    def generate(z, labels, truncation):
        z = truncate(gan.prior.name, z, truncation)
        inputs = z if labels is None else [z, np.asarray(labels)]
        return gan.predict(inputs, batch_size=64, verbose=0)

    return Codes(generate, gan.prior.name, gan.latent_dim, gan.num_classes, names, gan)


def _open_onnx(path):
    from kgan_export import Sampler

    sampler = Sampler(path)
    facts = sampler.metadata

    def generate(z, labels, truncation):
        images = sampler.generate(z, labels, truncation)
        return np.moveaxis(images, 1, -1) if facts["layout"] == "nchw" else images

    return Codes(
        generate,
        facts["prior"],
        facts["latent_dim"],
        facts["num_classes"],
        facts["class_names"],
    )
