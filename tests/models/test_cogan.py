import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
import kgan_export
from kgan._core.random import seeded_initializers

SHAPE = (8, 8, 1)
RNG = np.random.default_rng(0)
A = RNG.uniform(-1, 1, (24, *SHAPE)).astype("float32")
B = RNG.uniform(-1, 1, (17, *SHAPE)).astype("float32")


def build(**options):
    with seeded_initializers(0):
        return kgan.CoGAN(
            kgan.networks.cogan.generators(SHAPE, 4, 4),
            kgan.networks.cogan.discriminators(SHAPE, 4, units=8, **options),
        )


@pytest.fixture(scope="module")
def trained():
    gan = build()
    gan.compile(penalties=["r1"], run_eagerly=True)
    gan.fit((A, B), batch_size=8, verbose=0)
    return gan


def test_an_epoch_is_a_pass_over_the_smaller_domain(trained):
    assert int(trained.step.numpy()) == 17 // 8


def test_batches_hold_both_domains_in_orders_of_their_own():
    gan = build()
    gan.compile()
    pairs, _ = gan._pairs(A, B, np.arange(24), 8, True, "auto")
    for element in pairs.take(3):
        (_, label), _ = element
        pair, _ = gan.unpack(element)
        assert pair["a"].shape == pair["b"].shape == (8, 8, 8, 1)
        np.testing.assert_array_equal(pair["a"], A[label.numpy()])
        for other in pair["b"].numpy():
            assert (other == B).all(axis=(1, 2, 3)).sum() == 1


def test_pairs_come_from_the_same_codes(trained):
    pairs = trained.generate(5, seed=2)
    assert {name: x.shape for name, x in pairs.items()} == {
        "a": (5, *SHAPE),
        "b": (5, *SHAPE),
    }
    z = trained.prior.latents(5, 4, seed=2)
    made = trained.ema_generator(z)
    for name, images in pairs.items():
        np.testing.assert_allclose(images, made[name], atol=1e-6)
    predicted = trained.predict(z, verbose=0)
    for name, images in pairs.items():
        np.testing.assert_allclose(predicted[name], images, atol=1e-6)


def test_the_average_follows_the_generators(trained):
    """After two steps it lies between the first weights and the last, not at either."""
    start = build().generator.trainable_variables[0]
    last = trained.generator.trainable_variables[0]
    average = trained.ema_generator.trainable_variables[0]
    way = np.abs(last - start)
    assert 0 < np.abs(average - start).max() < way.max()


def test_a_data_set_of_pairs_trains_and_loads(tmp_path, deterministic):
    pairs = tf.data.Dataset.from_tensor_slices((A[:16], B[:16])).batch(8, True)
    gan = build()
    gan.compile(run_eagerly=True)
    gan.fit(pairs, verbose=0)
    gan.save(tmp_path / "gan.keras")
    keras.backend.clear_session()  # it counts names anew
    loaded = kgan.load_model(tmp_path / "gan.keras")
    for model in (gan, loaded):
        model.fit((A, B), batch_size=8, verbose=0)
    for a, b in zip(gan.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_classifies_samples_of_either_domain():
    gan = build(num_classes=3)
    logits = gan.discriminator({"a": A[:17], "b": B})
    for samples, name, head in ((A, "a", "class_logits"), (B, "b", "class_logits_b")):
        expected = np.argmax(logits[head], axis=1)
        np.testing.assert_array_equal(gan.classify(samples[:17], name), expected)


def test_mistakes_are_told(trained):
    with pytest.raises(ValueError, match="needs samples of both"):
        trained.fit(A)
    with pytest.raises(ValueError, match=r"must have the shape \(8, 8, 1\)"):
        trained.fit((A, B[:, :4]))
    with pytest.raises(ValueError, match="at least one step"):
        trained.fit((A, B), batch_size=20)
    with pytest.raises(ValueError, match="needs a classifier"):
        trained.classify(B)
    with pytest.raises(ValueError, match="must make pairs"):
        kgan.CoGAN(
            kgan.networks.mlp.generator(SHAPE), kgan.networks.mlp.discriminator(SHAPE)
        )


@pytest.mark.slow
def test_exports_have_two_named_outputs(trained, tmp_path):
    kgan_export.export(trained, tmp_path / "saved_model", format="saved_model")
    kgan_export.export(trained, tmp_path / "generator.onnx", output_dtype="float32")
    samples = kgan_export.Sampler(tmp_path / "generator.onnx").sample(3, seed=1)
    native = trained.generate(3, seed=1)
    assert list(samples) == ["a", "b"]
    for name, images in native.items():
        np.testing.assert_allclose(samples[name], images, atol=1e-4)


def test_distributed_data_are_taken():
    strategy = tf.distribute.MirroredStrategy(["cpu:0"])
    with strategy.scope():
        gan = build()
        gan.compile()
    data = tf.data.Dataset.from_tensor_slices((A[:16], B[:16])).batch(8, True)
    gan.fit(strategy.experimental_distribute_dataset(data), verbose=0)
    assert int(gan.step.numpy()) == 2
