import click

from kgan.cli.options import features_option, seed_option, value_range_option


@click.command("evaluate")
@click.argument("source")
@click.option(
    "--data",
    required=True,
    help="Real images: fashion_mnist, digits, tfds:NAME, a folder, an .npz file.",
)
@click.option(
    "--data-b",
    metavar="DATA",
    help="For pairs: real images of the second domain, as in `kgan train`.",
)
@value_range_option
@click.option(
    "--metrics",
    default=None,
    help="Names separated by commas. By default those that apply: fd, "
    "precision_recall, density_coverage, and agreement for class labels.",
)
@features_option
@click.option(
    "-n",
    "--num-samples",
    type=click.IntRange(2),
    default=10_000,
    show_default=True,
    help="Samples to score. Compare only scores of equal numbers.",
)
@seed_option("The same seed gives the same samples.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(allow_dash=True),
    help="Write the scores as JSON to a file; - prints only them.",
)
def command(
    source, data, data_b, value_range, metrics, features, num_samples, seed, json_file
):
    """Scores the images of SOURCE (see `kgan generate`) against real ones.

    A small network, trained once on the data and kept in a cache, sees the images for
    the metrics: a classifier, or where there are no labels a self-supervised one. The
    scores come with its hash, the numbers of images and the scores of real images."""
    from kgan import runs
    from kgan._core.writing import to_json, write_json
    from kgan.cli.output import say, table

    generator = runs.open_generator(source, say=say)
    say(f"Reading {data} and scoring {num_samples} samples …")
    metrics = metrics and metrics.split(",")
    scores = generator.evaluate(
        data, data_b, metrics, num_samples, seed, value_range, features
    )
    result = {"source": source, **scores}
    if json_file == "-":
        click.echo(to_json(result))
        return
    if json_file:
        write_json(json_file, result)
    for line in table(result, generator.class_names):
        click.echo(line)
