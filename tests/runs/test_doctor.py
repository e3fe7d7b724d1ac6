"""What the doctor advises, and that it survives what is broken."""

import sys

import pytest

from kgan.runs import doctor

VARIABLE = doctor.ONEDNN


@pytest.fixture
def healthy():
    """What is found where nothing is to change."""
    return {
        "versions": dict.fromkeys(("python", "kgan", *doctor.PACKAGES), "1.0"),
        "processor": {"name": "Some", "cores": 4, "features": ["avx", "avx2"]},
        "memory_gb": 8.0,
        "nvidia": False,
        "switches": [{"variable": VARIABLE, "value": None, "set_by": None}],
        "tensorflow": {
            "backend": "tensorflow",
            "devices": ["CPU:0"],
            "onednn": True,
            "images_per_second": 1000.0,
        },
        "other": {"variable": VARIABLE, "value": "0", "images_per_second": 600.0},
    }


def test_nothing_to_change(healthy):
    assert list(doctor.advice(healthy)) == []


@pytest.mark.parametrize(
    ("package", "work"), [("tensorflow", "train"), ("tf2onnx", "export to ONNX")]
)
def test_missing_packages(package, work, healthy):
    healthy["versions"][package] = None
    (text,) = doctor.advice(healthy)
    assert text.startswith(f"To {work}, ") and f"({package})" in text
    assert 'pip install "kgan[train]"' in text


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("nvidia", True, "[and-cuda]"),
        (
            "other",
            {"variable": VARIABLE, "value": "1", "images_per_second": 1500.0},
            "1.5 times as fast with export TF_ENABLE_ONEDNN_OPTS=1",
        ),
        (
            "switches",
            [{"variable": VARIABLE, "value": "1", "set_by": "kgan"}],
            "imported before Keras",
        ),
        (
            "switches",
            [{"variable": "TF_NUM_INTRAOP_THREADS", "value": "1", "set_by": "you"}],
            "1 of 4 cores",
        ),
        (
            "tensorflow",
            {"backend": "jax", "devices": ["CPU:0"], "onednn": True},
            "KERAS_BACKEND=tensorflow",
        ),
    ],
)
def test_advice(key, value, text, healthy):
    advice = list(
        doctor.advice(healthy | {key: value} | {"other": None} | {key: value})
    )
    assert text in advice[-1]


def test_a_timing_that_scatters_is_no_advice(healthy):
    healthy["other"]["images_per_second"] = 1040.0
    assert list(doctor.advice(healthy)) == []


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("import sys; sys.exit('ImportError: libcudart is damaged')", "is damaged"),
        ("import os; os.kill(os.getpid(), 4)", "it was killed by SIGILL."),
    ],
)
def test_tensorflow_that_does_not_run(program, error, tmp_path, monkeypatch):
    """A made-up Python, as a child process would be."""
    python = tmp_path / "python"
    python.write_text(
        f"#!{sys.executable}\nprint('{{\"onednn\": true}}', flush=True)\n{program}\n"
    )
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    said = []
    found = doctor.examine(True, said.append)
    assert found["tensorflow"]["error"].endswith(error)
    assert found["other"] is None
    assert any("Trying TensorFlow failed" in text for text in found["advice"])
    assert len(said) == 1


def test_crash_of_a_processor_without_avx(healthy):
    healthy["processor"]["features"] = []
    healthy |= {"tensorflow": {"error": "it was killed by SIGILL."}, "other": None}
    assert not any("lacks AVX" in text for text in doctor.advice(healthy))  # unknown
    healthy["processor"]["features"] = ["sse4_2"]
    assert any("lacks AVX" in text for text in doctor.advice(healthy))
