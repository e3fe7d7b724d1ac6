import click


@click.command("diagnose")
@click.argument("run", metavar="RUN")
@click.option(
    "-n",
    "--num-samples",
    type=click.IntRange(100),
    default=2500,
    show_default=True,
    help="Samples, and held-out images, of each test; at most as many as there are.",
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    help="Updates of a fresh discriminator. By default 200, fewer for large images.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Seed of samples, splits and opponents.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(run, num_samples, steps, seed, as_json):
    """Tells whether the game of a run folder has converged, collapsed or diverged.

    Trains opponents for both players and looks for missing modes and for copies of
    training images; says beforehand how many minutes that will take. Adds the
    findings to the run's report."""
    from kgan._core.errors import invalid
    from kgan._core.quiet import load_tensorflow
    from kgan.cli.files import to_json
    from kgan.cli.run_folder import RunFolder

    folder = RunFolder(run)
    config = folder.read_config()
    if "data_b" in config:
        raise invalid(
            "Diagnostics are of games in one domain.",
            {"data": config["data"], "data_b": config["data_b"]},
            "Score the pairs by `kgan evaluate`.",
        )
    click.echo("Loading TensorFlow and the data …", err=True)
    load_tensorflow()
    from kgan.cli.diagnosis import diagnose, history, updates
    from kgan.cli.diagnosis_files import write_diagnosis
    from kgan.cli.report import rewrite_report
    from kgan.cli.scoring import make_evaluator, read_splits
    from kgan.cli.source import load_gan, run_model
    from kgan.diagnostics.players import check_judges_samples
    from kgan.diagnostics.report import table

    model = run_model(folder.path)
    if model is None:
        raise invalid(
            "There must be a model to diagnose.",
            {"folder": str(folder.path)},
            f"No checkpoint was written yet; go on by `{folder.resume_command}`.",
        )
    gan = load_gan(model)
    check_judges_samples(gan)
    train, test = read_splits(config["data"], config["settings"]["image_shape"])
    classifier = None if train.y is None else make_evaluator(train, test).classifier
    step = int(gan.step.numpy())
    options = {
        "num_samples": num_samples,
        "steps": steps or updates(train.shape),
        "seed": seed,
    }
    found = diagnose(
        gan,
        train,
        test,
        classifier,
        history(folder, step),
        options,
        say=lambda line: click.echo(line, err=True),
    )
    facts = {
        "run": str(folder.path),
        "model": model.name,
        "step": step,
        "data": train.name,
        "held_out": test is not None,
        "features": "pixels" if classifier is None else classifier.hash,
        **options,
    }
    written = write_diagnosis(folder, facts, found, train)
    rewrite_report(folder, config, gan)
    if as_json:
        click.echo(to_json(written))
        return
    click.echo("\n" + "\n".join([*found.sentences, *table(found.rows())]))
    click.echo(f"\nreport   {folder.report}\nnumbers  {folder.diagnosis}")
