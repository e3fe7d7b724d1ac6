"""What `kgan doctor` finds: what is installed, what is switched on, how fast it is.

TensorFlow is loaded by child processes alone, so that one which is missing or crashes
is something to tell like the rest.
"""

import importlib.metadata
import json
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

from kgan._core import switches
from kgan._core.processor import describe, usable_cores
from kgan._version import __version__

TRAINING = "tensorflow", "keras"
EXPORT = "onnx", "onnxslim", "tf2onnx"
PACKAGES = *TRAINING, "numpy", "onnxruntime", *EXPORT

# Features that decide how fast networks are.
FEATURES = (
    "sse4_2 avx avx2 fma avx512f avx512_vnni avx512_bf16 avx_vnni amx_tile amx_bf16 "
    "amx_int8 asimd sve bf16"
).split()

ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
# Variables that change the speed, or what computes.
VARIABLES = (
    f"{ONEDNN} TF_NUM_INTRAOP_THREADS TF_NUM_INTEROP_THREADS OMP_NUM_THREADS "
    "ONEDNN_MAX_CPU_ISA TF_XLA_FLAGS LD_PRELOAD KERAS_BACKEND CUDA_VISIBLE_DEVICES "
    "TF_CONFIG"
).split()

# Seconds of a timing, and those after which a child process counts as stuck.
TIMING, LIMIT = 2, 300
# A ratio of two timings below this one may be chance.
WORTH = 1.1


def examine(timed, say):
    """Finds out what is here, how fast it trains, and what to change.

    Args:
        timed: Whether to time a small training, once with oneDNN and once without.
        say: Called with a line on what is going on.

    Returns:
        A dict that JSON can hold:

        - `versions`: dict from packages to versions, None where one is missing.
        - `processor`: its `name`, `cores` that may be used, and `features`.
        - `memory_gb`, and `nvidia`: whether there is a driver of NVIDIA's.
        - `switches`: list of dicts of `variable`, `value` and `set_by`.
        - `tensorflow`: `backend` of Keras, `devices`, `onednn` and
          `images_per_second`; or an `error`. None where it is missing.
        - `other`: `images_per_second` where `variable` has another `value`, or None.
        - `advice`: list of texts.
    """
    name, features = describe()
    found = {
        "versions": _versions(),
        "processor": {
            "name": name,
            "cores": usable_cores(),
            "features": [feature for feature in FEATURES if feature in features],
        },
        "memory_gb": _memory_gb(),
        "nvidia": Path("/proc/driver/nvidia/version").exists(),
        "switches": [_switch(variable) for variable in VARIABLES],
        "tensorflow": None,
        "other": None,
    }
    if all(found["versions"][package] for package in TRAINING):
        if timed:
            say("Timing a small training, twice; this takes about 20 s …")
        found["tensorflow"] = _child(timed)
        found["other"] = _other_way(found["tensorflow"])
    return found | {"advice": list(advice(found))}


def advice(found):
    """Yields what to change, in words.

    Args:
        found: What `examine` returns, but for `advice`.
    """
    here, other = found["tensorflow"], found["other"]
    for packages, work in ((TRAINING, "train"), (EXPORT, "export to ONNX")):
        missing = [name for name in packages if not found["versions"][name]]
        if missing:
            yield (
                f"To {work}, install what is missing ({', '.join(missing)}): pip "
                'install "kgan[train]"'
            )
    if here is None:
        return
    if "error" in here:
        yield f"Trying TensorFlow failed: {here['error']}" + _why(found["processor"])
    backend = here.get("backend") or os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend != "tensorflow":
        yield (
            f"Keras computes by {backend}, kgan needs TensorFlow: export "
            "KERAS_BACKEND=tensorflow"
        )
    seen = " ".join(here.get("devices", ["unknown, perhaps GPU"]))
    if found["nvidia"] and "GPU" not in seen:
        yield (
            "There is an NVIDIA GPU that TensorFlow does not see: pip install "
            '"tensorflow[and-cuda]"'
        )
    if other and other["images_per_second"]:
        gain = other["images_per_second"] / here["images_per_second"]
        if gain >= WORTH:
            yield (
                f"Training is {gain:.1f} times as fast with "
                f"export {other['variable']}={other['value']}"
            )
    yield from _advice_on_switches(found)


def _advice_on_switches(found):
    cores = found["processor"]["cores"]
    fewer = [str(count) for count in range(1, cores)]
    for switch in found["switches"]:
        variable, value = switch["variable"], switch["value"]
        if switch["set_by"] == "kgan":
            yield (
                f"kgan sets {variable}={value}, but only where it is imported before "
                f"Keras and TensorFlow. For all programs: export {variable}={value}"
            )
        elif variable == "TF_NUM_INTRAOP_THREADS" and value in fewer:
            yield f"TensorFlow may use {value} of {cores} cores: unset {variable}"


def _why(processor):
    """Returns a sentence on why TensorFlow may crash, or an empty text."""
    if processor["features"] and not {"avx", "asimd"} & set(processor["features"]):
        return " This processor lacks AVX, which TensorFlow's packages need."
    return ""


def _versions():
    versions = {"python": platform.python_version(), "kgan": __version__}
    return versions | {package: _version(package) for package in PACKAGES}


def _version(package):
    for name in (package, f"{package}-cpu", f"{package}-gpu"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    return None


def _memory_gb():
    """Returns the memory of the machine, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return None


def _switch(variable):
    return {
        "variable": variable,
        "value": os.environ.get(variable),
        "set_by": switches.set_by(variable),
    }


def _other_way(here):
    """Times the training with oneDNN where it was off, and without where it was on."""
    if not here.get("images_per_second") or here["onednn"] is None:
        return None
    value = "0" if here["onednn"] else "1"
    there = _child(True, **{ONEDNN: value})
    return {
        "variable": ONEDNN,
        "value": value,
        "images_per_second": there.get("images_per_second"),
    }


def _child(timed, **variables):
    """Returns what a process with TensorFlow tells, and `error` if it fails."""
    command = [sys.executable, "-m", "kgan.runs.small_step"]
    try:
        done = subprocess.run(
            command + [str(TIMING)] * timed,
            capture_output=True,
            text=True,
            env=os.environ | variables,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"it takes more than {LIMIT} s."}
    told = {}
    for line in done.stdout.splitlines():
        told |= json.loads(line)
    if done.returncode < 0:
        told["error"] = f"it was killed by {signal.Signals(-done.returncode).name}."
    elif done.returncode:
        told["error"] = done.stderr.strip().rpartition("\n")[2]
    return told
