"""What every class of models keeps, however many players it has."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
import kgan_export
from kgan.callbacks.rolled_back import lower_learning_rates
from tests.contracts import small_models
from tests.contracts.small_models import NAMES, X, Y, fit, small
from tests.modules import run_module

every_model = pytest.mark.parametrize("name", NAMES)


def parts(samples):
    """Returns the arrays of one output or of several."""
    return tf.nest.flatten(samples)


def assert_equal(first, second):
    for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.fixture(scope="module")
def trained():
    """Returns a function that gives a small model after two steps, each once."""
    known = {}

    def get(name):
        if name not in known:
            known[name] = small(name)
            fit(known[name], 2)
        return known[name]

    return get


@pytest.mark.slow
@every_model
def test_a_loaded_model_goes_on_bit_for_bit(name, tmp_path, deterministic):
    whole, half = small(name), small(name)
    fit(whole, 4)
    fit(half, 2)
    half.save(tmp_path / "half.keras")
    loaded = keras.models.load_model(tmp_path / "half.keras")
    assert type(loaded) is type(half)
    assert_equal(half, loaded)
    fit(loaded, 2)
    assert_equal(whole, loaded)
    for a, b in zip(whole.optimizers.values(), loaded.optimizers.values(), strict=True):
        for one, two in zip(a.variables, b.variables, strict=True):
            np.testing.assert_array_equal(one, two)


@every_model
def test_logs_are_finite_means_with_a_name(name):
    model = small(name)
    history = fit(model, 1)
    assert set(history) == {metric.name for metric in model.metrics}
    assert np.isfinite(list(history.values())).all()
    assert int(model.step.numpy()) == 1


@pytest.mark.slow
@every_model
def test_micro_batches_make_the_update_of_the_whole_batch(name):
    whole, split = small(name), small(name, gradient_accumulation_steps=2)
    fit(whole, 1)
    fit(split, 1)
    layers = whole._flatten_layers()
    mixing = keras.layers.BatchNormalization, kgan.layers.MinibatchDeviation
    # Statistics of a micro-batch are its own: there only the training must go on.
    mixed = any(isinstance(layer, mixing) for layer in layers)
    for a, b in zip(whole.get_weights(), split.get_weights(), strict=True):
        assert np.isfinite(b).all()
        if not mixed:
            np.testing.assert_allclose(a, b, atol=2e-5)


@pytest.mark.slow
@every_model
def test_half_precision_trains_and_gives_float32(name):
    model = small(name, precision="mixed_bfloat16")
    assert np.isfinite(list(fit(model, 2).values())).all()
    for samples in parts(model.generate(3)):
        assert samples.dtype == np.float32 and np.isfinite(samples).all()
    assert all(variable.dtype != "bfloat16" for variable in model.variables)


@pytest.mark.slow
@every_model
def test_averages_follow_their_networks(name):
    """After the first step the decay is 1/10, and after the second 2/11."""
    model = small(name, ema_decay=0.9)
    fit(model, 1)
    for player in model.players.values():
        for role, average in player.averages.items():
            network = player.networks[role]
            assert average is not network
            pairs = zip(
                average.trainable_variables, network.trainable_variables, strict=True
            )
            before = [(np.array(a), np.array(b)) for a, b in pairs]
            fit(model, 1)
            for (old, _), a, b in zip(
                before,
                average.trainable_variables,
                network.trainable_variables,
                strict=True,
            ):
                decay = 2 / 11
                np.testing.assert_allclose(
                    a, decay * old + (1 - decay) * np.array(b), atol=1e-6
                )
            return
    pytest.fail("no player keeps an average")


@every_model
def test_samples_do_not_depend_on_the_batch_size(name, trained):
    model = trained(name)
    whole, some = model.generate(5, seed=3), model.generate(5, seed=3, batch_size=2)
    for a, b in zip(parts(whole), parts(some), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
        assert len(np.unique(a.round(5), axis=0)) == 5
    shapes = kgan._core.nests.shape_leaves(model.sample_shape)
    assert [a.shape for a in parts(whole)] == [(5, *shape) for shape in shapes]


@every_model
def test_exports_give_the_same_samples(name, trained, tmp_path):
    model = trained(name)
    kgan_export.export(model, tmp_path / "model.onnx", output_dtype="float32")
    exported = kgan_export.Sampler(tmp_path / "model.onnx").sample(5, seed=3)
    native = model.generate(5, seed=3)
    assert type(exported) is type(native)
    for a, b in zip(parts(exported), parts(native), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)


@every_model
@pytest.mark.parametrize("what", ["shape", "range", "few", "validation"])
def test_bad_data_is_refused_before_training(name, what, trained):
    model = trained(name)
    x, options, message = {
        "shape": (X[:, :4], {}, "shape"),
        "range": (np.repeat(X, 2, axis=0) * 300.0, {}, r"\[-1, 1\]|must be in"),
        "few": (X[:4], {}, "at least one step"),
        "validation": (X, {"validation_data": X}, "no `validation_data`"),
    }[what]
    x = x if model.domains is None else (x, x)
    step = int(model.step.numpy())
    with pytest.raises(ValueError, match=message):
        model.fit(x, batch_size=8, verbose=0, **options)
    assert int(model.step.numpy()) == step


@every_model
def test_there_is_no_loss_to_evaluate(name, trained):
    with pytest.raises(ValueError, match="judged by metrics.*\n.*kgan.metrics"):
        trained(name).evaluate(X)


@every_model
def test_a_rollback_lowers_all_learning_rates(name):
    model = small(name, precision="mixed_float16")
    before = [float(o.learning_rate) for o in model.optimizers.values()]
    rates = lower_learning_rates(model, 0.5)
    assert rates.keys() == model.players.keys()
    after = [float(o.learning_rate) for o in model.optimizers.values()]
    np.testing.assert_allclose(after, np.array(before) / 2)


@every_model
def test_classes_need_labels(name):
    if not small_models.takes_classes(name):
        with pytest.raises(ValueError, match="takes no labels"):
            small(name).generate(2, labels=0)
        return
    model = small(name, small_models.CLASSES)
    with pytest.raises(ValueError, match="needs labels"):
        fit(model, 1)
    with pytest.raises(ValueError, match="from 0 to 2"):
        fit(model, 1, Y + 1)
    fit(model, 1, Y)
    with pytest.raises(ValueError, match="from 0 to 2"):
        model.generate(2, labels=3)
    first, second = (model.generate(1, labels=label) for label in (0, 1))
    assert np.abs(first - second).max() > 0


@pytest.mark.slow
@every_model
def test_one_and_two_replicas_train_to_the_same_weights(name, replicas):
    figures = replicas[name]
    assert "error" not in figures, figures["error"]
    assert figures["apart"] < 1e-5 and figures["moved"] > 1e-3


@pytest.fixture(scope="module")
def replicas():
    """Trains all of them in one process of two devices."""
    return run_module("tests.contracts.models_on_replicas")
