"""The command line. Heavy imports sit inside functions, so that --help is fast."""

import click

from kgan._version import __version__
from kgan.cli import (
    diagnose,
    doctor,
    evaluate,
    generate,
    lab,
    latent,
    launch,
    presets,
    quickstart,
    train,
)
from kgan.cli.commands import Commands


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="kgan")
@click.option(
    "--debug",
    is_flag=True,
    envvar="KGAN_DEBUG",
    help="Show tracebacks and what TensorFlow logs; also by KGAN_DEBUG=1.",
)
def main(debug):
    """Generative adversarial networks: train, judge, sample.

    `kgan quickstart` does all of it in a few minutes."""


MODULES = (
    *(quickstart, train, launch, generate, evaluate, diagnose, latent, presets, lab),
    doctor,
)

for module in MODULES:
    main.add_command(module.command)
