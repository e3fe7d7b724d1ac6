import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
import kgan_export
from kgan._core.random import seeded_initializers

SHAPE = (14, 14, 1)  # padded to 16
X = np.random.default_rng(0).uniform(-1, 1, (32, *SHAPE)).astype("float32")


def build(shape=SHAPE, fade=16, steady=8, num_classes=None, **schedule):
    with seeded_initializers(0):
        return kgan.ProgressiveGAN(
            kgan.networks.progressive.generator(shape, 4, 4, num_classes),
            kgan.networks.progressive.discriminator(shape, 4, num_classes),
            kgan.schedules.Growth(fade, steady, batch_size=4, **schedule),
        )


@pytest.fixture(scope="module")
def game():
    return build()


def at(gan, phase, alpha):
    """Puts a game into the middle of a phase; returns its players."""
    gan._enter(gan.phases[phase].start)
    gan.fade.alpha.assign(alpha)
    return gan.generator, gan.discriminator


BLACK = {"mode": "constant", "constant_values": -1.0}


@pytest.mark.parametrize("fade", [1, 3])
def test_alpha_0_is_the_earlier_stage_enlarged_and_alpha_1_the_new_path(game, fade):
    """Both exactly; the last stage cuts 14×14 out of 16×16."""
    z = np.random.default_rng(1).normal(size=(4, 4)).astype("float32")
    before, judge_before = at(game, fade - 1, 1.0)
    after, judge_after = at(game, fade + 1, 1.0)
    size = game.phases[fade].size
    enlarged = np.kron(before(z), np.ones((1, 2, 2, 1)))
    if size == 16:
        enlarged = enlarged[:, 1:15, 1:15]
    generator, _ = at(game, fade, 0.0)
    np.testing.assert_array_equal(generator(z), enlarged)
    generator, _ = at(game, fade, 1.0)
    np.testing.assert_array_equal(generator(z), after(z))

    x = after(z).numpy()
    padded = x if size == 8 else np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)], **BLACK)
    halved = padded.reshape(4, size // 2, 2, size // 2, 2, 1).mean(axis=(2, 4))
    _, discriminator = at(game, fade, 0.0)
    np.testing.assert_allclose(discriminator(x), judge_before(halved), rtol=1e-5)
    _, discriminator = at(game, fade, 1.0)
    np.testing.assert_array_equal(discriminator(x), judge_after(x))


def test_players_of_a_phase_have_the_weights_of_its_blocks(game):
    """The coarser image layer stays until the fade ends; finer blocks come later."""
    counts = []
    for phase in range(5):
        generator, discriminator = at(game, phase, 1.0)
        counts.append(
            [len(model.trainable_variables) for model in (generator, discriminator)]
        )
    # Dense and one convolution, then two a block, and `to_image`: weights and biases.
    # `from_image`, two convolutions a block, one at 4×4 and two dense layers.
    assert counts == [[6, 8], [12, 14], [10, 12], [16, 18], [14, 16]]


def test_real_images_are_averaged_down_and_faded(game):
    real = np.pad(X[:4], [(0, 0), (1, 1), (1, 1), (0, 0)], **BLACK)
    eight = real.reshape(4, 8, 2, 8, 2, 1).mean(axis=(2, 4))
    four = real.reshape(4, 4, 4, 4, 4, 1).mean(axis=(2, 4))
    at(game, 0, 1.0)
    np.testing.assert_allclose(game.prepare(X[:4], {})[0], four, atol=1e-6)
    at(game, 1, 0.25)
    faded = 0.75 * np.kron(four, np.ones((1, 2, 2, 1))) + 0.25 * eight
    np.testing.assert_allclose(game.prepare(X[:4], {})[0], faded, atol=1e-6)
    at(game, 4, 1.0)
    np.testing.assert_array_equal(game.prepare(X[:4], {})[0], X[:4])


def test_smaller_batches_of_a_resolution_are_taken_with_a_stride():
    gan = build((8, 8, 1), batch_sizes={8: 2})
    at(gan, 2, 1.0)
    real = X[:4, :8, :8]
    np.testing.assert_array_equal(gan.prepare(real, {})[0], real[::2])


def test_fit_goes_through_the_schedule_and_generates_the_current_resolution():
    """4 + 8 + 4 images by 4: 1 + 2 + 1 steps; the optimizers start anew after 1."""
    gan = build((8, 8, 1), 8, 4, learning_rates={8: 0.004})
    gan.compile(run_eagerly=True)
    seen = []

    def watch(batch, logs):
        shape = gan.generate(1).shape[1]
        seen.append((shape, int(gan.generator_optimizer.iterations.numpy())))

    watcher = keras.callbacks.LambdaCallback(on_train_batch_end=watch)
    gan.fit(X[:16, :8, :8], verbose=0, callbacks=[watcher])
    # After the last step at 4×4, the generator is already that of the next.
    assert seen == [(8, 1), (8, 1), (8, 2), (8, 3)]
    assert float(gan.discriminator_optimizer.learning_rate) == np.float32(0.004)
    assert gan.generate(2).shape == (2, 8, 8, 1)
    assert gan.fit(X[:, :8, :8], verbose=0).history == {}  # it has ended


def test_resumed_in_the_middle_of_a_fade(tmp_path, deterministic):
    games = []
    for steps in ([3], [2, 1]):
        gan = build((8, 8, 1), steady=4, num_classes=3)
        gan.compile(loss="wasserstein", run_eagerly=True)
        for count in steps:
            x, y = X[:, :8, :8], np.arange(32) % 3
            gan.fit(x, y, steps_per_epoch=count, verbose=0)
            if len(steps) == 2:
                gan.save(tmp_path / "gan.keras")
                gan = kgan.load_model(tmp_path / "gan.keras")
        games.append(gan)
    whole, parts = games
    assert (whole.phase, float(whole.fade.alpha)) == (1, 0.5)
    for a, b in zip(whole.get_weights(), parts.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(whole.generate(4), parts.generate(4))


def test_loads_where_keras_starts_to_count_names_anew(game, tmp_path):
    game.save(tmp_path / "gan.keras")
    keras.backend.clear_session()
    loaded = kgan.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.generate(4), game.generate(4))


def test_only_finished_stages_are_handed_out(game):
    with pytest.raises(ValueError, match=r"8×8 must have been faded in.*\n.*step 6"):
        game.stage_generator(1)
    assert game.stage_generator(0).output_shape == (None, 4, 4, 1)


def test_mistakes_are_told():
    with pytest.raises(ValueError, match="must have layers `features_4`"):
        kgan.ProgressiveGAN(
            kgan.networks.mlp.generator(SHAPE), kgan.networks.mlp.discriminator(SHAPE)
        )
    gan = build((8, 8, 1))
    gan.compile(run_eagerly=True)
    with pytest.raises(ValueError, match=r"batches must be those of the schedule"):
        gan.fit(X[:, :8, :8], batch_size=8)
    gan = build((8, 8, 1), batch_sizes={8: 1})
    gan.compile(gradient_accumulation_steps=2)
    with pytest.raises(ValueError, match="every resolution must divide"):
        gan.fit(X[:, :8, :8])
    gan.compile(steps_per_execution=2)
    with pytest.raises(ValueError, match="may grow after any step"):
        gan.fit(X[:, :8, :8], steps_per_epoch=2, verbose=0)


@pytest.mark.slow
def test_a_whole_run_in_graphs_and_the_export_of_each_stage(tmp_path):
    gan = build((8, 8, 1))
    gan.compile(loss="wasserstein", penalties=["gradient_penalty", "drift"])
    history = gan.fit(X[:, :8, :8], verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    for stage, size in ((0, 4), (1, 8)):
        for format in ("onnx", "saved_model"):
            path = tmp_path / f"{size}.{format}"
            kgan_export.export(gan.stage_generator(stage), path, format=format)
        samples = kgan_export.Sampler(tmp_path / f"{size}.onnx").sample(3)
        assert samples.shape == (3, size, size, 1)


def test_the_length_of_distributed_data_is_not_known():
    strategy = tf.distribute.MirroredStrategy(["cpu:0"])
    with strategy.scope():
        gan = build()
        gan.compile()
    data = tf.data.Dataset.from_tensor_slices(X).batch(4, drop_remainder=True)
    with pytest.raises(ValueError, match="length of an epoch must be known"):
        gan.fit(strategy.experimental_distribute_dataset(data))
