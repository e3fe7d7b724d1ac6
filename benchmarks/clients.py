"""Which clients open exported files, and whether they draw the same samples.

    python benchmarks/clients.py WORK [--only NAME …] [--generators NAME …]

WORK is a folder for what is downloaded and made, once; remove it to begin anew. Each
client is installed from PyPI, or npm, into an environment of its own there, which takes
minutes and some gigabytes. Prints a table in Markdown: the largest difference from
Keras in grey levels, or the first line of what the client said.
"""

import argparse
import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

CLIENT = Path(__file__).with_name("client.py")
BATCH = 4
# Another build rounds differently.
SAME = 1
WEB = """
import * as ort from "onnxruntime-web";
import fs from "node:fs";
const [model, inputs, output] = process.argv.slice(2);
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(fs.readFileSync(model));
const feed = {};
for (const [name, x] of Object.entries(JSON.parse(fs.readFileSync(inputs)))) {
  const integer = x.type === "int64";
  const values = integer ? BigInt64Array.from(x.values.map(BigInt))
    : Float32Array.from(x.values);
  feed[name] = new ort.Tensor(x.type, values, x.shape);
}
const results = await session.run(feed);
const { data, dims } = results[session.outputNames[0]];
fs.writeFileSync(output, JSON.stringify({ values: Array.from(data), dims }));
process.exit(0);
"""


@dataclasses.dataclass(frozen=True)
class Client:
    """A tool that runs exported files.

    Args:
        title: Its name in the table.
        packages: What pip installs; `None` for onnxruntime-web, which npm does.
        function: Name of its function in `client.py`.
        kind: Ending of the files that it opens.
    """

    title: str
    packages: tuple | None
    function: str = "onnxruntime"
    kind: str = ".onnx"


RUNTIME = "onnxruntime==1.32.0"
CLIENTS = {
    "oldest": Client("onnxruntime, oldest", ("onnxruntime==OLDEST",)),
    "newest": Client("onnxruntime 1.32", (RUNTIME,)),
    "web": Client("onnxruntime-web (Node)", None),
    "openvino": Client("OpenVINO 2026.4", ("openvino==2026.4.1",), "openvino"),
    "opencv4": Client("OpenCV 4.14", ("opencv-python-headless==4.14.0.94",), "opencv"),
    "opencv5": Client("OpenCV 5.0", ("opencv-python-headless==5.0.0.93",), "opencv"),
    "onnx2torch": Client(
        "onnx2torch 1.5", ("onnx2torch==1.5.15", "torch==2.13.0"), "onnx2torch"
    ),
    "tvm": Client("TVM 0.27", ("apache-tvm==0.27.0", "onnx", "scipy"), "tvm"),
    "onnxslim": Client(
        "onnxslim 0.1, then onnxruntime", ("onnxslim==0.1.98", RUNTIME), "onnxslim"
    ),
    "onnxsim": Client(
        "onnxsim 0.8, then onnxruntime", ("onnxsim==0.8.1", RUNTIME), "onnxsim"
    ),
    "merged": Client(
        "merged by onnx.compose, then onnxruntime", ("onnx", RUNTIME), "merged"
    ),
    "litert": Client(
        "LiteRT 2.3 (the .tflite file)",
        ("ai-edge-litert==2.3.0",),
        "litert",
        ".tflite",
    ),
}


def generators():
    """Dict from names to functions that return Keras generators."""
    import keras
    from keras import layers

    from kgan import networks

    def recurrent():
        z = keras.Input([16], name="z")
        x = layers.Reshape([8, 2])(z)
        x = layers.GRU(16, return_sequences=True)(x)
        x = layers.Dense(8, activation="tanh")(x)
        return keras.Model(z, layers.Reshape([8, 8, 1])(x), name="gru")

    def upsampling():
        z = keras.Input([64], name="z")
        x = layers.Reshape([8, 8, 64])(layers.Dense(4096)(z))
        for width in (64, 32):
            x = layers.UpSampling2D()(x)
            x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
        x = layers.Conv2D(3, 3, padding="same", activation="tanh")(x)
        return keras.Model(z, x, name="upsampling")

    return {
        "quickstart": lambda: networks.dcgan.generator((28, 28, 1), num_classes=10),
        "dcgan 64": lambda: networks.dcgan.generator((64, 64, 3), width=32),
        "upsampling": upsampling,
        "mlp": lambda: networks.mlp.generator((8, 8, 1)),
        "gru": recurrent,
    }


def export_all(folder, names):
    """Exports the generators; returns names of files with their samples in Keras.

    Beside kgan's files it writes Keras's own export of the first one.
    """
    made = []
    for name, build in generators().items():
        if names and name not in names:
            continue
        stem = folder / name.replace(" ", "-")
        own = folder / "keras" if name == "quickstart" else None
        if not stem.with_suffix(".npy").exists():
            export_one(build(), stem, own)
        truth = np.load(stem.with_suffix(".npy"))
        made.append((name, stem, truth))
        if own is not None:
            made.append(("Keras's own export of it", own, truth))
    return made


