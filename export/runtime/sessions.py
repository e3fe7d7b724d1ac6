"""What runs an exported generator: onnxruntime, or TensorFlow for a SavedModel.

Both kinds of session tell their inputs and outputs and run one batch; everything else
is `Sampler`'s. TensorFlow is imported for a SavedModel alone.
"""

import os

import onnxruntime

from kgan._core.errors import invalid

SAVED_MODEL = "saved_model.pb"
SIGNATURE = "serving_default"
# In the order of preference. Each computes what it can and leaves the rest to the CPU.
PROVIDERS = (
    "CUDAExecutionProvider",
    "CoreMLExecutionProvider",
    "OpenVINOExecutionProvider",
    "CPUExecutionProvider",
)


class OnnxSession:
    """An ONNX file in onnxruntime.

    Args:
        path: Path of the file.
        providers: List of onnxruntime's execution providers, or `None` for the best.
        session_options: `onnxruntime.SessionOptions`, or `None`.

    Attributes:
        native: The `onnxruntime.InferenceSession`.
        inputs: Dict from names to shapes, in which a size may be a name.
        outputs: The same for the outputs, in their order.

    Raises:
        ValueError: If onnxruntime cannot load it.
    """

    def __init__(self, path, providers=None, session_options=None):
        if providers is None:
            available = onnxruntime.get_available_providers()
            providers = [name for name in PROVIDERS if name in available]
        try:
            self.native = onnxruntime.InferenceSession(
                path, session_options, providers=providers
            )
            self.inputs = {x.name: x.shape for x in self.native.get_inputs()}
            self.outputs = {x.name: x.shape for x in self.native.get_outputs()}
        except Exception as error:  # onnxruntime's errors share no public class
            raise invalid(
                "The file must be an ONNX model that onnxruntime can load.",
                {"path": path},
                f"onnxruntime says: {error}",
            ) from error

    def run(self, feed):
        """Returns the outputs for a dict from names of inputs to arrays, as a list."""
        return self.native.run(list(self.outputs), feed)


class SavedModelSession:
    """A SavedModel in TensorFlow.

    Args:
        path: Path of the folder.

    Attributes:
        native: The signature `serving_default`.
        inputs: Dict from names to shapes, in which a size may be `None`.
        outputs: The same for the outputs.

    Raises:
        ValueError: If TensorFlow cannot load it.
    """

    def __init__(self, path):
        from kgan._core.quiet import load_tensorflow

        load_tensorflow()
        import tensorflow as tf

        self._constant = tf.constant
        try:
            # A signature lives no longer than its model.
            self._model = tf.saved_model.load(path)
            self.native = self._model.signatures[SIGNATURE]
            _, specs = self.native.structured_input_signature
            self.inputs = {name: x.shape.as_list() for name, x in specs.items()}
            results = self.native.structured_outputs
            self.outputs = {name: x.shape.as_list() for name, x in results.items()}
        except Exception as error:  # TensorFlow's errors share no base with OSError
            raise invalid(
                "The folder must be a SavedModel that TensorFlow can load.",
                {"path": path},
                f"TensorFlow says: {error}",
            ) from error

    def run(self, feed):
        """Returns the outputs for a dict from names of inputs to arrays, as a list."""
        results = self.native(**{k: self._constant(x) for k, x in feed.items()})
        return [results[name].numpy() for name in self.outputs]


def open_session(path, providers=None, session_options=None):
    """Opens an export.

    Args:
        path: Path of an ONNX file or of a SavedModel.
        providers: List of onnxruntime's execution providers, or `None`.
        session_options: `onnxruntime.SessionOptions`, or `None`.

    Returns:
        An `OnnxSession` or a `SavedModelSession`.

    Raises:
        ValueError: If it is neither, or options of onnxruntime are given for a
            SavedModel.
    """
    if not os.path.isdir(path):
        return OnnxSession(path, providers, session_options)
    if not os.path.isfile(os.path.join(path, SAVED_MODEL)):
        raise invalid(
            "A sampler needs an ONNX file or a SavedModel that kgan-export wrote.",
            {"path": path},
            f"The folder holds no {SAVED_MODEL}.",
        )
    if providers is not None or session_options is not None:
        raise invalid(
            "`providers` and `session_options` are for ONNX files.",
            {"path": path, "providers": providers, "session_options": session_options},
            "Leave them out for a SavedModel.",
        )
    return SavedModelSession(path)
