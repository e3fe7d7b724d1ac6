"""What is exported: a generator, and what is known about how it was trained."""

import dataclasses
import importlib
import json
from pathlib import Path

import keras

from kgan.errors import invalid


@dataclasses.dataclass(frozen=True)
class Source:
    """A generator and the facts that its metadata tells.

    Args:
        generator: Functional `keras.Model` on `z` or `[z, label]`.
        prior: Name of the distribution of the codes.
        num_classes: Number of classes, or `None` if unconditional.
        class_names: Names of the classes, or `None`.
        step: Number of generator updates, or `None` if unknown.
        dataset: Name of the data set, or `None` if unknown.
        preset: Name of the preset, or `None` if there was none.
    """

    generator: keras.Model
    prior: str = "normal"
    num_classes: int | None = None
    class_names: list | None = None
    step: int | None = None
    dataset: str | None = None
    preset: str | None = None

    def __post_init__(self):
        if self.class_names is None:
            return
        if self.num_classes is None or len(self.class_names) != self.num_classes:
            raise invalid(
                "`class_names` must hold one name for each class.",
                {"class_names": self.class_names, "num_classes": self.num_classes},
                "Pass as many names as the generator has classes, or none.",
            )

    @property
    def latent_dim(self):
        return self.generator.inputs[0].shape[-1]

    @property
    def sample_shape(self):
        return tuple(self.generator.outputs[0].shape[1:])


def read_source(source, num_classes=None, class_names=None):
    """Finds the generator in whatever the user has.

    Args:
        source: A `kgan.GAN`, a Keras generator, the path of a `.keras` file of either,
            or a run folder.
        num_classes: Number of classes, for a plain generator that does not tell.
        class_names: Names of the classes; a run folder's own by default.

    Returns:
        A `Source`.

    Raises:
        ValueError: If there is no usable generator.
    """
    known = {"num_classes": num_classes, "class_names": class_names}
    config = {}
    if isinstance(source, keras.Model):
        return _from_model(source, known)
    path = Path(source)
    if path.is_dir():
        config = _run_config(path)
        known |= {name: config.get(name) for name in ("dataset", "preset")}
        path = path / "model.keras"
    if not path.is_file():
        raise invalid(
            "The source must be a `.keras` file or a run folder that holds "
            "`model.keras`.",
            {"source": str(source)},
            f"There is no file {path}.",
        )
    found = _from_model(_load(path), known)
    if found.class_names is None and found.num_classes is not None:
        # An unconditional run's data may have had names too; they are not for its file.
        found = dataclasses.replace(found, class_names=config.get("class_names"))
    return found


def _load(path):
    # By name, because the exporter must not depend on the training code.
    kgan = importlib.import_module("kgan")
    try:
        return kgan.load_model(path)
    except Exception as error:  # Keras raises whatever the file provokes
        raise invalid(
            "The source must be a model that Keras can load.",
            {"source": str(path)},
            f"Keras says: {error}",
        ) from error


def _run_config(folder):
    try:
        return dict(json.loads((folder / "config.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise invalid(
            "A run folder must hold a readable `config.json`.",
            {"source": str(folder)},
            f"Pass the `.keras` file itself instead ({error}).",
        ) from error


def _from_model(model, known):
    if hasattr(model, "ema_generator"):
        return Source(
            _functional(model.ema_generator),
            prior=model.prior.name,
            step=int(keras.ops.convert_to_numpy(model.step)),
            **(known | {"num_classes": model.num_classes}),
        )
    generator = _functional(model)
    if len(generator.inputs) == 1:
        known["num_classes"] = None
    elif known["num_classes"] is None:
        known["num_classes"] = _count_classes(generator)
    return Source(generator, **known)


def _functional(model):
    """The model as a functional one on the list `[z]` or `[z, label]`."""
    try:
        # Keras sorts a dict's inputs by name: `label` would stand before `z`.
        inputs = sorted(model.inputs, key=lambda x: keras.backend.is_int_dtype(x.dtype))
        outputs = model.outputs
    except (AttributeError, TypeError, ValueError) as error:
        raise invalid(
            "A generator must be a built functional or sequential model.",
            {"generator": model},
            "Rewrite it as a function that returns `keras.Model(z, x)`.",
        ) from error
    if not inputs or len(inputs) > 2 or len(inputs[0].shape) != 2 or len(outputs) != 1:
        raise invalid(
            "A generator must map `z` [N, latent_dim] or `[z, label]` to one tensor.",
            {"inputs": inputs, "outputs": outputs},
            "Export a `kgan.GAN` or the generator that it was made from.",
        )
    if None in (*inputs[0].shape[1:], *outputs[0].shape[1:]):
        raise invalid(
            "A generator must have fixed sizes but for the batch.",
            {"inputs": inputs, "outputs": outputs},
            "Build it with a fixed `latent_dim` and sample shape.",
        )
    return keras.Model(inputs, outputs, name=model.name)


def _count_classes(generator):
    """The number of classes, if all embeddings of the generator agree on it."""
    sizes = {
        getattr(operation, name)
        for operation in generator.operations
        for name in ("input_dim", "num_tokens", "num_classes")
        if isinstance(getattr(operation, name, None), int)
    }
    if len(sizes) != 1:
        raise invalid(
            "A conditional generator's number of classes must be known.",
            {"num_classes": None},
            "Pass `num_classes`, the number of labels that it was trained with.",
        )
    return sizes.pop()
