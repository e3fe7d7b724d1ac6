"""The export: convert, verify, and only then replace."""

import json
import time
from pathlib import Path

from kgan._core.errors import invalid, one_of

try:
    from kgan_export.formats.job import Job
    from kgan_export.interface.metadata import collect
    from kgan_export.network.batch_normalization import fold_batch_normalization
    from kgan_export.network.clone import clone, is_float32
    from kgan_export.network.recurrent import unroll
    from kgan_export.network.substitutes import substitute
    from kgan_export.scratch import scratch_folder
    from kgan_export.source import read_source
except ImportError as error:
    raise ImportError(
        f"Exporting needs the training packages. Received: {error}. "
        'Install them with: pip install "kgan[train]"'
    ) from error

from kgan_export.formats import get_format
from kgan_export.interface import get_interface
from kgan_export.precision import PRECISIONS
from kgan_export.replacement import check_target, files_of, hashes, replace, size_of
from kgan_export.report import ExportReport

OPSETS = range(13, 19)
DEFAULT_OPSET = 17


def export(
    source,
    path,
    format="onnx",
    layout="nhwc",
    output_dtype=None,
    opset=DEFAULT_OPSET,
    static_batch=None,
    num_classes=None,
    class_names=None,
    precision="fp32",
    inputs=None,
    onnxruntime_web=None,
    network="generator",
):
    """Exports a network and verifies that the result gives the same samples or codes.

    The result is compared with Keras on batches of 1, 3 and 64 codes and on every
    class, on float outputs (1e-4) and in grey levels (1). Only when all of that held
    does it take its place, with its metadata beside it in `PATH.json` and a report in
    `PATH.report.json`.

    Args:
        source: A model of kgan such as a `kgan.GAN`, whose EMA generator is exported; a
            functional Keras generator on `z`, and beside it `label`, `condition` or
            further inputs by their names; the path of a `.keras` file of either; or a
            run folder.
        path: Where to write. An earlier export there is replaced.
        format: `"onnx"`; `"saved_model"`; `"litert"`, a TFLite file; or `"web"`, a
            folder with a page that samples in the browser.
        layout: `"nhwc"`, or `"nchw"` for images.
        output_dtype: `"uint8"` in 0–255 or `"float32"` in [-1, 1]. By default uint8
            for images and video, float32 for everything else.
        opset: Version of the ai.onnx operators, 13 to 18.
        static_batch: Fixed batch size; by default the graph takes any.
        num_classes: Number of classes of a plain conditional generator, where its
            embeddings do not tell.
        class_names: Names of the classes; a run folder's own by default.
        precision: `"fp32"`; of ONNX graphs also `"fp16"`, half the size, or `"int8"`, a
            quarter of it and faster: calibrated on the prior, with the layers in float
            that harm the samples most. Reduced samples may differ from the float ones
            by a Fréchet distance on pixels of 1 % of their variance, and `"fp16"` ones
            by 2e-2 each and one grey level.
        inputs: Dict from names of the generator's further inputs to how each is drawn:
            `"normal"` (the default), another prior, or `"unit"` for uniform numbers in
            (0, 1).
        onnxruntime_web: For `"web"`, the folder of npm's package onnxruntime-web; by
            default the one in `node_modules`, here or above.
        network: `"generator"`, or `"encoder"` of a model that has one, such as a
            `kgan.BiGAN`: then samples go in, in `layout` and `output_dtype`, as the
            generator's export gives them, and codes `z` come out.

    Returns:
        An `ExportReport`: sizes, operators, differences, metadata.

    Raises:
        ValueError: If an argument is wrong.
        ExportError: If the generator cannot be converted, or the result differs;
            nothing is left behind then, and an earlier export stays as it was.

    Example:

    >>> report = kgan_export.export(gan, "generator.onnx")
    >>> print(report.summary())
    """
    started = time.perf_counter()
    target = get_format(format)
    if opset not in OPSETS:
        raise invalid(
            f"`opset` must be from {OPSETS[0]} to {OPSETS[-1]}.",
            {"opset": opset},
            f"Use {DEFAULT_OPSET}.",
        )
    kind = get_interface(network)
    one_of(
        "precision", precision, target.precisions, f"{format} has no other precision."
    )
    for argument, value, known in (
        ("format", format, kind.formats),
        ("precision", precision, kind.precisions),
    ):
        if known is not None:
            one_of(argument, value, known, f"Leave it out for the {network}.")
    path = Path(path)
    check_target(path, target.marker)
    source = read_source(source, num_classes, class_names, inputs)
    model = source.network(network)
    interface = kind.of(source, layout, output_dtype, static_batch)
    metadata = collect(
        source, interface, opset if target.holds_onnx else None, precision
    )

    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(path.parent) as scratch:
        made = scratch / path.name
        plain = clone(model)
        # Mixed precision rounds more than the tolerance: there the float32 copy is the
        # truth.
        truth = model if is_float32(model) else plain
        batches, expected = interface.comparison(source, truth)
        job = Job(
            source=source,
            network=unroll(clone(fold_batch_normalization(plain), substitute)),
            interface=interface,
            metadata=metadata,
            path=made,
            opset=opset,
            precision=PRECISIONS[precision],
            batches=batches,
            expected=expected,
            onnxruntime_web=onnxruntime_web,
        )
        report = ExportReport(
            path=str(path),
            format=format,
            **target.make(job),
            size=sum(size_of(file) for file in files_of(made)),
            seconds=time.perf_counter() - started,
            metadata=metadata,
        )
        files = files_of(made)
        for suffix, text in (
            (".json", json.dumps(metadata | {"files": hashes(files)}, indent=2)),
            (".report.json", report.to_json()),
        ):
            files.append(scratch / f"{path.name}{suffix}")
            files[-1].write_text(text, "utf-8")
        for file in files:
            replace(file, path.with_name(file.name), scratch)
    return report
