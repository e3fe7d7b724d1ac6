"""Fine-tuning: what is taken, what starts anew, what stays frozen."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import kgan

SMALL = {"generator": {"width": 8}, "discriminator": {"width": 8}, "batch_size": 8}


def preset(name="dcgan-sn", shape=(8, 8, 1), **options):
    return kgan.from_preset(name, image_shape=shape, **SMALL, **options)


def data(shape=(8, 8, 1), num_classes=None):
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (32, *shape)).astype("float32")
    return (x,) if num_classes is None else (x, np.arange(32) % num_classes)


def trained(*args, num_classes=None, **options):
    gan = preset(*args, num_classes=num_classes, **options)
    gan.fit(*data(gan.sample_shape, num_classes), batch_size=4, verbose=0)
    return gan


def weights(model, role):
    return model.networks[role].get_weights()


def same(first, second):
    return [np.array_equal(a, b) for a, b in zip(first, second, strict=True)]


def test_all_weights_are_taken_and_optimizers_are_fresh():
    gan = trained()
    fine = kgan.fine_tune(gan)
    assert fine.initialized_anew == [] and int(fine.step) == 0
    for role in gan.networks:
        assert all(same(weights(fine, role), weights(gan, role)))
    averages = [m.ema_generator.get_weights() for m in (fine, gan)]
    assert all(same(*averages))
    assert not all(same(averages[0], weights(gan, "generator")))
    assert int(fine.generator_optimizer.iterations) == 0
    # The trained model stays as it is.
    fine.fit(*data(), batch_size=8, verbose=0)
    equal = same(weights(fine, "discriminator"), weights(gan, "discriminator"))
    assert equal[:4] == [False] * 4  # the others' gradient is 0 at first


def test_the_average_goes_on_without_a_ramp(tmp_path):
    """One step at decay .999 moves it by a thousandth of the difference."""
    fine = kgan.fine_tune(trained())
    fine.save(tmp_path / "fine.keras")
    again = kgan.load_model(tmp_path / "fine.keras")
    for model in (fine, again):
        before = model.ema_generator.get_weights()
        model.fit(*data(), batch_size=32, verbose=0)
        trainable = [w.trainable for w in model.ema_generator.weights]
        assert any(trainable)
        for old, new, moved, train in zip(
            before,
            model.ema_generator.get_weights(),
            weights(model, "generator"),
            trainable,
            strict=True,
        ):
            expected = old + 0.001 * (moved - old) if train else moved
            np.testing.assert_allclose(new, expected, rtol=1e-5, atol=1e-7)


def test_another_number_of_classes():
    gan = trained("pd-gan", num_classes=3)
    fine = kgan.fine_tune(gan, num_classes=5)
    assert fine.num_classes == 5
    names = fine.initialized_anew
    assert names and all("embedding" in name or "projection" in name for name in names)
    assert any(name.startswith("discriminator: projection") for name in names)
    taken = dict(
        zip(
            [w.path for w in fine.discriminator.weights],
            same_shapes(fine.discriminator, gan.discriminator),
            strict=True,
        )
    )
    assert [p for p, equal in taken.items() if not equal] == ["projection/embeddings"]
    fine.fit(*data(num_classes=5), batch_size=4, verbose=0)


def same_shapes(first, second):
    return [
        a.shape == b.shape and np.array_equal(a, b)
        for a, b in zip(first.weights, second.weights, strict=True)
    ]


def test_another_number_of_channels():
    fine = kgan.fine_tune(trained(), image_shape=(8, 8, 3))
    assert len(fine.initialized_anew) == 3
    last, bias, first = fine.initialized_anew
    assert last.startswith("generator: ") and "(4, 4, 3, 8)" in last and "(3,)" in bias
    assert first.startswith("discriminator: ") and "(4, 4, 3, 8)" in first


def test_another_resolution_keeps_what_is_near_the_image():
    gan = trained(shape=(16, 16, 1))
    fine = kgan.fine_tune(gan, image_shape=(32, 32, 1))
    anew = " ".join(fine.initialized_anew)
    assert np.array_equal(fine.generator.weights[-1], gan.generator.weights[-1])
    assert np.array_equal(fine.discriminator.weights[0], gan.discriminator.weights[0])
    assert "dense" in anew and "logits" in anew
    assert len(fine.initialized_anew) < len(fine.generator.weights)


def test_numbers_that_keras_gives_to_layers_do_not_matter():
    gan = trained()
    keras.layers.Dense(1)  # shifts the numbers of the next ones
    assert kgan.fine_tune(gan).initialized_anew == []


@pytest.mark.parametrize(("given", "images"), [({}, 100_000), ({"images": 7}, 7)])
def test_adaptive_augmentation_is_faster(given, images):
    fine = kgan.fine_tune(trained(), augmentation={"class_name": "ada", **given})
    assert fine.augmentation.get_config()["images"] == images


def test_nothing_fits():
    with pytest.raises(ValueError, match="whose names and shapes fit"):
        kgan.fine_tune(trained(), into=own(width=5))


def own(width=8, channels=1):
    z = keras.Input([4])
    image = layers.Dense(64 * channels, "tanh")(layers.Dense(width)(z))
    generator = keras.Model(z, layers.Reshape([8, 8, channels])(image))
    x = keras.Input([8, 8, channels])
    hidden = layers.Dense(width)(layers.Flatten()(x))
    discriminator = keras.Model(x, layers.Dense(1)(hidden))
    gan = kgan.GAN(generator, discriminator)
    gan.compile("adam", "adam", loss="hinge")
    return gan


def test_networks_of_users():
    gan = own()
    gan.fit(*data(), batch_size=8, verbose=0)
    fine = kgan.fine_tune(gan, freeze_generator=1)
    assert fine.initialized_anew == []
    assert type(fine.adversarial_loss) is kgan.losses.Hinge
    into = own(channels=3)
    assert kgan.fine_tune(gan, into=into) is into
    assert len(into.initialized_anew) == 3
    with pytest.raises(ValueError, match="Only models of presets"):
        kgan.fine_tune(gan, num_classes=3)
    with pytest.raises(ValueError, match="has its settings already"):
        kgan.fine_tune(gan, into=into, num_classes=3)


@pytest.mark.parametrize("parts", [1, 2])
def test_frozen_layers_stay_as_they_are(parts, tmp_path):
    gan = trained("dcgan", (16, 16, 1))
    fine = kgan.fine_tune(
        gan,
        freeze_discriminator=2,
        freeze_generator=1,
        gradient_accumulation_steps=parts,
    )
    path = tmp_path / "fine.keras"
    for model in (fine, None):
        model = model or kgan.load_model(path)
        before = {role: weights(model, role) for role in model.networks}
        model.fit(*data((16, 16, 1)), batch_size=8, verbose=0)
        model.save(path)
        for role, count in {"discriminator": 2, "generator": 1}.items():
            network = model.networks[role]
            frozen = {
                id(w)
                for layer in [x for x in network.layers if x.weights][:count]
                for w in layer.weights
            }
            moved = [not equal for equal in same(before[role], weights(model, role))]
            stays = [id(w) in frozen for w in network.weights]
            assert not any(m for m, s in zip(moved, stays, strict=True) if s)
            assert any(moved)
            player = model.players[role]
            assert not frozen & {id(v) for v in player.weights}
            slots = len(player.optimizer.variables)
            assert slots < len(gan.players[role].optimizer.variables)


def test_frozen_spectral_normalization_keeps_its_state():
    fine = kgan.fine_tune(trained(), freeze_discriminator=1)
    first = [w.numpy() for w in fine.discriminator.layers[1].weights]
    assert len(first) == 3  # kernel, bias and the vector of the power iteration
    fine.fit(*data(), batch_size=8, verbose=0)
    assert all(same(first, [w.numpy() for w in fine.discriminator.layers[1].weights]))


def test_frozen_layers_under_a_strategy():
    devices = [d.name for d in tf.config.list_logical_devices("CPU")][:2]
    gan = trained()
    with tf.distribute.MirroredStrategy(devices).scope():
        fine = kgan.fine_tune(gan, freeze_discriminator=1)
    fine.fit(*data(), batch_size=8, verbose=0)
    equal = same(weights(fine, "discriminator"), weights(gan, "discriminator"))
    assert equal[:3] == [True] * 3 and not equal[3]


@pytest.mark.parametrize("count", [3, -1, 1.5])
def test_too_many_frozen_layers(count):
    with pytest.raises(ValueError, match="Freeze at most 1"):
        kgan.fine_tune(trained(), freeze_discriminator=count)


@pytest.mark.parametrize("name", ["bigan", "cogan", "vae"])
def test_other_models(name):
    gan = kgan.from_preset(name, image_shape=(8, 8, 1))
    fine = kgan.fine_tune(gan)
    assert fine.initialized_anew == [] and type(fine) is type(gan)


def test_a_model_that_grows_is_refused():
    gan = kgan.from_preset("progressive-small", image_shape=(8, 8, 1))
    with pytest.raises(ValueError, match="begins with the smallest"):
        kgan.fine_tune(gan)


def test_settings_are_kept_in_the_file(tmp_path):
    gan = preset(num_classes=3)
    gan.save(tmp_path / "a.keras")
    assert kgan.load_model(tmp_path / "a.keras").settings == gan.settings
    assert gan.settings["generator"]["width"] == 8
