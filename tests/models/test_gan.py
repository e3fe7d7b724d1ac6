import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan._core.random import seeded_initializers

SHAPE = (8, 8, 1)


def build(num_classes=None, seed=0, **options):
    with seeded_initializers(seed):
        return kgan.GAN(
            kgan.networks.dcgan.generator(SHAPE, 4, 8, num_classes),
            kgan.networks.dcgan.discriminator(SHAPE, 8, num_classes),
            seed=seed,
            **options,
        )


@pytest.fixture(scope="module")
def digits():
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    return (x / 8 - 1).astype("float32").reshape(-1, *SHAPE), y


def weights(model):
    return [np.copy(weight) for weight in model.get_weights()]


def assert_equal(first, second):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def changed(first, second):
    return any((a != b).any() for a, b in zip(first, second, strict=True))


def test_each_step_updates_the_discriminator_k_times_and_the_generator_once(digits):
    gan = build()
    gan.compile(discriminator_steps=3)
    gan.fit(digits[0][:240], batch_size=16, epochs=2, verbose=0)
    assert int(gan.step.numpy()) == 10
    assert int(gan.generator_optimizer.iterations.numpy()) == 10
    assert int(gan.discriminator_optimizer.iterations.numpy()) == 30


def test_each_discriminator_step_sees_a_fresh_real_batch(digits):
    """The mean of all that was judged real is the mean of the whole step's batch."""
    seen = []
    gan = build()

    @keras.saving.register_keras_serializable(package="test")
    def spy(samples, random, step):
        tf.py_function(lambda x: seen.append(x.numpy()), [samples], [])
        return samples

    gan.compile(discriminator_steps=2, augmentation=spy, run_eagerly=True)
    gan.fit(digits[0][:32], batch_size=16, shuffle=False, verbose=0)
    real = np.concatenate([seen[0], seen[2]])  # real, fake, real, fake, fake
    assert len(seen) == 5
    order = np.lexsort(real.reshape(32, -1).T)
    expected = np.lexsort(digits[0][:32].reshape(32, -1).T)
    np.testing.assert_allclose(real[order], digits[0][:32][expected], atol=0.01)


def test_small_generator_step_raises_the_mean_logit_of_fixed_codes(digits):
    gan = kgan.GAN(
        kgan.networks.dcgan.generator(SHAPE, 4, 8),
        kgan.networks.dcgan.discriminator(SHAPE, 8, normalization="none"),
    )
    gan.compile(keras.optimizers.SGD(1e-2), keras.optimizers.SGD(0.0))
    z = tf.constant(gan.prior.latents(500, 4, seed=7))

    def mean_logit():
        logits = gan.discriminator(gan.generator(z, training=True))
        return float(tf.reduce_mean(logits))

    before, judge = mean_logit(), weights(gan.discriminator)
    gan.fit(digits[0][:256], batch_size=256, verbose=0)
    assert_equal(weights(gan.discriminator), judge)
    assert mean_logit() > before


def test_shared_fakes_cost_one_generator_pass_fresh_codes_two(digits):
    passes = []
    for share_fakes in (True, False):
        gan = build()
        gan.compile(share_fakes=share_fakes, run_eagerly=True)
        calls = []
        call = gan.generator.call
        gan.generator.call = lambda *a, _call=call, _c=calls, **k: (
            _c.append(1),
            _call(*a, **k),
        )[1]
        gan.fit(digits[0][:16], batch_size=16, verbose=0)
        passes.append(len(calls))
    assert passes == [1, 2]


