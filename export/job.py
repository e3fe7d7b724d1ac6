"""What a format is asked to export, and how its result is verified."""

import dataclasses
from pathlib import Path

import keras

from kgan_export import verify
from kgan_export.precision import Precision
from kgan_export.signature import Signature
from kgan_export.source import Source


@dataclasses.dataclass(frozen=True)
class Job:
    """One export. Each format is a module with `SUFFIX`; `MARKER`, for a folder a file
    in it, else `None`; and `make(job)`, which writes `job.path`, verified, and returns
    the format's entries of the `Report` as a dict.

    Args:
        source: The `Source`.
        generator: Functional `keras.Model` to convert: the source's, prepared.
        signature: The `Signature`.
        metadata: JSON-ready dict that belongs into the file.
        path: `Path` to write to, in a folder where other files may be left.
        opset: Version of the ai.onnx operators.
        precision: The `Precision`.
        batches: What `verify.make_batches` returned.
        expected: What `verify.keras_outputs` returned for them.
        onnxruntime_web: Folder of npm's package, or `None` to look for it.
    """

    source: Source
    generator: keras.Model
    signature: Signature
    metadata: dict
    path: Path
    opset: int
    precision: Precision
    batches: list
    expected: list
    onnxruntime_web: str | None = None

    def verify(self, floats, outputs, precision):
        """Compares the outputs of an export with Keras.

        Args:
            floats: For each batch, the outputs before quantisation.
            outputs: For each batch, the outputs as exported.
            precision: The `Precision` whose tolerances hold.

        Returns:
            The report's `float_differences` and `level_differences`, as a dict.

        Raises:
            ExportError: If a difference exceeds a tolerance.
        """
        levels = None
        differences = verify.compare_floats(
            self.expected, floats, precision.float_tolerance
        )
        if any(output.dtype == "uint8" for output in self.signature.outputs):
            levels = verify.compare_levels(
                self.signature, self.expected, outputs, precision.grey_levels
            )
        return {"float_differences": differences, "level_differences": levels}
