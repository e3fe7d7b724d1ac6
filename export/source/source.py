"""Networks to export, and what their metadata tell of them."""

import dataclasses

from kgan._core.errors import invalid
from kgan_export.source.extra_input import ExtraInput


@dataclasses.dataclass(frozen=True)
class Source:
    """Networks to export, and what is known about them.

    Args:
        networks: Dict from roles to functional `keras.Model`s: `"generator"`, which
            makes samples of `[z]`, then `label`, `condition` and further inputs, as far
            as it has them; and where there is one `"encoder"`, from samples to codes.
        prior: Name of the distribution of the codes.
        num_classes: Number of classes, or `None` if the generator takes no label.
        condition_shape: Shape of one condition, or `None` if it takes none.
        class_names: Names of the classes, or `None`.
        step: Number of training steps, or `None` if unknown.
        dataset: Name of the data set, or `None` if unknown.
        preset: Name of the preset, or `None` if there was none.
        distributions: Dict from names of further inputs to their distributions, where
            those are not normal.
        output_names: Names of several outputs, or `None` if there is one.
        licence: Licence and owner of the data, or `None` if unknown.
        settings: Dict of the training's settings, or `None` if unknown.
        scores: Dict of scores and how they were taken, or `None`.
    """

    networks: dict
    prior: str = "normal"
    num_classes: int | None = None
    condition_shape: tuple | None = None
    class_names: list | None = None
    step: int | None = None
    dataset: str | None = None
    preset: str | None = None
    distributions: dict = dataclasses.field(default_factory=dict)
    output_names: list | None = None
    licence: str | None = None
    settings: dict | None = None
    scores: dict | None = None

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
    def generator(self):
        """The network that makes samples of codes."""
        return self.networks["generator"]

    @property
    def latent_dim(self):
        """Size of a code."""
        return self.generator.inputs[0].shape[-1]

    @property
    def sample_shapes(self):
        """Shape of one sample of each output."""
        return [tuple(output.shape[1:]) for output in self.generator.outputs]

    @property
    def extra_inputs(self):
        """Tuple of `ExtraInput`s: what follows code, label and condition."""
        conditions = (self.num_classes, self.condition_shape)
        first = 1 + sum(condition is not None for condition in conditions)
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

    def network(self, role):
        """Returns the network of a role.

        Raises:
            ValueError: If there is none.
        """
        if role not in self.networks:
            article = "an" if role[0] in "aeiou" else "a"
            raise invalid(
                f"The source must be a model with {article} {role}.",
                {"network": role, "networks": list(self.networks)},
                "Export another network of it, or train a model that has one.",
            )
        return self.networks[role]

    def describe(self):
        """Returns the source's keys of the metadata, as a JSON-ready dict."""
        shape = self.condition_shape
        return {
            "latent_dim": self.latent_dim,
            "prior": self.prior,
            "num_classes": self.num_classes,
            "class_names": self.class_names,
            "condition_shape": None if shape is None else list(shape),
            "training_steps": self.step,
            "dataset": self.dataset,
            "preset": self.preset,
            "licence": self.licence,
            "settings": self.settings,
            "scores": self.scores,
        }
