import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.networks import dcgan, mlp

SHAPE = (8, 8, 1)
IMAGES = np.zeros((32, *SHAPE), "float32")


def game(num_classes=None, **options):
    gan = kgan.GAN(
        dcgan.generator(SHAPE, 4, 8, num_classes),
        dcgan.discriminator(SHAPE, 8, num_classes),
    )
    gan.compile(**options)
    return gan


@pytest.mark.parametrize(
    "players, message",
    [
        (lambda: ("g", mlp.discriminator((2,))), "built `keras.Model`"),
        (lambda: (mlp.generator((3,)), mlp.discriminator((2,))), "must produce what"),
        (
            lambda: (mlp.generator((2,)), mlp.discriminator((2,), num_classes=3)),
            "needs a generator",
        ),
        (lambda: (mlp.generator((2,)), headless()), "one of them `logits`"),
    ],
)
def test_players_that_do_not_fit(players, message):
    with pytest.raises(ValueError, match=message):
        kgan.GAN(*players())


def headless():
    sample = keras.Input((2,))
    return keras.Model(sample, {"score": keras.layers.Dense(1)(sample)})


@pytest.mark.parametrize(
    "options, message",
    [
        ({"discriminator_steps": 0}, "Received: discriminator_steps=0"),
        ({"discriminator_steps": 1.5}, "positive integer"),
        ({"loss": "wgan"}, "wasserstein"),
        ({"penalties": ["r1", "r1"]}, "must differ"),
        ({"generator_optimizer": "fast"}, "keras.optimizers.Optimizer"),
    ],
)
def test_compile_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        game(**options)


def test_shared_optimizer():
    adam = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="an optimizer of its own"):
        game(generator_optimizer=adam, discriminator_optimizer=adam)


@pytest.mark.parametrize("ema_decay", [-0.1, 1.0])
def test_ema_decay(ema_decay):
    with pytest.raises(ValueError, match="`ema_decay` must be at least 0"):
        kgan.GAN(mlp.generator((2,)), mlp.discriminator((2,)), ema_decay=ema_decay)


@pytest.mark.parametrize(
    "x, message",
    [
        (np.zeros((32, 9, 9, 1), "float32"), r"shape of the generator's, \(8, 8, 1\)"),
        (np.zeros((32, 8, 8, 3), "float32"), "shape of the generator's"),
        (IMAGES - 3, r"\[-1, 1\]"),
        (IMAGES[:0], "at least one sample"),
        (IMAGES[:10], "at least one step"),
        (np.full_like(IMAGES, np.nan), "finite"),
    ],
)
def test_bad_arrays_are_refused_before_training(x, message):
    gan = game()
    with pytest.raises(ValueError, match=message):
        gan.fit(x, batch_size=16)
    assert int(gan.step.numpy()) == 0


@pytest.mark.parametrize(
    "dataset, message",
    [
        (tf.data.Dataset.from_tensors(IMAGES - 3.0), r"in \[-1, 1\]"),
        (tf.data.Dataset.from_tensors(IMAGES * np.nan), r"in \[0, 255\]"),
        (tf.data.Dataset.from_tensors(IMAGES.astype("str")), "must be numbers"),
        (tf.data.Dataset.from_tensors((IMAGES, [0] * 32, [1] * 32)), "Drop the others"),
        (tf.data.Dataset.from_tensors(IMAGES).take(0), "at least one batch"),
        (tf.data.Dataset.from_tensors(IMAGES[..., 0]), "shape of the generator's"),
    ],
)
def test_bad_datasets_are_refused_before_training(dataset, message):
    with pytest.raises(ValueError, match=message):
        game().fit(dataset)


def test_labels():
    gan = game(num_classes=3)
    with pytest.raises(ValueError, match="needs labels"):
        gan.fit(IMAGES, batch_size=16)
    with pytest.raises(ValueError, match="from 0 to 2"):
        gan.fit(IMAGES, np.full(32, 3), batch_size=16)
    with pytest.raises(ValueError, match="from 0 to 2"):
        gan.generate(4, labels=3)
    with pytest.raises(ValueError, match="takes no labels"):
        game().generate(4, labels=0)


def test_validation_data_points_to_the_callback():
    with pytest.raises(ValueError, match="kgan.callbacks.Evaluate"):
        game().fit(IMAGES, validation_data=IMAGES)


def test_dataset_brings_its_own_labels_and_batches():
    dataset = tf.data.Dataset.from_tensors(IMAGES)
    with pytest.raises(ValueError, match="no `batch_size`"):
        game().fit(dataset, batch_size=8)


def test_fit_before_compile():
    gan = kgan.GAN(mlp.generator((2,)), mlp.discriminator((2,)))
    with pytest.raises(ValueError, match="compile"):
        gan.fit(np.zeros((8, 2), "float32"))


def test_created_and_compiled_in_one_scope():
    gan = kgan.GAN(mlp.generator((2,)), mlp.discriminator((2,)))
    with tf.distribute.OneDeviceStrategy("cpu:0").scope():
        with pytest.raises(ValueError, match="scope of the same strategy"):
            gan.compile()


@pytest.mark.parametrize("drop_remainder", [True, False])
def test_a_data_set_of_less_than_a_step(drop_remainder):
    data = tf.data.Dataset.from_tensor_slices(IMAGES).batch(32, drop_remainder)
    with pytest.raises(ValueError, match="at least one step"):
        game(discriminator_steps=2).fit(data)
