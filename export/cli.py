"""`kgan-export`: exports a trained generator, or tells what an exported file holds."""

from pathlib import Path

import click

from kgan._core.quiet import load_tensorflow
from kgan._core.terminal import one_message
from kgan._core.writing import to_json
from kgan_export.formats import FORMATS, get_format
from kgan_export.interface import INTERFACES, get_interface
from kgan_export.precision import PRECISIONS


@click.command()
@click.argument("source", type=click.Path(exists=True), required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="onnx",
    show_default=True,
    help="onnx runs without TensorFlow, litert on phones, web in a browser.",
)
@click.option(
    "--network",
    type=click.Choice(list(INTERFACES)),
    default="generator",
    show_default=True,
    help="encoder, of a model that has one, takes images and gives codes: ONNX only.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    help="Where to write, by default beside SOURCE. Replaced only after verification.",
)
@click.option(
    "--layout",
    type=click.Choice(["nhwc", "nchw"]),
    default="nhwc",
    show_default=True,
    help="Order of an image's dimensions.",
)
@click.option(
    "--output-dtype",
    type=click.Choice(["uint8", "float32"]),
    help="uint8 in 0-255, the default for images and video, or float32 in [-1, 1].",
)
@click.option(
    "--precision",
    type=click.Choice(list(PRECISIONS)),
    default="fp32",
    show_default=True,
    help="fp16 halves an ONNX file; int8 is smaller still, and faster.",
)
@click.option(
    "--opset",
    type=click.IntRange(13, 18),
    default=17,
    show_default=True,
    help="Version of the ONNX operators.",
)
@click.option(
    "--static-batch",
    type=click.IntRange(1),
    help="Fixed batch size; by default any.",
)
@click.option(
    "--num-classes",
    type=click.IntRange(1),
    help="Classes of a plain conditional generator that does not tell.",
)
@click.option(
    "--onnxruntime-web",
    type=click.Path(exists=True, file_okay=False),
    help="For web: folder of npm's package, by default in node_modules.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option(
    "--inspect",
    type=click.Path(exists=True),
    help="Print the metadata of an export, as text or with --json, and stop.",
)
def main(source, format_, output, as_json, inspect, **options):
    """Exports the generator of SOURCE, a run folder or a .keras file, and verifies that
    the result gives the same samples; or the encoder, and that it gives the same codes.
    """
    if (source is None) == (inspect is None):
        raise click.UsageError("Give either SOURCE or --inspect FILE.")
    with one_message(RuntimeError):  # ExportError is one
        if inspect is not None:
            click.echo(_inspect(inspect, as_json))
            return
        report = _export(source, output, format_, options)
    click.echo(report.to_json() if as_json else report.summary())


def _inspect(path, as_json):
    from kgan_export.interface.metadata import as_text
    from kgan_export.interface.reading import read_metadata

    metadata = read_metadata(path)
    if as_json:
        return to_json(metadata)
    return as_text(metadata)


def _export(source, output, format_, options):
    load_tensorflow()  # here, not at --help
    from kgan_export.exporter import export

    if output is None:
        output = default_output(source, format_, options["network"])
    return export(source, output, format=format_, **options)


def default_output(source, format, network="generator"):
    """Names an export after its source.

    Args:
        source: Path of a run folder or of a `.keras` file.
        format: Name of the format.
        network: Role of the network that is exported.

    Returns:
        `Path` of `generator`, or `encoder`, inside a run folder; beside a file, its own
        name, with the ending of the network's `Interface`.
    """
    source, suffix = Path(source), get_format(format).suffix
    if source.is_dir():
        return source / f"{network}{suffix}"
    return source.with_name(f"{source.stem}{get_interface(network).ending}{suffix}")
