"""What a format of an export must do."""

import abc


class Format(abc.ABC):
    """A kind of file or folder that an export may be.

    Attributes:
        suffix: Ending of the name, or an empty string for a folder.
        marker: For a folder, the name of a file that tells an earlier export, which may
            be replaced; else `None`.
        holds_onnx: Whether it holds an ONNX graph, of a version of the operators.
        precisions: Names of the precisions that it has.
    """

    suffix = ""
    marker = None
    holds_onnx = False
    precisions = ("fp32",)

    @abc.abstractmethod
    def make(self, job):
        """Writes `job.path`, verified.

        Args:
            job: The `Job`. Other files may be left beside its path.

        Returns:
            Dict of the format's entries of the `ExportReport`: `operators` and what
            `job.verify` returned, at least.

        Raises:
            ValueError: If the format cannot hold such samples.
            ExportError: If the network cannot be converted, or the result differs from
                Keras.
        """
