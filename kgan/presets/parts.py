"""What a model class asks for to build itself of settings."""

import contextlib

from kgan._core.errors import invalid, one_of
from kgan.presets.objectives import with_objectives

_PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")


class Parts:
    """The parts of a model that settings describe.

    Args:
        settings: Dict as `kgan.presets.settings` returns, complete.
        families: Dict of further modules of networks, beside those of `kgan.networks`.

    Attributes:
        settings: The settings.
        shape: Shape of one sample.
        objectives: The objectives that the settings name.
        conditions: Dict of the arguments by which networks take labels or attributes.
        heads: Dict of the argument by which a discriminator gets auxiliary heads.
    """

    def __init__(self, settings, families):
        self.settings = settings
        self.shape = tuple(settings["image_shape"])
        if settings["attributes"] and settings["condition_dim"] is None:
            raise invalid(
                "This preset is for data with attributes, numbers [N, D].",
                {"preset": settings.get("preset"), "condition_dim": None},
                "Pass condition_dim=D; `kgan train` takes a .npz with `x` and `y`.",
            )
        self.objectives, classes, self.heads = with_objectives(settings)
        given = {"num_classes": classes, "condition_dim": settings["condition_dim"]}
        self.conditions = {k: v for k, v in given.items() if v is not None}
        self._families = families

    @contextlib.contextmanager
    def initial(self):
        """Makes networks that are built inside repeatable, and of the precision."""
        from kgan._core.random import seeded_initializers

        with (
            seeded_initializers(self.settings["seed"]),
            _dtype_policy(self.settings["precision"]),
        ):
            yield

    def network(self, role, function=None, family=None, shape=None, **options):
        """Builds a network.

        Args:
            role: Name of the settings with the network's own arguments.
            function: Function of the family that builds it; by default `role`.
            family: Name of the family; by default that of the settings.
            shape: Shape of what it makes or takes; by default that of a sample.
            **options: Further arguments.

        Raises:
            ValueError: If the family is unknown.
        """
        from kgan import networks

        function = function or role
        known = {k: v for k, v in vars(networks).items() if hasattr(v, function)}
        known |= self._families
        family = family or self.settings["network"]
        fix = "Choose one of these families of networks."
        one_of("network", family, sorted(known), fix)
        make = getattr(known[family], function)
        return make(shape or self.shape, **options, **self.settings[role])

    def penalties(self):
        """Returns the penalties that the settings name."""
        from kgan import penalties
        from kgan._core.registry import create

        return [
            create(name, penalties, penalties.Penalty, "penalties", **options)
            for name, options in self.settings["penalties"].items()
        ]

    def augmentation(self):
        """Returns the augmentation that the settings name, or None."""
        from kgan import augmentation

        options = dict(self.settings["augmentation"])
        name = options.pop("class_name")
        if name != "none":
            return augmentation.get(name, **options)
        if options:
            raise invalid(
                "Without an augmentation there is nothing to set of it.",
                {"augmentation": self.settings["augmentation"]},
                "Choose one, as by --augment=ada.",
            )
        return None

    def optimizer(self, argument="optimizer", updates=1):
        """Returns an optimizer.

        Args:
            argument: Name of its settings.
            updates: Updates that it makes in a step, for the decay.
        """
        import keras

        options = dict(self.settings[argument])
        decay = self.settings["decay"]
        one_of(
            "decay",
            decay,
            ("none", "cosine"),
            "Use 'cosine' to let learning rates fall to a twentieth over `steps`.",
        )
        if decay == "cosine":
            options["learning_rate"] = keras.optimizers.schedules.CosineDecay(
                options["learning_rate"], self.settings["steps"] * updates, alpha=0.05
            )
        return keras.optimizers.get(
            {"class_name": options.pop("class_name"), "config": options}
        )


@contextlib.contextmanager
def _dtype_policy(name):
    """Makes the layers that are created inside compute in a precision."""
    import keras

    one_of(
        "precision",
        name,
        _PRECISIONS,
        "Use 'mixed_bfloat16' on hardware that has it: new CPUs, GPUs and TPUs.",
    )
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
