"""Checks of what the user hands to a game, before anything is trained."""

import warnings

import keras

from kgan._core.errors import invalid
from kgan._core.nests import is_shape, shape_leaves
from kgan._core.signature import check_codes, last_activation, signature_of

# Activations that leave out negative values.
_ONE_SIDED = ("sigmoid", "softmax", "relu", "relu6", "softplus", "hard_sigmoid")
# Those that make probabilities of logits, or logarithms of them.
_PROBABILITIES = ("sigmoid", "softmax", "hard_sigmoid", "log_sigmoid", "log_softmax")
# What a discriminator takes beside samples.
CONDITIONS = ("z", "label", "condition")


def judging(discriminator, sample_shape, parts=None):
    """Returns the `Signature` of a discriminator.

    Args:
        discriminator: The network.
        sample_shape: Shape of a sample, or a dict of shapes by name.
        parts: Names of what is judged together; by default the sample, or its parts.
    """
    if parts is None:
        parts = ("sample",) if is_shape(sample_shape) else tuple(sample_shape)
    return signature_of(discriminator, "discriminator", parts)


def check_players(generator, discriminator, parts=None):
    """Checks that the two networks are built and fit each other.

    Args:
        generator: The network.
        discriminator: The network.
        parts: Names of what is judged together, where it is not the sample alone.
    """
    made = signature_of(generator, "generator", ("z",))
    check_codes(made, "generator")
    if not (is_shape(made.outputs) or isinstance(made.outputs, dict)):
        raise invalid(
            "A generator with several outputs must name them.",
            {"outputs": made.outputs},
            "Return a dict of tensors by name.",
        )
    judged = judging(discriminator, made.outputs, parts)
    shapes = _sample_shapes(judged)
    produced = shape_leaves(made.outputs)
    # The channels of packed samples are checked with `pack`, in `compile`.
    if len(shapes) != len(produced) or any(
        a[:-1] != b[:-1] or b[-1] % a[-1] for a, b in zip(produced, shapes, strict=True)
    ):
        raise invalid(
            "The generator must produce what the discriminator judges.",
            {
                "generator gives": made.outputs,
                "discriminator takes": judged.roles,
            },
            "Build both for the same sample shape.",
        )
    conditions = {"label", "condition"} & judged.roles.keys()
    if "z" in judged.roles and (len(made.roles) > 1 or conditions):
        raise invalid(
            "The generator must take a code, the discriminator a sample and a code.",
            {"generator": list(made.roles), "discriminator": list(judged.roles)},
            "Build them as in the example of `kgan.BiGAN`, without `num_classes`.",
        )
    if not conditions <= made.roles.keys():
        raise invalid(
            "A discriminator that takes a label or a condition needs a generator that "
            "does.",
            {"generator": list(made.roles), "discriminator": list(judged.roles)},
            "Build both with the same `num_classes`.",
        )
    if "condition" in made.roles and "condition" not in judged.roles:
        raise invalid(
            "A condition that the generator takes must be read by the discriminator.",
            {"generator": list(made.roles), "discriminator": list(judged.roles)},
            "Build both with the same `condition_dim`, or name what is noise "
            "otherwise, such as keras.Input([8], name='noise').",
        )
    _check_what_is_judged(discriminator, judged.outputs, len(produced))
    activation = last_activation(generator)
    if activation in _ONE_SIDED and any(len(shape) > 1 for shape in produced):
        raise invalid(
            "A generator must reach all values of the samples, which are in [-1, 1].",
            {"last activation": activation},
            "End it in 'tanh'.",
        )


