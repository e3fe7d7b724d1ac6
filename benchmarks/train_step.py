"""`GAN.fit` against a hand-written `tf.function` loop of the same update.

DCGAN 28×28×1, batch 64, the same networks, optimizers and array data. Both sides take
turns in one process; a row is the median of the rounds, after one round of warm-up.

    python benchmarks/train_step.py
"""

import time

import click
import keras
import numpy as np
import tensorflow as tf

import kgan

SHAPE, BATCH = (28, 28, 1), 64


def adam():
    return keras.optimizers.Adam(2e-4, beta_1=0.5)


def players():
    dcgan = kgan.networks.dcgan
    return dcgan.generator(SHAPE), dcgan.discriminator(SHAPE)


def fit(x):
    """Returns a function that trains by `GAN.fit` for a number of steps."""
    gan = kgan.GAN(*players())
    gan.compile(adam(), adam())
    return lambda steps: gan.fit(x, batch_size=BATCH, steps_per_epoch=steps, verbose=0)


def by_hand(x):
    """Returns a function that trains by a loop of the kind that tutorials show."""
    generator, discriminator = players()
    average = keras.models.clone_model(generator)
    d_optimizer, g_optimizer = adam(), adam()
    d_optimizer.build(discriminator.trainable_variables)
    g_optimizer.build(generator.trainable_variables)
    means = [keras.metrics.Mean() for _ in range(4)]

    @tf.function
    def step(real):
        with tf.GradientTape() as g_tape:
            fake = generator(tf.random.normal([BATCH, 100]), training=True)
        with tf.GradientTape() as d_tape:
            on_real = discriminator(real, training=True)
            on_fake = discriminator(tf.stop_gradient(fake), training=True)
            d_loss = tf.reduce_mean(tf.nn.softplus(-on_real) + tf.nn.softplus(on_fake))
        weights = discriminator.trainable_variables
        d_optimizer.apply(d_tape.gradient(d_loss, weights), weights)
        cut = tf.stop_gradient(fake)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(cut)
            logits = discriminator(cut, training=True)
            g_loss = tf.reduce_mean(tf.nn.softplus(-logits))
        weights = generator.trainable_variables
        gradients = g_tape.gradient(fake, weights, tape.gradient(g_loss, cut))
        g_optimizer.apply(gradients, weights)
        for old, new in zip(average.variables, generator.variables, strict=True):
            old.assign(new + 0.999 * (old - new))
        for mean, value in zip(means, (d_loss, g_loss, on_real, on_fake), strict=True):
            mean.update_state(value)

    dataset = tf.data.Dataset.from_tensor_slices(x).shuffle(len(x)).repeat()
    dataset = kgan.data.without_autotune(dataset.batch(BATCH).prefetch(4))
    stream = iter(dataset)

    def train(steps):
        for _ in range(steps):
            step(next(stream))

    return train


def race(steps, rounds):
    """Returns a dict from both sides to images a second, an array of the rounds."""
    x = np.random.default_rng(0).uniform(-1, 1, (9000, *SHAPE)).astype("float32")
    sides = {"kgan fit": fit(x), "by hand": by_hand(x)}
    rates = {name: [] for name in sides}
    for round_ in range(rounds + 1):
        for name, train in sides.items():
            start = time.perf_counter()
            train(steps)
            if round_:
                rates[name].append(steps * BATCH / (time.perf_counter() - start))
    return {name: np.array(values) for name, values in rates.items()}


@click.command()
@click.option("--steps", default=60, show_default=True, help="Steps a round.")
@click.option("--rounds", default=7, show_default=True, help="Rounds a side.")
def main(steps, rounds):
    """Prints real images a second of both sides, and their ratio."""
    rates = race(steps, rounds)
    for name, values in rates.items():
        click.echo(f"{name:10s} {np.median(values):8.0f} images/s")
    ratios = rates["kgan fit"] / rates["by hand"]
    click.echo(f"ratio      {np.median(ratios):8.3f} (median of {rounds} rounds)")


if __name__ == "__main__":
    main()
