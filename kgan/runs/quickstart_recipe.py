"""The recipe of `kgan quickstart`: what it trains, and what follows the training.

A run of this recipe has the key `quickstart` in its `config.json`, so that it ends as
one also where it was interrupted and resumed.
"""

import dataclasses

from kgan.runs.report.page import REPORT_SAMPLES, write_report
from kgan.runs.training import EVALUATION_SAMPLES

DATA = "fashion_mnist:embedded"
PRESET = "dcgan-sn"


def begin(folder, training):
    """Scores the untrained generator, and notes it in `config.json`.

    Args:
        folder: The `RunFolder`.
        training: The `Training`, whose configuration becomes that of a quickstart.
    """
    untrained = training.evaluator.score(
        training.model.generate, EVALUATION_SAMPLES, training.model.knows_classes
    )
    training.config["quickstart"] = {"untrained": untrained}
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

    config = training.config
    say("Exporting to ONNX and SavedModel, and verifying both …")
    exports = (
        export(folder.path, folder.path / "generator.onnx"),
        export(folder.path, folder.path / "saved_model", format="saved_model"),
    )
    sampler = Sampler(exports[0].path)
    images = sampler.sample(REPORT_SAMPLES, config["settings"]["seed"])
    labels = resolve_labels(None, REPORT_SAMPLES, sampler.metadata["num_classes"])
    outcome = dataclasses.replace(outcome, exports=exports)
    write_report(folder, config, outcome, images, labels)
    return outcome
