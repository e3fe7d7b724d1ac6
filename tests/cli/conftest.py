import json

import pytest
from click.testing import CliRunner

from kgan.cli import main

STEPS = 6
TRAIN = ("train", "--preset", "mlp", "--data", "digits", "--evaluate-every", "0")
SMALL = ("--batch-size", "16", "--set", "discriminator_steps=2")


def run(*arguments):
    """Runs `kgan` in this process; returns click's result."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="session")
def kgan_run():
    return run


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A run folder of a few steps, and the JSON that the command printed."""
    folder = tmp_path_factory.mktemp("runs") / "digits"
    result = run(*TRAIN, *SMALL, "--out", folder, "--steps", STEPS, "--json")
    assert result.exit_code == 0, result.output
    return folder, json.loads(result.stdout)


@pytest.fixture(scope="session")
def exported(trained, tmp_path_factory):
    """The same generator in every form that `kgan generate` reads."""
    from kgan_export import export

    folder, _ = trained
    target = tmp_path_factory.mktemp("exports")
    sources = {"run": folder, "keras": folder / "model.keras"}
    sources["onnx"] = target / "generator.onnx"
    export(folder, sources["onnx"])
    sources["nchw"] = target / "nchw.onnx"
    export(folder, sources["nchw"], layout="nchw", output_dtype="float32")
    sources["saved_model"] = target / "saved_model"
    export(folder, sources["saved_model"], format="saved_model", static_batch=4)
    return sources