def test_shared_gradient_equals_that_of_an_undivided_tape(digits):
    """The generator's gradient through the cut at the samples is the plain one."""
    gan = build(ema_decay=0)
    gan.compile(keras.optimizers.SGD(1.0), keras.optimizers.SGD(0.0))
    before = [variable.numpy() for variable in gan.generator.trainable_variables]
    twin = build(ema_decay=0)
    gan.fit(digits[0][:16], batch_size=16, verbose=0, shuffle=False)
    random = (
        kgan._core.random.Stream(0).fold(tf.constant(0)).fold("discriminator").fold(0)
    )
    z = random.fold("z").normal([16, 4])
    twin.discriminator(tf.constant(digits[0][:16]), training=True)
    with tf.GradientTape() as tape:
        fake = twin.generator(z, training=True)
        twin.discriminator(tf.stop_gradient(fake), training=True)
        logits = twin.discriminator(fake, training=True)
        loss = tf.reduce_mean(tf.nn.softplus(-logits))
    expected = tape.gradient(loss, twin.generator.trainable_variables)
    after = [variable.numpy() for variable in gan.generator.trainable_variables]
    for old, new, gradient in zip(before, after, expected, strict=True):
        np.testing.assert_allclose(old - new, gradient, rtol=2e-3, atol=1e-5)


def test_same_seed_repeats_the_run_and_another_does_not(digits):
    runs = []
    for seed in (3, 3, 4):
        gan = build(seed=seed)
        gan.compile()
        gan.fit(digits[0][:64], batch_size=16, verbose=0)
        runs.append(weights(gan))
    assert_equal(runs[0], runs[1])
    assert changed(runs[0], runs[2])


@pytest.mark.parametrize("num_classes", [None, 10])
def test_loaded_model_continues_bit_for_bit(
    digits, num_classes, tmp_path, deterministic
):
    """2N steps equal N steps, save, load, N steps: on arrays, with Adam and an EMA."""
    x, y = digits[0][:80], digits[1][:80] if num_classes else None

    def start():
        gan = build(num_classes)
        gan.compile(
            keras.optimizers.Adam(1e-3),
            keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, 40)),
            loss=kgan.losses.LeastSquares(c=0.9),
            penalties=[kgan.penalties.GradientPenalty(interval=2)],
            metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
        )
        return gan

    whole = start()
    whole.fit(x, y, batch_size=16, epochs=2, verbose=0)
    half = start()
    half.fit(x, y, batch_size=16, epochs=1, verbose=0)
    half.save(tmp_path / "half.keras")
    resumed = keras.models.load_model(tmp_path / "half.keras")
    assert int(resumed.step.numpy()) == 5
    assert resumed.adversarial_loss.c == 0.9 and resumed.penalties[0].interval == 2
    resumed.fit(x, y, batch_size=16, epochs=1, verbose=0)
    assert_equal(weights(resumed), weights(whole))
    for name in ("generator_optimizer", "discriminator_optimizer"):
        for a, b in zip(
            getattr(resumed, name).variables,
            getattr(whole, name).variables,
            strict=True,
        ):
            np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_saved_before_compile(tmp_path):
    gan = build()
    gan.save(tmp_path / "gan.keras")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    assert_equal(weights(loaded), weights(gan))
    assert not loaded.compiled


def test_average_follows_its_formula(digits):
    gan = build(ema_decay=0.5)
    gan.compile(keras.optimizers.SGD(1e-2))
    start = weights(gan.ema_generator)[0]
    gan.fit(digits[0][:16], batch_size=16, verbose=0)
    first = weights(gan.generator)[0]
    average = 0.1 * start + 0.9 * first  # warm-up: (1 + 0) / (10 + 0)
    np.testing.assert_allclose(weights(gan.ema_generator)[0], average, rtol=1e-5)
    for average, copied in zip(
        gan.ema_generator.non_trainable_variables,
        gan.generator.non_trainable_variables,
        strict=True,
    ):
        np.testing.assert_array_equal(average.numpy(), copied.numpy())


def test_no_average_samples_from_the_generator_itself():
    gan = build(ema_decay=0)
    assert gan.ema_generator is gan.generator


