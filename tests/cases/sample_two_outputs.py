"""A generator of several outputs (a CoGAN's pairs): python -m kgan_export.sample
gives a traceback for .png, and a pickled object array, which np.load refuses,
for .npy - with 'Wrote 4 samples'.
"""

import json
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import helper

out = [
    {
        "name": n,
        "kind": "image",
        "shape": [2, 2, 1],
        "layout": "nhwc",
        "dtype": "float32",
    }
    for n in ("image_a", "image_b")
]
facts = {
    "latents": "kgan-latents-1",
    "latent_dim": 4,
    "prior": "normal",
    "num_classes": None,
    "kind": "image",
    "layout": "nhwc",
    "static_batch": None,
    "sample_shape": [2, 2, 1],
    "class_names": None,
    "outputs": out,
}
io = [helper.make_tensor_value_info("z", 1, ["n", 4])] + [
    helper.make_tensor_value_info(o["name"], 1, ["n", 2, 2, 1]) for o in out
]
nodes = [helper.make_node("Reshape", ["z", "s"], [o["name"]]) for o in out]
m = helper.make_model(
    helper.make_graph(
        nodes, "g", io[:1], io[1:], [helper.make_tensor("s", 7, [4], [-1, 2, 2, 1])]
    ),
    opset_imports=[helper.make_opsetid("", 17)],
    ir_version=8,
)
helper.set_model_props(m, {"kgan": json.dumps(facts)})
faults = []
with tempfile.TemporaryDirectory() as d:
    onnx.save(m, f"{d}/a.onnx")
    for end in ("png", "npy"):
        p = subprocess.run(
            [
                sys.executable,
                "-m",
                "kgan_export.sample",
                f"{d}/a.onnx",
                "-n",
                "4",
                "-o",
                f"{d}/a.{end}",
            ],
            capture_output=True,
            text=True,
        )
        if "Traceback" in p.stderr:
            faults.append(f"{end}: {p.stderr.strip().splitlines()[-1]}")
        if end == "npy" and p.returncode == 0:
            try:
                np.load(f"{d}/a.npy")
            except ValueError as e:
                faults.append(f"npy: {e}")
print("FAULT " + "; ".join(faults) if faults else "OK")
sys.exit(bool(faults))
