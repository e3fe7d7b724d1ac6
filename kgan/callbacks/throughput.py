import time
import warnings

import keras
import psutil
import tensorflow as tf
from tensorflow.python.framework.config import is_op_determinism_enabled

from kgan.data import InputClock

# Share of the time from which the input counts as the bottleneck, over this many
# seconds at least.
BOTTLENECK, SECONDS = 0.2, 2.0


class Throughput(keras.callbacks.Callback):
    """Measures the training's speed, its wait for data, and its memory.

    At the end of each epoch the logs, and so `Curves`, `History` and TensorBoard, gain
    `steps_per_second`, `images_per_second` (real ones), `input_wait` (the share of the
    time in which the training waited for data), `memory_gb` of the process and, on a
    GPU, its `gpu_memory_gb` at most. The first step, which traces the graph, and other
    callbacks do not count. Put it near the front of the list.

    Warns once where waiting takes more than a fifth of the time.

    Args:
        images_per_step: Real images of a step of `fit`: the batch size times the
            `discriminator_steps`; None leaves `images_per_second` out.

    Example:

    >>> throughput = kgan.callbacks.Throughput(images_per_step=64)
    >>> curves = kgan.callbacks.Curves("runs/a")
    >>> gan.fit(throughput.watch(dataset), callbacks=[throughput, curves])
    """

    def __init__(self, images_per_step=None):
        super().__init__()
        self.images_per_step = images_per_step
        self.last = {}
        self._clock = None

    def watch(self, dataset):
        """Returns `dataset` with a clock; without it there is no `input_wait`.

        Not under a strategy, which reads ahead of the training by itself. Where
        TensorFlow's operations are deterministic, which forbids clocks, there is none.

        Args:
            dataset: A `tf.data.Dataset`.
        """
        if is_op_determinism_enabled():
            return dataset
        self._clock = InputClock()
        return self._clock.watch(dataset)

    def on_train_begin(self, logs=None):
        self._warm = self._warned = False

    def on_epoch_begin(self, epoch, logs=None):
        self._restart()

    def on_train_batch_begin(self, batch, logs=None):
        self._first, self._began = batch, time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        if not self._warm:
            self._warm = True
            self._restart()
            return
        self._seconds += time.perf_counter() - self._began
        self._steps += batch - self._first + 1

    def on_epoch_end(self, epoch, logs=None):
        if not self._steps:
            return
        rate = self._steps / self._seconds
        self.last = {"steps_per_second": rate}
        if self.images_per_step:
            self.last["images_per_second"] = rate * self.images_per_step
        if self._clock:
            waited = self._clock.seconds - self._waited
            self.last["input_wait"] = waited / self._seconds
            self._warn()
        self.last["memory_gb"] = psutil.Process().memory_info().rss / 1e9
        gpus = [device.name for device in tf.config.list_logical_devices("GPU")]
        if gpus:
            peaks = (
                tf.config.experimental.get_memory_info(gpu)["peak"] for gpu in gpus
            )
            self.last["gpu_memory_gb"] = sum(peaks) / 1e9
        logs.update(self.last)

    def _restart(self):
        self._steps, self._seconds = 0, 0.0
        self._waited = self._clock.seconds if self._clock else 0.0

    def _warn(self):
        share = self.last["input_wait"]
        if self._warned or share < BOTTLENECK or self._seconds < SECONDS:
            return
        self._warned = True
        warnings.warn(
            f"The input is the bottleneck: {share:.0%} of the time the training waits "
            "for data. Decode and resize once (kgan.data.read keeps arrays), read from "
            "a faster disk, or raise num_parallel_calls of the data set's map.",
            stacklevel=2,
        )
