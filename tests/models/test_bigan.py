import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan._core.random import Stream, seeded_initializers
from tests.modules import run_module

SHAPE = (8, 8, 1)
DIM = 4
REAL = np.tanh(np.random.default_rng(0).normal(size=(32, *SHAPE))).astype("float32")


def build(stochastic=False, normalization="none", **options):
    with seeded_initializers(0):
        return kgan.BiGAN(
            kgan.networks.dcgan.generator(SHAPE, DIM, 4),
            kgan.networks.bigan.discriminator(
                SHAPE, DIM, 4, 8, normalization=normalization
            ),
            kgan.networks.bigan.encoder(SHAPE, DIM, 4, stochastic),
            **options,
        )


def train(gan, steps=2, callbacks=None, **options):
    gan.compile(run_eagerly=True, **options)
    play = {"epochs": steps, "steps_per_epoch": 1, "callbacks": callbacks}
    return gan.fit(REAL[:16], batch_size=8, verbose=0, **play).history


def test_first_step_is_that_of_the_papers_game():
    """The discriminator's and then both others' gradients, by one plain tape each."""
    options = {"ema_decay": 0, "normalization": "none"}
    gan, twin = build(**options), build(**options)
    gan.compile(keras.optimizers.SGD(1.0), keras.optimizers.SGD(0.5), run_eagerly=True)
    players = "generator", "encoder", "discriminator"
    before = {name: getattr(gan, name).get_weights() for name in players}
    gan.fit(REAL[:16], batch_size=16, shuffle=False, verbose=0)

    x = tf.constant(REAL[:16])
    z = Stream(0).fold(tf.constant(0)).fold("discriminator").fold(0).fold("z")
    z = z.normal([16, DIM])

    def logits():
        real = twin.discriminator([x, twin.encoder(x, training=True)])
        return real, twin.discriminator([twin.generator(z, training=True), z])

    def loss_of(real, fake):
        loss = tf.nn.softplus(-real) + tf.nn.softplus(fake)
        return tf.reduce_mean(loss)

    weights = twin.discriminator.trainable_variables
    with tf.GradientTape() as tape:
        loss = loss_of(*logits())
    gradients = tape.gradient(loss, weights)
    # Batch statistics moved in the pass above; the weights as they were made.
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.assign_sub(0.5 * gradient)
    weights = [
        *twin.generator.trainable_variables,
        *twin.encoder.trainable_variables,
    ]
    with tf.GradientTape() as tape:
        real, fake = logits()
        loss = loss_of(fake, real)
    for weight, gradient in zip(weights, tape.gradient(loss, weights), strict=True):
        weight.assign_sub(gradient)
    for name in players:
        pairs = zip(
            getattr(gan, name).trainable_variables,
            getattr(twin, name).trainable_variables,
            strict=True,
        )
        for a, b in pairs:
            np.testing.assert_allclose(a, b, rtol=2e-3, atol=1e-5, err_msg=name)
        after = getattr(gan, name).get_weights()
        assert any((a != b).any() for a, b in zip(before[name], after, strict=True))


@pytest.mark.parametrize(
    ("loss", "stochastic"),
    [
        ("hinge", True),
        pytest.param("relativistic_average", False, marks=pytest.mark.slow),
    ],
)
def test_losses_penalties_augmentation_and_micro_batches(loss, stochastic):
    history = train(
        build(stochastic),
        steps=1,
        loss=loss,
        penalties=["r1", "gradient_penalty", "latent_consistency", "path_length"],
        augmentation=kgan.augmentation.ShiftFlip(),
        gradient_accumulation_steps=2,
    )
    assert {"d_loss", "g_loss", "r1", "path_length"} <= set(history)
    assert all(np.isfinite(values).all() for values in history.values())


def test_penalty_is_of_the_pair():
    """R1 of a linear judge is half the squared norm of all its weights."""
    x, z = keras.Input(SHAPE), keras.Input([DIM])
    joined = keras.layers.Concatenate()([keras.layers.Flatten()(x), z])
    judge = keras.Model([x, z], keras.layers.Dense(1)(joined))
    gan = kgan.BiGAN(
        kgan.networks.dcgan.generator(SHAPE, DIM, 4),
        judge,
        kgan.networks.bigan.encoder(SHAPE, DIM, 4),
    )
    norm = np.square(judge.get_weights()[0]).sum()
    history = train(gan, steps=1, penalties=["r1"])
    np.testing.assert_allclose(history["r1"], 0.5 * norm, rtol=1e-5)


