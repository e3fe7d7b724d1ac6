import contextlib
import signal
import threading

import keras


class StopOnInterrupt(keras.callbacks.Callback, contextlib.AbstractContextManager):
    """Makes Ctrl-C end `fit` properly: the step is finished, and callbacks conclude.

    `Checkpoint` then saves the model, `SampleGrid` writes its animation, and `fit`
    returns. A second Ctrl-C interrupts at once. SIGTERM, by which clusters end jobs, is
    taken the same way. Outside the main thread, where signals cannot be received, this
    does nothing.

    Attributes:
        interrupted: Whether training ended so.

    Example:

    >>> stop = kgan.callbacks.StopOnInterrupt()
    >>> gan.fit(x, callbacks=[stop, kgan.callbacks.Checkpoint("runs/a/checkpoints")])
    >>> if stop.interrupted:
    ...     print("Resume with kgan.load_model and fit.")
    """

    def __init__(self):
        super().__init__()
        self.interrupted = False
        self._previous = {}

    def on_train_begin(self, logs=None):
        self.interrupted = False
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._previous[number] = signal.signal(number, self._stop)

    def on_train_end(self, logs=None):
        while self._previous:
            signal.signal(*self._previous.popitem())

    def __exit__(self, *error):
        # `GAN.fit` leaves its callbacks so when it ends by an error.
        self.on_train_end()

    def _stop(self, number, frame):
        self.interrupted = True
        self.model.stop_training = True
        self.on_train_end()  # from here on signals act as before
