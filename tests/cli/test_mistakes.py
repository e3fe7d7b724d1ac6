"""A user's mistake in training is one clean message, and leaves no folder behind."""

import numpy as np
import pytest

NEW = "--preset mlp --data digits "


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--data digits", "needs --preset"),
        ("--preset mlp", "needs --data"),
        ("--preset nothing --data digits", "Received: --preset='nothing'"),
        ("--preset mlp --data nothing", "Received: --data='nothing'"),
        (NEW + "--steps 0", "Invalid value"),
        (NEW + "--batch-size -1", "Invalid value"),
        (NEW + "--image-shape 8", "HEIGHTxWIDTHxCHANNELS"),
        (NEW + "--set width=3", "Received: width=3"),
        (NEW + "--set generator.wdith=3", "wdith"),
        (NEW + "--set generator=3", "Received: generator=3"),
        (NEW + "--set loss.divergence=kl", "Received: loss={'divergence': 'kl'}"),
        (NEW + "--set network=resnet", "one of dcgan, mlp"),
        (NEW + "--set penalties=r1", "Received: penalties='r1'"),
        (NEW + "--set discriminator_steps.9=5", "starts at step 0"),
        (NEW + "--set discriminator_steps.x=5", "from steps to numbers"),
        (NEW + "--set generator_optimizer.class_name=adamant", "adamant"),
        (NEW + "--set loss=hinged", "loss='hinged'"),
        (NEW + "--set penalties.r9.weight=1", "r9"),
        (NEW + "--set steps=3", "--steps"),
        (NEW + "--resume", "config.json"),
        ("--resume", "config.json"),
    ],
)
def test_train(options, message, kgan_run, tmp_path):
    out = tmp_path / "run"
    result = kgan_run("train", *options.split(), "--out", out)
    assert result.exit_code in (1, 2)
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((8, 2), "", "for images"),
        ((8, 8, 8, 1), "--evaluate-every 1", "needs 10 images"),
    ],
)
def test_data_that_does_not_serve(shape, options, message, kgan_run, tmp_path):
    path, out = tmp_path / "data.npz", tmp_path / "run"
    np.savez(path, x=np.linspace(-1, 1, np.prod(shape)).reshape(shape))
    command = ("train", "--preset=mlp", "--data", path, "--out", out)
    result = kgan_run(*command, *options.split())
    assert result.exit_code == 1 and message in result.stderr, result.output
    assert not out.exists()


def test_resume_needs_a_folder(kgan_run):
    result = kgan_run("train", "--resume")
    assert result.exit_code == 1 and "--out" in result.stderr
