"""Checks of what the user hands to a game, before anything is trained."""

import collections
import warnings

import keras
import tensorflow as tf

from kgan._core.errors import invalid


def check_players(generator, discriminator, judges_codes=False):
    """Checks that the two networks are built and fit each other.

    With `judges_codes` the discriminator takes `[samples, codes]`, and nobody a label.
    """
    for name, player in (("generator", generator), ("discriminator", discriminator)):
        if not (isinstance(player, keras.Model) and getattr(player, "inputs", None)):
            raise invalid(
                f"`{name}` must be a functional `keras.Model`.",
                {name: player},
                "Build it by `keras.Model(inputs, outputs)` or use `kgan.networks`.",
            )
    produced = tuple(generator.output_shape[1:])
    judged = tuple(discriminator.inputs[0].shape[1:])
    # The channels of packed samples are checked with `pack`, in `compile`.
    if produced[:-1] != judged[:-1] or judged[-1] % produced[-1]:
        raise invalid(
            "The generator must produce what the discriminator judges.",
            {"generator.output_shape": produced, "discriminator.input_shape": judged},
            "Build both for the same sample shape.",
        )
    inputs = (len(generator.inputs), len(discriminator.inputs))
    if judges_codes and inputs != (1, 2):
        raise invalid(
            "The generator must take a code, the discriminator a sample and a code.",
            {"generator inputs": inputs[0], "discriminator inputs": inputs[1]},
            "Build them as in the example of `kgan.BiGAN`, without `num_classes`.",
        )
    if not judges_codes and inputs not in ((1, 1), (2, 1), (2, 2)):
        raise invalid(
            "A discriminator that takes a label needs a generator that does.",
            {"generator inputs": inputs[0], "discriminator inputs": inputs[1]},
            "Build both with the same `num_classes`.",
        )
    if isinstance(discriminator.output, dict) and "logits" not in discriminator.output:
        raise invalid(
            "A discriminator with several outputs must name one of them `logits`.",
            {"outputs": sorted(discriminator.output)},
            "Return a dict with the key `logits`.",
        )


def check_ema_decay(ema_decay):
    if not 0 <= ema_decay < 1:
        raise invalid(
            "`ema_decay` must be at least 0 and below 1.",
            {"ema_decay": ema_decay},
            "Use 0.999, or 0 for no moving average.",
        )


def check_play(gan, updates, pack, unroll_steps, top_k):
    """Checks how the players are to move."""
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
    channels = gan.sample_shape[-1]
    judged = gan.discriminator.inputs[0].shape[-1]
    if not (isinstance(pack, int) and pack >= 1) or judged != channels * pack:
        raise invalid(
            "A discriminator that judges packs takes `pack` times the channels of a "
            "sample.",
            {"pack": pack, "channels": channels, "discriminator's channels": judged},
            "Build the discriminator for packed samples, or use pack=1.",
        )
    if pack > 1 and gan.conditional:
        raise invalid(
            "Packs have no label.",
            {"pack": pack, "num_classes": gan.num_classes},
            "Use pack=1 in a conditional game.",
        )
    if not (isinstance(unroll_steps, int) and unroll_steps >= 0):
        raise invalid(
            "`unroll_steps` must be 0 or a positive integer.",
            {"unroll_steps": unroll_steps},
            "Use 0 for no unrolling.",
        )
    if not (callable(top_k) or 0 < top_k <= 1):
        raise invalid(
            "`top_k` must be a share above 0 and at most 1, or a schedule of it.",
            {"top_k": top_k},
            "Use 1.0 to learn from all samples.",
        )


def check_strategy(gan, jit_compile, steps_per_execution):
    """Checks that a game is compiled where it was created, and for what works there."""
    here = tf.distribute.get_strategy() if tf.distribute.has_strategy() else None
    if here is not gan._distribute_strategy:
        raise invalid(
            "A game must be created and compiled in the scope of the same strategy.",
            {"created in": gan._distribute_strategy, "compiled in": here},
            "Build the networks, create the game and compile it in one "
            "`with strategy.scope():`.",
        )
    if here is None or here.num_replicas_in_sync == 1:
        return
    if jit_compile is True:
        raise invalid(
            "Replicas cannot be compiled by XLA: their communication is no part of it.",
            {"jit_compile": jit_compile},
            'Use jit_compile="auto", which is off under a strategy.',
        )
    if steps_per_execution > 1:
        raise invalid(
            "On several replicas `steps_per_execution` must be 1: TensorFlow does not "
            "let replicas communicate in a loop of the graph.",
            {"steps_per_execution": steps_per_execution},
            "Use steps_per_execution=1.",
        )


