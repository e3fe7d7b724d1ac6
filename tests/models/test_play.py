import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan._core.random import seeded_initializers

POINTS = np.random.default_rng(0).normal(size=(64, 2)).astype("float32")


def game(pack=1, compile=True, rate=0.1, **options):
    with seeded_initializers(0):
        gan = kgan.GAN(
            kgan.networks.mlp.generator((2,), latent_dim=4, width=8),
            kgan.networks.mlp.discriminator((2 * pack,), width=8),
            ema_decay=0,
        )
    if compile:
        sgd = [keras.optimizers.SGD(rate) for _ in range(2)]
        gan.compile(*sgd, pack=pack, **options)
    return gan


def fit(gan, steps=2, **options):
    gan.fit(POINTS, batch_size=8, steps_per_epoch=steps, verbose=0, **options)
    return gan


def moved(first, second, player):
    pairs = zip(
        getattr(first, player).get_weights(),
        getattr(second, player).get_weights(),
        strict=True,
    )
    return max(np.abs(a - b).max() for a, b in pairs)


def test_generator_steps_are_counted():
    gan = fit(game(generator_steps=3), steps=4)
    assert int(gan.generator_optimizer.iterations.numpy()) == 12
    assert int(gan.discriminator_optimizer.iterations.numpy()) == 4
    assert int(gan.step.numpy()) == 4


def test_schedule_changes_the_number_at_its_step():
    gan = fit(game(discriminator_steps={0: 3, 2: 1}), steps=5)
    assert int(gan.discriminator_optimizer.iterations.numpy()) == 3 + 3 + 1 + 1 + 1


def test_callable_sees_the_logs_and_is_limited():
    seen = []

    @keras.saving.register_keras_serializable(package="test")
    def rule(logs):
        seen.append(logs)
        return 99

    gan = fit(game(discriminator_steps=rule), steps=3)
    assert seen[0] == {}
    assert {"d_loss", "g_loss", "discriminator_steps"} < set(seen[1])
    assert int(gan.discriminator_optimizer.iterations.numpy()) == 15


def test_balance_asks_for_more_updates_while_the_discriminator_lags():
    balance = kgan.schedules.Balance(low=0.5, high=2.0, most=3)
    assert balance({}) == 2
    assert balance({"d_real": 0.1, "d_fake": 0.0, "discriminator_steps": 3}) == 3
    assert balance({"d_real": 1.0, "d_fake": 0.0, "discriminator_steps": 2}) == 2
    assert balance({"d_real": 2.0, "d_fake": -1.0, "discriminator_steps": 3}) == 1


def test_simultaneous_updates_start_from_the_same_point():
    """The generator's first move does not see the discriminator's."""
    frozen = game(compile=False)
    frozen.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.0))
    together = game(updates="simultaneous")
    in_turn = game()
    for gan in (frozen, together, in_turn):
        fit(gan, steps=1)
    assert moved(together, frozen, "generator") == 0
    assert moved(in_turn, frozen, "generator") > 1e-4


def test_packs_join_neighbours_in_the_channels():
    gan = game(pack=2)
    packs = gan.in_packs(tf.constant(POINTS))
    np.testing.assert_array_equal(packs, POINTS.reshape(32, 4))
    fit(gan)


def test_top_k_keeps_the_best_judged():
    from kgan.models.gan.top import keep_top

    losses, logits = tf.constant([1.0, 2.0, 3.0, 4.0]), [[0.3], [0.9], [0.1], [0.5]]
    kept = keep_top(losses, tf.constant(logits), 0.5, 0)
    np.testing.assert_allclose(kept, [0.0, 4.0, 0.0, 8.0])
    assert np.isclose(np.mean(kept), (2 + 4) / 2)
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([10], [1.0, 0.25])
    later = keep_top(losses, tf.constant(logits), schedule, tf.constant(20))
    np.testing.assert_allclose(later, [0.0, 8.0, 0.0, 0.0])
    fit(game(top_k=0.5))


