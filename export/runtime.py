"""Samples from an exported generator with NumPy and onnxruntime alone."""

import os

import numpy as np
import onnxruntime

from kgan._core.errors import invalid
from kgan.latents import default_labels, integer, latents, noise
from kgan.sampling import resolve_labels, truncate
from kgan_export.errors import ExportError
from kgan_export.facts import METADATA_KEY, check_interface, parse_facts
from kgan_export.onnx_file import read_onnx

# In the order of preference. Each computes what it can and leaves the rest to the CPU.
PROVIDERS = (
    "CUDAExecutionProvider",
    "CoreMLExecutionProvider",
    "OpenVINOExecutionProvider",
    "CPUExecutionProvider",
)


class Sampler:
    """An exported generator, ready to draw samples.

    Needs neither TensorFlow nor Keras. Sample `i` under a seed is the same for any
    batch size and number of samples, and the one that `GAN.generate` gives. Threads may
    share one sampler.

    The file may come from a stranger: nothing in it is executed but ai.onnx operators,
    its metadata are checked, and it can name no file outside its folder. How much
    memory and time its operators take is not limited.

    Args:
        path: Path of an ONNX file that `kgan_export.export` wrote.
        providers: List of onnxruntime execution providers; by default those of CUDA,
            CoreML and OpenVINO that are installed, then the CPU.
        session_options: `onnxruntime.SessionOptions`, such as the number of threads.

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
        self.metadata = parse_facts(read_onnx(path).get(METADATA_KEY), path)
        if providers is None:
            available = onnxruntime.get_available_providers()
            providers = [name for name in PROVIDERS if name in available]
        try:
            self.session = onnxruntime.InferenceSession(
                path, session_options, providers=providers
            )
            inputs = {x.name: x.shape for x in self.session.get_inputs()}
            outputs = {x.name: x.shape for x in self.session.get_outputs()}
        except Exception as error:  # onnxruntime's errors share no public class
            raise invalid(
                "The file must be an ONNX model that onnxruntime can load.",
                {"path": path},
                f"onnxruntime says: {error}",
            ) from error
        check_interface(self.metadata, inputs, outputs, path)
        self._truncates = "truncation" in inputs
        self._extra_inputs = self.metadata.get("extra_inputs") or []
        self._outputs = list(outputs)

    def warm_up(self, batch_size=64):
        """Computes one batch, so that the next one takes no longer than any other.

        Args:
            batch_size: Samples in it: the size that will be asked for.
        """
        self.sample(batch_size, batch_size=batch_size)

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

    def generate(self, z, labels=None, truncation=1.0, batch_size=64, extras=None):
        """Turns codes into samples.

        Args:
            z: float32 array `[n, latent_dim]`.
            labels: For a conditional generator, one class for all samples, or an
                integer array `[n]`; by default the classes in turn.
            truncation: Below 1, samples that are more typical and less varied: the
                codes are scaled by it, or the generator's own truncation is used.
            batch_size: Samples computed at a time.
            extras: Dict from names of further inputs to arrays `[n, …]`; by default,
                and for those left out, what `extras` draws under the seed 0.

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
        labels = self._labels(labels, len(z))
        given = self._check_extras(extras or {}, len(z))

        def feed(start, count):
            part = slice(start, start + count)
            drawn = self.extras(count, start=start) if self._extra_inputs else {}
            return z[part], drawn | {name: x[part] for name, x in given.items()}

        return self._fill(len(z), feed, labels, truncation, batch_size)

    def sample(self, n, seed=0, labels=None, truncation=1.0, batch_size=64, start=0):
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

        Returns:
            Array `[n, *sample_shape]`, as from `generate`.

        Raises:
            ValueError: If an argument does not fit the generator.
        """
        n = integer("n", n, 1, 2**63)
        labels = self._labels(labels, n, start)

        def feed(offset, count):
            position = start + offset
            codes = self.latents(count, seed, position)
            return codes, self.extras(count, seed, position)

        return self._fill(n, feed, labels, truncation, batch_size)

    def stream(self, n, seed=0, labels=None, truncation=1.0, batch_size=64, start=0):
        """Draws samples batch by batch, each while the caller works on the last.

        Args:
            n: Number of samples.
            seed: Integer from 0 to 2**64 - 1.
            labels: As for `sample`.
            truncation: As for `generate`.
            batch_size: Samples in a batch; the last one may be smaller.
            start: Position of the first sample.

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
        each = np.ndim(labels) > 0  # otherwise no array of `n` is made
        checked = self._labels(labels, n if each else 1)

        def compute(offset):
            part = slice(offset, min(offset + batch_size, n))
            classes = checked[part] if each else labels
            count = part.stop - offset
            return self.sample(
                count, seed, classes, truncation, batch_size, start + offset
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

    def _fill(self, n, draw, labels, truncation, batch_size):
        """Runs the generator batch by batch into preallocated arrays."""
        fixed = self.metadata["static_batch"]
        batch_size = fixed or integer("batch_size", batch_size, 1, 2**31)
        feed, scale = {}, truncation
        if self._truncates:
            feed, scale = {"truncation": np.float32([truncation])}, 1.0
        results = {}
        for start in range(0, n, batch_size):
            count = min(batch_size, n - start)
            missing = fixed - count if fixed else 0
            z, extras = draw(start, count)
            feed["z"] = _pad(truncate(self.metadata["prior"], z, scale), missing)
            feed |= {name: _pad(x, missing) for name, x in extras.items()}
            if labels is not None:
                feed["label"] = _pad(labels[start : start + count], missing)
            outputs = self._run(feed)
            for name, output in zip(self._outputs, outputs, strict=True):
                if name not in results:
                    results[name] = np.empty((n, *output.shape[1:]), output.dtype)
                results[name][start : start + count] = output[:count]
        return results if len(results) > 1 else results[self._outputs[0]]

    def _run(self, feed):
        try:
            outputs = self.session.run(self._outputs, feed)
        except Exception as error:  # onnxruntime's errors share no public class
            raise ExportError(f"The generator failed: {error}") from error
        n = len(feed["z"])
        if any(np.shape(x)[:1] != (n,) for x in outputs):
            shapes = [np.shape(x) for x in outputs]
            raise ExportError(f"The generator gave {shapes} for {n} codes.")
        return outputs

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

    def _labels(self, labels, n, start=0):
        classes = self.metadata["num_classes"]
        if labels is None and classes is not None:
            return default_labels(n, classes, start)
        return resolve_labels(labels, n, classes)


def _pad(rows, missing):
    """Repeats the last row, to fill a batch of fixed size."""
    return np.pad(rows, [(0, missing)] + [(0, 0)] * (rows.ndim - 1), "edge")
