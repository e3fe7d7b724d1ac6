"""At the command line errors name options, and no error is a traceback."""

import click
import pytest
from click.testing import CliRunner

from kgan.cli import main
from kgan.cli.commands import Commands, by_options


@pytest.mark.parametrize(
    "command, text, expected",
    [
        (
            "train",
            "Received: name='x', source='y'.",
            "Received: --preset='x', --data='y'.",
        ),
        (
            "train",
            "`batch_size` must. batch_size=0",
            "`--batch-size` must. --batch-size=0",
        ),
        (
            "train",
            "need an `image_shape`. Pass, for example, image_shape=(64, 64, 3).",
            "need an `--image-shape`. Pass, for example, --image-shape 64x64x3.",
        ),
        ("train", "gradient_accumulation_steps=2", "--accumulate=2"),
        ("generate", "`num_samples` n. name='x'", "`--num-samples` n. name='x'"),
        ("latent", "`labels` must", "`--labels` must"),
        (None, "`labels` must", "`labels` must"),
    ],
)
def test_arguments_become_options(command, text, expected):
    assert by_options(text, main.commands.get(command)) == expected


@pytest.mark.parametrize(
    "error, message",
    [
        (MemoryError("8 GB"), "The memory is used up. 8 GB"),
        (ValueError("`seed` is odd."), "`--seed` is odd."),
        (OSError("no room"), "no room"),
    ],
)
def test_errors_are_messages(error, message):
    @click.group(cls=Commands)
    def group():
        pass

    @group.command()
    @click.option("--seed")
    def command(seed):
        raise error

    result = CliRunner().invoke(group, ["command"])
    assert result.exit_code == 1 and message in result.stderr


def test_errors_of_tensorflow_are_messages():
    import tensorflow as tf

    for error, message in (
        (tf.errors.ResourceExhaustedError(None, None, "OOM\nmore"), "used up. OOM\n"),
        (tf.errors.InternalError(None, None, "x"), "failed, by InternalError: x"),
    ):
        test_errors_are_messages(error, message)
