"""Whatever a trained generator is kept in, as one kind of object."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from kgan._core.errors import invalid
from kgan._core.quiet import load_tensorflow
from kgan.latents import latents, noise
from kgan.sampling import resolve_labels, truncate

BATCH_SIZE = 64
# Of `kgan latent`, what needs more of a generator than its samples.
LOOK_INSIDE = {
    "factors": "reads the generator's weights",
    "project": "follows the generator's gradients",
}


@dataclasses.dataclass(frozen=True)
class Source:
    """A generator that samples can be drawn from.

    Samples are uint8 images `[n, H, W, C]`; of several outputs, such as the pairs of a
    `kgan.CoGAN`, a dict of them by name.

    Args:
        sample: Called as `sample(n, seed=0, labels=None, truncation=1.0)`; returns
            samples, equal for equal seeds whatever the format.
        decode: Called as `decode(z, labels=None, truncation=1.0)`; returns the samples
            of codes.
        kind: `"keras"`, `"onnx"` or `"saved_model"`.
        image_shape: `(height, width, channels)`, of the first output.
        prior: Name of the prior.
        latent_dim: Size of a code.
        num_classes: Number of classes, or None if unconditional.
        class_names: List of their names, or None if unknown.
        outputs: Names of several outputs, or None if there is one.
        gan: The `kgan.GAN`, or None of an exported generator.
    """

    sample: Callable
    decode: Callable
    kind: str
    image_shape: tuple
    prior: str
    latent_dim: int
    num_classes: int | None
    class_names: list | None
    outputs: tuple | None = None
    gan: object = None

    def codes(self, positions, seed):
        """Returns the codes of numbered samples under a seed, `[n, latent_dim]`."""
        draws = [latents(self.prior, 1, self.latent_dim, seed, i) for i in positions]
        return np.concatenate(draws)

    def table(self, z, labels=None, truncation=1.0):
        """Returns pictures `[rows, columns, H, W, C]` of codes in a table.

        Args:
            z: Codes `[rows, columns, latent_dim]`.
            labels: The class of each row, or None.
            truncation: As in `GAN.generate`.
        """
        rows, columns, _ = z.shape
        if labels is not None:
            labels = np.repeat(np.asarray(labels), columns)
        made = to_pictures(
            self.decode(z.reshape(rows * columns, -1), labels, truncation)
        )
        return made.reshape(rows, columns, *made.shape[1:])


def open_source(path, need=None):
    """Opens a run folder, a `.keras` file, an exported `.onnx` file or a SavedModel.

    A run without `model.keras`, not finished, gives its last checkpoint.

    TensorFlow is loaded for all but ONNX files.

    Args:
        path: The path.
        need: Name of a tool in `LOOK_INSIDE`, which an export does not serve; or None.

    Returns:
        A `Source`.

    Raises:
        ValueError: If there is no generator that can be read, or not of that kind.
    """
    path = Path(path)
    is_onnx = path.suffix == ".onnx" and path.is_file()
    is_saved_model = (path / "saved_model.pb").is_file()
    if need and (is_onnx or is_saved_model):
        raise invalid(
            f"`{need}` needs the Keras model: it {LOOK_INSIDE[need]}, which an export "
            "does not give.",
            {"source": str(path)},
            "Name the run folder or the `.keras` file that it was exported from.",
        )
    if is_onnx:
        return _open_onnx(path)
    if is_saved_model:
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
    return _exported(sampler.sample, sampler.generate, "onnx", sampler.metadata)


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
    prior, fixed = metadata["prior"], metadata["static_batch"]

    def decode(z, labels=None, truncation=1.0, seed=0):
        # The signature lives no longer than the model, which this function keeps.
        run = model.signatures["serving_default"]
        n = len(z)
        feed = {"z": truncate(prior, z, truncation)}
        labels = resolve_labels(labels, n, metadata["num_classes"])
        if labels is not None:
            feed["label"] = labels
        for x in metadata.get("extra_inputs") or []:
            name = x["name"]
            feed[name] = noise(x["distribution"], n, x["shape"], seed, name)
        made = []
        size = fixed or min(n, BATCH_SIZE)
        for start in range(0, n, size):
            # Whole batches, filled up by the last row; the rest is cut off.
            rows = np.arange(start, start + size)
            part = {
                k: tf.constant(x.take(rows, 0, mode="clip")) for k, x in feed.items()
            }
            made.append({k: x.numpy()[: n - start] for k, x in run(**part).items()})
        samples = {k: np.concatenate([part[k] for part in made]) for k in made[0]}
        return samples if len(samples) > 1 else samples.popitem()[1]

    def sample(n, seed=0, labels=None, truncation=1.0):
        z = latents(prior, n, metadata["latent_dim"], seed)
        return decode(z, labels, truncation, seed)

    return _exported(sample, decode, "saved_model", metadata)


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
    import kgan

    domains = ("a", "b") if isinstance(gan, kgan.CoGAN) else None

    def sample(n, seed=0, labels=None, truncation=1.0):
        made = gan.generate(n, labels=labels, seed=seed, truncation=truncation)
        return _by_name(to_uint8, made)

    def decode(z, labels=None, truncation=1.0):
        z = truncate(gan.prior.name, z, truncation)
        inputs = z if labels is None else [z, np.asarray(labels)]
        made = gan.predict(inputs, batch_size=BATCH_SIZE, verbose=0)
        return _by_name(to_uint8, gan.split(made) if domains else made)

    return Source(
        sample,
        decode,
        "keras",
        gan.domain_shape if domains else gan.sample_shape,
        gan.prior.name,
        gan.latent_dim,
        gan.num_classes,
        class_names,
        domains,
        gan,
    )


def _exported(sample, decode, kind, metadata):
    def image(samples):
        if metadata["layout"] == "nchw":
            samples = np.moveaxis(samples, 1, -1)
        return to_uint8(samples)

    def as_images(function):
        return lambda *args, **options: _by_name(image, function(*args, **options))

    shape = tuple(metadata["sample_shape"])
    if metadata["layout"] == "nchw":
        shape = (*shape[1:], shape[0])
    names = tuple(x["name"] for x in metadata.get("outputs") or [])
    return Source(
        as_images(sample),
        as_images(decode),
        kind,
        shape,
        metadata["prior"],
        metadata["latent_dim"],
        metadata["num_classes"],
        metadata["class_names"],
        names if len(names) > 1 else None,
    )


def _by_name(function, samples):
    """Applies a function to samples, or to each of several outputs."""
    if isinstance(samples, dict):
        return {name: function(part) for name, part in samples.items()}
    return function(samples)


def to_uint8(samples):
    """Returns images in [-1, 1] as exported graphs do: `floor(127.5 x + 128)`.

    `kgan.metrics.to_uint8` without Keras, which importing kgan.metrics loads.
    """
    if samples.dtype == np.uint8:
        return samples
    return np.clip(np.floor(127.5 * samples + 128), 0, 255).astype(np.uint8)


def to_pictures(samples):
    """Returns uint8 images `[n, H, W, C]`; several outputs' images side by side."""
    parts = list(samples.values()) if isinstance(samples, dict) else [samples]
    shapes = [part.shape[1:] for part in parts]
    if len({(len(shape), shape[0], shape[-1]) for shape in shapes}) > 1 or any(
        len(shape) != 3 for shape in shapes
    ):
        raise invalid(
            "PNG files hold images [H, W, C], several outputs side by side.",
            {"sample shapes": shapes},
            "Use `kgan.GAN.generate` or `kgan_export.Sampler` in Python.",
        )
    return np.concatenate([to_uint8(part) for part in parts], axis=2)


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
