"""What is exported: a generator, and what is known about how it was trained."""

import dataclasses
import importlib
import json
from pathlib import Path

import keras

from kgan._core.errors import invalid
from kgan_export.extra_input import ExtraInput

# Of a run folder's `config.json`.
RUN_FACTS = ("dataset", "preset", "licence", "settings")


@dataclasses.dataclass(frozen=True)
class Source:
    """A generator and the facts that its metadata tells.

    Args:
        generator: Functional `keras.Model` on `[z]` or `[z, label]` and further inputs.
        prior: Name of the distribution of the codes.
        num_classes: Number of classes, or `None` if unconditional.
        class_names: Names of the classes, or `None`.
        step: Number of generator updates, or `None` if unknown.
        dataset: Name of the data set, or `None` if unknown.
        preset: Name of the preset, or `None` if there was none.
        distributions: Dict from names of further inputs to their distributions, where
            those are not normal.
        output_names: Names of several outputs, or `None` if there is one.
        licence: Licence and owner of the data, or `None` if unknown.
        settings: Dict of the training's settings, or `None` if unknown.
        scores: Dict of scores and how they were taken, or `None`.
        encoder: Functional `keras.Model` from samples to codes, of a BiGAN, or `None`.
    """

    generator: keras.Model
    prior: str = "normal"
    num_classes: int | None = None
    class_names: list | None = None
    step: int | None = None
    dataset: str | None = None
    preset: str | None = None
    distributions: dict = dataclasses.field(default_factory=dict)
    output_names: list | None = None
    licence: str | None = None
    settings: dict | None = None
    scores: dict | None = None
    encoder: keras.Model | None = None

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
    def sample_shapes(self):
        """Shape of one sample of each output."""
        return [tuple(output.shape[1:]) for output in self.generator.outputs]

    @property
    def extra_inputs(self):
        """Tuple of `ExtraInput`s."""
        first = 1 if self.num_classes is None else 2
        extras = self.generator.inputs[first:]
        unknown = set(self.distributions) - {x.name for x in extras}
        if unknown:
            raise invalid(
                "`inputs` must name further inputs of the generator.",
                {"inputs": sorted(unknown)},
                f"It has: {', '.join(x.name for x in extras) or 'none'}.",
            )
        return tuple(
            ExtraInput(
                x.name, tuple(x.shape[1:]), self.distributions.get(x.name, "normal")
            )
            for x in extras
        )


def read_source(source, num_classes=None, class_names=None, distributions=None):
    """Finds the generator in whatever the user has.

    Args:
        source: A `kgan.GAN`, a Keras generator, the path of a `.keras` file of either,
            or a run folder.
        num_classes: Number of classes, for a plain generator that does not tell.
        class_names: Names of the classes; a run folder's own by default.
        distributions: Dict from names of further inputs to their distributions.

    Returns:
        A `Source`.

    Raises:
        ValueError: If there is no usable generator.
    """
    known = {
        "num_classes": num_classes,
        "class_names": class_names,
        "distributions": dict(distributions or {}),
    }
    config = {}
    if isinstance(source, keras.Model):
        return _from_model(source, known)
    path = Path(source)
    if path.is_dir():
        config = _run_config(path)
        known |= {name: config.get(name) for name in RUN_FACTS}
        known["scores"] = _scores(path)
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


def _scores(folder):
    try:
        return json.loads((folder / "scores.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None  # a run that was not judged


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
        generator, names = _functional(model.ema_generator)
        return Source(
            generator,
            prior=model.prior.name,
            step=int(keras.ops.convert_to_numpy(model.step)),
            output_names=names,
            encoder=getattr(model, "ema_encoder", None),
            **(known | {"num_classes": model.num_classes}),
        )
    generator, names = _functional(model)
    if not any(_is_label(x) for x in generator.inputs):
        known["num_classes"] = None
    elif known["num_classes"] is None:
        known["num_classes"] = _count_classes(generator)
    return Source(generator, output_names=names, **known)


def _is_label(x):
    return keras.backend.is_int_dtype(x.dtype)


def _functional(model):
    """The model as a functional one on a list, and the names of several outputs.

    The list is `[z]` or `[z, label]`, then further inputs in the model's order. The
    code is the input `z`, or else the first that is no label.
    """
    try:
        inputs = list(model.inputs)
        outputs = list(model.outputs)
    except (AttributeError, TypeError, ValueError) as error:
        raise invalid(
            "A generator must be a built functional or sequential model.",
            {"generator": model},
            "Rewrite it as a function that returns `keras.Model(z, x)`.",
        ) from error
    # Keras sorts a dict's inputs by name: `label` would stand before `z`.
    labels = [x for x in inputs if _is_label(x)]
    codes = [x for x in inputs if not _is_label(x)]
    codes.sort(key=lambda x: x.name != "z")
    if len(labels) > 1 or not codes or len(codes[0].shape) != 2 or not outputs:
        raise invalid(
            "A generator must map `z` [N, latent_dim] or `[z, label]`, and further "
            "float inputs, to samples.",
            {"inputs": inputs, "outputs": outputs},
            "Export a `kgan.GAN` or the generator that it was made from.",
        )
    sizes = [x.shape[1:] for x in (*codes, *outputs)]
    if any(None in size for size in sizes):
        raise invalid(
            "A generator must have fixed sizes but for the batch.",
            {"inputs": inputs, "outputs": outputs},
            "Build it with a fixed `latent_dim` and sample shape.",
        )
    inputs = [codes[0], *labels, *codes[1:]]
    names = _output_names(model) if len(outputs) > 1 else None
    return keras.Model(inputs, outputs, name=model.name), names


def _output_names(model):
    """The keys of a dict of outputs, or the names of the layers that give them."""
    structure = model._outputs_struct
    if isinstance(structure, dict):
        return keras.tree.flatten({key: key for key in structure})
    return list(model.output_names)


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
