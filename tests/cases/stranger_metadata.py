"""A stranger's .onnx on the command line: tracebacks, a 2**31-long list, 1 MB that
prints gigabytes, terminal escapes.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile

import onnx
from onnx import helper

OK = {
    "latents": "kgan-latents-1",
    "latent_dim": 4,
    "prior": "normal",
    "num_classes": 3,
    "kind": "image",
    "layout": "nhwc",
    "static_batch": None,
    "sample_shape": [2, 2, 1],
    "class_names": None,
    "output_dtype": "float32",
}


def write(path, facts):
    io = [
        helper.make_tensor_value_info("z", 1, ["n", 4]),
        helper.make_tensor_value_info("label", 7, ["n"]),
        helper.make_tensor_value_info("image", 1, ["n", 2, 2, 1]),
    ]
    shape = helper.make_tensor("s", 7, [4], [-1, 2, 2, 1])
    nodes = [helper.make_node("Reshape", ["z", "s"], ["image"])]
    m = helper.make_model(
        helper.make_graph(nodes, "g", io[:2], io[2:], [shape]),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    helper.set_model_props(m, {"kgan": json.dumps(facts)})
    onnx.save(m, path)


def run(*cmd):
    lim = lambda: resource.setrlimit(resource.RLIMIT_AS, (3 << 30,) * 2)
    try:
        return subprocess.run(cmd, capture_output=True, timeout=60, preexec_fn=lim)
    except subprocess.TimeoutExpired:
        return None


faults = []
with tempfile.TemporaryDirectory() as d:
    f, gen = (
        f"{d}/a.onnx",
        ("kgan", "generate", f"{d}/a.onnx", "-n", "4", "-o", f"{d}/a.png"),
    )
    cases = {
        "no sample_shape": {k: v for k, v in OK.items() if k != "sample_shape"},
        "no class_names": {k: v for k, v in OK.items() if k != "class_names"},
        "8 channels": {**OK, "layout": "nchw"},
        "2**31 classes": {**OK, "num_classes": 2**31},
    }
    for name, facts in cases.items():
        write(f, facts)
        p = run(*gen)
        if p is None:
            faults.append(f"{name}: no end in 60 s")
        elif b"Traceback" in p.stderr:
            faults.append(f"{name}: {p.stderr.decode().strip().splitlines()[-1]}")
    write(f, {**OK, "k" * 10**6: 1, **{f"x{i}": 1 for i in range(500)}})
    p = run("kgan-export", "--inspect", f)
    if p is None or len(p.stdout) > 10**8:
        faults.append(
            f"--inspect of {os.path.getsize(f)} bytes: {'no end' if p is None else str(len(p.stdout)) + ' bytes'}"
        )
    write(f, {**OK, "dataset": "\x1b]0;owned\x07\x1b[2J"})
    p = subprocess.run(
        ["script", "-qec", f"kgan-export --inspect {f}", "/dev/null"],
        capture_output=True,
    )
    if b"\x1b]0;owned" in p.stdout:
        faults.append("--inspect sends a stranger's escape sequences to the terminal")
print("FAULT " + "; ".join(faults) if faults else "OK")
sys.exit(bool(faults))