def export_one(model, stem, own):
    """Exports one generator, with a batch of inputs and their samples in Keras.

    Args:
        model: Functional `keras.Model`.
        stem: `Path` of its files, without an ending.
        own: The same of Keras's own export, or `None` for none.
    """
    import onnx

    from kgan._core.images import grey_levels
    from kgan_export import export, verify
    from kgan_export.interface.generator import generate
    from kgan_export.source import read_source

    rng = np.random.default_rng(0)
    for variable in model.variables:  # as after training
        if variable.path.endswith(("variance", "gamma")):
            variable.assign(rng.uniform(0.5, 2, variable.shape))
    source = read_source(model)
    feed = verify.draw(source, BATCH)
    np.savez(stem.with_suffix(".npz"), **feed)
    for kind, format in ((".onnx", "onnx"), (".tflite", "litert")):
        export(model, stem.with_suffix(kind), format)
    truth = grey_levels(generate(source.generator, feed)[0])
    if own is not None:
        model(list(feed.values()))  # Keras exports only what was called
        model.export(own.with_suffix(".onnx"), format="onnx", verbose=False)
        inputs = onnx.load(own.with_suffix(".onnx")).graph.input
        values = zip(inputs, feed.values(), strict=True)
        np.savez(own.with_suffix(".npz"), **{x.name: value for x, value in values})
    np.save(stem.with_suffix(".npy"), truth)


def install(client, name, folder):
    """Installs a client; returns its environment, or why there is none."""
    place = folder / f"env-{name}"
    done = place / "installed"
    if done.exists():
        return place, None
    if client.packages is None:
        place.mkdir(exist_ok=True)
        (place / "client.mjs").write_text(WEB)
        commands = [["npm", "install", "--prefix", place, "onnxruntime-web"]]
    else:
        packages = [x.replace("OLDEST", oldest()) for x in client.packages]
        python = place / "bin" / "python"
        commands = [
            [sys.executable, "-m", "venv", place],
            [python, "-m", "pip", "install", "--quiet", "numpy", *packages],
        ]
    for command in commands:
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode:
            lines = [x for x in process.stderr.splitlines() if "ERROR" in x]
            return None, f"not installed: {(lines or ['?'])[0][:100]}"
    done.touch()
    return place, None


def oldest():
    """The oldest onnxruntime that kgan takes."""
    import importlib.metadata

    for line in importlib.metadata.requires("kgan"):
        if line.startswith("onnxruntime"):
            version = line.split(">=")[1].split(";")[0].strip()
            return version if version.count(".") > 1 else f"{version}.0"
    raise ValueError("kgan needs no onnxruntime.")


def try_file(client, place, stem, truth):
    """Runs a file in a client; returns what to write into the table."""
    inputs, outputs = stem.with_suffix(".npz"), place / "output.npz"
    model = stem.with_suffix(client.kind)
    if not model.exists():
        return "–"
    if client.packages is None:
        output = run_web(place, model, inputs)
    else:
        command = [place / "bin" / "python", CLIENT, client.function]
        output = run_python([*command, model, inputs, outputs])
    if isinstance(output, str):
        return output
    if output.dtype.kind == "f" and np.abs(output).max() <= 1.01 < truth.max():
        from kgan._core.images import grey_levels

        output = grey_levels(output)
    output = np.floor(output)  # OpenCV 4 has no integers: it leaves them as floats
    if output.size != truth.size:
        return f"the shape {list(output.shape)}"
    difference = np.abs(output.reshape(truth.shape) - truth).max()
    return f"{difference:g}" if difference <= SAME else f"**{difference:g}**"


def run_python(command):
    """The output of a client in Python, or what it said."""
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
    try:
        process = subprocess.run(
            command, capture_output=True, text=True, timeout=300, env=environment
        )
    except subprocess.TimeoutExpired:
        return "no end in 300 s"
    if process.returncode:
        lines = [x for x in process.stderr.splitlines() if x.strip()]
        errors = [x for x in lines if "rror" in x]
        return "fails: " + (errors or lines or ["?"])[-1].replace("|", "/")[:110]
    with np.load(command[-1]) as arrays:
        return arrays["output"]


def run_web(place, model, inputs):
    """The output of onnxruntime-web in Node, or what it said."""
    import json

    with np.load(inputs) as arrays:
        feed = {
            name: {
                "type": str(x.dtype),
                "values": x.ravel().tolist(),
                "shape": x.shape,
            }
            for name, x in arrays.items()
        }
    told, made = place / "inputs.json", place / "outputs.json"
    told.write_text(json.dumps(feed))
    command = ["node", place / "client.mjs", model, told, made]
    process = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if process.returncode:
        errors = [x for x in process.stderr.splitlines() if "rror" in x]
        return "fails: " + (errors or ["?"])[0][:110]
    result = json.loads(made.read_text())
    return np.array(result["values"]).reshape(result["dims"])


def main():
    """Installs, exports, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", nargs="*", choices=CLIENTS, default=list(CLIENTS))
    parser.add_argument("--generators", nargs="*")
    arguments = parser.parse_args()
    folder = arguments.work.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    files = export_all(folder, arguments.generators)
    print("| client | " + " | ".join(name for name, *_ in files) + " |")
    print("| --- |" + " --- |" * len(files))
    for name in arguments.only:
        client = CLIENTS[name]
        place, reason = install(client, name, folder)
        cells = [
            reason or try_file(client, place, stem, truth) for _, stem, truth in files
        ]
        print(f"| {client.title} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
