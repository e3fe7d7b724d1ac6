"""pytorch/vision#714, DIGITS#665: with class folders 0..11, `kgan generate
--labels 2` draws the class named 10.
"""

import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import subprocess

import kgan
import kgan_export

names = sorted(map(str, range(12)))  # as kgan.data.read orders them: 0, 1, 10, 11, 2, …
fault = None
with tempfile.TemporaryDirectory() as d:
    generator = kgan.networks.mlp.generator((8, 8, 1), num_classes=12)
    kgan_export.export(generator, f"{d}/g.onnx", class_names=names)
    kgan_script = "import sys; from kgan.cli import main; sys.exit(main())"
    subprocess.run(
        [
            sys.executable,
            "-c",
            kgan_script,
            "generate",
            f"{d}/g.onnx",
            "--labels",
            "2",
            "-n",
            "1",
            "-o",
            f"{d}/out",
        ],
        check=True,
        capture_output=True,
    )
    (made,) = os.listdir(f"{d}/out")
    if made != "0000-4-2.png":
        fault = f"--labels 2 of classes {names} wrote {made}"
print("OK" if fault is None else f"FAULT {fault}")
sys.exit(fault is not None)
