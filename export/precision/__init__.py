"""The precisions of an export: how they are reached and what they may differ.

`float16.py` and `int8.py` hold the reductions, loaded when they are used;
`comparison.py` compares their samples with the float32 ones.
"""

import dataclasses
import importlib


@dataclasses.dataclass(frozen=True)
class Precision:
    """How to reach a precision, and what the export may differ from Keras.

    Args:
        reducer: Name of the module whose `reduce(model, feeds)` reaches it; `None` for
            float32.
        float_tolerance: Largest difference of float outputs. It is infinite where
            single values may differ at will and samples are compared as a whole.
        grey_levels: The same of uint8 outputs.
        layout: Order of the axes in which onnxruntime computes it.
        integers: Whether it is computed by integer kernels, which differ between
            processors.
    """

    reducer: str | None
    float_tolerance: float
    grey_levels: float
    layout: str = "nchw"
    integers: bool = False

    def reduce(self, model, feeds):
        """Reduces a graph.

        Args:
            model: `onnx.ModelProto` in float32 with float outputs; left as it is.
            feeds: List of dicts from names of inputs to arrays.

        Returns:
            The reduced `onnx.ModelProto`, and the names of the layers left in float.
        """
        return importlib.import_module(self.reducer).reduce(model, feeds)


PRECISIONS = {
    "fp32": Precision(None, 1e-4, 1),
    "fp16": Precision("kgan_export.precision.float16", 2e-2, 1),
    "int8": Precision(
        "kgan_export.precision.int8", float("inf"), float("inf"), "nhwc", True
    ),
}
