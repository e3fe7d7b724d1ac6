"""What an exported file says of itself: one schema, written, checked and read by it.

A file may come from a stranger, so nothing is built on metadata that were not checked.
This module needs the standard library only, and of it what costs no time to load.
"""

import collections
import importlib
import json
import math

from kgan._core.errors import invalid
from kgan._version import __version__
from kgan.latents import DISTRIBUTIONS, PRIORS, SPECIFICATION
from kgan_export.interface import INTERFACES

METADATA_KEY = "kgan"  # in an ONNX file
METADATA_FILE = "kgan.json"  # in folders and archives
FORMAT_VERSION = 1
LIBRARIES = ("keras", "onnx", "tensorflow", "tf2onnx")
KINDS = ("sample", "audio", "image", "video")
LAYOUTS = (None, "nhwc", "nchw")
DTYPES = ("uint8", "float32")
MAX_SIZE = 2**31  # elements of one sample


def _is_count(value, limit):
    # Not a bool, which is an int in Python.
    return type(value) is int and 1 <= value <= limit


def _is_shape(value, low=1, high=4):
    return (
        isinstance(value, list)
        and low <= len(value) <= high
        and all(_is_count(size, MAX_SIZE) for size in value)
        and math.prod(value) <= MAX_SIZE
    )


def _are_named(value, holds):
    """Whether a value is a list of dicts that have names and hold something."""
    return isinstance(value, list) and all(
        isinstance(x, dict) and isinstance(x.get("name"), str) and holds(x)
        for x in value
    )


def _are_extras(value):
    return value is None or _are_named(
        value,
        lambda x: (
            _is_shape(x.get("shape"), low=0)
            and x.get("distribution") in tuple(DISTRIBUTIONS)
        ),
    )


def _are_outputs(value):
    return value is None or _are_named(
        value,
        lambda x: (
            x.get("kind") in KINDS
            and _is_shape(x.get("shape"))
            and x.get("layout") in LAYOUTS
            and x.get("dtype") in DTYPES
        ),
    )


def _are_names(value):
    return value is None or (
        isinstance(value, list) and all(isinstance(name, str) for name in value)
    )


class Key(collections.namedtuple("Key", ["rule", "holds", "required"])):
    """One key of the metadata.

    Args:
        rule: What its value must do, as the end of a sentence.
        holds: Function that tells whether a value does; `None`, which also stands for a
            key that an older file lacks, must be allowed by it.
        required: Whether a file must have the key, because sampling needs it.
    """

    def __new__(cls, rule="be told", holds=lambda value: True, required=False):
        return super().__new__(cls, rule, holds, required)


# In the order in which they are written; `docs/export.md` tells what they mean.
SCHEMA = {
    "kgan_version": Key(),
    "format_version": Key(),
    "network": Key(
        f"be null or one of {', '.join(INTERFACES)}",
        lambda x: x is None or x in tuple(INTERFACES),
    ),
    "architecture": Key(),
    "latent_dim": Key("be a size up to 2**20", lambda x: _is_count(x, 2**20), True),
    "prior": Key(f"be one of {', '.join(PRIORS)}", lambda x: x in tuple(PRIORS), True),
    "latents": Key(),  # checked first, with an error of its own
    "truncation": Key(),
    "num_classes": Key(
        "be null or a number up to 2**31",
        lambda x: x is None or _is_count(x, 2**31),
        True,
    ),
    "class_names": Key("be null or texts", _are_names),
    "condition_shape": Key(
        "be null or a list of one size",
        lambda x: x is None or _is_shape(x, high=1),
    ),
    "kind": Key(f"be one of {', '.join(KINDS)}", lambda x: x in KINDS, True),
    "sample_shape": Key(
        "be one to four sizes of 2**31 numbers at most",
        lambda x: x is None or _is_shape(x),
    ),
    "layout": Key("be null, nhwc or nchw", lambda x: x in LAYOUTS, True),
    "output_dtype": Key(),
    "output_range": Key(),
    "inputs": Key(),
    "outputs": Key("tell names, kinds, shapes, layouts and dtypes", _are_outputs),
    "extra_inputs": Key("tell names, shapes and distributions", _are_extras),
    "static_batch": Key(
        "be null or a number up to 2**16",
        lambda x: x is None or _is_count(x, 2**16),
        True,
    ),
    "opset": Key(),
    "precision": Key(),
    "libraries": Key(),
    "training_steps": Key(),
    "dataset": Key(),
    "preset": Key(),
    "licence": Key(),
    "settings": Key(),
    "scores": Key(),
}


