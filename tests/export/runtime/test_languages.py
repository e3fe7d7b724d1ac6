"""The programs of the page on other languages, each run where its tools are."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from kgan.latents import PRIORS, latents, noise
from kgan_export import Sampler
from kgan_export.formats import web_format

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/languages.md").read_text("utf-8")
MODEL = ROOT / "saved_models/fashion-mnist-dcgan/generator.onnx"
LATENTS_JS = web_format.PAGE / "latents.js"
NODE_MODULES = Path(os.environ.get("KGAN_NODE_MODULES", ROOT / "node_modules"))
HEADERS = Path(os.environ.get("KGAN_ONNXRUNTIME_HEADERS", ROOT / "onnxruntime/include"))
PLACES = [(0, 0), (0, 1), (2**64 - 1, 2**32 + 1)]  # seeds and samples

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
needs_compiler = pytest.mark.skipif(not shutil.which("g++"), reason="needs g++")


def block(language, index=0):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[index]


def run(*command, **options):
    process = subprocess.run(command, capture_output=True, text=True, **options)
    assert process.returncode == 0, process.stderr
    return process.stdout


def assert_golden(rows):
    np.testing.assert_allclose(rows, json.loads(block("json")), atol=1)


def test_the_sampler_gives_the_golden_samples():
    assert_golden(Sampler(MODEL).sample(3, seed=0)[:, 14, :, 0])


def test_python_gives_the_golden_samples(tmp_path):
    page = (ROOT / "docs/latents.md").read_text("utf-8")
    program = page.split("## In forty lines")[1].split("```python\n")[1].split("```")[0]
    (tmp_path / "latents.py").write_text(program)
    (tmp_path / "sample.py").write_text(block("python"))
    assert_golden(json.loads(run(sys.executable, tmp_path / "sample.py", MODEL)))


@needs_node
def test_javascript_draws_the_same_codes(tmp_path):
    shutil.copyfile(LATENTS_JS, tmp_path / "latents.mjs")
    (tmp_path / "draw.mjs").write_text(
        """
        import { latents, noise } from "./latents.mjs";
        const places = JSON.parse(process.argv[2]);
        console.log(JSON.stringify(places.flatMap(([seed, sample]) => [
          ...["normal", "uniform", "truncated_normal", "sphere"].map(
            (prior) => latents(prior, BigInt(sample), 61, BigInt(seed))),
          noise("unit", BigInt(sample), [1, 61], BigInt(seed), "grain é"),
        ].map((z) => Array.from(z)))));
        """
    )
    places = json.dumps([[str(number) for number in place] for place in PLACES])
    drawn = json.loads(run("node", tmp_path / "draw.mjs", places))
    expected = []
    for seed, sample in PLACES:
        expected += [
            latents(prior, 1, 61, seed, sample)[0]
            for prior in ("normal", "uniform", "truncated_normal", "sphere")
        ]
        expected.append(noise("unit", 1, [1, 61], seed, "grain é", sample)[0, 0])
    np.testing.assert_allclose(drawn, expected, rtol=3e-7, atol=1e-12)


@needs_node
@pytest.mark.slow
@pytest.mark.parametrize("package", ["onnxruntime-node", "onnxruntime-web"])
def test_node_gives_the_golden_samples(tmp_path, package):
    if not (NODE_MODULES / package).is_dir():
        pytest.skip(f"needs {package} in KGAN_NODE_MODULES")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES.resolve())
    shutil.copyfile(LATENTS_JS, tmp_path / "latents.js")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    program = block("js").replace("onnxruntime-node", package)
    (tmp_path / "sample.js").write_text(program)
    output = run("node", "sample.js", MODEL, cwd=tmp_path)
    assert_golden(json.loads(output))


@needs_compiler
@pytest.mark.slow
def test_cpp_draws_the_same_codes(tmp_path):
    (tmp_path / "latents.hpp").write_text(block("cpp"))
    (tmp_path / "draw.cpp").write_text(
        """
        #include <cstdio>
        #include <cstdlib>
        #include "latents.hpp"
        int main(int, char** argument) {  // prior, seed, sample
          const auto seed = std::strtoull(argument[2], nullptr, 10);
          const auto sample = std::strtoull(argument[3], nullptr, 10);
          for (float x : code(argument[1], seed, sample, 61)) std::printf("%.9g\\n", x);
        }
        """
    )
    program = tmp_path / "draw"
    run(
        "g++",
        "-std=c++17",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-O1",
        "-o",
        program,
        tmp_path / "draw.cpp",
    )
    for prior in PRIORS:
        for seed, sample in PLACES:
            output = run(program, prior, str(seed), str(sample))
            expected = latents(prior, 1, 61, seed, sample)[0]
            drawn = np.float32(output.split())
            np.testing.assert_allclose(drawn, expected, rtol=3e-7, atol=1e-12)


@needs_compiler
@pytest.mark.slow
def test_cpp_gives_the_golden_samples(tmp_path):
    """The page's own commands, in a folder laid out as onnxruntime's archives."""
    wheel = Path(onnxruntime.__file__).parent
    libraries = list(wheel.glob("capi/libonnxruntime.so.*"))
    if not (HEADERS / "onnxruntime_cxx_api.h").is_file() or not libraries:
        pytest.skip("needs headers in KGAN_ONNXRUNTIME_HEADERS, and a wheel of Linux")
    api = (HEADERS / "onnxruntime_c_api.h").read_text("utf-8")
    minor = re.search(r"#define ORT_API_VERSION (\d+)", api)[1]
    if int(onnxruntime.__version__.split(".")[1]) < int(minor):
        pytest.skip(f"headers of 1.{minor}, but onnxruntime {onnxruntime.__version__}")
    archive = tmp_path / "onnxruntime"
    (archive / "lib").mkdir(parents=True)
    (archive / "include").symlink_to(HEADERS.resolve())
    for name in ("libonnxruntime.so", "libonnxruntime.so.1"):
        (archive / "lib" / name).symlink_to(libraries[0])
    (tmp_path / "latents.hpp").write_text(block("cpp"))
    (tmp_path / "sample.cpp").write_text(block("cpp", 1))
    (tmp_path / "generator.onnx").symlink_to(MODEL)
    environment = {**os.environ, "ORT": str(archive)}
    output = run("bash", "-ec", block("sh"), cwd=tmp_path, env=environment)
    assert_golden(json.loads(output))