def test_unrolled_gradient_by_hand():
    """Dirac-GAN: D(x) = ψx, one step ψ' = ψ - η ∂L_D/∂ψ, L_G = -ψ'(θ)·θ.

    With the Wasserstein loss L_D = ψθ - ψ·0, so ψ' = ψ - ηθ and
    L_G = -(ψ - ηθ)θ, whose derivative is -ψ + 2ηθ.
    """
    from kgan.lab import dirac

    gan = dirac.game(theta=1.0, psi=0.5)
    rate = 0.2
    gan.compile(
        keras.optimizers.SGD(1.0),
        keras.optimizers.SGD(rate),
        loss="wasserstein",
        unroll_steps=1,
        updates="simultaneous",
    )
    gan.fit(np.zeros((4, 1), "float32"), batch_size=4, verbose=0)
    theta = 1.0 - (-0.5 + 2 * rate * 1.0)
    np.testing.assert_allclose(dirac.state(gan)[0], theta, rtol=1e-5)


def test_label_flipping_reaches_the_discriminator():
    flipping = kgan.losses.LabelFlipping(probability=0.4)
    assert moved(fit(game(loss=flipping)), fit(game()), "discriminator") > 1e-4


def test_augmentation_gets_the_step():
    noise = kgan.augmentation.InstanceNoise(stddev=1.0, steps=1)
    once = [fit(game(augmentation=a), steps=1) for a in (noise, None)]
    assert moved(*once, "discriminator") > 1e-4  # noise in step 0, none from step 1 on


def test_settings_survive_saving(tmp_path):
    gan = game(
        rate=1e-3,
        discriminator_steps={0: 2, 5: 1},
        generator_steps=2,
        top_k=0.5,
        unroll_steps=1,
        augmentation=kgan.augmentation.InstanceNoise(0.2, 100),
        penalties=["le_cam", "r2"],
    )
    fit(gan)
    gan.save(tmp_path / "gan.keras")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    assert loaded.get_compile_config() == gan.get_compile_config()
    np.testing.assert_array_equal(
        loaded.penalties[0].state.average.numpy(),
        gan.penalties[0].state.average.numpy(),
    )
    fit(gan)
    fit(loaded)
    for player in ("generator", "discriminator"):
        assert moved(gan, loaded, player) == 0


@pytest.mark.parametrize(
    "options, message",
    [
        ({"discriminator_steps": {5: 1}}, "starts at step 0"),
        ({"discriminator_steps": True}, "positive integer"),
        ({"generator_steps": 0}, "generator_steps=0"),
        ({"updates": "both"}, "'alternating' or 'simultaneous'"),
        ({"updates": "simultaneous", "generator_steps": 2}, "one of each player"),
        ({"unroll_steps": -1}, "`unroll_steps` must be 0"),
        ({"top_k": 0.0}, "`top_k` must be a share"),
    ],
)
def test_impossible_play_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        game(**options)


def test_pack_must_fit_the_discriminator():
    gan = game(compile=False)
    with pytest.raises(ValueError, match="`pack` times the channels"):
        gan.compile(pack=2)


def test_batch_normalisation_under_a_gradient_penalty_warns():
    dcgan = kgan.networks.dcgan
    shape = (16, 16, 1)
    for normalization, count in (("batch", 1), ("none", 0), ("spectral", 0)):
        discriminator = dcgan.discriminator(shape, 4, normalization=normalization)
        gan = kgan.GAN(dcgan.generator(shape, 4, 4), discriminator)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            gan.compile(loss="wasserstein", penalties=["gradient_penalty"])
        assert sum("batch normalisation" in str(w.message) for w in caught) == count


def test_packs_must_be_whole_and_know_no_codes():
    gan = game(pack=2)
    with pytest.raises(ValueError, match="whole packs"):
        gan.fit(POINTS, batch_size=5)
    with pytest.raises(ValueError, match="know no packs"):
        game(pack=2, penalties=["latent_consistency"])


def test_compiled_twice_saved_and_loaded(tmp_path):
    gan = game(penalties=["le_cam"], rate=1e-3)
    fit(gan)
    gan.compile(penalties=["path_length"])
    gan.compile(penalties=["le_cam"])
    fit(gan)
    gan.save(tmp_path / "gan.keras")
    loaded = kgan.load_model(tmp_path / "gan.keras")
    average = loaded.penalties[0].state.average.numpy()
    np.testing.assert_array_equal(gan.penalties[0].state.average.numpy(), average)
    assert np.abs(average).max() > 0


def unregistered(logs):
    return 1


@pytest.mark.parametrize("rule", [lambda logs: 1, unregistered])
def test_what_could_not_be_loaded_is_refused_before_training(rule):
    with pytest.raises(ValueError, match="register_keras_serializable"):
        game(discriminator_steps=rule)
