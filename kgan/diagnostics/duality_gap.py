import dataclasses
import types

import numpy as np
import tensorflow as tf

from kgan._core.packs import packs
from kgan._core.random import Stream
from kgan.diagnostics.arrays import as_inputs, of_game, split, take
from kgan.diagnostics.players import (
    logits,
    mean_logits,
    opponent_of,
    pack_of,
    taken,
    train_alone,
)


@dataclasses.dataclass(frozen=True)
class DualityGap:
    """The gap, and the game's value against both best responses.

    Attributes:
        value: M(G, D) of the players as they are.
        worst: max over D' of M(G, D'), what the best opponent of the generator gets.
        best: min over G' of M(G', D), what the best opponent of the discriminator gets.
        perturbed: Whether the opponents started from perturbed copies, too.
    """

    value: float
    worst: float
    best: float
    perturbed: bool

    @property
    def gap(self):
        """`worst - best`: 0 at an equilibrium, otherwise above."""
        return self.worst - self.best


def duality_gap(
    gan,
    real,
    perturbed=False,
    steps=250,
    batch_size=128,
    learning_rate=1e-3,
    seed=0,
):
    """Duality gap max over D' of M(G, D') - min over G' of M(G', D).

    How much either player could still win by moving alone. The value of the game is the
    discriminator's loss with the sign changed, M = -E[L_D], which is V for the minimax
    and the non-saturating loss; the gap is zero-sum whatever the generator's own loss.
    Gaps of games with different losses have different units.

    A copy of each player is trained alone against the other, which stands still in
    inference mode, and scored on data that it has not seen. A player that gets worse by
    that counts as it was, so the gap is never negative.

    What bounds it. M(G, D') is at most 0 for all losses but those of Wasserstein's kind
    and some f-divergences; there the discriminator's copy is bounded by the game's
    penalties, which it keeps, and without them by its number of steps only. M(G', D)
    has no bound by itself: off the data a discriminator may believe anything, and a
    generator that moves alone would be paid for samples out there, by an amount that
    hangs on the last digits of weights. So `M(G', D)` counts a logit of D no further
    than those that D gives to real samples and to the samples of G.

    Four splits: the game was trained on one, and `real` must not hold it; of `real`,
    the opponents train on 40 %, 10 % choose their best moment, and half scores them.

    Args:
        gan: A compiled `kgan.GAN`. Its weights do not change.
        real: Held-out samples: array `[N, …]`, `(x, labels)` for a conditional game, or
            a `kgan.data.Samples`.
        perturbed: Whether to start a second time, from copies with N(0, var(w)) added
            to each weight tensor w, so that an opponent at rest in a poor local optimum
            leaves it. The better of both counts.
        steps: Updates of Adam for each opponent.
        batch_size: Real samples in a batch, and fake ones.
        learning_rate: Of Adam.
        seed: Seed of splits, codes and perturbations.

    Returns:
        A `DualityGap`.

    Raises:
        ValueError: If labels are missing.

    Example:

    >>> kgan.diagnostics.duality_gap(gan, x_test).gap
    0.04

    Reference:

    - [Grnarova et al., 2019](https://arxiv.org/abs/1811.05512)
    """
    real = of_game(gan, as_inputs(real, "real"))
    adversary, checking, scoring = split(real, (0.4, 0.1, 0.5), seed)
    discriminator = mean_logits(gan.discriminator)
    samples = [
        generate(gan.generator, _codes(gan, part, seed + i), part[1:])
        for i, part in enumerate((scoring, checking, adversary))
    ]
    ends = _ends(discriminator, [adversary, samples[2]])

    def value_of(part, fake, rival, ends=(-np.inf, np.inf)):
        believed = np.clip(logits(rival, fake), *ends)
        return game_value(gan, logits(rival, part), believed)

    def best_of(generator, part, offset):
        fake = generate(generator, _codes(gan, part, seed + offset), part[1:])
        return value_of(part, fake, discriminator, ends)

    value = value_of(scoring, samples[0], discriminator)
    options = {
        "inputs": adversary,
        "steps": steps,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "seed": seed,
    }
    worst = best = value
    for noise in (False, True) if perturbed else (False,):
        rival = mean_logits(opponent_of(gan.discriminator, noise, seed))
        objective = _discriminator_objective(gan, rival, seed)
        train_alone(
            rival,
            objective,
            lambda rival=rival: value_of(checking, samples[1], rival),
            **options,
        )
        worst = max(worst, value_of(scoring, samples[0], rival))
        maker = opponent_of(gan.generator, noise, seed + 1)
        objective = _generator_objective(gan, maker, discriminator, ends[1], seed)
        train_alone(
            maker,
            objective,
            lambda maker=maker: -best_of(maker, checking, 1),
            **options,
        )
        best = min(best, best_of(maker, scoring, 0))
    return DualityGap(value, worst, best, perturbed)


