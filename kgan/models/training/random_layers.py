"""The random numbers of Keras's own random layers, such as dropout.

They come from a `keras.random.SeedGenerator`: a seed and a count of draws. Keras saves
neither, and lets every replica draw the same numbers.
"""

import numpy as np

from kgan._core.errors import invalid
from kgan._core.random import Stream

# Between the seeds of replicas: a prime, so that layers of close seeds stay apart.
_STRIDE = 7_919


def seed_random_layers(model, seed):
    """Derives the seeds of random layers that were given none from one of all.

    Args:
        model: The model, of which all layers are meant but those of an earlier call:
            `compile` brings the layers of an augmentation.
        seed: Integer.
    """
    random = Stream(seed).fold("random layers")
    generators = _generators(model)
    seeds = random.integers([len(generators)], 2**30).numpy() if generators else []
    for generator, drawn in zip(generators, seeds, strict=True):
        given = generator._initial_seed
        if generator not in model.seeded:
            _set(model, generator, [drawn if given is None else given, 0])
    model.seeded.update(generators)


def random_states(model):
    """Returns seeds and counts of a model's random layers, int64 `[layers, 2]`."""
    states = [np.asarray(generator.state) for generator in _generators(model)]
    return np.reshape(np.array(states, "int64"), [-1, 2])


def restore_random_states(model, states):
    """Sets what `random_states` returned; each replica gets a seed of its own.

    Raises:
        ValueError: If they are those of another number of layers.
    """
    generators = _generators(model)
    # A model that is not compiled lacks the layers of its augmentation, the last ones.
    if len(states) < len(generators) or (
        model.compiled and len(states) > len(generators)
    ):
        raise invalid(
            "The random layers must be those of the model that was saved.",
            {"layers": len(generators), "saved states": len(states)},
            "Build the networks as they were, or load by `kgan.load_model`.",
        )
    for generator, state in zip(generators, states, strict=False):
        _set(model, generator, state)


def _generators(model):
    found = [g for layer in model._flatten_layers() for g in layer._seed_generators]
    return list({id(generator): generator for generator in found}.values())


def _set(model, generator, state):
    strategy = model.distribute_strategy
    local = strategy.experimental_local_results(generator.state.value)
    resolver = strategy.cluster_resolver
    first = len(local) * (resolver.task_id or 0) if resolver else 0
    seed, count = map(int, state)
    for replica, variable in enumerate(local, first):
        variable.assign([seed + _STRIDE * replica, count])
