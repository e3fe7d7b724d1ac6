"""The recipe of `kgan quickstart`: what it trains, and what follows the training.

A run of this recipe has the key `quickstart` in its `config.json`, so that it ends as
one also where it was interrupted and resumed.
"""

import dataclasses

from kgan.runs.durations import EXPORTS
from kgan.runs.report.page import REPORT_SAMPLES, write_report

DATA = "fashion_mnist:embedded"
PRESET = "pd-gan-small"
# For half as many images as the preset is made for: smaller batches, which make twice
# the steps of them, and twice the rates, by which classes come apart in time. That the
# discriminator also classifies makes samples show theirs: agreement .95 instead of .89.
SETTINGS = {
    "batch_size": 32,
    "generator_optimizer": {"learning_rate": 2e-3},
    "discriminator_optimizer": {"learning_rate": 1e-3},
    "objectives": {"classification": {"weight": 0.3}},
}


def begin(folder, training):
    """Notes in `config.json` that a run is a quickstart.

    Args:
        folder: The `RunFolder`.
        training: The `Training`.
    """
    training.config["quickstart"] = {}
    folder.write_config(training.config)


def conclude(folder, training, outcome, say):
    """Exports what was trained, draws samples from the export, writes the report.

    Args:
        folder: The `RunFolder`.
        training: The `Training`.
        outcome: The `Outcome`.
        say: Called with a line about what is going on.

    Returns:
        The `Outcome` with the reports of the exports.
    """
    from kgan.sampling import resolve_labels
    from kgan_export import Sampler, export

    config, durations = training.config, training.durations
    say("Exporting to ONNX and SavedModel, and verifying both …")
    with durations.during(EXPORTS):
        exports = (
            export(folder.path, folder.path / "generator.onnx"),
            export(folder.path, folder.path / "saved_model", format="saved_model"),
        )
        sampler = Sampler(exports[0].path)
        images = sampler.sample(REPORT_SAMPLES, config["settings"]["seed"])
    labels = resolve_labels(None, REPORT_SAMPLES, sampler.metadata["num_classes"])
    outcome = dataclasses.replace(outcome, exports=exports, durations=durations.seconds)
    write_report(folder, config, outcome, images, labels)
    return outcome
