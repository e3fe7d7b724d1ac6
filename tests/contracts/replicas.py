"""Plays every game on 1 and on 2 replicas, two logical CPU devices; run by a test.

Prints, as JSON, for each case how far the weights are apart after one step and after
ten, in units of the tolerance, and how far the generator moved.
"""

import functools
import json
import sys
import traceback
import types

import numpy as np
import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)

import keras  # noqa: E402

import kgan  # noqa: E402
from kgan._core.random import Stream, seeded_initializers  # noqa: E402
from tests.contracts.discovery import discover, families, name  # noqa: E402

RTOL, ATOL = 1e-5, 1e-6
SHAPE = (8, 8, 1)
RNG = np.random.default_rng(0)
X = np.tanh(RNG.normal(size=(160, *SHAPE))).astype("float32")
CLASSES = 3
Y = np.arange(160) % CLASSES
STRATEGY = tf.distribute.MirroredStrategy(["cpu:0", "cpu:1"])


def cases():
    """Returns by name: a network, a function of fresh `compile` options, a policy."""
    found = {}

    def case(key, options, network=kgan.networks.mlp, policy="float32"):
        found[key] = (network, options, policy)

    for loss in discover(kgan.losses.AdversarialLoss):
        case(f"loss:{name(loss)}", lambda loss=loss: {"loss": fresh(loss)})
    for augmentation in discover(kgan.augmentation.Augmentation):
        case(
            f"augmentation:{name(augmentation)}",
            lambda augmentation=augmentation: {"augmentation": fresh(augmentation)},
        )
    # All in one game, which must then agree in all of them; lazy, to plan the steps.
    penalties = discover(kgan.penalties.Penalty)
    case(
        "penalties",
        lambda: {"penalties": [fresh(p, weight=0.1, interval=2) for p in penalties]},
    )
    for family, module in families().items():
        case(
            f"network:{family}",
            lambda: {"discriminator_steps": 2, "penalties": ["le_cam"]},
            module,
        )
    for objective in discover(kgan.objectives.Objective):
        if objective.drawn_labels:
            objective = fresh(objective, categories=CLASSES)
        case(
            f"objective:{objective.name}",
            lambda objective=objective: {"objectives": [fresh(objective)]},
            conditioned(kgan.networks.mlp, objective),
        )
    batch_norm = {"conditioning": "batch_norm"}
    case(
        "conditioning:batch_norm",
        dict,
        types.SimpleNamespace(
            generator=functools.partial(kgan.networks.dcgan.generator, **batch_norm),
            discriminator=kgan.networks.dcgan.discriminator,
        ),
    )
    case("play:fresh codes", lambda: {"share_fakes": False, "generator_steps": 2})
    case("play:simultaneous", lambda: {"updates": "simultaneous", "top_k": 0.5})
    case("play:schedule", lambda: {"discriminator_steps": {0: 2, 3: 1}})
    case("play:unrolled", lambda: {"unroll_steps": 1})
    micro = {"gradient_accumulation_steps": 2}
    case("play:accumulation", lambda: {**micro, "penalties": ["le_cam", "r1"]})
    half = "mixed_float16"
    case("precision:float16", lambda: {"penalties": ["r1", "le_cam"]}, policy=half)
    case("precision:overflow", overflowing, policy=half)
    return found


def fresh(instance, **changes):
    return type(instance).from_config({**instance.get_config(), **changes})


def overflowing():
    """The discriminator's gradients are infinite in the first steps, then finite."""
    scaled = keras.optimizers.LossScaleOptimizer(
        keras.optimizers.SGD(0.01), initial_scale=2.0**20
    )
    return {"discriminator_optimizer": scaled}


def conditioned(network, objective):
    """Returns a family as this objective wants it."""
    heads = objective.heads(CLASSES)
    generator = {} if objective.needs_label else {"conditioning": "none"}
    return types.SimpleNamespace(
        generator=functools.partial(network.generator, **generator),
        discriminator=functools.partial(
            network.discriminator, conditioning="none", heads=heads
        ),
    )


def play(network, options, policy):
    keras.mixed_precision.set_dtype_policy(policy)
    with seeded_initializers(0):
        gan = kgan.GAN(
            network.generator(SHAPE, 4, 4, num_classes=CLASSES),
            network.discriminator(SHAPE, 4, num_classes=CLASSES),
        )
    keras.mixed_precision.set_dtype_policy("float32")
    gan.compile(
        **{
            "generator_optimizer": keras.optimizers.SGD(0.01),
            "discriminator_optimizer": keras.optimizers.SGD(0.01),
            **options(),
        }
    )
    players = gan.generator, gan.discriminator
    start = [weight for player in players for weight in player.get_weights()]
    weights = []
    for steps in (1, 9):
        history = gan.fit(X, Y, batch_size=8, steps_per_epoch=steps, verbose=0).history
        weights.append(gan.get_weights())
    end = [weight for player in players for weight in player.get_weights()]
    return weights, history, distance(end, start)


def distance(first, second, tolerance=1.0):
    return max(
        float((np.abs(a - b) / (tolerance * (ATOL + RTOL * np.abs(b)))).max())
        for a, b in zip(first, second, strict=True)
    )


def compare(network, options, policy):
    with STRATEGY.scope():
        two, two_logs, _ = play(network, options, policy)
    one, one_logs, moved = play(network, options, policy)
    # Half precision has 2^13 times the rounding error of float32.
    tolerance = 1.0 if policy == "float32" else 2**13
    return {
        "one step": distance(two[0], one[0], tolerance),
        "ten steps": distance(two[1], one[1], tolerance),
        "moved": moved,
        "skipped": [logs.get("skipped", [0.0])[-1] for logs in (one_logs, two_logs)],
    }


def noise():
    draws = STRATEGY.run(lambda: Stream(0).normal([4]))
    first, second = STRATEGY.experimental_local_results(draws)
    return {
        "halves": np.concatenate([first, second]).tolist(),
        "whole": Stream(0).normal([8]).numpy().tolist(),
    }


def refusals():
    """Returns the messages for what cannot be done on two replicas."""
    messages = []
    with STRATEGY.scope():
        mlp = kgan.networks.mlp
        gan = kgan.GAN(mlp.generator(SHAPE, 4, 4), mlp.discriminator(SHAPE, 4))
        for options in ({"jit_compile": True}, {"steps_per_execution": 2}, {}):
            try:
                gan.compile(**options)
                gan.fit(X, batch_size=5)
            except ValueError as error:
                messages.append(str(error))
    return messages


if __name__ == "__main__":
    results = {"noise": noise(), "refusals": refusals()}
    for key, case in cases().items():
        if len(sys.argv) > 1 and not key.startswith(sys.argv[1]):
            continue
        try:
            results[key] = compare(*case)
        except Exception:
            results[key] = {"error": traceback.format_exc()[-2000:]}
        keras.backend.clear_session()
    print(json.dumps(results))
