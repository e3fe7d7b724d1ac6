"""The ONNX format: one self-contained file, standard operators only."""

import dataclasses

import onnx

from kgan_export import verify
from kgan_export.formats.base import Format
from kgan_export.formats.onnx_file import open_session, run, write
from kgan_export.graph import conversion, passes
from kgan_export.precision import PRECISIONS
from kgan_export.precision.comparison import compare_reduced
from kgan_export.replacement import files_of, size_of

CALIBRATION_SAMPLES, CALIBRATION_BATCH = 256, 64


class OnnxFormat(Format):
    """A file that onnxruntime samples from without TensorFlow."""

    suffix = ".onnx"
    holds_onnx = True
    precisions = tuple(PRECISIONS)

    def make(self, job):
        """Converts, rewrites, reduces, verifies and writes one network.

        A rewrite that fails is left out. A rewritten graph that differs from Keras all
        the same gives way to the plain one. The report tells both.
        """
        plain = conversion.convert(job.network, job.interface, job.opset)
        full_path, reduced_path = (
            job.path.with_name(f"{job.path.name}.{name}")
            for name in ("full", "reduced")
        )
        is_large = conversion.size_of_weights(plain) > conversion.MAX_BYTES
        # A model beyond a protobuf's size is checked as a whole alone, from its files.
        feeds = [] if is_large else job.batches[:2]
        try:
            model, records = passes.optimize(plain, feeds=feeds)
            result = _write_verified(job, model, full_path, PRECISIONS["fp32"])
            if job.precision.layout != "nchw":
                model, records = passes.optimize(plain, job.precision.layout, feeds)
            result["notes"] = tuple(
                f"The rewrite {record.rewrite} is left out: {record.failed}"
                for record in records
                if record.failed is not None
            )
        except Exception as error:  # a faster graph is no reason to have none
            model, records = plain, []
            result = _write_verified(job, model, full_path, PRECISIONS["fp32"])
            result["notes"] = (f"The graph is not optimised: {error}",)
        result["nodes_before"] = sum(conversion.count_operators(plain).values())
        result["rewrites"] = [dataclasses.asdict(record) for record in records]
        if job.precision.reducer is None:
            return result

        fp32_size = sum(size_of(file) for file in files_of(job.path))
        feeds = _calibration(job)
        reduced, in_float = job.precision.reduce(model, feeds)
        result |= _write_verified(job, reduced, reduced_path, job.precision)
        sessions = [open_session(path) for path in (full_path, reduced_path)]
        unfused = None
        if job.precision.integers:
            unfused = open_session(reduced_path, fused=False)
        result["reduction"] = compare_reduced(*sessions, feeds, unfused) | {
            "size": {"fp32": fp32_size, "reduced": size_of(job.path)},
            "layers_in_float": in_float,
        }
        return result


def _calibration(job):
    """List of the feeds on which a reduction is calibrated and compared."""
    count = job.interface.static_batch or CALIBRATION_BATCH
    starts = range(0, CALIBRATION_SAMPLES, count)
    return [verify.draw(job.source, count, start) for start in starts]


def _write_verified(job, model, floats_path, precision):
    """Writes a model with float outputs to `floats_path` and as asked to `job.path`."""
    interfaces = [job.interface.as_floats(), job.interface]
    paths = [floats_path, job.path]
    for interface, path in zip(interfaces, paths, strict=True):
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        write(copy, interface, job.metadata, path)
        operators = conversion.count_operators(copy)
    floats, outputs = run(paths, job.interface, job.batches)
    result = job.verify(floats, outputs, precision)
    return result | {"operators": dict(operators.most_common())}
