import shlex
import sys

import click

from kgan._core.errors import invalid
from kgan.cli import train
from kgan.cli.output import say

KGAN = (sys.executable, "-c", "from kgan.cli import main; main()")


@click.command("launch", context_settings={"ignore_unknown_options": True})
@click.option("--workers", type=click.IntRange(1), required=True, help="Processes.")
@click.option(
    "--port",
    type=click.IntRange(1024, 65000),
    help="First of as many ports of this machine; by default free ones.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="train …")
@click.pass_context
def command(context, workers, port, arguments):
    """Trains in several processes of this machine: kgan launch --workers 2 -- train …

    Each gets a TF_CONFIG and its share of the processor; --batch-size stays the batch
    of all together. When one fails, all are stopped. Their messages get a prefix; the
    results, which only the first one prints, do not."""
    from kgan.runs.launch import launch

    if arguments[:1] != ("train",):
        raise invalid(
            "`kgan launch` starts `kgan train`.",
            {"arguments": " ".join(arguments)},
            "Write for instance kgan launch --workers 2 -- train --preset dcgan-sn "
            "--data fashion_mnist.",
        )
    run = train.run_folder(arguments[1:])  # mistakes are told once, not by each worker
    code = launch([*KGAN, *arguments], workers, port, say)
    if code:
        resume = f"kgan launch --workers {workers} -- train --resume --out "
        say("To go on from the last checkpoint:")
        say(f"  {resume}{shlex.quote(str(run.path))}")
    context.exit(code)
