"""A script: damages files of strangers and asks the commands for pictures of them.

Arguments: `onnx`, `keras` or `saved_model`, a folder for scratch, the number of files.
Prints as JSON how the commands ended: exit codes, and the slowest in seconds. A
traceback ends the process.
"""

import json
import os
import random
import resource
import shutil
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

from click.testing import CliRunner  # noqa: E402

import kgan.cli  # noqa: E402
import kgan_export.cli  # noqa: E402
import kgan_export.sample  # noqa: E402

DEEP = json.loads("[" * 200 + "]" * 200)
VALUES = [
    -1,
    0,
    1,
    3,
    2**31,
    2**63,
    2**64 - 1,
    1e308,
    float("nan"),
    "",
    "normal",
    "nchw",
]
VALUES += [None, True, [], {}, [-1], [2**31], [2, 2, 8], [4], "\x1b[2J", "\ud800", DEEP]
VALUES += ["image", "video", [{}], [{"name": "image"}], "x" * 10**5, [["a"], ["b"]]]


def bytes_of(chance, data):
    """Damages bytes."""
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 4, 40])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.2:
        data = data[: chance.randrange(len(data))]
    return bytes(data)


def values_of(chance, value, rate, depth=0):
    """Changes values of JSON, or leaves them out, at any depth."""
    if chance.random() < rate * (depth > 0):
        return chance.choice(VALUES)
    if isinstance(value, dict):
        made = {k: values_of(chance, v, rate, depth + 1) for k, v in value.items()}
        if made and chance.random() < rate:
            del made[chance.choice(list(made))]
        return made
    if isinstance(value, list):
        return [values_of(chance, x, rate, depth + 1) for x in value]
    return value


def text_of(chance, text):
    """Damages JSON text, as text or by its values."""
    if chance.random() < 0.2:
        return bytes_of(chance, text.encode()).decode("utf-8", "replace")
    rate = chance.choice([0.001, 0.01, 0.05])
    return json.dumps(values_of(chance, json.loads(text), rate))


def make_onnx(folder):
    from onnx_images import write_images  # of this folder

    return write_images(folder / "g.onnx")


def damage_onnx(chance, source, path):
    import onnx

    if chance.random() < 0.3:
        path.write_bytes(bytes_of(chance, source.read_bytes()))
        return
    model = onnx.load(source)
    model.metadata_props[0].value = text_of(chance, model.metadata_props[0].value)
    path.write_bytes(model.SerializeToString())


def make_keras(folder):
    from kgan import GAN, networks

    game = GAN(
        networks.mlp.generator((4, 4, 1), latent_dim=4, width=8, num_classes=3),
        networks.mlp.discriminator((4, 4, 1), width=8, num_classes=3),
    )
    game.compile()
    game.save(folder / "g.keras")
    return folder / "g.keras"


def damage_keras(chance, source, path):
    if chance.random() < 0.4:
        path.write_bytes(bytes_of(chance, source.read_bytes()))
        return
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith(".json"):
                data = text_of(chance, data.decode()).encode("utf-8", "replace")
            elif chance.random() < 0.3:
                data = bytes_of(chance, data)
            new.writestr(name, data)


def make_saved_model(folder):
    from kgan import networks
    from kgan_export import export

    path = folder / "served"
    export(
        networks.mlp.generator((4, 4, 1), latent_dim=4, width=8), path, "saved_model"
    )
    return path


def damage_saved_model(chance, source, path):
    file = Path("assets.extra", "kgan.json")
    if not path.exists():
        shutil.copytree(source, path)
    path.joinpath(file).write_text(text_of(chance, source.joinpath(file).read_text()))


def main(kind, folder, count):
    """Tries `count` files, each from its own seed."""
    folder = Path(folder)
    source = globals()[f"make_{kind}"](folder)
    path = folder / f"damaged{source.suffix}"
    # What asks for absurd memory fails instead of swapping.
    resource.setrlimit(resource.RLIMIT_AS, (12 * 2**30, 12 * 2**30))
    picture, numbers = (str(folder / f"samples.{kind}") for kind in ("png", "npz"))
    commands = [(kgan.cli.main, ["generate", str(path), "-n", "2", "-o", picture])]
    if kind != "keras":
        sample = ["-n", "2", "-o", numbers, "--labels", "1"]
        commands += [
            (kgan_export.cli.main, ["--inspect", str(path)]),
            (kgan_export.sample.main, [str(path), *sample]),
            (kgan_export.cli.main, ["--inspect", str(path), "--json"]),
        ]
    ends, slowest = Counter(), 0.0
    for seed in range(int(count)):
        chance = random.Random(f"{kind} {seed}")
        globals()[f"damage_{kind}"](chance, source, path)
        command, arguments = commands[seed % len(commands)]
        print(kind, seed, file=sys.stderr, flush=True)
        began = time.perf_counter()
        result = CliRunner().invoke(command, arguments)
        slowest = max(slowest, time.perf_counter() - began)
        if not isinstance(result.exception, SystemExit | None):
            raise result.exception
        shown = result.output.replace("\n", "")
        assert shown.isprintable(), shown
        assert len(shown) < 2**20, shown[:1000]
        ends[str(result.exit_code)] += 1
    print(json.dumps({"ends": ends, "slowest": slowest}))


if __name__ == "__main__":
    main(*sys.argv[1:])
