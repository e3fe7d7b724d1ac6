import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan._core.distribution import micro_batch
from kgan._core.random import Stream, seeded_initializers
from kgan.models.training.accumulation import add, each

SHAPE = (8, 8, 1)
RNG = np.random.default_rng(0)
X = np.tanh(RNG.normal(size=(32, *SHAPE))).astype("float32")
Y = np.arange(32) % 3


def trained(count, num_classes=None, steps=1, interval=1, **options):
    with seeded_initializers(0):
        gan = kgan.GAN(
            kgan.networks.mlp.generator(SHAPE, 4, 8, num_classes=num_classes),
            kgan.networks.mlp.discriminator(SHAPE, 8, num_classes=num_classes),
        )
    sgd = [keras.optimizers.SGD(0.05) for _ in range(2)]
    options = {"run_eagerly": True, **options}
    # New instances: some remember what they saw.
    penalties = [kgan.penalties.get(name) for name in options.pop("penalties", ())]
    for penalty in penalties:
        penalty.interval = interval
    gan.compile(*sgd, gradient_accumulation_steps=count, penalties=penalties, **options)
    y = None if num_classes is None else Y
    history = gan.fit(X, y, batch_size=8, steps_per_epoch=steps, verbose=0).history
    return gan, history


@pytest.mark.parametrize(
    "options",
    [
        {"penalties": ["r1", "gradient_penalty"], "num_classes": 3},
        {"penalties": ["le_cam", "path_length"], "discriminator_steps": 2},
        {"share_fakes": False, "generator_steps": 2, "loss": "hinge"},
        {"updates": "simultaneous", "loss": "relativistic_pairing"},
        {"penalties": ["le_cam"], "interval": 2, "steps": 3},
    ],
    ids=str,
)
def test_micro_batches_train_as_the_whole_batch_does(options):
    (whole, logs), (parts, part_logs) = (trained(count, **options) for count in (1, 4))
    for a, b in zip(whole.get_weights(), parts.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
    for a, b in zip(whole.penalties, parts.penalties, strict=True):
        if a.state is not None:
            np.testing.assert_allclose(a.state.average, b.state.average, rtol=1e-5)
    for name in logs:
        np.testing.assert_allclose(logs[name], part_logs[name], rtol=1e-4, atol=1e-6)


def test_random_numbers_are_those_of_the_position_in_the_batch():
    whole = Stream(0).normal([8, 3])
    for index in range(4):
        with micro_batch(index, 4):
            np.testing.assert_array_equal(
                Stream(0).normal([2, 3]), whole[2 * index : 2 * index + 2]
            )


def test_a_micro_batch_waits_for_the_one_before():
    """Else all would be in memory at the same time."""

    @tf.function
    def step(x):
        return each([lambda: x] * 3, lambda batch, index: tf.exp(batch + index))

    graph = step.get_concrete_function(tf.TensorSpec([2])).graph
    exps = [op for op in graph.get_operations() if op.type == "Exp"]

    def ancestors(op):
        found, queue = set(), [op]
        while queue:
            op = queue.pop()
            for parent in [t.op for t in op.inputs] + list(op.control_inputs):
                if parent not in found:
                    found.add(parent)
                    queue.append(parent)
        return found

    assert exps[0] in ancestors(exps[1]) and exps[1] in ancestors(exps[2])


def test_gradients_that_are_none_add_up():
    assert add([None, None, 2.0], [None, 1.0, 3.0]) == [None, 1.0, tf.constant(5.0)]


def test_gradients_of_embeddings_add_up():
    slices = tf.IndexedSlices(tf.ones([1, 2]), tf.constant([1]), tf.constant([2, 2]))
    np.testing.assert_array_equal(add([slices], [slices])[0], [[0, 0], [2, 2]])


@pytest.mark.parametrize("count", [0, 1.5, True])
def test_impossible_numbers_are_refused(count):
    with pytest.raises(ValueError, match="`gradient_accumulation_steps` must be"):
        trained(count)


def test_what_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="multiple of 3"):
        trained(3)


def test_steps_per_execution_is_refused():
    with pytest.raises(ValueError, match="one by one"):
        trained(2, steps_per_execution=2, run_eagerly=False)


def test_an_optimizers_own_accumulation_is_refused():
    gan, _ = trained(1, steps=1)
    accumulating = keras.optimizers.Adam(gradient_accumulation_steps=4)
    with pytest.raises(ValueError, match=r"compile\(gradient_accumulation_steps"):
        gan.compile(accumulating)


def test_saved_and_loaded(tmp_path):
    gan, _ = trained(2, steps=1)
    gan.save(tmp_path / "gan.keras")
    assert kgan.load_model(tmp_path / "gan.keras").gradient_accumulation_steps == 2
