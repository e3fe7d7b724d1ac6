"""A player alone: how it judges, how it is copied, how it is trained."""

import keras
import numpy as np
import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.gradients import logits_of
from kgan._core.packs import packs
from kgan._core.random import seeded_initializers
from kgan._core.signature import copy_of

CHECKS = 10  # looks at held-out data while a player is trained alone


def check_judges_samples(gan):
    """Checks that the discriminator judges samples alone, not with codes (BiGAN)."""
    if gan.judges_codes:
        raise invalid(
            "Diagnostics are of games whose discriminator judges samples alone.",
            {"game": type(gan).__name__},
            "Judge its samples by `kgan evaluate`, or `kgan.callbacks.Evaluate`.",
        )


def logits(discriminator, inputs, batch_size=1024):
    """Returns the mean logit of each sample in inference mode, float64 `[N]`.

    Args:
        discriminator: A `keras.Model`, or any callable, from the inputs to logits
            `[N, …]` or to a dict with them. Of a model that judges packs, the result
            is one logit a pack.
        inputs: `[x]` or `[x, labels]`.
        batch_size: Samples a pass.
    """
    inputs = in_packs(discriminator, inputs)
    parts = []
    for start in range(0, len(inputs[0]), batch_size):
        batch = [part[start : start + batch_size] for part in inputs]
        # A plain call: `Model.predict` would trace a graph for each new player.
        outputs = logits_of(discriminator(taken(discriminator, batch)))
        outputs = np.asarray(outputs, np.float64)
        parts.append(outputs.reshape(len(outputs), -1).mean(axis=1))
    return np.concatenate(parts)


def taken(player, inputs):
    """Returns what a player takes of samples and labels, which it may not see."""
    if len(inputs) == 1 or len(getattr(player, "inputs", inputs)) == 1:
        return inputs[0]
    return inputs


def pack_of(discriminator, x):
    """Returns how many samples like `x` a player judges together, by its channels."""
    judged = getattr(discriminator, "inputs", None)
    return judged[0].shape[-1] // x.shape[-1] if judged else 1


def in_packs(discriminator, inputs):
    """Returns inputs as a player takes them: samples, or packs drawn at random.

    Drawn, since neighbours in a data set may be of one class. Packs have no labels.
    """
    pack = pack_of(discriminator, inputs[0])
    if pack <= 1:
        return inputs
    order = np.random.default_rng(0).permutation(len(inputs[0]))
    return [packs(inputs[0][order], pack).numpy()]


def mean_logits(discriminator):
    """Returns the functional model from a discriminator's inputs to `[N, 1]` logits."""
    outputs = logits_of(discriminator.output)
    outputs = keras.ops.reshape(outputs, (-1, int(np.prod(outputs.shape[1:]))))
    outputs = keras.ops.cast(outputs, "float32")
    outputs = keras.ops.mean(outputs, axis=1, keepdims=True)
    inputs = discriminator.inputs
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs)


def fresh_copy(model, seed):
    """Returns a copy of a functional model with new initial weights."""
    with seeded_initializers(seed):
        return keras.models.clone_model(model)


def opponent_of(network, perturbed=False, seed=0):
    """Returns a copy of a network with its weights, perturbed or not.

    Args:
        network: A built `keras.Model`.
        perturbed: Whether N(0, var(w)) is added to each trainable weight tensor w.
        seed: Seed of the perturbation.
    """
    copy = copy_of(network)
    rng = np.random.default_rng(seed)
    for weight in copy.trainable_variables if perturbed else ():
        value = keras.ops.convert_to_numpy(weight)
        weight.assign(value + rng.normal(scale=value.std(), size=value.shape))
    return copy


class Solo(keras.Model):
    """One player that minimises an objective of its own, by Keras's train step.

    Args:
        player: The model whose weights are trained.
        objective: A function of the batch and the step's number to one value a sample;
            it calls the player, and whatever else stands still.
    """

    def __init__(self, player, objective):
        super().__init__()
        self.player = player
        self.objective = objective

    def call(self, inputs, training=False):
        return self.objective(inputs, self.optimizer.iterations.value)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **kwargs):
        return tf.reduce_mean(y_pred)


def train_alone(
    player, objective, score, inputs, steps, batch_size, learning_rate, seed
):
    """Trains one player on random batches of `inputs`, up to its best moment.

    Adam's learning rate falls to 0 along a cosine. What the last step happens to give
    is not kept: of `CHECKS` looks on the way, and of the start, the best is.

    Args:
        player: A `keras.Model`; its weights are changed.
        objective: As for `Solo`.
        score: A function without arguments to how good the player is on data of
            neither training nor judgement.
        inputs: `[x]` or `[x, labels]` to train on.
        steps: Updates.
        batch_size: Samples a batch.
        learning_rate: The first learning rate.
        seed: Seed of the batches.
    """
    solo = Solo(player, objective)
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    solo.compile(keras.optimizers.Adam(schedule))
    # Variables that come up in the first step make TensorFlow trace it twice.
    solo.optimizer.build(player.trainable_variables)
    rng = np.random.default_rng(seed)
    count = len(inputs[0])
    best, weights = score(), player.get_weights()
    for step in range(1, steps + 1):
        batch = rng.choice(count, min(batch_size, count), replace=False)
        solo.train_on_batch([part[batch] for part in inputs])
        if step % -(-steps // CHECKS) == 0 or step == steps:
            reached = score()
            if reached > best:
                best, weights = reached, player.get_weights()
    player.set_weights(weights)
