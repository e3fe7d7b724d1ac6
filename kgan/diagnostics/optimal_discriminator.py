import dataclasses
import math

import keras
import numpy as np

from kgan._core.errors import invalid
from kgan._core.random import seeded_initializers
from kgan.diagnostics.arrays import as_inputs, split, take
from kgan.diagnostics.players import fresh_copy, in_packs, logits, mean_logits, taken
from kgan.diagnostics.value_function import value

TRAIN, VALIDATION, HELD_OUT = 0.5, 0.1, 0.4
CHECKS = 20  # looks at the validation part during training


@dataclasses.dataclass(frozen=True)
class OptimalDiscriminator:
    """A freshly trained discriminator and what it reached on held-out samples.

    Call it on samples for D*(x), the estimate of p(x) / (p(x) + q(x)).

    Attributes:
        model: The trained `keras.Model`, to logits `[N, 1]`.
        value: V in nats; at best 2 JSD - log 4.
        accuracy: Share judged correctly, real and fake weighing equally; at best
            (1 + TV) / 2.
        real_logits: Of the held-out real samples, float64 `[N]`.
        fake_logits: Of the held-out fake samples.
    """

    model: keras.Model
    value: float
    accuracy: float
    real_logits: np.ndarray = dataclasses.field(repr=False)
    fake_logits: np.ndarray = dataclasses.field(repr=False)

    def __call__(self, x):
        z = logits(self.model, as_inputs(x, "x"))
        return np.exp(-np.logaddexp(0.0, -z))

    @property
    def jensen_shannon(self):
        """Jensen–Shannon divergence (V + log 4) / 2, in nats: 0 to log 2."""
        return (self.value + math.log(4.0)) / 2.0

    @property
    def total_variation(self):
        """Total variation distance 2 · accuracy - 1: 0 to 1."""
        return 2.0 * self.accuracy - 1.0

    @property
    def chance_interval(self):
        """Where the accuracy lies in 95 of 100 tests of equal distributions."""
        shares = 1 / len(self.real_logits) + 1 / len(self.fake_logits)
        width = 1.96 * math.sqrt(shares / 16)
        return 0.5 - width, 0.5 + width


def optimal_discriminator(
    real,
    fake,
    discriminator=None,
    steps=1500,
    batch_size=256,
    learning_rate=3e-3,
    seed=0,
):
    """Trains a fresh discriminator to tell two sets apart; reports on held-out samples.

    The discriminator of the game is no evidence: it is one step behind a moving
    opponent. A fresh one trained until it stops getting better approaches
    D* = p / (p + q). Half of each set trains it, a tenth chooses the best moment, and
    the rest gives the figures. They are lower bounds of the theory's values, up to
    noise: a network that is too weak, or too few samples, make two distributions look
    more alike than they are, and noise may push the divergence of equal ones just below
    0.

    Args:
        real: Array `[N, …]`, a tuple with labels, or a `kgan.data.Samples`.
        fake: Generated samples, likewise; best as many.
        discriminator: A functional `keras.Model` to copy with new initial weights, such
            as `gan.discriminator`; with one that judges packs, the figures are of
            packs. By default two hidden layers of 64 tanh units on standardised,
            flattened samples: enough for points, weak for images.
        steps: Updates of Adam; the learning rate falls to 0 along a cosine.
        batch_size: Real samples in a batch, and fake ones.
        learning_rate: The first learning rate.
        seed: Seed of the split, the initial weights and the batches.

    Returns:
        An `OptimalDiscriminator`.

    Raises:
        ValueError: If the sets differ in shape, or only one has labels.

    Example:

    >>> best = kgan.diagnostics.optimal_discriminator(real, fake)
    >>> best.jensen_shannon, best.total_variation, best(real[:5])

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661), proposition 1
    - [Lopez-Paz and Oquab, 2017](https://arxiv.org/abs/1610.06545)
    """
    real, fake = as_inputs(real, "real"), as_inputs(fake, "fake")
    if len(real) != len(fake) or real[0].shape[1:] != fake[0].shape[1:]:
        raise invalid(
            "Real and fake samples must have the same shape, and labels both or none.",
            {"real": [p.shape for p in real], "fake": [p.shape for p in fake]},
            "Pass both as the discriminator takes them.",
        )
    if discriminator is not None:
        real, fake = in_packs(discriminator, real), in_packs(discriminator, fake)
    parts = TRAIN, VALIDATION, HELD_OUT
    real, fake = split(real, parts, seed), split(fake, parts, seed + 1)
    if discriminator is None:
        model = _perceptron(np.concatenate([real[0][0], fake[0][0]]), seed)
    else:
        model = fresh_copy(discriminator, seed)
    model = mean_logits(model)
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    model.compile(
        keras.optimizers.Adam(schedule),
        keras.losses.BinaryCrossentropy(from_logits=True),
    )
    # Variables that come up in the first step make TensorFlow trace it twice.
    model.optimizer.build(model.trainable_variables)
    _train(model, real[:2], fake[:2], steps, batch_size, seed)
    real_logits, fake_logits = logits(model, real[2]), logits(model, fake[2])
    return OptimalDiscriminator(
        model=model,
        value=value(real_logits, fake_logits),
        accuracy=accuracy(real_logits, fake_logits),
        real_logits=real_logits,
        fake_logits=fake_logits,
    )


def accuracy(real_logits, fake_logits):
    """Returns the balanced share of correct signs; a logit of 0 counts half."""
    right = (1 + np.sign(real_logits)).mean() + (1 - np.sign(fake_logits)).mean()
    return float(right / 4)


def _train(model, real, fake, steps, batch_size, seed):
    """Trains on the first parts; keeps the weights that were best on the second."""
    rng = np.random.default_rng(seed)
    size = min(batch_size, len(real[0][0]), len(fake[0][0]))
    target = np.repeat(np.float32([1.0, 0.0]), size)[:, None]
    best, weights = -np.inf, model.get_weights()
    for step in range(1, steps + 1):
        # One batch of both, so that batch normalisation sees what it will be asked.
        halves = [
            take(part[0], rng.choice(len(part[0][0]), size, replace=False))
            for part in (real, fake)
        ]
        batch = [np.concatenate(pair) for pair in zip(*halves, strict=True)]
        model.train_on_batch(taken(model, batch), target)
        if step % -(-steps // CHECKS) == 0 or step == steps:
            reached = value(logits(model, real[1]), logits(model, fake[1]))
            if reached > best:
                best, weights = reached, model.get_weights()
    model.set_weights(weights)


def _perceptron(x, seed):
    """Builds the default discriminator for samples like `x`."""
    inputs = keras.Input(x.shape[1:])
    flat = x.reshape(len(x), -1)
    hidden = keras.layers.Flatten()(inputs)
    hidden = keras.layers.Normalization(
        mean=flat.mean(axis=0), variance=np.maximum(flat.var(axis=0), 1e-6)
    )(hidden)
    with seeded_initializers(seed):
        for _ in range(2):
            hidden = keras.layers.Dense(64, "tanh")(hidden)
        return keras.Model(inputs, keras.layers.Dense(1)(hidden))
