"""Games whose discriminator sees augmented samples."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan._core.random import seeded_initializers
from kgan.augmentation import ADA, APA, DiffAugment
from tests.modules import run_module

SHAPE = (8, 8, 1)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (64, *SHAPE)).astype("float32")
EVERYTHING = {
    "ada": lambda: ADA("blit,color,noise", images=300, interval=2, probability=0.5),
    "apa": lambda: APA(images=300, interval=2, probability=0.5),
    "diffaugment": lambda: DiffAugment(),
    "flip": lambda: keras.layers.RandomFlip("horizontal"),
    "model": lambda: keras.Sequential(
        [keras.layers.RandomTranslation(0.2, 0.2), keras.layers.RandomRotation(0.1)]
    ),
}


def game(augmentation=None, pack=1, compile=True, **options):
    """A small game whose discriminator is smooth, and has no batch normalisation."""
    code = keras.Input([4])
    image = keras.Input([8, 8, pack])
    with seeded_initializers(0):
        made = keras.layers.Reshape(SHAPE)(keras.layers.Dense(64, "tanh")(code))
        hidden = keras.layers.Dense(16, "tanh")(keras.layers.Flatten()(image))
        gan = kgan.GAN(
            keras.Model(code, made),
            keras.Model(image, keras.layers.Dense(1)(hidden)),
            seed=3,
        )
    if compile:
        gan.compile(augmentation=augmentation, pack=pack, **options)
    return gan


def fit(gan, steps, **options):
    history = gan.fit(
        IMAGES, batch_size=8, steps_per_epoch=1, epochs=steps, verbose=0, **options
    )
    return history.history


def weights(gan):
    return np.concatenate([w.ravel() for w in gan.get_weights()])


@pytest.mark.parametrize("name", EVERYTHING)
def test_goes_on_bit_for_bit(name, tmp_path):
    options = {"penalties": [kgan.penalties.R1(interval=2)]}
    whole, half = (game(EVERYTHING[name](), **options) for _ in range(2))
    fit(whole, 7)
    fit(half, 3)
    half.save(tmp_path / "half.keras")
    loaded = kgan.load_model(tmp_path / "half.keras")
    assert type(loaded.augmentation) is type(half.augmentation)
    fit(loaded, 4)
    np.testing.assert_array_equal(weights(loaded), weights(whole))
    if whole.controller:
        p = [float(g.controller.probability.numpy()) for g in (whole, loaded)]
        assert p[0] == p[1] and 0 < p[0] != 0.5
    other = fit(game(**options), 7)
    assert other["d_loss"] != fit(game(EVERYTHING[name](), **options), 7)["d_loss"]


@pytest.mark.parametrize("name", ["ada", "apa"])
def test_micro_batches_train_as_the_whole_batch(name):
    options = {"penalties": ["le_cam"]}
    games = [
        game(EVERYTHING[name](), gradient_accumulation_steps=count, **options)
        for count in (1, 2)
    ]
    for gan in games:
        fit(gan, 4)
    np.testing.assert_allclose(*map(weights, games), rtol=1e-4, atol=1e-5)
    if games[0].controller:
        p = [float(g.controller.probability.numpy()) for g in games]
        assert p[0] == p[1] != 0.5


def test_at_p_0_a_game_is_what_it_is_without():
    plain, augmented = game(), game(ADA(target=None))
    fit(plain, 3)
    fit(augmented, 3)
    names = "generator", "discriminator"
    for name in names:
        pair = (getattr(g, name).get_weights() for g in (plain, augmented))
        for first, second in zip(*pair, strict=True):
            np.testing.assert_allclose(first, second, atol=1e-6)


def test_p_follows_the_judgement_of_the_discriminator():
    """Frozen at logits of +1 and -1 it is sure, or sure of the opposite.

    In 4 steps of 8 images p moves by 32 / 320.
    """
    for bias, expected in ((1.0, 0.4), (-1.0, 0.2)):
        gan = game(ADA(images=320, probability=0.3))
        head = gan.discriminator.layers[-1]
        head.set_weights([np.zeros((16, 1)), np.array([bias])])
        gan.discriminator_optimizer.learning_rate = 0.0
        logs = fit(gan, 5)
        assert logs["augment_p"] == pytest.approx([0.3] * 4 + [expected])
        assert logs["augment_sign"] == [bias] * 5


def test_p_rises_while_the_discriminator_learns_the_images_by_heart():
    gan = game(
        ADA("noise", images=64 * 8),  # too weak to stop it
        discriminator_optimizer=keras.optimizers.Adam(0.01),
        generator_optimizer=keras.optimizers.SGD(0.0),
    )
    options = {"batch_size": 8, "steps_per_epoch": 50, "epochs": 3, "verbose": 0}
    logs = gan.fit(IMAGES[:16], **options).history
    p = logs["augment_p"]
    assert p[0] < p[1] < p[2] and p[2] > 0.2


def test_two_updates_of_the_discriminator_show_twice_the_images():
    gan = game(ADA(images=320, probability=0.5, interval=1), discriminator_steps=2)
    gan.discriminator_optimizer.learning_rate = 0.0
    head = gan.discriminator.layers[-1]
    head.set_weights([np.zeros((16, 1)), np.array([1.0])])
    assert fit(gan, 3)["augment_p"] == pytest.approx([0.5, 0.55, 0.6])


@pytest.mark.parametrize("pack", [1, 2])
def test_r1_is_at_the_image_before_the_augmentation(pack):
    """Brightness changes nothing in a gradient; an image cut away has none there.

    Of a linear judge w the gradient is w where the image is seen, and R1 half the
    squared norm of it.
    """
    image = keras.Input([8, 8, pack])
    with seeded_initializers(0):
        logits = keras.layers.Dense(1)(keras.layers.Flatten()(image))
        gan = kgan.GAN(game().generator, keras.Model(image, logits))
    gan.discriminator.layers[-1].set_weights([np.ones((64 * pack, 1)), np.zeros(1)])
    sgd = keras.optimizers.SGD(0.0)
    gan.compile(
        discriminator_optimizer=sgd,
        augmentation=ADA("cutout", probability=1.0, target=None),
        penalties=["r1"],
        pack=pack,
    )
    found = fit(gan, 100)["r1"]
    # Half of the pixels that are seen; on average (7/16)² are cut, a quarter at most.
    assert max(found) < 32 * pack and min(found) >= 24 * pack
    assert np.mean(found) == pytest.approx(32 * pack * (1 - (7 / 16) ** 2), rel=0.02)


def test_older_augmentations_leave_penalties_alone():
    gan = game(kgan.augmentation.InstanceNoise(5.0), penalties=["r1"])
    plain = game(penalties=["r1"])
    assert fit(gan, 1)["r1"] == pytest.approx(fit(plain, 1)["r1"])


def test_apa_tells_the_discriminator_that_fakes_are_real():
    """At p = 1 both its batches are the same."""
    gan = game(APA(probability=1.0, target=None))
    logs = fit(gan, 3)
    assert logs["d_real"] == logs["d_fake"]


def test_compiled_again():
    gan = game("ada", compile=False)
    for augmentation in ("ada", keras.layers.RandomFlip("horizontal"), None, "apa"):
        gan.compile(augmentation=augmentation)
        fit(gan, 1)
    assert fit(gan, 1).keys() >= {"augment_p", "augment_sign"}


def test_packs_and_unrolling():
    for options in (
        {"pack": 2, "penalties": ["gradient_penalty"]},
        {"unroll_steps": 2},
    ):
        logs = fit(game(EVERYTHING["ada"](), **options), 2)
        assert all(np.isfinite(values).all() for values in logs.values())


@pytest.mark.parametrize(
    "options, message",
    [
        ({"augmentation": "ads"}, "diffaugment, ada and apa"),
        ({"augmentation": "ada", "loss": "wasserstein"}, "Use 'diffaugment'"),
        ({"augmentation": "apa", "loss": "relativistic_pairing"}, "sign of D"),
        ({"augmentation": keras.layers.CenterCrop(4, 4)}, "keep the shape"),
        (
            {"augmentation": keras.layers.RandomContrast(0.2)},
            r"value_range=\(0, 255\)",
        ),
        (
            {"augmentation": keras.layers.RandomPosterization(4, (-1, 1))},
            "must be differentiable",
        ),
        (
            {"augmentation": keras.layers.Discretization([0.0], output_mode="int")},
            "must be differentiable",
        ),
    ],
)
def test_mistakes(options, message):
    with pytest.raises(ValueError, match=message):
        game(**options)


def test_a_fixed_p_serves_any_loss():
    gan = game(ADA(probability=0.5, target=None), loss="wasserstein")
    assert fit(gan, 5)["augment_p"] == [0.5] * 5


def test_points_are_no_images():
    mlp = kgan.networks.mlp
    gan = kgan.GAN(mlp.generator((2,), 4), mlp.discriminator((2,)))
    with pytest.raises(ValueError, match="DiffAugment changes images"):
        gan.compile(augmentation="diffaugment")


def test_what_compile_draws_to_check_a_layer_is_no_part_of_the_training():
    layer = keras.layers.RandomFlip("horizontal", seed=5)
    before = layer.generator.state.numpy()
    game(layer)
    np.testing.assert_array_equal(layer.generator.state.numpy(), before)


@pytest.mark.slow
def test_two_replicas_train_as_one():
    found = run_module("tests.models.augmented_on_replicas")
    for name in ("ada", "apa"):
        (p, weights), (other_p, other_weights) = found[name]
        assert p == other_p and 0 < p != 0.5
        np.testing.assert_allclose(weights, other_weights, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "loss, threshold",
    [
        ("non_saturating", 0.0),
        ("hinge", 0.0),
        ("wasserstein", None),
        ("relativistic_average", None),
        (kgan.losses.LeastSquares(), 0.5),
        (kgan.losses.LeastSquares(a=-1, b=1, c=0), 0.0),
        (kgan.losses.FDivergence("kl"), 1.0),
        (kgan.losses.FDivergence("squared_hellinger"), 0.0),
        (kgan.losses.LabelFlipping(kgan.losses.LeastSquares()), 0.5),
    ],
)
def test_threshold_is_where_the_discriminators_loss_is_even(loss, threshold):
    """Equal densities at one logit: its loss of one real and one fake is least there.

    A logit that only counts in differences has no such place.
    """
    loss = kgan.losses.get(loss)
    assert loss.threshold == threshold
    if threshold is not None:
        around = tf.reshape(tf.linspace(-1.5, 1.5, 301) + threshold, [-1, 1])
        values = loss.discriminator_loss(around, around).numpy()
        assert values[150] == pytest.approx(values.min(), abs=1e-4)


@pytest.mark.parametrize(
    "preset, name",
    [("bigan", "apa"), ("cogan-small", "ada"), ("progressive-small", "diffaugment")],
)
def test_other_games(preset, name):
    gan = kgan.from_preset(
        preset, (8, 8, 1), 2, augmentation={"class_name": name}, batch_size=32
    )
    count = 32 * gan.batches_per_step
    x = np.resize(IMAGES, (count, *SHAPE))
    x, y = ((x, x), None) if gan.domains else (x, np.arange(count) % 2)
    logs = gan.fit(x, y, batch_size=32, steps_per_epoch=1, epochs=2, verbose=0).history
    assert all(np.isfinite(values).all() for values in logs.values())
    assert ("augment_p" in logs) == (name != "diffaugment")


def test_xla():
    logs = fit(game(EVERYTHING["ada"](), jit_compile=True, penalties=["r1"]), 2)
    assert all(np.isfinite(values).all() for values in logs.values())
