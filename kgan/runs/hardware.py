"""The devices that a run trains on. Used right after TensorFlow is loaded."""

import contextlib
import dataclasses

import tensorflow as tf

from kgan._core.errors import invalid
from kgan.runs.cluster import Cluster


@dataclasses.dataclass(frozen=True)
class Hardware:
    """Where a run trains.

    Args:
        strategy: A `tf.distribute.Strategy`, or None for one device.
        cluster: The `Cluster`.
    """

    strategy: tf.distribute.Strategy | None = None
    cluster: Cluster = Cluster()

    @property
    def replicas(self):
        return self.strategy.num_replicas_in_sync if self.strategy else 1

    def scope(self):
        """Returns the context in which a model for this hardware is made."""
        return self.strategy.scope() if self.strategy else contextlib.nullcontext()

    def wait_for_all(self):
        """Returns when every worker has come here."""
        if self.cluster.workers > 1:
            self.strategy.reduce(
                "sum", self.strategy.run(lambda: tf.constant(1.0)), axis=None
            )


def prepare(strategy, devices, deterministic, cluster, say):
    """Sets TensorFlow up; nothing may have been computed before.

    Args:
        strategy: `"none"`, `"mirrored"` or `"multiworker"`.
        devices: For `"mirrored"`, a number of devices, or names of TensorFlow's such as
            `["gpu:0", "gpu:2"]`; None for all.
        deterministic: Whether operations must repeat bit for bit.
        cluster: The `Cluster`.
        say: Called with a line about what there is.

    Returns:
        The `Hardware`.

    Raises:
        ValueError: If there are no such devices.
    """
    if deterministic:
        tf.config.experimental.enable_op_determinism()
        tf.random.set_seed(0)
    if strategy == "none":
        return Hardware()
    if strategy == "multiworker":
        hardware = Hardware(tf.distribute.MultiWorkerMirroredStrategy(), cluster)
    else:
        hardware = Hardware(tf.distribute.MirroredStrategy(_names(devices, say)))
    if cluster.is_chief:
        workers = f", workers: {cluster.workers}" if cluster.workers > 1 else ""
        say(f"Replicas: {hardware.replicas}{workers}.")
    return hardware


def _names(devices, say):
    """Returns the names of the devices, making logical ones of a CPU."""
    if isinstance(devices, list):
        known = [
            d.name.split(":", 1)[1].lower() for d in tf.config.list_logical_devices()
        ]
        if not set(devices) <= set(known):
            raise invalid(
                "`--devices` must name devices of this machine.",
                {"devices": devices},
                f"There are {', '.join(known)}.",
            )
        return devices
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        count = devices or 1
        say(
            f"No GPU: training on {count} logical devices of the CPU, which is good "
            "for trying things out and no faster."
        )
        cpu = tf.config.list_physical_devices("CPU")[0]
        parts = [tf.config.LogicalDeviceConfiguration() for _ in range(count)]
        tf.config.set_logical_device_configuration(cpu, parts)
        return [f"cpu:{i}" for i in range(count)]
    count = devices or len(gpus)
    if count > len(gpus):
        raise invalid(
            "`--devices` must not exceed the GPUs of this machine.",
            {"devices": devices, "GPUs": len(gpus)},
            "Leave it out to use all of them.",
        )
    return [f"gpu:{i}" for i in range(count)]