def check_accumulation(gradient_accumulation_steps, steps_per_execution):
    count = gradient_accumulation_steps
    if not (isinstance(count, int) and not isinstance(count, bool) and count >= 1):
        raise invalid(
            "`gradient_accumulation_steps` must be a positive integer.",
            {"gradient_accumulation_steps": count},
            "Use 1 for no micro-batches.",
        )
    if count > 1 and steps_per_execution > 1:
        raise invalid(
            "Steps of micro-batches are executed one by one.",
            {
                "gradient_accumulation_steps": count,
                "steps_per_execution": steps_per_execution,
            },
            "Use steps_per_execution=1.",
        )


def check_penalties(penalties, pack):
    """Checks that penalties go with packs."""
    names = [p.name for p in penalties if p.uses_codes]
    if pack > 1 and names:
        raise invalid(
            "Penalties that call the generator know no packs.",
            {"pack": pack, "penalties": names},
            "Use pack=1, or other penalties.",
        )


def check_loadable(config):
    """Checks that a saved game can be loaded: a finished run must not be lost."""
    for name, value in config.items():
        try:
            keras.saving.deserialize_keras_object(value)
        except (TypeError, ValueError) as error:
            raise invalid(
                f"`{name}` must be something that a saved game can be loaded with: not "
                "a lambda, and registered with Keras.",
                {name: value},
                "Decorate the function or class with "
                '`@keras.saving.register_keras_serializable(package="mine")`.',
            ) from error


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


def check_optimizers(generator_optimizer, discriminator_optimizer):
    for name, optimizer in (
        ("generator_optimizer", generator_optimizer),
        ("discriminator_optimizer", discriminator_optimizer),
    ):
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise invalid(
                f"`{name}` must be a `keras.optimizers.Optimizer`.",
                {name: optimizer},
                "Try keras.optimizers.Adam(2e-4, beta_1=0.5).",
            )
        inner = getattr(optimizer, "inner_optimizer", optimizer)
        if inner.gradient_accumulation_steps:
            raise invalid(
                "An optimizer of a game accumulates no gradients: penalties, codes and "
                "the other player's steps would not follow.",
                {
                    f"{name}.gradient_accumulation_steps": (
                        inner.gradient_accumulation_steps
                    )
                },
                "Use compile(gradient_accumulation_steps=…) of the game.",
            )
    if generator_optimizer is discriminator_optimizer:
        raise invalid(
            "Each player needs an optimizer of its own.",
            {"generator_optimizer": generator_optimizer.name},
            "Create two instances.",
        )


def check_distinct(argument, names):
    twice = [name for name, count in collections.Counter(names).items() if count > 1]
    if twice:
        raise invalid(
            f"The names of `{argument}` in the logs must differ.",
            {argument: twice},
            "Use each class once.",
        )


def check_no_validation(validation_data):
    if validation_data is not None:
        raise invalid(
            "A game has no validation loss, so `fit` takes no `validation_data`.",
            {"validation_data": type(validation_data).__name__},
            "Judge the samples during training by `kgan.callbacks.Evaluate`.",
        )


def num_classes(generator):
    """Returns the number of classes that a generator's label has, or None."""
    if len(generator.inputs) == 1:
        return None
    label = generator.inputs[1]
    for layer in generator.layers:
        # Of an embedding, or of kgan's conditional batch normalisation.
        count = getattr(layer, "input_dim", getattr(layer, "num_classes", None))
        if count and any(tensor is label for tensor in keras.tree.flatten(layer.input)):
            return count
    raise invalid(
        "A conditional generator must read its label by a `keras.layers.Embedding`.",
        {"inputs": [tensor.name for tensor in generator.inputs]},
        "Embed the label, as `kgan.networks.dcgan.generator` does.",
    )
