"""What a format is asked to export, and how its result is verified."""

import dataclasses
from pathlib import Path

import keras

from kgan_export import verify
from kgan_export.interface.base import Interface
from kgan_export.precision import Precision
from kgan_export.source import Source


@dataclasses.dataclass(frozen=True)
class Job:
    """One export.

    Args:
        source: The `Source`.
        network: Functional `keras.Model` to convert: the source's, prepared.
        interface: The `Interface`.
        metadata: JSON-ready dict that belongs into the file.
        path: `Path` to write to, in a folder where other files may be left.
        opset: Version of the ai.onnx operators.
        precision: The `Precision`.
        batches: List of dicts from names of inputs to arrays, on which the result is
            compared.
        expected: For each batch, the list of float outputs of Keras.
        onnxruntime_web: Folder of npm's package, or `None` to look for it.
    """

    source: Source
    network: keras.Model
    interface: Interface
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
            floats: For each batch, the outputs before they became grey levels.
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
        if any(output.dtype == "uint8" for output in self.interface.outputs):
            levels = verify.compare_levels(
                self.interface.outputs, self.expected, outputs, precision.grey_levels
            )
        return {"float_differences": differences, "level_differences": levels}
