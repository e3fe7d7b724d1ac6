import click

from kgan.cli.options import json_option


@click.command("doctor")
@click.option(
    "--time/--no-time",
    "timed",
    default=True,
    help="Whether to time a small training, about 20 s.  [default: --time]",
)
@json_option
def command(timed, as_json):
    """Tells what is installed, what makes training fast here, and what to change.

    It needs nothing but kgan itself, and tells what is missing or broken."""
    from kgan._core.writing import to_json
    from kgan.cli.output import say
    from kgan.runs.doctor import examine

    found = examine(timed, say)
    if as_json:
        click.echo(to_json(found))
        return
    for name, text in _lines(found):
        click.echo(f"{name:11} {text}")
    click.echo(
        "\nWhat to change" if found["advice"] else "\nThere is nothing to change."
    )
    for text in found["advice"]:
        click.echo(f"- {text}")


def _lines(found):
    """Yields the names and texts of a table."""
    for package, version in found["versions"].items():
        yield package, version or "missing"
    processor = found["processor"]
    cores = "1 core" if processor["cores"] == 1 else f"{processor['cores']} cores"
    yield "processor", f"{processor['name']}, {cores}"
    yield "features", " ".join(processor["features"]) or "unknown"
    if found["memory_gb"]:
        yield "memory", f"{found['memory_gb']:.1f} GB"
    here = found["tensorflow"] or {}
    if "devices" in here:
        yield "devices", ", ".join(here["devices"])
        yield "oneDNN", {True: "on", False: "off", None: "unknown"}[here["onednn"]]
    for switch in found["switches"]:
        if switch["value"] is not None:
            text = f"{switch['variable']}={switch['value']}, set by {switch['set_by']}"
            yield "switch", text
    if "images_per_second" in here:
        yield "speed", _speed(here, found["other"])


def _speed(here, other):
    text = f"{here['images_per_second']:.0f} images/s (DCGAN 28×28, batch 64)"
    if other and other["images_per_second"]:
        setting = f"{other['variable']}={other['value']}"
        text += f"; {other['images_per_second']:.0f} with {setting}"
    return text
