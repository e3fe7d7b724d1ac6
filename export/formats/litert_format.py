"""The LiteRT format (TFLite): one file for phones and small devices."""

import collections
import json
import tempfile
import warnings
import zipfile

import tensorflow as tf

from kgan_export.errors import ExportError
from kgan_export.formats import saved_model_format
from kgan_export.formats.base import Format
from kgan_export.interface.metadata import METADATA_FILE

SIGNATURE = "serving_default"


class LiteRTFormat(Format):
    """One file for phones and small devices."""

    suffix = ".tflite"

    def make(self, job):
        """Converts a generator and verifies what TFLite's interpreter makes of it."""
        results = []
        for interface in (job.interface.as_floats(), job.interface):
            content = convert(job.network, interface, job.metadata)
            results.append(run(content, interface, job.batches))
        result = job.verify(*results, job.precision)
        job.path.write_bytes(content)
        # An archive at the end, as TFLite files carry whatever belongs to them: `unzip`
        # reads it, and interpreters look at the beginning only.
        with zipfile.ZipFile(job.path, "a") as archive:
            archive.writestr(METADATA_FILE, json.dumps(job.metadata))
        return result | {"operators": dict(count_operators(content).most_common())}


def convert(generator, interface, metadata):
    """Converts a generator to builtin operators.

    Args:
        generator: Functional `keras.Model`.
        interface: Its `GeneratorInterface`.
        metadata: JSON-ready dict.

    Returns:
        The bytes of a TFLite model.

    Raises:
        ExportError: If the conversion fails.
    """
    if not hasattr(tf, "lite"):
        raise ExportError("This version of TensorFlow has no converter to TFLite.")
    with tempfile.TemporaryDirectory() as folder:
        saved_model_format.write(generator, interface, metadata, folder)
        try:
            converter = tf.lite.TFLiteConverter.from_saved_model(
                folder, signature_keys=[SIGNATURE]
            )
            return converter.convert()
        except Exception as error:  # the converter raises whatever the graph provokes
            # What follows the first line is the whole graph.
            reason = str(error).strip().split("\n")[0]
            raise ExportError(f"The conversion to TFLite failed: {reason}") from error


def run(content, interface, batches):
    """Runs a TFLite model as an application would.

    Args:
        content: The bytes of the model.
        interface: The `Interface`, for the names of the outputs.
        batches: List of dicts from names of inputs to arrays.

    Returns:
        For each batch, the list of outputs, in their layouts and dtypes.

    Raises:
        ExportError: If the interpreter cannot run it.
    """
    try:
        interpreter = _interpreter(content)
        serve = interpreter.get_signature_runner(SIGNATURE)
        outputs = [serve(**feed) for feed in batches]
    except Exception as error:  # the interpreter's errors share no public class
        raise ExportError(f"TFLite cannot run the model: {error}") from error
    return [[one[output.name] for output in interface.outputs] for one in outputs]


def count_operators(content):
    """Returns a `collections.Counter` of a model's operators, as they are stored."""
    resolver = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = _interpreter(content, experimental_op_resolver_type=resolver)
    details = interpreter._get_ops_details()  # the analyser only prints
    return collections.Counter(operator["op_name"] for operator in details)


def _interpreter(content, **options):
    """TensorFlow's interpreter, without its advice to use the package of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return tf.lite.Interpreter(model_content=content, **options)
