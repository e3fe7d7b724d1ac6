"""Samples from an exported generator, whatever runs it."""

import os

import numpy as np

from kgan._core.errors import invalid
from kgan._core.memory import check_memory
from kgan.latents import default_labels, integer, latents, noise
from kgan.sampling import classes_of, resolve_condition, resolve_labels
from kgan_export.interface.metadata import check_graph, sample_size
from kgan_export.interface.reading import read_metadata
from kgan_export.runtime.loop import fill
from kgan_export.runtime.sessions import open_session


class Sampler:
    """An exported generator, ready to draw samples.

    An ONNX file needs neither TensorFlow nor Keras; for a SavedModel, TensorFlow is
    imported. Sample `i` under a seed is the same for any batch size and number of
    samples, and the one that `GAN.generate` gives. Threads may share one sampler.

    An ONNX file may come from a stranger: nothing in it is executed but ai.onnx
    operators, its metadata are checked, and it can name no file outside its folder. How
    much memory and time its operators take is not limited. A SavedModel is a program,
    which may read, write and send any file of yours: open only those that you would
    run.

    Args:
        path: Path of an ONNX file or of a SavedModel that `kgan_export.export` wrote.
        providers: For an ONNX file, list of onnxruntime execution providers; by default
            those of CUDA, CoreML and OpenVINO that are installed, then the CPU.
        session_options: For an ONNX file, `onnxruntime.SessionOptions`, such as the
            number of threads.

    Attributes:
        metadata: What the export says of itself, a dict.
        session: The `onnxruntime.InferenceSession`, or the SavedModel's signature
            `serving_default`.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no generator that kgan exported, or is damaged.

    Example:

    >>> sampler = kgan_export.Sampler("generator.onnx")
    >>> sampler.sample(16, seed=0).shape
    (16, 28, 28, 1)
    """

    def __init__(self, path, providers=None, session_options=None):
        path = os.fspath(path)
        self.metadata = read_metadata(path)
        self._runner = open_session(path, providers, session_options)
        self.session = self._runner.native
        inputs, outputs = self._runner.inputs, self._runner.outputs
        check_graph(self.metadata, inputs, outputs, path)
        self._extra_inputs = self.metadata["extra_inputs"] or []

    def warm_up(self, batch_size=64):
        """Computes one batch, so that the next one takes no longer than any other.

        Args:
            batch_size: Samples in it: the size that will be asked for.
        """
        shape = self.metadata["condition_shape"]
        condition = None if shape is None else np.zeros(shape, np.float32)
        self.sample(batch_size, batch_size=batch_size, condition=condition)

    def latents(self, n, seed=0, start=0):
        """Draws the codes of samples `start` to `start + n - 1`.

        Args:
            n: Number of codes.
            seed: Integer from 0 to 2**64 - 1.
            start: Position of the first sample.

        Returns:
            float32 array `[n, latent_dim]`, of the prior that the generator was
            trained with.
        """
        return latents(
            self.metadata["prior"], n, self.metadata["latent_dim"], seed, start
        )

    def extras(self, n, seed=0, start=0):
        """Draws the further inputs of samples `start` to `start + n - 1`.

        Args:
            n: Number of samples.
            seed: Integer from 0 to 2**64 - 1.
            start: Position of the first sample.

        Returns:
            Dict from names of inputs to float32 arrays `[n, …]`; empty for most
            generators.
        """
        return {
            x["name"]: noise(x["distribution"], n, x["shape"], seed, x["name"], start)
            for x in self._extra_inputs
        }

    def generate(
        self,
        z,
        labels=None,
        truncation=1.0,
        batch_size=64,
        extras=None,
        condition=None,
    ):
        """Turns codes into samples.

        Args:
            z: float32 array `[n, latent_dim]`.
            labels: For a conditional generator, one class for all samples, a number or
                a name, or an integer array or list of names `[n]`; by default the
                classes in turn.
            truncation: Below 1, samples that are more typical and less varied: the
                codes are scaled by it, or the generator's own truncation is used.
            batch_size: Samples computed at a time.
            extras: Dict from names of further inputs to arrays `[n, …]`; by default,
                and for those left out, what `extras` draws under the seed 0.
            condition: For a generator that takes vectors of attributes, float array
                `[D]`, one for all samples, or `[n, D]`.

        Returns:
            Array `[n, *sample_shape]` in the file's layout and dtype: by default
            uint8 `[n, H, W, C]` for images. Of a generator with several outputs, a dict
            from their names to arrays.

        Raises:
            ValueError: If an argument does not fit the generator.
        """
        z = np.asarray(z, np.float32)
        latent_dim = self.metadata["latent_dim"]
        if z.ndim != 2 or z.shape[1] != latent_dim or not len(z):
            raise invalid(
                f"`z` must have the shape [n, {latent_dim}].",
                {"z.shape": z.shape},
                "Draw codes with `latents`.",
            )
        conditions = self._conditions(len(z), labels, condition)
        given = self._check_extras(extras or {}, len(z))

        def feed(start, count):
            part = slice(start, start + count)
            drawn = self.extras(count, start=start) if self._extra_inputs else {}
            return z[part], drawn | {name: x[part] for name, x in given.items()}

        return self._fill(len(z), feed, conditions, truncation, batch_size)

    def sample(
        self,
        n,
        seed=0,
        labels=None,
        truncation=1.0,
        batch_size=64,
        start=0,
        condition=None,
    ):
        """Draws samples `start` to `start + n - 1`.

        Beside the result, memory for one batch is used, however large `n` is.

        Args:
            n: Number of samples.
            seed: Integer from 0 to 2**64 - 1.
            labels: As for `generate`; by default sample `i` has the class
                `i % num_classes`.
            truncation: As for `generate`.
            batch_size: Samples computed at a time; does not change the result.
            start: Position of the first sample, to go on where another call ended.
            condition: As for `generate`.

        Returns:
            Array `[n, *sample_shape]`, as from `generate`.

        Raises:
            ValueError: If an argument does not fit the generator.
        """
        n = integer("n", n, 1, 2**63)
        # Before anything is made of `n`.
        check_memory(n * sample_size(self.metadata), {"n": n})
        start = integer("start", start, 0, 2**63 - n)
        conditions = self._conditions(n, labels, condition, start)

        def feed(offset, count):
            position = start + offset
            codes = self.latents(count, seed, position)
            return codes, self.extras(count, seed, position)

        return self._fill(n, feed, conditions, truncation, batch_size)

    def stream(
        self,
        n,
        seed=0,
        labels=None,
        truncation=1.0,
        batch_size=64,
        start=0,
        condition=None,
    ):
        """Draws samples batch by batch, each while the caller works on the last.

        Args:
            n: Number of samples.
            seed: Integer from 0 to 2**64 - 1.
            labels: As for `sample`.
            truncation: As for `generate`.
            batch_size: Samples in a batch; the last one may be smaller.
            start: Position of the first sample.
            condition: As for `generate`.

        Yields:
            What `sample` gives, in parts.

        Raises:
            ValueError: If an argument does not fit the generator.

        Example:

        >>> for images in sampler.stream(1000, seed=0):
        ...     save(images)
        """
        n = integer("n", n, 1, 2**63)
        batch_size = integer("batch_size", batch_size, 1, 2**31)
        # What is the same for all samples makes no array of `n`.
        labels = self._named(labels)
        each_label, each_condition = np.ndim(labels) > 0, np.ndim(condition) > 1
        self._labels(labels, n if each_label else 1)
        self._condition(condition, n if each_condition else 1)

        def compute(offset):
            part = slice(offset, min(offset + batch_size, n))
            return self.sample(
                part.stop - offset,
                seed,
                np.asarray(labels)[part] if each_label else labels,
                truncation,
                batch_size,
                start + offset,
                np.asarray(condition)[part] if each_condition else condition,
            )

        def batches():
            # Not at the top: half of all that this module needs to load.
            import concurrent.futures

            with concurrent.futures.ThreadPoolExecutor(1) as thread:
                following = thread.submit(compute, 0)
                for offset in range(batch_size, n + batch_size, batch_size):
                    batch = following.result()
                    if offset < n:
                        following = thread.submit(compute, offset)
                    yield batch

        return batches()

    def _fill(self, n, draw, conditions, truncation, batch_size):
        return fill(
            self._runner, self.metadata, n, draw, conditions, truncation, batch_size
        )

    def _check_extras(self, extras, n):
        shapes = {x["name"]: (n, *x["shape"]) for x in self._extra_inputs}
        for name, values in extras.items():
            if shapes.get(name) != np.shape(values):
                raise invalid(
                    "`extras` must be arrays, one row a sample, for the generator's "
                    f"further inputs: {shapes or 'it has none'}.",
                    {name: np.shape(values)},
                    "Leave out what should be drawn from the seed.",
                )
        return {name: np.asarray(x, np.float32) for name, x in extras.items()}

    def _conditions(self, n, labels, condition, start=0):
        """Dict from the names of the conditions that the generator takes to arrays."""
        values = {
            "label": self._labels(labels, n, start),
            "condition": self._condition(condition, n),
        }
        return {name: x for name, x in values.items() if x is not None}

    def _condition(self, condition, n):
        return resolve_condition(condition, n, self.metadata["condition_shape"])

    def _labels(self, labels, n, start=0):
        classes = self.metadata["num_classes"]
        if labels is None and classes is not None:
            return default_labels(n, classes, start)
        return resolve_labels(self._named(labels), n, classes)

    def _named(self, labels):
        """Returns labels as integers where they are names of classes."""
        names = self.metadata.get("class_names")
        return classes_of(labels, self.metadata["num_classes"], names)
