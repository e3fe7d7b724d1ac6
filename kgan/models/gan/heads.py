"""What objectives need of the players."""

from kgan._core.errors import invalid


def heads_of(signature):
    """Returns a dict from the names of a discriminator's outputs to their units."""
    outputs = signature.outputs
    outputs = outputs if isinstance(outputs, dict) else {"logits": outputs}
    return {name: shape[-1] for name, shape in outputs.items()}


def check_objectives(gan):
    """Checks that the players have what the objectives of a game read."""
    judged = "label" in gan.judging.roles
    if gan.conditional and not (judged or any(o.needs_label for o in gan.objectives)):
        raise invalid(
            "A label that the generator takes must be read by the discriminator or by "
            "an objective.",
            {
                "discriminator": list(gan.judging.roles),
                "objectives": list(gan.objectives),
            },
            "Build both with the same `num_classes`, or neither.",
        )
    if not gan.objectives:
        return
    names = [objective.name for objective in gan.objectives]
    if gan.pack > 1 or gan.unroll_steps or gan.judges_codes:
        raise invalid(
            "Objectives judge single samples, without codes, by the discriminator as "
            "it is.",
            {"objectives": names, "pack": gan.pack, "unroll_steps": gan.unroll_steps},
            "Use pack=1, unroll_steps=0 and no BiGAN.",
        )
    _check_drawn_labels(gan, names)
    heads = heads_of(gan.judging)
    for objective in gan.objectives:
        if objective.needs_label and not gan.conditional:
            raise invalid(
                f"The objective {objective.name} needs a generator that takes labels.",
                {"generator": list(gan.signature.roles)},
                "Build it with `num_classes`, for data with labels.",
            )
        needed = objective.heads(gan.num_classes)
        if any(
            head not in heads or units not in (None, heads[head])
            for head, units in needed.items()
        ):
            raise invalid(
                f"The discriminator must have the heads of {objective.name}, {needed}.",
                {"heads": heads},
                "Build it with `heads`, a dict from their names to their units.",
            )


def _check_drawn_labels(gan, names):
    drawn = {objective.drawn_labels for objective in gan.objectives} - {None}
    judged = "label" in gan.judging.roles
    if drawn and (drawn != {gan.num_classes} or judged or len(names) > 1):
        raise invalid(
            "Labels that the game draws are for a generator of as many classes; the "
            "discriminator and other objectives do not read them.",
            {
                "drawn labels": max(drawn),
                "num_classes": gan.num_classes,
                "discriminator takes labels": judged,
                "objectives": names,
            },
            "Build only the generator with `num_classes`.",
        )
