import errno
import json
import resource

import keras
import numpy as np
import pytest

import kgan
from kgan.callbacks import Checkpoint, latest_checkpoint


class Scorer(keras.callbacks.Callback):
    """Gives chosen scores at chosen batches."""

    def __init__(self, scores):
        super().__init__()
        self.scores = scores

    def on_train_batch_end(self, batch, logs=None):
        if batch in self.scores:
            logs["fd"] = self.scores[batch]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_keeps_the_last_ones(make_gan, train, tmp_path):
    gan = make_gan()
    train(gan, Checkpoint(tmp_path, every=3, keep=2), epochs=2)
    assert names(tmp_path) == ["step_000015.keras", "step_000016.keras"]
    assert latest_checkpoint(tmp_path) == tmp_path / "step_000016.keras"


def test_resumed_training_equals_one_without_a_break(make_gan, train, tmp_path):
    keras.utils.set_random_seed(0)
    gan = make_gan()
    train(gan, Checkpoint(tmp_path))
    resumed = kgan.load_model(latest_checkpoint(tmp_path))
    train(resumed, Checkpoint(tmp_path))
    train(gan)
    assert names(tmp_path) == ["step_000008.keras", "step_000016.keras"]
    for one, other in zip(gan.weights, resumed.weights, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-6)


def test_best_is_kept_beside_the_last(make_gan, train, tmp_path):
    scores = {0: 9.0, 2: 5.0, 4: 6.0, 6: float("nan")}
    train(make_gan(), Scorer(scores), Checkpoint(tmp_path, every=4, keep=1))
    assert names(tmp_path) == ["best.json", "best.keras", "step_000008.keras"]
    assert json.loads((tmp_path / "best.json").read_text()) == {"step": 3, "fd": 5.0}
    best = kgan.load_model(tmp_path / "best.keras")
    assert int(best.step.numpy()) == 3


def test_best_at_the_step_of_a_checkpoint_is_the_same_file(make_gan, train, tmp_path):
    train(make_gan(), Scorer({3: 1.0}), Checkpoint(tmp_path, every=4, mode="max"))
    best, step = tmp_path / "best.keras", tmp_path / "step_000004.keras"
    assert best.read_bytes() == step.read_bytes()


def test_resumed_run_remembers_the_best(make_gan, train, tmp_path):
    gan = make_gan()
    train(gan, Scorer({2: 5.0}), Checkpoint(tmp_path))
    checkpoint = Checkpoint(tmp_path)
    train(gan, Scorer({2: 6.0}), checkpoint)
    assert checkpoint.best == {"step": 3, "fd": 5.0}
    # Of a model that is behind that step, it is not yet the best.
    (tmp_path / "best.json").write_text('{"step": 900, "fd": 0.1}')
    train(gan, Scorer({2: 6.0}), checkpoint)
    assert checkpoint.best == {"step": 19, "fd": 6.0}


def test_broken_models_are_never_saved(make_gan, train, tmp_path):
    gan = make_gan()
    train(gan, Checkpoint(tmp_path))
    weight = gan.generator.trainable_variables[0]
    weight.assign(weight.numpy() * np.nan)
    with pytest.warns(UserWarning, match="not finite"):
        train(gan, Scorer({2: 1.0}), Checkpoint(tmp_path, every=4))
    assert names(tmp_path) == ["step_000008.keras"]


def test_damaged_files_are_passed_over(make_gan, train, tmp_path):
    train(make_gan(), Checkpoint(tmp_path, every=3))
    content = (tmp_path / "step_000008.keras").read_bytes()
    (tmp_path / "step_000008.keras").write_bytes(content[: len(content) // 2])
    flipped = bytearray((tmp_path / "step_000006.keras").read_bytes())
    flipped[len(flipped) // 2] ^= 1
    (tmp_path / "step_000006.keras").write_bytes(flipped)
    (tmp_path / "step_000900.keras.abandoned").touch()
    with pytest.warns(UserWarning, match="damaged checkpoint") as warned:
        assert latest_checkpoint(tmp_path) == tmp_path / "step_000003.keras"
    assert len(warned) == 2
    assert latest_checkpoint(tmp_path / "absent") is None


def test_newer_checkpoints_are_set_aside_on_resume(make_gan, train, tmp_path):
    train(make_gan(), Checkpoint(tmp_path, every=4))
    gan = kgan.load_model(tmp_path / "step_000004.keras")
    train(gan, Checkpoint(tmp_path, every=4), steps_per_epoch=2)
    assert names(tmp_path) == [
        "step_000004.keras",
        "step_000006.keras",
        "step_000008.keras.abandoned",
    ]


def test_new_run_does_not_overwrite_an_old_one(make_gan, train, tmp_path):
    train(make_gan(), Checkpoint(tmp_path))
    with pytest.raises(ValueError, match="folder without checkpoints"):
        train(make_gan(), Checkpoint(tmp_path))
    assert names(tmp_path) == ["step_000008.keras"]


@pytest.mark.parametrize("options", [{"keep": 0}, {"mode": "smallest"}])
def test_checkpoint_refuses_bad_options(options, tmp_path):
    with pytest.raises(ValueError, match="`keep` must be 1 or more"):
        Checkpoint(tmp_path, **options)


def test_adaptive_rule_resumes_with_the_last_logs(make_gan, train, tmp_path):
    """The number rises by one a step, from two: to four at the end of epoch 1."""
    keras.utils.set_random_seed(0)
    rule = kgan.schedules.Balance(low=100.0, high=200.0, most=5)
    whole = make_gan(discriminator_steps=rule, run_eagerly=True)
    options = {"steps_per_epoch": 3}
    train(whole, Checkpoint(tmp_path, every="epoch"), **options)
    train(whole, epochs=2, initial_epoch=1, **options)
    resumed = kgan.load_model(tmp_path / "step_000003.keras")
    assert resumed.discriminator_steps.now == 4
    assert dict(resumed.rule_logs).keys() == {"d_loss", "g_loss", "d_real", "d_fake"}
    train(resumed, epochs=2, initial_epoch=1, **options)
    for a, b in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_full_disk_stops_with_the_last_checkpoint_intact(make_gan, train, tmp_path):
    """A limit of the size of files stands for the disk: no room for the next one."""
    gan = make_gan()
    train(gan, Checkpoint(tmp_path))
    whole = (tmp_path / "step_000008.keras").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) // 2, limits[1]))
    try:
        with pytest.raises(
            OSError, match="could not be written.*\n.*step_000008"
        ) as error:
            train(gan, Checkpoint(tmp_path))
        assert error.value.errno == errno.EFBIG
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert names(tmp_path) == ["step_000008.keras"]
    assert (tmp_path / "step_000008.keras").read_bytes() == whole


def test_leftovers_of_a_killed_process_are_removed(make_gan, train, tmp_path):
    (tmp_path / ".step_000004.123.tmp.keras").touch()
    train(make_gan(), Checkpoint(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["step_000008.keras"]
