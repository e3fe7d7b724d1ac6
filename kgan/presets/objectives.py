"""What objectives ask of the networks."""

from kgan._core.errors import invalid


def with_objectives(settings):
    """Returns the objectives of settings, and what the networks must be built with.

    Args:
        settings: Dict as `kgan.presets.settings` returns.

    Returns:
        A list of objectives, the number of classes that the networks know or None, and
        a dict with the discriminator's argument `heads`, empty if there are none.

    Raises:
        ValueError: If an objective is unknown, or needs labels and there are none.
    """
    from kgan import objectives
    from kgan._core.registry import create

    chosen = [
        create(name, objectives, objectives.Objective, "objectives", **options)
        for name, options in settings.get("objectives", {}).items()
    ]
    classes, heads = settings["num_classes"], {}
    for objective in chosen:
        classes = objective.drawn_labels or classes
        if classes is None:
            raise invalid(
                f"The objective {objective.name} needs labels.",
                {"num_classes": None},
                "Train on labelled data, and not unconditionally.",
            )
        heads |= objective.heads(classes)
    return chosen, classes, {"heads": heads} if heads else {}
