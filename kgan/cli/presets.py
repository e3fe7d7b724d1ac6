import json
import textwrap

import click

from kgan.cli.options import json_option


@click.command("presets")
@json_option
def command(as_json):
    """Lists the presets that `kgan train --preset` knows."""
    from kgan.presets import names

    presets = names()
    if as_json:
        click.echo(json.dumps(presets, indent=2))
        return
    width = max(map(len, presets)) + 2
    for name, description in presets.items():
        lines = textwrap.wrap(description, max(40, 88 - width))
        click.echo(f"{name:{width}}" + f"\n{'':{width}}".join(lines))