def collect(source, interface, opset, precision):
    """Collects the metadata of an export.

    Args:
        source: The `Source`.
        interface: The `Interface`.
        opset: Version of the ai.onnx operators, or `None`.
        precision: Name of the precision.

    Returns:
        A JSON-ready dict of the keys of `SCHEMA`.

    Raises:
        ValueError: If a value would be refused when the file is read.
    """
    values = {
        "kgan_version": __version__,
        "format_version": FORMAT_VERSION,
        "architecture": source.networks[interface.network].name,
        "latents": SPECIFICATION,
        # On a sphere, a scaled code would leave the prior.
        "truncation": None if source.prior == "sphere" else "scale",
        "opset": opset,
        "precision": precision,
        "libraries": {
            name: importlib.import_module(name).__version__ for name in LIBRARIES
        },
        **source.describe(),
        **interface.describe(),
    }
    metadata = json.loads(json.dumps({key: values[key] for key in SCHEMA}))
    _check(metadata, None, "Export with other arguments.")
    return metadata


def parse(text, path):
    """Reads the metadata of a file that nobody vouches for.

    Args:
        text: JSON text, or `None` if the file has none.
        path: Path of the file, for the message.

    Returns:
        The metadata, a dict.

    Raises:
        ValueError: If a key that sampling needs is missing, or a value makes no sense.
    """
    if text is None:
        raise invalid(
            f"The file must hold kgan's metadata under the key `{METADATA_KEY}`.",
            {"path": str(path)},
            "Export the generator with kgan-export.",
        )
    try:
        metadata = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused("metadata", text[:80], "be JSON", path) from error
    if not isinstance(metadata, dict):
        raise _refused("metadata", metadata, "be a JSON object", path)
    if metadata.get("latents") != SPECIFICATION:
        raise invalid(
            f"The file's codes must be drawn as {SPECIFICATION} says.",
            {"latents": metadata.get("latents")},
            "Sample with the version of kgan that exported it, or a later one.",
        )
    _check(metadata, path)
    return metadata


def check_graph(metadata, inputs, outputs, path):
    """Raises unless a graph is a generator that takes and gives what its metadata say.

    Args:
        metadata: What `parse` returned.
        inputs: Dict from names to shapes, in which a size may be a name.
        outputs: The same for the outputs.
        path: Path of the file, for the message.

    Raises:
        ValueError: If they differ.
    """
    if metadata.get("network") not in (None, "generator"):
        raise invalid(
            "A sampler needs a generator.",
            {"path": str(path), "network": metadata["network"]},
            "Run an encoder by onnxruntime: see BiGAN in kgan's documentation.",
        )
    expected = {"z": [metadata["latent_dim"]]}
    if metadata["num_classes"] is not None:
        expected["label"] = []
    if metadata.get("condition_shape") is not None:
        expected["condition"] = metadata["condition_shape"]
    for extra in metadata.get("extra_inputs") or []:
        expected[extra["name"]] = extra["shape"]
    given = {name: list(shape[1:]) for name, shape in inputs.items()}
    if given.get("truncation") == []:
        del given["truncation"]
    if given != expected:
        raise _refused("inputs", inputs, f"be {expected}, after the batch", path)
    shapes = {x["name"]: x["shape"] for x in metadata.get("outputs") or []}
    found = {name: list(shape[1:]) for name, shape in outputs.items()}
    if shapes and (
        shapes.keys() != found.keys()
        or any(not _fits(shape, found[name]) for name, shape in shapes.items())
    ):
        raise _refused("outputs", outputs, f"be {shapes}, after the batch", path)


def as_text(metadata):
    """Returns metadata as lines of text, one a key, leaving out what is unknown."""
    width = max(map(len, metadata))
    return "\n".join(
        f"{key:{width}}  "
        + (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in metadata.items()
        if value is not None
    )


def _fits(shape, found):
    """Whether a shape that was found is the one told, where it tells a number."""
    return len(shape) == len(found) and all(
        not isinstance(size, int) or size == told
        for told, size in zip(shape, found, strict=True)
    )


def _check(metadata, path, fix=None):
    """Raises unless the values of metadata follow the rules of `SCHEMA`."""
    for name, key in SCHEMA.items():
        if key.required and name not in metadata:
            raise _refused(name, "nothing", "be told", path, fix)
        if not key.holds(metadata.get(name)):
            raise _refused(name, metadata.get(name), key.rule, path, fix)
    names = metadata.get("class_names")
    if names is not None and len(names) != metadata["num_classes"]:
        raise _refused("class_names", names, "hold one name a class", path, fix)


def _refused(key, value, rule, path, fix=None):
    shown = value if len(repr(value)) < 200 else f"{repr(value)[:200]}…"
    where = {"path": str(path)} if path else {}
    return invalid(
        f"The `{key}` of an exported generator must {rule}.",
        where | {key: shown},
        fix or "The file is damaged or no export of kgan: export the generator again.",
    )
