import click

from kgan.cli.options import json_option, seed_option


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
@seed_option("Seed of samples, splits and opponents.")
@json_option
def command(run, num_samples, steps, seed, as_json):
    """Tells whether the game of a run folder has converged, collapsed or diverged.

    Trains opponents for both players and looks for missing modes and for copies of
    training images; says beforehand how many minutes that will take. Adds the
    findings to the run's report."""
    from kgan import runs
    from kgan._core.writing import to_json
    from kgan.cli.output import say
    from kgan.runs.folder import RunFolder

    found = runs.open(run).diagnose(num_samples, steps, seed, say=say)
    if as_json:
        click.echo(to_json(found.record))
        return
    folder = RunFolder(run)
    click.echo(f"\n{found}")
    click.echo(f"\nreport   {folder.report}\nnumbers  {folder.diagnosis}")
