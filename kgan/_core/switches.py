"""Environment variables with which TensorFlow is faster on this processor.

TensorFlow reads them when it is loaded and never again, so `import kgan` sets them.
What the user set is left alone.
"""

import dataclasses
import functools
import os
import sys
import warnings

from kgan._core.processor import describe


@dataclasses.dataclass(frozen=True)
class Switch:
    """An environment variable of TensorFlow's.

    Args:
        variable: Its name.
        value: What it should be.
        needs: The feature of processors that have something to gain.
        unless: Features of processors on which TensorFlow does it by itself.
        gain: Images/s of a training with it, divided by those without.
        name: What it switches.
    """

    variable: str
    value: str
    needs: str
    unless: frozenset
    gain: float
    name: str


# The page "Switches" tells where each was measured, and what was left out as it brought
# nothing.
SWITCHES = (
    Switch(
        variable="TF_ENABLE_ONEDNN_OPTS",
        value="1",
        needs="avx2",
        unless=frozenset({"avx512_vnni", "amx_tile"}),
        gain=1.5,
        name="oneDNN",
    ),
)

# Variables that this process set, as opposed to what it was given.
_set_here = set()


def wanted(features):
    """Returns the switches that make a processor with these features faster.

    Args:
        features: Set of names, as `/proc/cpuinfo` has them.
    """
    return [
        switch
        for switch in SWITCHES
        if switch.needs in features and not switch.unless & features
    ]


def set_switches():
    """Sets what is faster here and not set yet, if TensorFlow is still to be loaded.

    Processes that this one starts inherit it.
    """
    if "tensorflow" in sys.modules:
        return
    _, features = describe()
    for switch in wanted(features):
        if switch.variable not in os.environ:
            os.environ[switch.variable] = switch.value
            _set_here.add(switch.variable)


def set_by(variable):
    """Returns who set an environment variable: `"kgan"`, `"you"`, or None."""
    if variable not in os.environ:
        return None
    return "kgan" if variable in _set_here else "you"


@functools.cache
def tell_missed():
    """Warns, once a process, of a switch that came too late for TensorFlow.

    Not where the user switched it off, nor where a GPU trains. Loads TensorFlow.
    """
    _, features = describe()
    for switch in wanted(features):
        chosen = os.environ.get(switch.variable, switch.value)
        if chosen == switch.value and uses_onednn() is False and not _has_gpu():
            warnings.warn(
                f"TensorFlow was loaded before kgan and runs without {switch.name}: "
                f"with it, training is about {switch.gain:g} times as fast on this "
                "processor. Import kgan before Keras and TensorFlow, or "
                f"export {switch.variable}={switch.value}.",
                stacklevel=3,
            )


def tell_slow_half(networks):
    """Warns of bfloat16 on a processor of the x86 family that only imitates it.

    Args:
        networks: `keras.Model`s that are to be trained.
    """
    _, features = describe()
    layers = (layer for network in networks for layer in network._flatten_layers())
    if (
        "sse2" in features
        and not features & {"avx512_bf16", "amx_bf16"}
        and any(layer.compute_dtype == "bfloat16" for layer in layers)
        and not _has_gpu()
    ):
        warnings.warn(
            "This processor has no bfloat16 and imitates it: training in float32 is "
            'faster here. Build the networks with precision="float32" or without '
            'keras.config.set_dtype_policy("mixed_bfloat16").',
            stacklevel=4,
        )


def uses_onednn():
    """Returns whether this process's TensorFlow computes by oneDNN.

    It decides that once, when it is loaded, and has no public name for it; None where
    this version of it does not tell.
    """
    try:
        from tensorflow.python.util import _pywrap_util_port
    except ImportError:
        return None
    return _pywrap_util_port.IsMklEnabled()


def _has_gpu():
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))
