"""kgan's side of `compare.py`: a process that trains when it is told to.

Its argument is JSON: `settings` as `kgan.presets.settings` returns them, the number of
`samples` to train on, and `options` of TensorFlow: `jit_compile` and `layout`.
"""

import contextlib
import time
from unittest import mock

import numpy as np
from turns import EPSILON, made_up, memory, serve, spec, switches

import kgan

# kgan loads TensorFlow, and sets it up as it does for its users.
gan_class = kgan.GAN

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from limit import seconds_of_step  # noqa: E402
from tensorflow.python.util import _pywrap_util_port  # noqa: E402


class Clock(keras.callbacks.Callback):
    """Ends `fit` after some seconds, counted from the end of its first step."""

    def __init__(self, seconds):
        super().__init__()
        self.limit, self.steps, self.start = seconds, 0, None

    def on_train_batch_end(self, batch, logs=None):
        if self.start is None:
            self.start, self.work = _now(logs), time.process_time()
            return
        self.steps += 1
        if time.perf_counter() - self.start >= self.limit:
            self.seconds = _now(logs) - self.start
            self.cores = (time.process_time() - self.work) / self.seconds
            self.model.stop_training = True


def _now(logs):
    """Returns the time when a step has ended on its device too."""
    float(logs["d_loss"])
    return time.perf_counter()


class Side:
    """A game, and the made-up data that it trains on."""

    def __init__(self, settings, samples, jit_compile=None, layout=True):
        tf.config.optimizer.set_experimental_options({"layout_optimizer": layout})
        self.settings = settings
        self.gan = kgan.presets.build(settings)
        if jit_compile is not None:
            self.gan.jit_compile = jit_compile
        self.batch = settings["batch_size"]
        self.x, self.y = made_up(settings, samples)
        if settings["num_classes"] is None:
            self.y = None

    def fit(self, rows=slice(None), **options):
        y = None if self.y is None else self.y[rows]
        options |= {"batch_size": self.batch, "verbose": 0}
        return self.gan.fit(self.x[rows], y, **options).history

    def train(self, seconds):
        """Trains for some seconds; returns images a second, and cores busy."""
        clock = Clock(seconds)
        self.fit(steps_per_epoch=10**9, callbacks=[clock])
        images = clock.steps * self.batch * self.gan.batches_per_step
        return {"rate": images / clock.seconds, "cores": clock.cores}

    def check(self, path):
        """Makes the first step, on numbers that another side can repeat.

        Args:
            path: The `.npz` file to write: the weights before the step, and the random
                numbers that it used. Samples are the first, in their order.

        Returns:
            Dict of the step's losses, and of the norms of the gradients that each
            player's last update used, sorted.
        """
        arrays = {
            f"{role}{index}": array
            for role, network in self.networks().items()
            for index, array in enumerate(_in_order(network))
        }
        count = self.batch * self.gan.batches_per_step
        with contextlib.ExitStack() as stack:
            drawn = stack.enter_context(_repeatable(self.batch))
            norms = {
                name: stack.enter_context(_recorded(player))
                for name, player in self.gan.players.items()
            }
            logs = self.fit(slice(count), steps_per_epoch=1, shuffle=False)
            norms = {k: sorted(float(v) for v in norms[k]) for k in norms}
        self.gan.train_function = None  # what follows records nothing
        np.savez(path, **arrays, **{k: np.stack(v) for k, v in drawn.items() if v})
        return {"losses": {k: v[0] for k, v in logs.items()}, "norms": norms}

    def networks(self):
        return {
            "generator": self.gan.generator,
            "discriminator": self.gan.discriminator,
        }

    def memory(self):
        """Returns the memory of the process; of a GPU that it uses, the peak."""
        found = memory()
        if tf.config.list_logical_devices("GPU"):
            found["peak"] = (
                tf.config.experimental.get_memory_info("GPU:0")["peak"] / 1e6
            )
        return found

    def info(self):
        gpus = tf.config.list_physical_devices("GPU")
        details = tf.config.experimental.get_device_details(gpus[0]) if gpus else {}
        return {
            "switches": switches(),
            "versions": {"TensorFlow": tf.__version__, "Keras": keras.__version__},
            "device": details.get("device_name", "CPU"),
            "oneDNN": _pywrap_util_port.IsMklEnabled(),
        }


def _in_order(network):
    """Returns a network's weights layer by layer."""
    return [weight for layer in network.layers for weight in layer.get_weights()]


@contextlib.contextmanager
def _repeatable(batch):
    """Makes a graph that is traced inside use numbers that it yields, by kind."""
    random, drawn = np.random.default_rng(1), {"normal": [], "uniform": []}

    def instead(name, function):
        def draw(stream, shape):
            size = [batch, *shape[1:]]  # the batch may be a tensor
            drawn[name].append(function(size=size).astype("float32"))
            return tf.constant(drawn[name][-1])

        return draw

    with mock.patch.multiple(
        kgan.Stream,
        normal=instead("normal", random.standard_normal),
        uniform=instead("uniform", random.random),
    ):
        yield drawn


@contextlib.contextmanager
def _recorded(player):
    """Yields variables that hold the norms of the gradients a player last applied.

    Its optimizer is as the comparison needs it, meanwhile.
    """
    norms = [tf.Variable(0.0) for _ in player.weights]
    apply = player.optimizer.apply

    def recording(gradients, *arguments):
        for norm, gradient in zip(norms, gradients, strict=True):
            norm.assign(tf.norm(tf.convert_to_tensor(gradient)))
        return apply(gradients, *arguments)

    with (
        mock.patch.object(player.optimizer, "apply", recording),
        mock.patch.object(player.optimizer, "epsilon", EPSILON),
    ):
        yield norms


def main(**options):
    side = Side(**options)
    serve(
        info=side.info,
        check=side.check,
        train=side.train,
        memory=side.memory,
        limit=lambda: seconds_of_step(side.gan, side.batch),
    )


if __name__ == "__main__":
    main(**spec())
