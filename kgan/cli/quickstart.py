import click

from kgan.cli.train import INTERRUPTED

DATA = "fashion_mnist:embedded"
PRESET = "dcgan-sn"
# A fixed number, not a time, so that the run repeats: about three minutes on two cores.
STEPS = 1500


@click.command("quickstart")
@click.option(
    "-o", "--out", default="runs/quickstart", show_default=True, metavar="DIR"
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    default=STEPS,
    show_default=True,
    help="Generator updates.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=0,
    show_default=True,
    help="Initial weights and all random numbers derive from it.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object at the end."
)
@click.pass_context
def command(context, out, steps, seed, as_json):
    """Does the whole job on pictures of clothes, in minutes on a laptop.

    Trains a class-conditional GAN on 9,000 images that come with kgan, scores it,
    exports it to ONNX and SavedModel, draws 500 images without TensorFlow, and writes a
    report."""
    from kgan._core.quiet import load_tensorflow
    from kgan.cli.run_folder import RunFolder

    run = RunFolder(out)
    run.check_free()
    _say("Loading TensorFlow and the data …")
    load_tensorflow()
    from kgan.cli.prepare import new_run
    from kgan.cli.summary import show
    from kgan.cli.training import EVALUATION_SAMPLES, fit

    _say("Training the classifier, a classifier that scores the samples …")
    game = new_run(run, {"preset": PRESET, "data": DATA, "steps": steps, "seed": seed})
    untrained = game.evaluator.score(game.gan.generate, EVALUATION_SAMPLES, True)
    game.config["quickstart"] = {"untrained": untrained}
    run.write_config(game.config)
    _say(f"Training {PRESET} for {steps} steps …")
    outcome = fit(run, game)
    if outcome.interrupted:
        show(run, game.config, outcome, as_json, untrained)
        context.exit(INTERRUPTED)
    conclude(run, game, outcome, as_json)


def conclude(run, game, outcome, as_json):
    """Exports, samples and reports what was trained.

    Args:
        run: The `RunFolder`.
        game: The `Game`, whose configuration has the scores before training.
        outcome: The `Outcome`.
        as_json: Whether to print JSON.
    """
    from kgan.cli.report import REPORT_SAMPLES, write_report
    from kgan.cli.summary import show
    from kgan.sampling import resolve_labels
    from kgan_export import Sampler, export

    untrained = game.config["quickstart"]["untrained"]
    _say("Exporting to ONNX and SavedModel, and verifying both …")
    exports = [
        export(run.path, run.path / "generator.onnx"),
        export(run.path, run.path / "saved_model", format="saved_model"),
    ]
    sampler = Sampler(exports[0].path)
    images = sampler.sample(REPORT_SAMPLES, game.config["settings"]["seed"])
    labels = resolve_labels(None, REPORT_SAMPLES, sampler.metadata["num_classes"])
    write_report(run, game.config, outcome, images, labels, untrained, exports)
    show(run, game.config, outcome, as_json, untrained, exports)


def _say(text):
    click.echo(text, err=True)
