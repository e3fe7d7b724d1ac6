import click

from kgan.cli.options import INTERRUPTED, json_option, seed_option


@click.command("quickstart")
@click.option(
    "-o", "--out", default="runs/quickstart", show_default=True, metavar="DIR"
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    help="Generator updates.  [default: 3000]",
)
@seed_option("Initial weights and all random numbers derive from it.", 2**63 - 1)
@json_option
@click.pass_context
def command(context, out, steps, seed, as_json):
    """Does the whole job on pictures of clothes, in minutes on a laptop.

    Trains a class-conditional GAN on 9,000 images that come with kgan, scores it,
    exports it to ONNX and SavedModel, draws 500 images without TensorFlow, and writes a
    report."""
    from kgan import runs
    from kgan.cli.output import say, show

    run = runs.quickstart(out, steps, seed, say=say)
    show(run, as_json)
    if run.interrupted:
        context.exit(INTERRUPTED)
