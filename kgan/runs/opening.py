"""Opening of trained generators: runs, `.keras` files, ONNX files and SavedModels."""

from pathlib import Path

import numpy as np

from kgan._core.errors import invalid
from kgan._core.quiet import import_tensorflow
from kgan.latents import noise
from kgan.runs.folder import RunFolder
from kgan.runs.generator import TrainedGenerator
from kgan.runs.pictures import to_levels
from kgan.runs.say import silent
from kgan.sampling import resolve_condition, resolve_labels, truncate

BATCH_SIZE = 64
# What needs more of a generator than its samples, which an export does not give.
LOOK_INSIDE = {
    "factors": "reads the generator's weights",
    "project": "follows the generator's gradients",
}


def open_generator(path, need=None, say=None):
    """Opens a run folder, a `.keras` file, an exported `.onnx` file or a SavedModel.

    A run without `model.keras`, not finished, gives its last checkpoint.

    TensorFlow is loaded for all but ONNX files.

    Args:
        path: The path.
        need: "factors" or "project" of `kgan.explore`, which look into the Keras model;
            or None.
        say: Called with a line if a run has only a checkpoint; None is silent.

    Returns:
        A `TrainedGenerator`.

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
    if is_onnx or is_saved_model:
        return _open_export(path, "onnx" if is_onnx else "saved_model")
    folder = RunFolder(path)
    is_keras = path.suffix == ".keras" and path.is_file()
    if is_keras or folder.holds_model:
        (say or silent)(f"Loading TensorFlow and {path} …")
    if model := folder.model_file(say or silent):
        return generator_of(load_trained(model), _class_names(path))
    if is_keras:
        # A checkpoint lies one folder below the configuration.
        names = _class_names(path.parent) or _class_names(path.absolute().parent.parent)
        return generator_of(load_trained(path), names)
    raise invalid(
        "SOURCE must be a run folder that holds a model, a `.keras` file, an exported "
        "`.onnx` file or a SavedModel.",
        {"source": str(path)},
        "`kgan train` makes a run folder."
        if path.exists()
        else "There is no such path.",
    )


def _open_export(path, kind):
    from kgan_export import Sampler

    sampler = Sampler(path)
    metadata = sampler.metadata
    channels_first = metadata["layout"] == "nchw"

    def image(samples):
        return to_levels(np.moveaxis(samples, 1, -1) if channels_first else samples)

    def as_images(function):
        return lambda *args, **options: _by_name(image, function(*args, **options))

    shape, names = _image_shape(path, metadata)
    return TrainedGenerator(
        as_images(sampler.sample),
        as_images(sampler.generate),
        kind,
        shape,
        metadata["prior"],
        metadata["latent_dim"],
        metadata["num_classes"],
        metadata["class_names"],
        names,
    )


def _image_shape(path, metadata):
    """`[H, W, C]` of an export's first output, and the names of several or None."""
    shape = metadata["sample_shape"] or []
    if metadata["kind"] != "image" or len(shape) != 3:
        raise invalid(
            "SOURCE must be a generator of images.",
            {"source": str(path), "kind": metadata["kind"], "sample_shape": shape},
            "Use `python -m kgan_export.sample SOURCE -o samples.npy`.",
        )
    if metadata["layout"] == "nchw":
        shape = [*shape[1:], shape[0]]
    names = tuple(x["name"] for x in metadata["outputs"] or [])
    return tuple(shape), names if len(names) > 1 else None


def load_trained(path):
    """Returns the model of a `.keras` file.

    Raises:
        ValueError: If the file cannot be read, or holds something else.
    """
    import_tensorflow()
    import kgan

    try:
        model = kgan.load_model(path)
    except Exception as error:  # Keras raises what its zip and HDF5 readers raise
        raise invalid(
            "SOURCE must be a `.keras` file that `kgan.GAN.save` wrote.",
            {"source": str(path)},
            f"It cannot be read: {error}",
        ) from error
    if not hasattr(model, "settings_name"):
        raise invalid(
            "SOURCE must hold a model of kgan, such as a `kgan.GAN`.",
            {"source": str(path), "model": type(model).__name__},
            "Save the whole game, or export its generator by kgan-export.",
        )
    return model


def generator_of(model, class_names):
    """Returns the `TrainedGenerator` of a Keras model of kgan.

    Args:
        model: Such as a `kgan.GAN`.
        class_names: List of names, or None.
    """

    def sample(n, seed=0, labels=None, truncation=1.0, condition=None):
        made = model.generate(
            n, labels=labels, seed=seed, truncation=truncation, condition=condition
        )
        return _by_name(to_levels, made)

    def decode(z, labels=None, truncation=1.0, condition=None):
        n = len(z)
        if condition is None and model.remembered is not None:
            condition = model.remembered.examples(n)
        given = {
            "z": truncate(model.prior.name, z, truncation),
            "label": resolve_labels(labels, n, model.num_classes),
            "condition": resolve_condition(condition, n, model.condition_shape),
        }
        for name, shape in model.noise_shapes.items():
            given[name] = noise("normal", n, shape, 0, name)
        inputs = model.signature.arrange(**given)
        made = model.predict(inputs, batch_size=BATCH_SIZE, verbose=0)
        return _by_name(to_levels, made)

    names, shape = model.output_names, model.sample_shape
    return TrainedGenerator(
        sample,
        decode,
        "keras",
        shape[names[0]] if names else shape,
        model.prior.name,
        model.latent_dim,
        model.num_classes,
        class_names,
        names,
        model,
    )


def _by_name(function, samples):
    """Applies a function to samples, or to each of several outputs."""
    if isinstance(samples, dict):
        return {name: function(part) for name, part in samples.items()}
    return function(samples)


def _class_names(folder):
    """The class names of a run folder's configuration, if that is what it is."""
    try:
        return RunFolder(folder).read_config()["class_names"]
    except ValueError:
        return None
