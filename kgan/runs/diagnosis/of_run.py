"""The diagnosis of a run: what `Run.diagnose` and `kgan diagnose` do."""

import dataclasses

from kgan._core.errors import invalid
from kgan._core.quiet import import_tensorflow


@dataclasses.dataclass(frozen=True)
class RunDiagnosis:
    """What the diagnostics found of a run.

    Attributes:
        sentences: The verdict and what else is to be said, in plain words.
        rows: The numbers: name, what was seen, what is expected at equilibrium.
        record: All of it, as `diagnosis.json` holds it.
    """

    sentences: list
    rows: list
    record: dict

    def __str__(self):
        from kgan.diagnostics.report import table

        return "\n".join([*self.sentences, *table(self.rows)])


def diagnose_run(folder, config, data, num_samples, steps, seed, say):
    """Diagnoses the model of a run, and adds the findings to its report.

    Args:
        folder: The `RunFolder`.
        config: What its `config.json` holds.
        data: The data that the run was trained on, as `kgan.data.read` takes them.
        num_samples: Samples, and held-out images, of each test.
        steps: Updates of a fresh discriminator, or None: see `updates`.
        seed: Seed of samples, splits and opponents.
        say: Called with lines about what is going on.

    Returns:
        A `RunDiagnosis`.

    Raises:
        ValueError: If there is no model, or none of one domain with a discriminator.
    """
    if "data_b" in config:
        raise invalid(
            "Diagnostics are of games in one domain.",
            {"data": config["data"], "data_b": config["data_b"]},
            "Score the pairs by `kgan evaluate`.",
        )
    say("Loading TensorFlow and the data …")
    import_tensorflow()
    from kgan.diagnostics.players import check_judges_samples
    from kgan.runs.diagnosis.diagnosing import diagnose, history, updates
    from kgan.runs.diagnosis.record import write_diagnosis
    from kgan.runs.opening import load_trained
    from kgan.runs.report.page import rewrite_report
    from kgan.runs.scoring import Splits

    path = folder.model_file(say)
    if path is None:
        raise invalid(
            "There must be a model to diagnose.",
            {"folder": str(folder.path)},
            f"No checkpoint was written yet; go on by `{folder.resume_command}`.",
        )
    model = load_trained(path)
    if not hasattr(model, "discriminator"):
        raise invalid(
            "Diagnostics are of games with a discriminator.",
            {"model": type(model).__name__},
            "Score its samples by `kgan evaluate`.",
        )
    check_judges_samples(model)
    given = {"value_range": config.get("value_range"), "data": data}
    splits = Splits.read(given, config["settings"]["image_shape"])
    train, test = splits.train, splits.test
    extractor = config.get("features") or splits.choose_features()
    extractor = extractor and splits.evaluator(extractor).classifier
    step = int(model.step.numpy())
    options = {
        "num_samples": num_samples,
        "steps": steps or updates(train.shape),
        "seed": seed,
    }
    losses = history(folder.path, step)
    found = diagnose(model, train, test, extractor, losses, options, say)
    subject = {
        "run": str(folder.path),
        "model": path.name,
        "step": step,
        "data": train.name,
        "held_out": test is not None,
        "features": "pixels" if extractor is None else extractor.hash,
        **options,
    }
    record = write_diagnosis(folder, subject, found, train)
    rewrite_report(folder, config, model)
    return RunDiagnosis(found.sentences, found.rows(), record)
