"""`kgan train --init`: runs that start from a trained model."""

import shutil

import numpy as np
import pytest

import kgan
from kgan import runs

SMALL = {"batch_size": 16, "generator": {"width": 16}, "discriminator": {"width": 16}}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source") / "run"
    options = {"steps": 4, "save_every": 4, "evaluate_every": 0, **SMALL}
    return runs.train("dcgan", "digits", folder, **options)


@pytest.fixture(scope="module")
def fewer(tmp_path_factory):
    """Digits of five classes."""
    path = tmp_path_factory.mktemp("fewer") / "five.npz"
    digits = kgan.data.read("digits")
    few = digits.y < 5
    np.savez(path, x=digits.x[few], y=digits.y[few])
    return path


@pytest.fixture(scope="module")
def fine(source, fewer):
    lines = []
    run = runs.train(
        None,
        fewer,
        source.path.parent / "fine",
        init=source,
        freeze_discriminator=1,
        steps=4,
        save_every=2,
        evaluate_every=0,
        say=lines.append,
    )
    return run, lines


def test_the_preset_and_its_settings_are_those_of_the_model(fine, source):
    run, _ = fine
    settings = run.config["settings"]
    assert settings["preset"] == "dcgan" and settings["generator"]["width"] == 16
    assert run.config["init"]["path"] == str(source.path / "model.keras")


def test_it_says_what_was_taken_and_what_not(fine):
    text = "\n".join(fine[1])
    assert "Took 1" in text and "frozen: the first 1 layers of the disc" in text


def test_frozen_layers_are_those_of_the_source(fine, source):
    kernels = [
        run.model.discriminator.layers[1].get_weights() for run in (fine[0], source)
    ]
    for first, second in zip(*kernels, strict=True):
        np.testing.assert_array_equal(first, second)


def test_it_goes_on_without_the_source(fine, tmp_path):
    run, _ = fine
    copy = shutil.copytree(run.path, tmp_path / "copy")
    again = runs.resume(copy, steps=6)
    frozen = again.model.discriminator.layers[1]
    assert not frozen.trainable and not again.model.ema_ramp
    with pytest.raises(ValueError, match="freeze_discriminator: 1 -> 2"):
        runs.resume(copy, steps=8, freeze_discriminator=2)
    with pytest.raises(ValueError, match="init: "):
        runs.resume(copy, steps=8, init=run)


def test_changed_learning_rates_leave_what_is_frozen(fine, tmp_path):
    run, _ = fine
    copy = shutil.copytree(run.path, tmp_path / "copy")
    rates = {"generator_optimizer": {"learning_rate": 1e-5}}
    again = runs.resume(copy, steps=6, override=True, **rates)
    assert not again.model.ema_ramp
    first, before = (m.discriminator.layers[1] for m in (again.model, run.model))
    assert not first.trainable
    for now, then in zip(first.get_weights(), before.get_weights(), strict=True):
        np.testing.assert_array_equal(now, then)


def test_a_run_that_stopped_before_its_first_checkpoint_starts_again(fine, tmp_path):
    run, _ = fine
    copy = shutil.copytree(run.path, tmp_path / "copy")
    shutil.rmtree(copy / "checkpoints")
    (copy / "model.keras").unlink()
    again = runs.resume(copy)
    for first, second in zip(
        run.model.get_weights(), again.model.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(first, second)


def test_a_file_of_an_earlier_version_finds_its_settings_beside_it(source, fewer):
    from kgan.runs.initial import Initial

    initial = Initial(source.path / "checkpoints" / "step_000004.keras", {})
    initial.model.settings = None
    assert initial.settings["generator"]["width"] == 16


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"init": "nowhere"}, "There is no such path"),
        ({"init": "."}, "a run folder that holds a model"),
        ({"freeze_generator": 1}, "where weights of a trained model are taken"),
    ],
)
def test_refusals(options, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        runs.train("dcgan", "digits", tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()