def test_samples_depend_on_seed_label_and_position_alone():
    gan = build(num_classes=3)
    all_at_once = gan.generate(10, seed=5)
    np.testing.assert_allclose(
        gan.generate(10, seed=5, batch_size=3), all_at_once, atol=1e-6
    )
    np.testing.assert_allclose(gan.generate(4, seed=5), all_at_once[:4], atol=1e-6)
    assert np.abs(gan.generate(10, seed=6) - all_at_once).max() > 1e-3
    labels = np.arange(10) % 3
    np.testing.assert_array_equal(gan.generate(10, labels, seed=5), all_at_once)
    assert all_at_once.dtype == "float32" and all_at_once.shape == (10, *SHAPE)


def test_predict_equals_the_average_generator():
    gan = build()
    z = gan.prior.latents(6, 4, seed=0)
    np.testing.assert_allclose(
        gan.predict(z, verbose=0), gan.generate(6, seed=0), atol=1e-6
    )


def test_fit_takes_datasets_arrays_and_steps_per_epoch(digits):
    x, y = digits
    gan = build(num_classes=10)
    gan.compile(discriminator_steps=2)
    dataset = kgan.data.batches(kgan.data.from_arrays(x[:96], y[:96]), 16)
    history = gan.fit(dataset, epochs=2, verbose=0)
    assert int(gan.step.numpy()) == 6 and len(history.history["d_loss"]) == 2
    gan.fit(x, y, batch_size=16, steps_per_epoch=4, epochs=2, verbose=0)
    assert int(gan.step.numpy()) == 14
    uint8 = ((x + 1) * 127.5).astype("uint8")
    gan.fit(uint8[:32], y[:32], batch_size=16, verbose=0)
    assert int(gan.step.numpy()) == 15


def test_logs_are_epoch_means_of_losses_and_logits(digits):
    gan = build()
    gan.compile(
        keras.optimizers.SGD(0.0),
        keras.optimizers.SGD(0.0),
        penalties=["r1"],
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")],
    )
    logs = gan.fit(digits[0][:64], batch_size=16, verbose=0).history
    assert list(logs) == ["accuracy", "d_fake", "d_loss", "d_real", "g_loss", "r1"]


def test_compile_defaults_are_dcgans():
    gan = build()
    gan.compile()
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert np.isclose(float(optimizer.learning_rate), 2e-4)
        assert optimizer.beta_1 == 0.5
    assert not gan.jit_compile


def test_data_of_unknown_length_advances_the_counters_by_whole_steps_only(digits):
    """The counters must not move when the iterator ends inside the graph."""
    dataset = tf.data.Dataset.from_tensor_slices(digits[0][:96]).batch(16)
    dataset = dataset.filter(lambda x: True)
    gan = build()
    gan.compile(discriminator_steps=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing was interrupted
        gan.fit(dataset, epochs=2, verbose=0)
    assert int(gan.step.numpy()) == 6
    assert int(gan.generator_optimizer.iterations.numpy()) == 6
    assert int(gan.discriminator_optimizer.iterations.numpy()) == 12


def test_last_incomplete_batch_is_left_out(digits):
    dataset = tf.data.Dataset.from_tensor_slices(digits[0][:25]).batch(8)
    gan = build()
    gan.compile(jit_compile="auto")
    gan.fit(dataset, verbose=0)
    assert int(gan.step.numpy()) == 3
    assert gan.get_compile_config()["jit_compile"] == "auto"


def test_layers_may_be_frozen_before_compile():
    gan = kgan.GAN(
        kgan.networks.mlp.generator((2,), 4, 8), kgan.networks.mlp.discriminator((2,))
    )
    frozen = next(layer for layer in gan.generator.layers if layer.weights)
    frozen.trainable = False
    before = frozen.get_weights()
    gan.compile()
    points = np.random.default_rng(0).normal(size=(32, 2)).astype("float32")
    gan.fit(points, batch_size=16, verbose=0)
    for a, b in zip(before, frozen.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    average, network = (g.get_weights() for g in (gan.ema_generator, gan.generator))
    assert any((a != b).any() for a, b in zip(average, network, strict=True))