def _check_what_is_judged(discriminator, outputs, parts):
    """Checks that a discriminator gives logits, one for what it judges.

    Args:
        discriminator: The network.
        outputs: Their shapes.
        parts: Number of parts of a sample, each of which may be judged by itself.
    """
    if not is_shape(outputs) and not (
        isinstance(outputs, dict) and "logits" in outputs
    ):
        raise invalid(
            "A discriminator with several outputs must name one of them `logits`.",
            {"outputs": sorted(outputs) if isinstance(outputs, dict) else outputs},
            "Return a dict with the key `logits`.",
        )
    shape = outputs if is_shape(outputs) else outputs["logits"]
    if shape and shape[-1] not in (1, parts):
        raise invalid(
            "A discriminator must give one logit a sample, [N, 1], or one a patch, "
            "[N, height, width, 1].",
            {"logits": ("N", *shape)},
            "End it in keras.layers.Dense(1). What classes a sample shows belongs to "
            "another head: return {'logits': …, 'class_logits': …}, see "
            "`kgan.objectives`.",
        )
    activation = last_activation(discriminator)
    if activation in _PROBABILITIES:
        raise invalid(
            "A discriminator must give logits: the losses bring the sigmoid.",
            {"last activation": activation},
            "Leave the activation out of its last layer.",
        )


def check_play(gan):
    """Checks how the players are to move."""
    updates, pack, top_k = gan.updates, gan.pack, gan.top_k
    if updates not in ("alternating", "simultaneous"):
        raise invalid(
            "`updates` must be 'alternating' or 'simultaneous'.",
            {"updates": updates},
            "Use 'alternating'.",
        )
    if updates == "simultaneous" and gan.generator_steps.most > 1:
        raise invalid(
            "Simultaneous updates are one of each player.",
            {"generator_steps": gan.generator_steps.rule},
            "Use generator_steps=1, or updates='alternating'.",
        )
    channels = [shape[-1] for shape in shape_leaves(gan.sample_shape)]
    judged = [shape[-1] for shape in _sample_shapes(gan.judging)]
    if not (isinstance(pack, int) and pack >= 1) or judged != [
        pack * size for size in channels
    ]:
        raise invalid(
            "A discriminator that judges packs takes `pack` times the channels of a "
            "sample.",
            {"pack": pack, "channels": channels, "discriminator's channels": judged},
            "Build the discriminator for packed samples, or use pack=1.",
        )
    if pack > 1 and (gan.conditional or gan.condition_shape):
        raise invalid(
            "Packs have no label.",
            {"pack": pack, "num_classes": gan.num_classes},
            "Use pack=1 in a conditional game.",
        )
    if not (isinstance(gan.unroll_steps, int) and gan.unroll_steps >= 0):
        raise invalid(
            "`unroll_steps` must be 0 or a positive integer.",
            {"unroll_steps": gan.unroll_steps},
            "Use 0 for no unrolling.",
        )
    if not (callable(top_k) or 0 < top_k <= 1):
        raise invalid(
            "`top_k` must be a share above 0 and at most 1, or a schedule of it.",
            {"top_k": top_k},
            "Use 1.0 to learn from all samples.",
        )


def _sample_shapes(signature):
    """Returns the shapes of the parts of a sample that a discriminator takes."""
    names = sorted(signature.roles.keys() - set(CONDITIONS))
    return [signature.roles[name] for name in names]


def check_penalties(penalties, pack):
    """Checks that penalties go with packs."""
    names = [p.name for p in penalties if p.uses_codes]
    if pack > 1 and names:
        raise invalid(
            "Penalties that call the generator know no packs.",
            {"pack": pack, "penalties": names},
            "Use pack=1, or other penalties.",
        )


def warn_of_batch_statistics(discriminator, penalties):
    """Warns where a penalty of each sample's gradient meets batch normalisation."""
    names = [penalty.name for penalty in penalties if penalty.per_sample_gradient]
    normalized = any(
        isinstance(layer, keras.layers.BatchNormalization)
        for layer in discriminator._flatten_layers()
    )
    if names and normalized:
        warnings.warn(
            f"The penalties {names} are of each sample's own gradient, but batch "
            "normalisation mixes the samples in the discriminator. Build it without, "
            'for example with normalization="none" or "spectral".',
            stacklevel=3,
        )
