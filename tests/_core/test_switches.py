"""What is switched on for which processor, and that TensorFlow then uses it."""

import json
import os
import subprocess
import sys

import pytest

from kgan._core import processor, switches

VARIABLE = "TF_ENABLE_ONEDNN_OPTS"
AVX2 = frozenset({"avx", "avx2", "fma"})
VNNI = AVX2 | {"avx512f", "avx512_vnni"}

CPUINFO = """processor\t: 0
model name\t: Some Processor 5000
flags\t\t: fpu avx avx2 fma

processor\t: 1
model name\t: Some Processor 5000
flags\t\t: fpu
"""


@pytest.fixture
def fresh(monkeypatch):
    """A process that has not loaded TensorFlow, on a processor with AVX2 only."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setattr(switches, "_set_here", set())
    monkeypatch.setattr(switches, "describe", lambda: ("made up", AVX2))


def test_features_are_those_of_the_first_processor(tmp_path):
    path = tmp_path / "cpuinfo"
    path.write_text(CPUINFO)
    assert processor.describe(path) == ("Some Processor 5000", AVX2 | {"fpu"})


def test_other_systems_tell_no_features(tmp_path):
    name, features = processor.describe(tmp_path / "none")
    assert name and features == frozenset()


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        (AVX2, [VARIABLE]),
        (AVX2 | {"avx512f"}, [VARIABLE]),
        (VNNI, []),  # TensorFlow does it by itself
        (AVX2 | {"amx_tile"}, []),
        ({"avx"}, []),  # never measured
        (set(), []),
    ],
)
def test_table(features, expected):
    assert [switch.variable for switch in switches.wanted(features)] == expected


def test_sets_what_is_faster(fresh):
    switches.set_switches()
    assert os.environ[VARIABLE] == "1"
    assert switches.set_by(VARIABLE) == "kgan"


def test_leaves_alone_what_the_user_set(fresh, monkeypatch):
    monkeypatch.setenv(VARIABLE, "0")
    switches.set_switches()
    assert os.environ[VARIABLE] == "0"
    assert switches.set_by(VARIABLE) == "you"


def test_leaves_alone_what_tensorflow_does_by_itself(fresh, monkeypatch):
    monkeypatch.setattr(switches, "describe", lambda: ("made up", VNNI))
    switches.set_switches()
    assert VARIABLE not in os.environ
    assert switches.set_by(VARIABLE) is None


def test_sets_nothing_after_tensorflow(fresh, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", object())
    switches.set_switches()
    assert VARIABLE not in os.environ


def run(code, **variables):
    """Runs code in a process; returns what its last line says in JSON, and stderr."""
    environment = {k: v for k, v in os.environ.items() if k != VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


SET_BEFORE = """
import json, os
import kgan
from kgan._core import switches
os.environ.pop("TF_ENABLE_ONEDNN_OPTS", None)
switches.describe = lambda: ("made up", {features!r})
switches.set_switches()
{then}
import tensorflow
print(json.dumps(switches.uses_onednn()))
"""


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("", True),
        # So it is the variable that decides, also on a processor with AVX-512 VNNI.
        ("os.environ['TF_ENABLE_ONEDNN_OPTS'] = '0'", False),
        ("import tensorflow; os.environ['TF_ENABLE_ONEDNN_OPTS'] = '0'", True),
    ],
)
def test_tensorflow_uses_what_was_set(then, expected):
    assert run(SET_BEFORE.format(features=AVX2, then=then))[0] is expected


# TensorFlow without oneDNN, as it loads by itself on a processor with AVX2 only.
LOADED_BEFORE = """
import os, sys, json, warnings
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import keras
del os.environ["TF_ENABLE_ONEDNN_OPTS"]
os.environ.update({variables!r})
import numpy as np
import kgan
from kgan._core import switches
switches.describe = lambda: ("made up", {features!r})
mlp = kgan.networks.mlp
x = np.zeros([8, 4, 4, 1], "float32")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for _ in range(2):
        gan = kgan.GAN(mlp.generator((4, 4, 1), width=4), mlp.discriminator((4, 4, 1)))
        gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
        gan.fit(x, batch_size=4, verbose=0)
told = [w for w in caught if "oneDNN" in str(w.message)]
print(json.dumps([[str(w.message), w.filename] for w in told]))
"""


def test_tells_once_what_came_too_late():
    told, _ = run(LOADED_BEFORE.format(features=AVX2, variables={}))
    ((message, file),) = told
    assert "TensorFlow was loaded before kgan" in message
    assert "export TF_ENABLE_ONEDNN_OPTS=1" in message and "1.5 times" in message
    assert file == "<string>"  # the user's own line


@pytest.mark.parametrize(
    ("features", "variables"), [(VNNI, {}), (AVX2, {VARIABLE: "0"})]
)
def test_tells_nothing_without_a_gain_or_against_the_user(features, variables):
    assert run(LOADED_BEFORE.format(features=features, variables=variables))[0] == []


@pytest.mark.parametrize(
    "statement", ["import kgan", "from kgan_export import Sampler"]
)
def test_any_entry_sets_them(statement):
    """Of a made-up processor, by a module that is loaded first."""
    code = f"""
import builtins, io, json, os
real = builtins.open
cpuinfo = {CPUINFO!r}
def open(path, *args, **options):
    if str(path) == "/proc/cpuinfo":
        return io.StringIO(cpuinfo)
    return real(path, *args, **options)
builtins.open = open
{statement}
print(json.dumps(os.environ.get("{VARIABLE}")))
"""
    assert run(code)[0] == "1"


@pytest.mark.parametrize(
    ("features", "dtype", "told"),
    [
        ({"sse2", "avx2"}, "mixed_bfloat16", True),
        ({"sse2", "avx2"}, "float32", False),
        ({"sse2", "amx_bf16"}, "mixed_bfloat16", False),
        ({"asimd"}, "mixed_bfloat16", False),  # never measured
    ],
)
def test_an_imitated_bfloat16_is_told(features, dtype, told, monkeypatch, recwarn):
    import keras

    monkeypatch.setattr(switches, "describe", lambda: ("made up", features))
    network = keras.Sequential([keras.Input([2]), keras.layers.Dense(1, dtype=dtype)])
    switches.tell_slow_half([network])
    assert [str(w.message)[:30] for w in recwarn] == told * [
        "This processor has no bfloat16"
    ]
