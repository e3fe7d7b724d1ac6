"""The variational auto-encoder: its bound by hand and theory, and what it refuses."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan._core.random import seeded_initializers

SHAPE = (4, 4, 1)
RNG = np.random.default_rng(0)
X = np.sign(RNG.normal(size=(32, *SHAPE))).astype("float32")


def build(classes=None, likelihood="bernoulli", **options):
    likelihood = kgan.likelihoods.get(likelihood)
    conditions = {} if classes is None else {"num_classes": classes}
    with seeded_initializers(0):
        return kgan.VAE(
            kgan.networks.vae.encoder(SHAPE, 3, (8,), **conditions),
            kgan.networks.vae.decoder(
                SHAPE, 3, (8,), parameters=likelihood.parameters, **conditions
            ),
            likelihood=likelihood,
            **options,
        )


def linear(mean, log_variance):
    """A VAE whose encoder gives one distribution, and whose decoder gives zeros."""
    x, z = keras.Input(SHAPE), keras.Input([1], name="z")
    head = keras.layers.Dense(
        2,
        kernel_initializer="zeros",
        bias_initializer=lambda shape, dtype=None: tf.constant([mean, log_variance]),
    )
    encoder = keras.Model(x, head(keras.layers.Flatten()(x)))
    zeros = keras.layers.Dense(16, kernel_initializer="zeros")(z)
    return kgan.VAE(encoder, keras.Model(z, keras.layers.Reshape(SHAPE)(zeros)))


@pytest.mark.parametrize(("mean", "log_variance"), [(0.0, 0.0), (1.5, -1.0)])
def test_bound_by_hand(mean, log_variance):
    """Sixteen fair coins, less KL = (μ² + σ² - 1 - log σ²) / 2."""
    kl = (mean**2 + np.exp(log_variance) - 1 - log_variance) / 2
    found = linear(mean, log_variance).elbo(X)
    np.testing.assert_allclose(found, 16 * np.log(0.5) - kl, rtol=1e-5)


def test_kl_equals_its_monte_carlo_estimate():
    """Mean of log q(z|x) - log p(z) over codes of q."""
    vae = build()
    outputs = vae.encoder(X[:1]).numpy()[0]
    mean, deviation = outputs[:3], np.exp(outputs[3:] / 2)
    noise = np.random.default_rng(1).normal(size=(200_000, 3))
    z = mean + deviation * noise
    expected = (0.5 * (z**2 - noise**2) - np.log(deviation)).sum(axis=1).mean()
    batch = kgan.Batch(None, tf.constant(X[:1]))
    _, kl = vae.terms(vae.encoder, vae.decoder, batch, tf.zeros([1, 3]))
    assert float(kl[0]) == pytest.approx(expected, abs=0.02)


def test_bound_is_below_the_likelihood_of_a_tiny_model():
    """log p(x) by the trapezium rule over a code of one dimension."""
    with seeded_initializers(2):
        vae = kgan.VAE(
            kgan.networks.vae.encoder(SHAPE, 1, (4,)),
            kgan.networks.vae.decoder(SHAPE, 1, (4,)),
        )
    z = np.linspace(-8, 8, 4001, dtype="float32")[:, None]
    outputs = vae.decoder(z)
    for x, bound in zip(
        X[:4], np.mean([vae.elbo(X[:4], seed=s) for s in range(200)], 0), strict=True
    ):
        log_joint = vae.likelihood.log_prob(outputs, np.tile(x, (4001, 1, 1, 1)))
        density = np.exp(log_joint - z[:, 0] ** 2 / 2) / np.sqrt(2 * np.pi)
        log_prob = np.log(np.trapezoid(density, z[:, 0]))
        assert bound <= log_prob + 0.02


def test_a_penalty_of_another_player_is_refused():
    with pytest.raises(ValueError, match="a player that the model has: vae"):
        build().set_up(
            {"optimizer": keras.optimizers.SGD()}, ["loss"], [kgan.penalties.R1()]
        )


def test_logs_are_the_terms_of_the_loss():
    vae = build(beta=4.0)
    vae.compile(keras.optimizers.SGD(0.0))
    logs = {k: v[-1] for k, v in vae.fit(X, batch_size=32, verbose=0).history.items()}
    assert logs["loss"] == pytest.approx(logs["reconstruction"] + 4 * logs["kl"])


def test_training_beats_independent_coins():
    """Of 32 fixed pictures, which are more than 16 fair coins each."""
    coins = 16 * np.log(0.5)
    vae = build()
    vae.compile(keras.optimizers.Adam(1e-2))
    assert vae.elbo(X).mean() < coins
    vae.fit(X, batch_size=16, epochs=40, verbose=0)
    assert vae.elbo(X).mean() > coins


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_codes_and_reconstructions(likelihood):
    vae = build(likelihood=likelihood)
    codes = vae.encode(X)
    assert codes.shape == (32, 3) and codes.dtype == np.float32
    np.testing.assert_allclose(codes, vae.encoder(X)[:, :3], atol=1e-6)
    expected = vae.likelihood.mean(vae.decoder(codes))
    np.testing.assert_allclose(vae.reconstruct(X), expected, atol=1e-5)


def test_classes_condition_both_networks():
    vae = build(classes=4)
    vae.compile()
    vae.fit(X, np.arange(32) % 4, batch_size=16, verbose=0)
    assert np.abs(vae.encode(X, labels=0) - vae.encode(X, labels=1)).max() > 0
    assert np.abs(vae.generate(1, labels=0) - vae.generate(1, labels=1)).max() > 0
    assert vae.elbo(X, labels=np.arange(32) % 4).shape == (32,)
    with pytest.raises(ValueError, match="needs the labels"):
        vae.elbo(X)


def test_the_average_is_what_samples_are_made_of(tmp_path):
    vae = build(ema_decay=0.5)
    vae.compile()
    vae.fit(X, batch_size=16, verbose=0)
    z = vae.prior.latents(3, 3, seed=0)
    made = vae.likelihood.mean(vae.ema_decoder(z))
    np.testing.assert_allclose(vae.generate(3, seed=0), made, atol=1e-6)
    vae.save(tmp_path / "vae.keras")
    loaded = kgan.load_model(tmp_path / "vae.keras")
    np.testing.assert_allclose(loaded.generate(3), vae.generate(3), atol=1e-6)
    np.testing.assert_allclose(loaded.elbo(X), vae.elbo(X), atol=1e-4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prior": "uniform"}, "must be 'normal'"),
        ({"beta": -1.0}, "0 or more"),
        ({"encoder": kgan.networks.vae.encoder((8, 8, 1), 3, (8,))}, "must take what"),
        ({"encoder": kgan.networks.vae.encoder(SHAPE, 5, (8,))}, "must take what"),
        (
            {"encoder": kgan.networks.vae.encoder(SHAPE, 3, (8,), num_classes=2)},
            "same conditions",
        ),
        ({"likelihood": "gaussian"}, "`parameters`"),
        ({"decoder": None}, "`decoder` must be a built"),
    ],
)
def test_networks_must_fit(options, message):
    networks = {
        "encoder": kgan.networks.vae.encoder(SHAPE, 3, (8,)),
        "decoder": kgan.networks.vae.decoder(SHAPE, 3, (8,)),
    }
    with pytest.raises(ValueError, match=message):
        kgan.VAE(**{**networks, **options})


def test_samples_must_be_of_the_shape_and_range():
    vae = build()
    with pytest.raises(ValueError, match="shape of the generator's"):
        vae.elbo(X[:, :2])
    with pytest.raises(ValueError, match="scaled to"):
        vae.elbo(X * 2)


@pytest.mark.slow
def test_binarised_digits_reach_the_bound_of_the_reference():
    """-ELBO 18.5 nats on held-out 8×8 binarised digits was seen elsewhere."""
    train, test = (kgan.data.read("digits", split) for split in ("train", "test"))
    x, held_out = (np.where(s.x > 127, 1, -1).astype("float32") for s in (train, test))
    with seeded_initializers(0):
        vae = kgan.VAE(
            kgan.networks.vae.encoder((8, 8, 1), 8, (128,)),
            kgan.networks.vae.decoder((8, 8, 1), 8, (128,)),
        )
    vae.compile(keras.optimizers.Adam(2e-3))
    vae.fit(x, batch_size=100, epochs=150, verbose=0)
    assert -19.0 < vae.elbo(held_out).mean() < -17.0


@pytest.mark.parametrize("option", ["penalties", "metrics"])
def test_what_a_game_alone_uses_is_refused(option):
    vae = kgan.VAE(
        kgan.networks.vae.encoder((8, 8, 1), latent_dim=2, hidden=[4]),
        kgan.networks.vae.decoder((8, 8, 1), latent_dim=2, hidden=[4]),
    )
    with pytest.raises(TypeError, match=option):
        vae.compile(**{option: []})


def test_the_bound_does_not_depend_on_the_batch_size():
    vae = kgan.VAE(
        kgan.networks.vae.encoder((8, 8, 1), latent_dim=2, hidden=[4]),
        kgan.networks.vae.decoder((8, 8, 1), latent_dim=2, hidden=[4]),
    )
    x = np.random.default_rng(0).uniform(-1, 1, (5, 8, 8, 1)).astype("float32")
    whole, some = (vae.elbo(x, seed=3, batch_size=size) for size in (5, 2))
    np.testing.assert_allclose(whole, some, rtol=1e-5)
    assert np.abs(whole - vae.elbo(x, seed=4)).max() > 0