def _codes(gan, part, seed):
    return gan.prior.latents(len(part[0]), gan.latent_dim, seed)


def _ends(discriminator, sets):
    """Returns the least and the largest logit that a discriminator gives to sets."""
    judged = np.concatenate([logits(discriminator, part) for part in sets])
    return judged.min(), judged.max()


def generate(generator, codes, labels=(), batch_size=1024):
    """Returns samples of codes in inference mode as a list of inputs, with labels."""
    parts = []
    for start in range(0, len(codes), batch_size):
        batch = take([codes, *labels], slice(start, start + batch_size))
        parts.append(generator.predict_on_batch(batch if len(batch) > 1 else batch[0]))
    return [np.concatenate(parts), *labels]


def game_value(gan, real_logits, fake_logits):
    """Returns M = -E[L_D] of logits `[N]`."""
    loss = gan.adversarial_loss.discriminator_loss(real_logits, fake_logits)
    return -float(tf.reduce_mean(loss))


def _fakes(gan, generator, inputs, random, training):
    """Returns fakes with the labels of a real batch, as a list of inputs."""
    z = gan.prior.sample([tf.shape(inputs[0])[0], gan.latent_dim], random)
    return [
        generator(taken(generator, [z, *inputs[1:]]), training=training),
        *inputs[1:],
    ]


def _in_packs(inputs, size):
    """Returns packs of neighbours, as the game makes them; batches are random."""
    return inputs if size == 1 else [packs(inputs[0], size)]


def _discriminator_objective(gan, opponent, seed):
    """Returns L_D + penalties, as a function of a real batch."""

    def objective(inputs, step):
        random = Stream(seed).fold("worst").fold(step)
        fake = _fakes(gan, gan.generator, inputs, random.fold("z"), training=False)
        pack = pack_of(opponent, inputs[0])
        inputs, fake = _in_packs(inputs, pack), _in_packs(fake, pack)
        # One pass, so that batch normalisation sees the mixture that it will be
        # asked about.
        both = [tf.concat(pair, axis=0) for pair in zip(inputs, fake, strict=True)]
        judged = tf.split(opponent(taken(opponent, both), training=True), 2)
        loss = gan.adversarial_loss.discriminator_loss(*judged)

        def its_logits(samples):
            return opponent(taken(opponent, [samples, *inputs[1:]]), training=True)

        mover = types.SimpleNamespace(weights=opponent.trainable_variables)
        played = types.SimpleNamespace(players={"discriminator": mover}, step=step)
        for penalty in _free_penalties(gan):
            stream = random.fold(penalty.name)
            term = penalty(its_logits, inputs[0], fake[0], random=stream, game=played)
            loss += penalty.weight * term
        return loss

    return objective


def _free_penalties(gan):
    """Returns the discriminator's penalties that need neither codes nor a memory."""
    return [
        penalty
        for penalty in gan.penalties
        if penalty.player == "discriminator"
        and not penalty.uses_codes
        and penalty.state is None
    ]


def _generator_objective(gan, opponent, discriminator, most, seed):
    """Returns M = -L_D + softplus(-logit), as a function of a real batch.

    Both ask for samples that the discriminator believes. M alone gives nearly no
    gradient where it is sure that they are fake; nothing asks for more than `most`.
    """

    def objective(inputs, step):
        random = Stream(seed).fold("best").fold(step)
        fake = _fakes(gan, opponent, inputs, random, training=True)
        pack = pack_of(discriminator, inputs[0])
        inputs, fake = _in_packs(inputs, pack), _in_packs(fake, pack)
        real_logits = discriminator(taken(discriminator, inputs), training=False)
        fake_logits = discriminator(taken(discriminator, fake), training=False)
        fake_logits = tf.minimum(fake_logits, tf.cast(most, fake_logits.dtype))
        loss = -gan.adversarial_loss.discriminator_loss(real_logits, fake_logits)
        return loss + tf.nn.softplus(-fake_logits)

    return objective
