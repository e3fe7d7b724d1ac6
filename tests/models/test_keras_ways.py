"""Keras's callbacks, methods and arguments: they work, or say what to do instead."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest

import kgan
from kgan.networks import mlp

X = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1)).astype("float32")
PAGE = Path(__file__).parents[2] / "docs" / "keras-callbacks-and-methods.md"
callbacks = keras.callbacks


def game(**options):
    with kgan._core.random.seeded_initializers(0):
        gan = kgan.GAN(mlp.generator((8, 8, 1), 4, 8), mlp.discriminator((8, 8, 1), 8))
    gan.compile(**options)
    return gan


def fit(gan, *given, epochs=3):
    return gan.fit(X, batch_size=8, epochs=epochs, verbose=0, callbacks=given).history


def rates(gan):
    return [float(o.learning_rate.numpy()) for o in gan.optimizers.values()]


def sgd(*rates):
    names = "generator_optimizer", "discriminator_optimizer"
    made = [keras.optimizers.SGD(rate) for rate in rates]
    return dict(zip(names, made, strict=True))


def test_a_schedule_moves_the_rates_of_both_players():
    gan = game(**sgd(0.4, 0.2))
    fit(gan, callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2))
    np.testing.assert_allclose(rates(gan), [0.05, 0.025])


def test_a_plateau_lowers_the_rates_of_both_players():
    gan = game(**sgd(0.4, 0.2))
    never = callbacks.ReduceLROnPlateau(
        "g_loss", factor=0.5, mode="max", min_delta=1e6, patience=1
    )
    fit(gan, never)
    np.testing.assert_allclose(rates(gan), [0.1, 0.05])


def test_of_one_player_too():
    data = kgan.networks.vae
    vae = kgan.VAE(data.encoder((8, 8, 1), 2, (8,)), data.decoder((8, 8, 1), 2, (8,)))
    vae.compile(optimizer="sgd")
    before = float(vae.optimizer.learning_rate.numpy())
    schedule = callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    vae.fit(X, batch_size=8, verbose=0, callbacks=[schedule])
    assert float(vae.optimizer.learning_rate.numpy()) == pytest.approx(before / 2)


def test_a_backup_goes_on_with_the_data(tmp_path):
    whole = game()
    fit(whole, epochs=3)

    class Stop(callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    def backup():
        return callbacks.BackupAndRestore(tmp_path / "backup")

    with pytest.raises(KeyboardInterrupt):
        fit(game(), backup(), Stop(), epochs=3)
    resumed = game()
    assert len(fit(resumed, backup(), epochs=3)["g_loss"]) == 1
    for a, b in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("make", "fix"),
    [
        (callbacks.TerminateOnNaN, "Guard"),
        (callbacks.SwapEMAWeights, "ema_generator"),
        (callbacks.EarlyStopping, "Evaluate"),
        (lambda: callbacks.EarlyStopping("loss"), "g_loss"),
        (callbacks.ReduceLROnPlateau, "Evaluate"),
        (lambda: callbacks.ModelCheckpoint("a.keras", save_best_only=True), "Evaluate"),
    ],
)
def test_callbacks_that_would_do_nothing_are_refused(make, fix):
    with pytest.raises(ValueError, match=fix):
        fit(game(), make())


def test_other_callbacks_work(tmp_path):
    stop = callbacks.EarlyStopping("g_loss", mode="max", min_delta=1e6, patience=1)
    best = tmp_path / "best.keras"
    given = [
        callbacks.ModelCheckpoint(best, "g_loss", mode="min", save_best_only=True),
        callbacks.ModelCheckpoint(tmp_path / "a.weights.h5", save_weights_only=True),
        callbacks.CSVLogger(tmp_path / "log.csv"),
        callbacks.TensorBoard(tmp_path / "board", histogram_freq=1),
        callbacks.LambdaCallback(),
        callbacks.ProgbarLogger(),
        stop,
    ]
    assert len(fit(game(), *given, epochs=9)["g_loss"]) == 2
    assert kgan.load_model(best).compiled and (tmp_path / "log.csv").read_text()


def test_callbacks_may_be_a_single_one_or_a_list_of_keras():
    stop = callbacks.EarlyStopping("g_loss", mode="max", min_delta=1e6, patience=1)
    for given in (stop, callbacks.CallbackList([stop]), (stop, [])):
        logs = game().fit(X, batch_size=8, epochs=9, verbose=0, callbacks=given)
        assert len(logs.history["g_loss"]) == 2


def test_who_writes_a_log_may_have_it_monitored():
    class Score(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["score"] = epoch

    stop = callbacks.EarlyStopping("score", mode="min", patience=1)
    assert len(fit(game(), Score(), stop, epochs=9)["score"]) == 2


def test_averages_of_optimizers_are_swapped():
    optimizer = keras.optimizers.Adam(use_ema=True)
    swap = callbacks.SwapEMAWeights()
    assert fit(game(generator_optimizer=optimizer), swap)["g_loss"]


def test_one_batch_is_one_step():
    gan, whole = game(), game()
    whole.fit(X, batch_size=32, shuffle=False, verbose=0)
    logs = gan.train_on_batch(X, return_dict=True)
    assert int(gan.step.numpy()) == 1 and set(logs) == set(gan.metrics_names)
    for a, b in zip(gan.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert len(gan.train_on_batch((X * 127 + 128).astype("uint8"))) == 4


def test_a_batch_is_cut_for_all_updates_or_refused():
    gan = game(discriminator_steps=2)
    gan.train_on_batch(X)
    for bad in (X[:1], X[:31]):
        with pytest.raises(ValueError, match="multiple of 2 samples"):
            gan.train_on_batch(bad)


@pytest.mark.parametrize(
    ("call", "fix"),
    [
        (lambda gan: gan.evaluate(X), "kgan.metrics"),
        (lambda gan: gan.test_on_batch(X), "kgan.metrics"),
        (lambda gan: gan.export("served"), "kgan_export"),
        (lambda gan: gan.quantize("int8"), "precision"),
        (lambda gan: gan.fit(X, validation_split=0.1), "Evaluate"),
        (lambda gan: gan.fit(X, class_weight={0: 1.0}), "weight no samples"),
        (lambda gan: gan.train_on_batch(X, sample_weight=[1.0]), "weight no samples"),
        (lambda gan: gan.compile(optimizer="adam"), "generator_optimizer"),
        (lambda gan: gan.compile(loss_weights=[1, 2]), "have a `weight`"),
        (lambda gan: gan.compile(metrics=["accuracy"]), "BinaryAccuracy"),
        (lambda gan: gan.compile(metrics=[keras.metrics.Accuracy()]), "BinaryAccuracy"),
        (lambda gan: gan.compile("no optimizer"), "keras.optimizers.Adam"),
        (lambda gan: gan.compile(loss="binary_crossentropy"), "non_saturating"),
    ],
)
def test_other_ways_are_told(call, fix):
    with pytest.raises(ValueError, match=re.escape(fix)):
        call(game())


def test_unknown_arguments_are_errors_of_type():
    with pytest.raises(TypeError, match="batchsize"):
        game().fit(X, batchsize=8)


def test_names_and_single_things_are_taken(tmp_path):
    gan = game(
        generator_optimizer="adam",
        discriminator_optimizer={"class_name": "SGD", "config": {"learning_rate": 0.1}},
        penalties="r1",
        metrics="binary_accuracy",
    )
    assert [type(o).__name__ for o in gan.optimizers.values()] == ["Adam", "SGD"]
    assert {"r1", "binary_accuracy"} <= fit(gan).keys()
    assert game(penalties=kgan.penalties.R1()).penalties
    gan.save(tmp_path / "gan.keras")
    assert kgan.load_model(tmp_path / "gan.keras").compiled


def test_the_page_names_every_callback():
    names = [
        name
        for name, kind in vars(callbacks).items()
        if isinstance(kind, type) and issubclass(kind, callbacks.Callback)
    ]
    page = PAGE.read_text()
    assert [name for name in names if f"`{name}`" not in page] == []
