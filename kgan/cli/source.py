"""Whatever a trained generator is kept in, as one kind of object."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from kgan.errors import invalid
from kgan.latents import latents
from kgan.quiet import load_tensorflow
from kgan.requests import resolve_labels, truncate

BATCH_SIZE = 64


@dataclasses.dataclass(frozen=True)
class Source:
    """A generator that samples can be drawn from.

    Args:
        sample: Called as `sample(n, seed=0, labels=None, truncation=1.0)`; returns
            uint8 images `[n, H, W, C]`, equal for equal seeds whatever the format.
        kind: `"keras"`, `"onnx"` or `"saved_model"`.
        image_shape: `(height, width, channels)`.
        num_classes: Number of classes, or None if unconditional.
        class_names: List of their names, or None if unknown.
    """

    sample: Callable
    kind: str
    image_shape: tuple
    num_classes: int | None
    class_names: list | None


def open_source(path):
    """Opens a run folder, a `.keras` file, an exported `.onnx` file or a SavedModel.

    A run without `model.keras`, not finished, gives its last checkpoint.

    TensorFlow is loaded for all but ONNX files.

    Args:
        path: The path.

    Returns:
        A `Source`.

    Raises:
        ValueError: If there is no generator that can be read.
    """
    path = Path(path)
    if path.suffix == ".onnx" and path.is_file():
        return _open_onnx(path)
    if (path / "saved_model.pb").is_file():
        return _open_saved_model(path)
    if model := run_model(path):
        return _open_keras(model, _class_names(path))
    if path.suffix == ".keras" and path.is_file():
        # A checkpoint lies one folder below the configuration.
        names = _class_names(path.parent) or _class_names(path.absolute().parent.parent)
        return _open_keras(path, names)
    raise invalid(
        "SOURCE must be a run folder that holds a model, a `.keras` file, an exported "
        "`.onnx` file or a SavedModel.",
        {"source": str(path)},
        "`kgan train` makes a run folder."
        if path.exists()
        else "There is no such path.",
    )


def _open_onnx(path):
    from kgan_export import Sampler

    sampler = Sampler(path)
    return _exported(sampler.sample, "onnx", sampler.metadata)


def _open_saved_model(path):
    load_tensorflow()
    import tensorflow as tf

    try:
        metadata = json.loads((path / "assets.extra/kgan.json").read_text("utf-8"))
        model = tf.saved_model.load(str(path))
    except Exception as error:  # TensorFlow's errors share no base with OSError
        raise invalid(
            "SOURCE must be a SavedModel that kgan-export wrote.",
            {"source": str(path)},
            f"It cannot be read: {error}",
        ) from error

    def sample(n, seed=0, labels=None, truncation=1.0):
        # The signature lives no longer than the model, which this function keeps.
        run = model.signatures["serving_default"]
        labels = resolve_labels(labels, n, metadata["num_classes"])
        batch_size = metadata["static_batch"] or BATCH_SIZE
        parts = []
        for start in range(0, n, batch_size):
            # A graph of fixed batch size draws a whole batch; the rest is cut off.
            count = metadata["static_batch"] or min(batch_size, n - start)
            prior, size = metadata["prior"], metadata["latent_dim"]
            z = truncate(prior, latents(prior, count, size, seed, start), truncation)
            feed = {"z": tf.constant(z)}
            if labels is not None:
                part = labels[start : start + count]
                feed["label"] = tf.constant(np.pad(part, (0, count - len(part))))
            (output,) = run(**feed).values()
            parts.append(output.numpy()[: n - start])
        return np.concatenate(parts)

    return _exported(sample, "saved_model", metadata)


def run_model(folder):
    """Returns the path of a run's model: the finished one, or its last checkpoint.

    Args:
        folder: The run folder.

    Returns:
        A `Path`, or None if the folder holds neither.
    """
    folder = Path(folder)
    if (folder / "model.keras").is_file():
        return folder / "model.keras"
    checkpoint = _latest(folder) if (folder / "checkpoints").is_dir() else None
    if checkpoint:
        click.echo(
            f"The run has no model.keras yet: taking {checkpoint.name}.", err=True
        )
    return checkpoint


def load_gan(path):
    """Returns the `kgan.GAN` of a `.keras` file.

    Raises:
        ValueError: If the file cannot be read, or holds something else.
    """
    load_tensorflow()
    import kgan

    try:
        gan = kgan.load_model(path)
    except Exception as error:  # Keras raises what its zip and HDF5 readers raise
        raise invalid(
            "SOURCE must be a `.keras` file that `kgan.GAN.save` wrote.",
            {"source": str(path)},
            f"It cannot be read: {error}",
        ) from error
    if not isinstance(gan, kgan.GAN):
        raise invalid(
            "SOURCE must hold a `kgan.GAN`.",
            {"source": str(path), "model": type(gan).__name__},
            "Save the whole game, or export its generator by kgan-export.",
        )
    return gan


def _open_keras(path, class_names):
    gan = load_gan(path)

    def sample(n, seed=0, labels=None, truncation=1.0):
        return to_uint8(gan.generate(n, labels, seed, truncation))

    return Source(sample, "keras", gan.sample_shape, gan.num_classes, class_names)


def _exported(sample, kind, metadata):
    def images(n, seed=0, labels=None, truncation=1.0):
        samples = sample(n, seed=seed, labels=labels, truncation=truncation)
        if metadata["layout"] == "nchw":
            samples = np.moveaxis(samples, 1, -1)
        return to_uint8(samples)

    shape = tuple(metadata["sample_shape"])
    if metadata["layout"] == "nchw":
        shape = (*shape[1:], shape[0])
    return Source(images, kind, shape, metadata["num_classes"], metadata["class_names"])


def to_uint8(samples):
    """Returns images in [-1, 1] as exported graphs do: `floor(127.5 x + 128)`.

    `kgan.metrics.to_uint8` without Keras, which importing kgan.metrics loads.
    """
    if samples.dtype == np.uint8:
        return samples
    return np.clip(np.floor(127.5 * samples + 128), 0, 255).astype(np.uint8)


def _latest(run):
    load_tensorflow()
    from kgan.callbacks import latest_checkpoint

    return latest_checkpoint(run / "checkpoints")


def _class_names(folder):
    """The class names of a run folder's configuration, if that is what it is."""
    try:
        return json.loads((folder / "config.json").read_text("utf-8"))["class_names"]
    except (OSError, ValueError, KeyError):
        return None
