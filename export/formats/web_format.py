"""The web format: a folder with a page that samples in the browser, and asks no server
but the static one that it lies on."""

import dataclasses
import json
import os
import shutil
from pathlib import Path

from kgan._core.errors import invalid
from kgan._core.images import COLOR_TYPES
from kgan_export.errors import ExportError
from kgan_export.formats.base import Format
from kgan_export.formats.onnx_format import OnnxFormat
from kgan_export.interface.metadata import METADATA_FILE
from kgan_export.replacement import DATA_SUFFIX

MODEL_FILE = "generator.onnx"
PAGE = Path(__file__).with_name("page")
PACKAGE = "onnxruntime-web"
# From npm's package to names that every static server serves with the right type. The
# smallest build: WebAssembly on the CPU.
RUNTIME = {
    "ort.wasm.bundle.min.mjs": "onnxruntime.js",
    "ort-wasm-simd-threaded.wasm": "onnxruntime.wasm",
}


class WebFormat(Format):
    """A folder with a page that samples in the browser."""

    suffix = "-web"
    marker = METADATA_FILE
    holds_onnx = True
    precisions = OnnxFormat.precisions

    def make(self, job):
        """Writes a page and verifies the model in it."""
        _check_images(job.metadata)
        runtime = find_runtime(job.onnxruntime_web)
        workshop = job.path.with_name(f"{job.path.name}.onnx")
        workshop.mkdir()
        model = workshop / MODEL_FILE
        result = OnnxFormat().make(dataclasses.replace(job, path=model))
        if model.with_name(f"{model.name}{DATA_SUFFIX}").exists():
            raise ExportError("A browser cannot load more than 2 GB: export to onnx.")
        shutil.copytree(PAGE, job.path)
        os.replace(model, job.path / MODEL_FILE)
        for name, new_name in RUNTIME.items():
            shutil.copyfile(runtime / name, job.path / new_name)
        metadata = json.dumps(job.metadata, indent=2)
        (job.path / METADATA_FILE).write_text(metadata, "utf-8")
        return result


def _check_images(metadata):
    """Raises unless the first output is images that a page can show, of codes and
    classes that it can choose."""
    first = metadata["outputs"][0]
    if (first["kind"], first["layout"], first["dtype"]) != ("image", "nhwc", "uint8"):
        raise invalid(
            "A page shows images, as uint8 in the layout nhwc.",
            {key: first[key] for key in ("kind", "layout", "dtype")},
            "Leave out `layout` and `output_dtype`, or export to onnx.",
        )
    if first["shape"][-1] not in COLOR_TYPES:
        raise invalid(
            "A page shows images of 1 to 4 channels.",
            {"shape": first["shape"]},
            "Export to onnx.",
        )
    if metadata["condition_shape"] is not None:
        raise invalid(
            "A page has no controls for conditions that are vectors.",
            {"condition_shape": metadata["condition_shape"]},
            "Export to onnx.",
        )


def find_runtime(path=None):
    """Finds the files of onnxruntime for browsers.

    Args:
        path: Folder of npm's package onnxruntime-web, or the `dist` in it. By default
            the `node_modules` of the current folder and of those above it.

    Returns:
        `Path` of the folder that holds them.

    Raises:
        ValueError: If they are not there.
    """
    here = Path.cwd()
    places = [folder / "node_modules" / PACKAGE for folder in (here, *here.parents)]
    if path is not None:
        places = [Path(path)]
    for folder in (x for place in places for x in (place / "dist", place)):
        if all((folder / name).is_file() for name in RUNTIME):
            return folder
    raise invalid(
        f"A page needs the files {' and '.join(RUNTIME)} of onnxruntime-web.",
        {"onnxruntime_web": None if path is None else str(path)},
        f"Run `npm install {PACKAGE}` here, or pass its folder: "
        f"--onnxruntime-web node_modules/{PACKAGE}",
    )
