"""The export: convert, verify, and only then replace."""

import dataclasses
import json
import tempfile
import time
from pathlib import Path

from kgan._core.errors import invalid

try:
    from kgan_export import encoder, litert, onnx, saved_model, verify, web
    from kgan_export.batch_normalization import fold_batch_normalization
    from kgan_export.clone import clone, is_float32
    from kgan_export.job import Job
    from kgan_export.metadata import describe
    from kgan_export.output import Output
    from kgan_export.precision import PRECISIONS
    from kgan_export.signature import Signature
    from kgan_export.source import read_source
    from kgan_export.substitutes import substitute
except ImportError as error:
    raise ImportError(
        f"Exporting needs the training packages. Received: {error}. "
        'Install them with: pip install "kgan[train]"'
    ) from error

from kgan_export.files import check_target, files_of, hashes, replace, size_of
from kgan_export.report import Report

FORMATS = {"onnx": onnx, "saved_model": saved_model, "litert": litert, "web": web}
HOLD_ONNX = "onnx", "web"
NETWORKS = "generator", "encoder"
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
    """Exports a generator and verifies that the result gives the same samples.

    The result is compared with Keras on batches of 1, 3 and 64 codes and on every
    class, on float outputs (1e-4) and in grey levels (1). Only when all of that held
    does it take its place, with its metadata beside it in `PATH.json` and a report in
    `PATH.report.json`.

    Args:
        source: A `kgan.GAN`, whose EMA generator is exported; a functional Keras
            generator on `z` or `[z, label]`; the path of a `.keras` file of either;
            or a run folder.
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
        network: `"generator"`, or `"encoder"` of a `kgan.BiGAN`: then samples go in, in
            `layout` and `output_dtype`, as the generator's export gives them, and
            codes `z` come out.

    Returns:
        A `Report`: sizes, operators, differences, metadata.

    Raises:
        ValueError: If an argument is wrong.
        ExportError: If the generator cannot be converted, or the result differs;
            nothing is left behind then, and an earlier export stays as it was.

    Example:

    >>> report = kgan_export.export(gan, "generator.onnx")
    >>> print(report.summary())
    """
    started = time.perf_counter()
    if format not in FORMATS:
        raise invalid(
            f"`format` must be one of {', '.join(FORMATS)}.",
            {"format": format},
            "Use onnx to sample without TensorFlow.",
        )
    if opset not in OPSETS:
        raise invalid(
            f"`opset` must be from {OPSETS[0]} to {OPSETS[-1]}.",
            {"opset": opset},
            f"Use {DEFAULT_OPSET}.",
        )
    if precision not in PRECISIONS or (precision != "fp32" and format not in HOLD_ONNX):
        raise invalid(
            f"`precision` must be one of {', '.join(PRECISIONS)}, and fp32 in "
            f"other formats than {' and '.join(HOLD_ONNX)}.",
            {"precision": precision, "format": format},
            "Use fp32.",
        )
    if network not in NETWORKS:
        raise invalid(
            f"`network` must be one of {', '.join(NETWORKS)}.",
            {"network": network},
            "Use generator.",
        )
    backend = FORMATS[format]
    path = Path(path)
    check_target(path, backend.MARKER)
    source = read_source(source, num_classes, class_names, inputs)
    names = source.output_names or [None]
    signature = Signature(
        source.latent_dim,
        source.num_classes,
        tuple(
            Output(shape, layout, output_dtype, name)
            for shape, name in zip(source.sample_shapes, names, strict=True)
        ),
        static_batch,
        source.extra_inputs,
    )
    metadata = describe(
        source, signature, opset if format in HOLD_ONNX else None, precision
    )
    if network == "encoder":
        signature, metadata = encoder.turn_round(
            source, signature, metadata, format, precision
        )

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".kgan-") as scratch:
        scratch = Path(scratch)
        made = scratch / path.name
        job = _job(source, signature, metadata, made, opset, PRECISIONS[precision])
        job = dataclasses.replace(job, onnxruntime_web=onnxruntime_web)
        report = Report(
            path=str(path),
            format=format,
            **backend.make(job),
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


def _job(source, signature, metadata, path, opset, precision):
    encodes = isinstance(signature, encoder.EncoderSignature)
    network = source.encoder if encodes else source.generator
    plain = clone(network)
    # Mixed precision rounds more than the tolerance: there the float32 copy is truth.
    truth = network if is_float32(network) else plain
    if encodes:
        batches, expected = signature.comparison(source, truth)
    else:
        batches = verify.make_batches(source, signature.static_batch)
        expected = verify.keras_outputs(truth, signature, batches)
    return Job(
        source=source,
        generator=clone(fold_batch_normalization(plain), substitute),
        signature=signature,
        metadata=metadata,
        path=path,
        opset=opset,
        precision=precision,
        batches=batches,
        expected=expected,
    )
