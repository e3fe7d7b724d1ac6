"""The export: convert, verify, and only then replace."""

import dataclasses
import tempfile
import time
from pathlib import Path

from kgan.errors import invalid

try:
    from kgan_export import onnx, saved_model, verify
    from kgan_export.batch_normalization import fold_batch_normalization
    from kgan_export.clone import clone, is_float32
    from kgan_export.metadata import describe
    from kgan_export.signature import Signature
    from kgan_export.source import read_source
except ImportError as error:
    raise ImportError(
        f"Exporting needs the training packages. Received: {error}. "
        'Install them with: pip install "kgan[train]"'
    ) from error

from kgan_export.files import check_target, replace, size_of
from kgan_export.report import Report

FORMATS = {"onnx": onnx, "saved_model": saved_model}
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
):
    """Exports a generator and verifies that the result gives the same samples.

    The result is compared with Keras on batches of 1, 3 and 64 codes and on every
    class, on float outputs (1e-4) and in grey levels (1). Only when all of that held
    does it take its place, with a report beside it in `PATH.report.json`.

    Args:
        source: A `kgan.GAN`, whose EMA generator is exported; a functional Keras
            generator on `z` or `[z, label]`; the path of a `.keras` file of either;
            or a run folder.
        path: Where to write. An earlier export there is replaced.
        format: `"onnx"` or `"saved_model"`.
        layout: `"nhwc"`, or `"nchw"` for images.
        output_dtype: `"uint8"` in 0–255 or `"float32"` in [-1, 1]. By default uint8
            for images and video, float32 for everything else.
        opset: Version of the ai.onnx operators, 13 to 18.
        static_batch: Fixed batch size; by default the graph takes any.
        num_classes: Number of classes of a plain conditional generator, where its
            embeddings do not tell.
        class_names: Names of the classes; a run folder's own by default.

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
    backend = FORMATS[format]
    path = Path(path)
    check_target(path, folder=backend is saved_model)
    source = read_source(source, num_classes, class_names)
    signature = Signature(
        source.latent_dim,
        source.num_classes,
        source.sample_shape,
        layout,
        output_dtype,
        static_batch,
    )
    metadata = describe(source, signature, opset if backend is onnx else None)

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".kgan-") as scratch:
        scratch = Path(scratch)
        made = scratch / path.name
        operators, floats, levels = _make(
            backend, source, signature, metadata, made, opset
        )
        report = Report(
            path=str(path),
            format=format,
            size=size_of(made),
            operators=dict(operators.most_common()),
            float_differences=floats,
            level_differences=levels,
            seconds=time.perf_counter() - started,
            metadata=metadata,
        )
        text = scratch / f"{path.name}.report.json"
        text.write_text(report.to_json(), "utf-8")
        replace(made, path, scratch)
        replace(text, path.with_name(text.name), scratch)
    return report


def _make(backend, source, signature, metadata, path, opset):
    """Writes the export to `path`, verified: first with float output, then as asked.

    Returns:
        The operators, the largest differences in floats and in grey levels (or `None`).
    """
    plain = clone(source.generator)
    # Mixed precision rounds more than the tolerance: there the float32 copy is truth.
    truth = source.generator if is_float32(source.generator) else plain
    exported = fold_batch_normalization(plain)
    batches = verify.make_batches(source, signature.static_batch)

    as_floats = dataclasses.replace(signature, output_dtype="float32")
    if signature == as_floats:
        operators = backend.write(exported, signature, metadata, path, opset)
        (outputs,) = backend.run([path], batches)
        _, floats = verify.compare_floats(truth, signature, batches, outputs)
        return operators, floats, None

    floats_path = path.with_name(f"{path.name}.float")
    backend.write(exported, as_floats, metadata, floats_path, opset)
    operators = backend.write(exported, signature, metadata, path, opset)
    outputs, quantised = backend.run([floats_path, path], batches)
    expected, floats = verify.compare_floats(truth, signature, batches, outputs)
    return operators, floats, verify.compare_levels(expected, quantised)
