"""What an interface of an export must tell: what goes in, and what comes out."""

import abc
import dataclasses
import inspect

import numpy as np
import tensorflow as tf

from kgan._core.errors import invalid


@dataclasses.dataclass(frozen=True)
class Interface(abc.ABC):
    """Names, shapes and dtypes of the inputs and outputs of one exported network.

    Args:
        static_batch: Fixed batch size, or `None` for any.

    Attributes:
        network: Role of the network, a key of `Source.networks`.
        ending: What the name of an export has beside that of its source.
        formats: Names of the formats that it can be exported to, or `None` for all.
        precisions: Names of the precisions that it can have, or `None` for all.
    """

    static_batch: int | None = None

    network = None
    ending = ""
    formats = None
    precisions = None

    def __post_init__(self):
        if self.static_batch is not None and self.static_batch < 1:
            raise invalid(
                "`static_batch` must be a positive integer.",
                {"static_batch": self.static_batch},
                "Leave it out for a graph that takes any batch size.",
            )

    @classmethod
    @abc.abstractmethod
    def of(cls, source, layout, output_dtype, static_batch):
        """Returns the interface that a network of a source is exported with.

        Args:
            source: The `Source`.
            layout: `"nhwc"` or `"nchw"`, of the samples.
            output_dtype: `"uint8"`, `"float32"` or `None`, of the samples.
            static_batch: Fixed batch size, or `None` for any.

        Raises:
            ValueError: If an argument does not fit the samples.
        """

    @property
    @abc.abstractmethod
    def inputs(self):
        """Dict from names to `tf.TensorSpec`s, in the order of the Keras network."""

    @property
    @abc.abstractmethod
    def outputs(self):
        """Tuple of `Output`s, in the order of the Keras network."""

    @abc.abstractmethod
    def as_floats(self):
        """Returns the same interface with float32 outputs."""

    @abc.abstractmethod
    def call(self, network, feed):
        """Calls a network at inference.

        Args:
            network: Functional `keras.Model`.
            feed: Dict from the names of the inputs, in order, to arrays or tensors as
                the export takes them.

        Returns:
            List of float32 tensors, one an output, in the layouts of the export.
        """

    @abc.abstractmethod
    def batches(self, source):
        """Returns what the export and Keras are compared on.

        Args:
            source: The `Source`.

        Returns:
            List of dicts from the names of the inputs, in order, to arrays.
        """

    @abc.abstractmethod
    def describe(self):
        """Returns the interface's keys of the metadata, as a JSON-ready dict."""

    def function(self, network):
        """Returns the `tf.function` that an export holds.

        Args:
            network: Functional `keras.Model`.

        Returns:
            A function of the inputs; it returns a dict from the names of the outputs to
            tensors.
        """
        names = list(self.inputs)

        def run(*values):
            results = self.call(network, dict(zip(names, values, strict=True)))
            return {
                output.name: output.quantize(result)
                for output, result in zip(self.outputs, results, strict=True)
            }

        # TensorFlow names the inputs of a graph after the function's parameters.
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        run.__signature__ = inspect.Signature(
            [inspect.Parameter(name, kind) for name in names]
        )
        return tf.function(run, input_signature=list(self.inputs.values()))

    def comparison(self, source, network):
        """Returns what to compare on, and what Keras, the truth, makes of it.

        Args:
            source: The `Source`.
            network: Functional `keras.Model`.

        Returns:
            What `batches` returns; and for each batch the list of float32 outputs, in
            the layouts of the export.
        """
        with tf.device("CPU:0"):  # GPUs may round to TF32, far above the tolerance
            batches = self.batches(source)
            expected = [
                [np.asarray(result) for result in self.call(network, feed)]
                for feed in batches
            ]
        return batches, expected
