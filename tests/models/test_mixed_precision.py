import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan._core.random import seeded_initializers
from kgan.models.training.precision import overflow
from tests.contracts.discovery import families

SHAPE = (8, 8, 1)
X = np.tanh(np.random.default_rng(0).normal(size=(16, *SHAPE))).astype("float32")
Y = np.arange(16) % 3


@pytest.fixture(params=["mixed_float16", "mixed_bfloat16"])
def policy(request):
    keras.mixed_precision.set_dtype_policy(request.param)
    yield request.param
    keras.mixed_precision.set_dtype_policy("float32")


@pytest.fixture
def half():
    keras.mixed_precision.set_dtype_policy("mixed_float16")
    yield
    keras.mixed_precision.set_dtype_policy("float32")


def game(module=kgan.networks.mlp):
    with seeded_initializers(0):
        return kgan.GAN(
            module.generator(SHAPE, 4, 8, num_classes=3),
            module.discriminator(SHAPE, 8, num_classes=3),
        )


def sgd(rate=0.1):
    return keras.optimizers.SGD(rate)


def scaled(initial_scale=2.0**15):
    return keras.optimizers.LossScaleOptimizer(sgd(), initial_scale=initial_scale)


def fit(gan, steps=1, **options):
    gan.fit(X, Y, batch_size=8, steps_per_epoch=steps, verbose=0, **options)
    return gan


@pytest.mark.parametrize("module", families().values(), ids=families())
def test_outputs_weights_statistics_and_average_are_float32(policy, module):
    gan = game(module)
    gan.compile(penalties=["r1", "le_cam"], run_eagerly=True)
    fit(gan)
    z = gan.prior.latents(8, 4, seed=0)
    label = tf.constant(Y[:8])
    samples = gan.generator([tf.constant(z), label])
    assert samples.dtype == "float32"
    assert gan.discriminator([samples, label]).dtype == "float32"
    floats = [w for w in gan.weights if "float" in w.dtype]
    assert {w.dtype for w in floats} == {"float32"}
    assert all(np.isfinite(w.numpy()).all() for w in floats)
    assert any(layer.compute_dtype == policy[6:] for layer in gan.generator.layers)


def test_float16_gets_scaled_losses_and_bfloat16_none(policy):
    gan = game()
    gan.compile()
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        half = policy == "mixed_float16"
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer) == half
    assert ("skipped" in gan.trackers) == (policy == "mixed_float16")


def test_scaled_losses_change_nothing_in_float32():
    """Losses, penalties and their second derivatives are scaled and unscaled alike."""
    runs = []
    for optimizer in (sgd, scaled):
        gan = game()
        gan.compile(
            optimizer(), optimizer(), penalties=["r1", "path_length"], run_eagerly=True
        )
        runs.append(fit(gan).get_weights())
    for plain, unscaled in zip(*runs, strict=True):
        np.testing.assert_allclose(plain, unscaled, rtol=1e-5, atol=1e-7)


def test_small_gradients_survive_in_float16(half):
    """1e-8 is zero in float16, and is not when the loss is scaled."""
    gan = game()
    gan.compile(sgd(1e4), sgd(1e4), loss=TinyLoss(), run_eagerly=True)
    before = gan.discriminator.get_weights()
    fit(gan)
    moved = [
        np.abs(a - b).max()
        for a, b in zip(gan.discriminator.get_weights(), before, strict=True)
        if a.ndim > 1  # the last bias has no gradient in this loss
    ]
    assert min(moved) > 0


@keras.saving.register_keras_serializable(package="test")
class TinyLoss(kgan.losses.Wasserstein):
    def discriminator_loss(self, real_logits, fake_logits):
        return 1e-8 * super().discriminator_loss(real_logits, fake_logits)


def test_overflow_skips_the_update_and_is_logged(half):
    gan = game()
    gan.compile(scaled(), scaled(2.0**30), penalties=["le_cam"], run_eagerly=True)
    before = gan.discriminator.get_weights()
    generator = gan.generator.get_weights()[0]
    history = gan.fit(X, Y, batch_size=8, steps_per_epoch=1, verbose=0).history
    for a, b in zip(gan.discriminator.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)
    assert (gan.generator.get_weights()[0] != generator).any()
    assert history["skipped"] == [0.5] and np.isfinite(history["d_loss"]).all()
    assert gan.penalties[0].state.average.numpy().tolist() == [0.0, 0.0]
    assert float(gan.discriminator_optimizer.dynamic_scale.numpy()) == 2.0**29


def test_overflow_of_one_replica_is_that_of_all():
    gradients, sound = overflow([tf.constant([1.0, np.inf]), None, tf.constant(2.0)])
    assert not sound and gradients[1] is None
    assert np.isnan(gradients[0]).all() and np.isnan(gradients[2])
    gradients, sound = overflow([tf.constant([1.0]), None])
    assert sound and float(gradients[0][0]) == 1.0


def test_saved_and_loaded_game_goes_on(half, tmp_path):
    gan = game()
    gan.compile(penalties=["r1"], run_eagerly=True)
    fit(gan, steps=2)
    gan.save(tmp_path / "gan.keras")
    keras.mixed_precision.set_dtype_policy("float32")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    for player in (gan, loaded):
        fit(player, steps=2)
    inner = loaded.discriminator_optimizer.inner_optimizer
    assert isinstance(inner, keras.optimizers.Adam)
    for a, b in zip(gan.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(
        gan.discriminator_optimizer.variables,
        loaded.discriminator_optimizer.variables,
        strict=True,
    ):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_codes_are_not_rounded_to_half_precision(half):
    gan = game()
    z = gan.prior.latents(6, 4, seed=0)
    np.testing.assert_array_equal(
        gan.predict([z, Y[:6]], verbose=0), gan.generate(6, Y[:6], seed=0)
    )