@pytest.mark.parametrize("stochastic", [False, True])
def test_codes_and_reconstructions(stochastic):
    gan = build(stochastic)
    assert gan.stochastic == stochastic
    codes = gan.encode(REAL, batch_size=10)
    assert codes.shape == (32, DIM) and codes.dtype == "float32"
    expected = gan.ema_encoder(REAL, training=False)[:, :DIM]
    np.testing.assert_allclose(codes, expected, atol=1e-5)
    copies = gan.reconstruct(REAL)
    np.testing.assert_allclose(copies, gan.ema_generator(codes), atol=1e-5)
    assert gan.generate(3).shape == (3, *SHAPE)


def test_codes_are_drawn_with_the_encoders_mean_and_variance():
    gan = build(stochastic=True)
    deviations = np.array([0.3, 0.1, 1e-8, 0.2])  # all below the encoder's limit, 0.4
    spread = np.log(np.expm1(2 * np.log(0.4 / deviations)))  # softplus, inverted
    heads = {"code": [1.0, -1.0, 0.0, 5.0], "spread": spread}
    for name, bias in heads.items():
        head = gan.encoder.get_layer(name)
        head.kernel.assign(tf.zeros_like(head.kernel))
        head.bias.assign(bias)
    codes = gan.codes(tf.zeros([4000, *SHAPE]), Stream(0)).numpy()
    np.testing.assert_allclose(codes.mean(0), [1, -1, 0, 5], atol=0.02)
    np.testing.assert_allclose(codes.std(0), deviations, atol=0.01)


def test_averages_follow_both_networks():
    gan = build(ema_decay=0.5)
    start = gan.ema_encoder.get_weights()
    train(gan, steps=1)
    new, average = gan.encoder.get_weights(), gan.ema_encoder.get_weights()
    # The first average is min(0.5, 1 / 10) of the start.
    expected = new[0] + 0.1 * (start[0] - new[0])
    np.testing.assert_allclose(average[0], expected, atol=1e-6)


@pytest.mark.slow
def test_saved_game_goes_on_as_if_it_had_never_stopped(tmp_path):
    whole, half = build(stochastic=True), build(stochastic=True)
    train(whole, steps=2)
    train(half, steps=1)
    half.save(tmp_path / "half.keras")
    half = kgan.load_model(tmp_path / "half.keras")
    assert isinstance(half, kgan.BiGAN)
    half.fit(REAL[:16], batch_size=8, steps_per_epoch=1, verbose=0)
    for a, b in zip(whole.get_weights(), half.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
    np.testing.assert_allclose(half.encode(REAL), whole.encode(REAL), atol=1e-5)


@pytest.mark.parametrize(
    "change",
    [{"unroll_steps": 1}, {"top_k": 0.5}, {"penalties": ["consistency"]}],
)
def test_play_of_single_samples_is_refused(change):
    with pytest.raises(ValueError, match="A game of pairs"):
        build().compile(**change)


def test_networks_must_fit():
    networks = {
        "generator": kgan.networks.dcgan.generator(SHAPE, DIM, 4),
        "encoder": kgan.networks.bigan.encoder(SHAPE, DIM, 4),
        "discriminator": kgan.networks.bigan.discriminator(SHAPE, DIM, 4),
    }
    wrong = [
        ("encoder", kgan.networks.bigan.encoder(SHAPE, 5, 4), "The encoder must"),
        ("encoder", None, "`encoder` must be a built"),
        (
            "discriminator",
            kgan.networks.bigan.discriminator(SHAPE, 5, 4),
            "judge codes of size 4",
        ),
        (
            "discriminator",
            kgan.networks.dcgan.discriminator(SHAPE, 4),
            "must take the inputs sample, z",
        ),
        (
            "generator",
            kgan.networks.dcgan.generator(SHAPE, DIM, 4, num_classes=3),
            "without `num_classes`",
        ),
    ]
    for name, network, message in wrong:
        with pytest.raises(ValueError, match=message):
            kgan.BiGAN(**{**networks, name: network})
    with pytest.raises(ValueError, match="must be floats"):
        kgan.BiGAN(**networks).encode(np.zeros((2, 4, 4, 1)))


def test_diagnostics_of_single_samples_are_refused():
    many = np.tile(REAL, (7, 1, 1, 1))
    for use in (
        lambda: kgan.diagnostics.equilibrium_report(build(), REAL),
        lambda: train(build(), callbacks=[kgan.callbacks.Diagnose(many)]),
    ):
        with pytest.raises(ValueError, match="judges samples alone"):
            use()


@pytest.mark.slow
def test_one_and_two_replicas_train_to_the_same_weights():
    for apart, moved in run_module("tests.models.bigan_replicas").values():
        assert apart < 1e-5 and moved > 1e-2
