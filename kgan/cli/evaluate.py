import click

from kgan._core.errors import invalid


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
@click.option(
    "--metrics",
    default=None,
    help="Names separated by commas. By default fd, and agreement for class labels.",
)
@click.option(
    "-n",
    "--num-samples",
    type=click.IntRange(2),
    default=10_000,
    show_default=True,
    help="Samples to score. Compare only scores of equal numbers.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="The same seed gives the same samples.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(allow_dash=True),
    help="Write the scores as JSON to a file; - prints only them.",
)
def command(source, data, data_b, metrics, num_samples, seed, json_file):
    """Scores the images of SOURCE (see `kgan generate`) against real ones.

    A small classifier, trained once on the data and kept in a cache, is the judge. The
    scores come with its accuracy, its hash and the numbers of images."""
    from kgan._core.quiet import load_tensorflow
    from kgan.cli.files import to_json, write_json
    from kgan.cli.source import open_source

    load_tensorflow()
    from kgan.cli.domains import PairEvaluator, read_domains
    from kgan.cli.scoring import make_evaluator, read_splits

    generator = open_source(source)
    _check_domains(generator.outputs, data_b)
    metrics = metrics and metrics.split(",")
    if data_b is None:
        samples, test = read_splits(data, generator.image_shape)
        evaluator = make_evaluator(samples, test, metrics)
    else:
        samples, test = read_domains(data, data_b, generator.image_shape)
        evaluator = PairEvaluator(samples, test, metrics)
    conditional = generator.num_classes is not None
    scores = evaluator.evaluate(generator.sample, num_samples, conditional, seed)
    result = {"source": source, "data": samples.name, "seed": seed, **scores}
    if json_file == "-":
        click.echo(to_json(result))
        return
    if json_file:
        write_json(json_file, result)
    for line in table(result, generator.class_names):
        click.echo(line)


def _check_domains(outputs, data_b):
    """Checks that there are real images for what a generator gives."""
    if outputs not in (None, ("a", "b")):
        raise invalid(
            "Scores are of one image, or of the pairs of a `kgan.CoGAN`.",
            {"outputs": ", ".join(outputs)},
            "Score each output in Python, by `kgan.metrics.Evaluator`.",
        )
    if outputs and data_b is None:
        raise invalid(
            "Pairs need real images of both domains.",
            {"data_b": None},
            "Add --data-b as in training, for instance --data-b inverted.",
        )
    if data_b and not outputs:
        raise invalid(
            "`--data-b` is for generators of pairs.",
            {"data_b": data_b},
            "Leave it out.",
        )


def table(scores, class_names=None):
    """Returns the lines that show a flat dict of scores, and scores by class."""
    lines = []
    for name, value in scores.items():
        if isinstance(value, dict):
            names = class_names or {}
            lines.append(name)
            for key, part in value.items():
                word = names[key] if names else key
                lines.append(f"  {word!s:20} {part:.4g}")
        else:
            shown = f"{value:.4g}" if isinstance(value, float) else value
            lines.append(f"{name:22} {shown}")
    return lines
