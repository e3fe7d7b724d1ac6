"""What an exported file says of itself: one schema, written, checked and read by it.

A file may come from a stranger, so nothing is built on metadata that were not checked.
This module needs the standard library only, and of it what costs no time to load.
"""

import collections
import importlib
import json
import math

from kgan._core.errors import invalid, printable
from kgan._version import __version__
from kgan.latents import DISTRIBUTIONS, PRIORS, SPECIFICATION
from kgan_export.interface import INTERFACES

METADATA_KEY = "kgan"  # in an ONNX file
METADATA_FILE = "kgan.json"  # in folders and archives
FORMAT_VERSION = 1
LIBRARIES = ("keras", "onnx", "tensorflow", "tf2onnx")
KINDS = {"sample": 1, "audio": 2, "image": 3, "video": 4}  # sizes of a sample
LAYOUTS = (None, "nhwc", "nchw")
DTYPES = ("uint8", "float32")
MAX_BYTES = 2**22  # of all metadata
MAX_SIZE = 2**28  # elements of one sample
MAX_CODE = 2**20  # numbers of a code or a condition
MAX_CLASSES = 2**20
MAX_TEXT = 2**12
MAX_PARTS = 2**6  # further inputs, outputs


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


def _is_text(value):
    return isinstance(value, str) and len(value) <= MAX_TEXT


def _are_named(value, holds):
    """Whether a value is a short list of dicts that have names and hold something."""
    return (
        isinstance(value, list)
        and len(value) <= MAX_PARTS
        and all(isinstance(x, dict) and _is_text(x.get("name")) for x in value)
        and all(holds(x) for x in value)
    )


def _is_extra(x):
    return _is_shape(x.get("shape"), low=0) and _is_in(
        x.get("distribution"), DISTRIBUTIONS
    )


def _is_sample(x):
    """Whether a dict tells the kind, shape and layout of samples, fitting together."""
    kind, shape, layout = x.get("kind"), x.get("shape"), x.get("layout")
    return (
        _is_in(kind, KINDS)
        and _is_shape(shape)
        and len(shape) == KINDS[kind]
        and _is_in(layout, LAYOUTS)
        and (layout != "nchw" or kind == "image")
    )


def _is_output(x):
    return _is_sample(x) and _is_in(x.get("dtype"), DTYPES)


def _is_input(x):
    """Whether a dict tells an input of an encoder: samples, a label or a condition."""
    return _is_shape(x.get("shape"), low=0) and _is_text(x.get("dtype"))


def _are_names(value):
    return isinstance(value, list) and all(
        isinstance(name, str) and len(name) <= MAX_TEXT for name in value
    )


def _is_range(value):
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(x) in (int, float) for x in value)
    )


def _is_table(value, depth=16):
    """Whether a value is a dict that is nested no deeper than any that kgan writes."""
    return isinstance(value, dict) and _is_shallow(value, depth)


def _is_shallow(value, depth):
    parts = value.values() if isinstance(value, dict) else value
    return not isinstance(value, dict | list) or (
        depth > 0 and all(_is_shallow(x, depth - 1) for x in parts)
    )


def _is_in(value, known):
    return value in tuple(known)  # a tuple takes lists and dicts, too


class Key(collections.namedtuple("Key", ["rule", "holds", "required"])):
    """One key of the metadata.

    Args:
        rule: What its value must do, as the end of a sentence.
        holds: Function that tells whether a value other than null does.
        required: Whether a file must have the key, because sampling needs it. One that
            need not be there may be null, and is where an older file lacks it.
    """

    def __new__(cls, rule, holds, required=False):
        return super().__new__(cls, rule, holds, required)


_TEXT = Key(f"be null or a text of {MAX_TEXT} characters at most", _is_text)
_COUNT = Key("be null or a whole number", lambda x: type(x) is int and 0 <= x < 2**63)
_TABLE = Key("be null or a table", _is_table)
_ONE_DTYPE = Key(f"be null or one of {', '.join(DTYPES)}", lambda x: _is_in(x, DTYPES))

# In the order in which they are written; `docs/export.md` tells what they mean.
SCHEMA = {
    "kgan_version": _TEXT,
    "format_version": _COUNT,
    "network": Key(
        f"be null or one of {', '.join(INTERFACES)}", lambda x: _is_in(x, INTERFACES)
    ),
    "architecture": _TEXT,
    "latent_dim": Key(
        f"be a size up to {MAX_CODE}", lambda x: _is_count(x, MAX_CODE), True
    ),
    "prior": Key(f"be one of {', '.join(PRIORS)}", lambda x: _is_in(x, PRIORS), True),
    "latents": _TEXT,  # checked first, with an error of its own
    "truncation": _TEXT,
    "num_classes": Key(
        f"be null or a number up to {MAX_CLASSES}", lambda x: _is_count(x, MAX_CLASSES)
    ),
    "class_names": Key("be null or texts", _are_names),
    "condition_shape": Key(
        "be null or a list of one size",
        lambda x: _is_shape(x, high=1) and x[0] <= MAX_CODE,
    ),
    "kind": Key(f"be one of {', '.join(KINDS)}", lambda x: _is_in(x, KINDS), True),
    "sample_shape": Key(
        f"be null or one to four sizes of {MAX_SIZE} numbers at most", _is_shape
    ),
    "layout": Key("be null, nhwc or nchw", lambda x: _is_in(x, LAYOUTS)),
    "output_dtype": _ONE_DTYPE,
    "output_range": Key("be null or two numbers", _is_range),
    "inputs": Key("tell names, shapes and dtypes", lambda x: _are_named(x, _is_input)),
    "outputs": Key(
        "tell names, kinds, shapes, layouts and dtypes that fit together",
        lambda x: _are_named(x, _is_output),
    ),
    "extra_inputs": Key(
        "tell names, shapes and distributions", lambda x: _are_named(x, _is_extra)
    ),
    "static_batch": Key(
        "be null or a number up to 2**16", lambda x: _is_count(x, 2**16)
    ),
    "opset": _COUNT,
    "precision": _TEXT,
    "libraries": _TABLE,
    "training_steps": _COUNT,
    "dataset": _TEXT,
    "preset": _TEXT,
    "licence": _TEXT,
    "settings": _TABLE,
    "scores": _TABLE,
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
    text = json.dumps({key: values[key] for key in SCHEMA})
    metadata = json.loads(text)
    fix = "Export with other arguments."
    _check(metadata, None, fix)
    if len(text) > MAX_BYTES:
        size = {key: len(json.dumps(value)) for key, value in metadata.items()}
        largest = max(size, key=size.get)
        rule = "be shorter, for all metadata together to be smaller than 4 MB"
        raise _refused(largest, metadata[largest], rule, None, fix)
    return metadata


def key_of(network):
    """The key of an ONNX file's metadata, by the role of the network in it.

    Files of two networks have different ones, so that they can be merged.
    """
    return METADATA_KEY if network == "generator" else f"{METADATA_KEY}.{network}"


def parse(text, path):
    """Reads the metadata of a file that nobody vouches for.

    Args:
        text: JSON text, or `None` if the file has none.
        path: Path of the file, for the message.

    Returns:
        The metadata, a dict of the keys of `SCHEMA`: `None` where the file lacks one,
        and nothing else that it may hold.

    Raises:
        ValueError: If a key that sampling needs is missing, or a value makes no sense.
    """
    if text is None:
        raise invalid(
            f"The file must hold kgan's metadata under the key `{METADATA_KEY}`.",
            {"path": str(path)},
            "Export the generator with kgan-export.",
        )
    check_size(len(text), path)
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
    metadata = {key: metadata.get(key) for key in SCHEMA}
    _check(metadata, path)
    return metadata


def check_size(size, path):
    """Raises if metadata are longer than any that kgan writes.

    Args:
        size: Length of their JSON text.
        path: Path of the file, for the message.
    """
    if size > MAX_BYTES:
        raise invalid(
            "The metadata of an export must be smaller than 4 MB.",
            {"path": str(path), "size": size},
            "Do not use this file unless you know where it comes from.",
        )


def sample_size(metadata):
    """Bytes of one sample, as far as checked metadata tell; 1 at least."""
    told = metadata["outputs"] or [
        {"shape": metadata["sample_shape"] or [], "dtype": metadata["output_dtype"]}
    ]
    return sum(
        math.prod(x["shape"]) * (4 if x["dtype"] == "float32" else 1) for x in told
    )


def row_size(metadata):
    """Bytes of one sample with its code and conditions, as `sample_size`."""
    extras = sum(math.prod(x["shape"]) for x in metadata["extra_inputs"] or [])
    condition = sum(metadata["condition_shape"] or [])
    numbers = metadata["latent_dim"] + condition + extras
    return sample_size(metadata) + 4 * numbers


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
    if metadata["network"] not in (None, "generator"):
        raise invalid(
            "A sampler needs a generator.",
            {"path": str(path), "network": metadata["network"]},
            "Run an encoder by onnxruntime: see BiGAN in kgan's documentation.",
        )
    expected = {"z": [metadata["latent_dim"]]}
    if metadata["num_classes"] is not None:
        expected["label"] = []
    if metadata["condition_shape"] is not None:
        expected["condition"] = metadata["condition_shape"]
    for extra in metadata["extra_inputs"] or []:
        expected[extra["name"]] = extra["shape"]
    given = {name: list(shape[1:]) for name, shape in inputs.items()}
    if given.get("truncation") == []:
        del given["truncation"]
    if given != expected:
        raise _refused("inputs", inputs, f"be {expected}, after the batch", path)
    found = {name: list(shape[1:]) for name, shape in outputs.items()}
    shapes = {x["name"]: x["shape"] for x in metadata["outputs"] or []}
    if not shapes and metadata["sample_shape"] is not None and len(found) == 1:
        shapes = dict.fromkeys(found, metadata["sample_shape"])
    if shapes and (
        shapes.keys() != found.keys()
        or any(not _fits(shape, found[name]) for name, shape in shapes.items())
    ):
        raise _refused("outputs", outputs, f"be {shapes}, after the batch", path)


def as_text(metadata):
    """Returns metadata as lines of text, one a key, leaving out what is unknown.

    What a terminal would obey is shown, not sent to it.
    """
    metadata = {key: value for key, value in metadata.items() if value is not None}
    width = max(map(len, metadata))
    return "\n".join(
        f"{key:{width}}  "
        + printable(
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
            keep="",
        )
        for key, value in metadata.items()
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
        value = metadata[name]
        if value is None and key.required:
            raise _refused(name, value, "be told", path, fix)
        if value is not None and not key.holds(value):
            raise _refused(name, value, key.rule, path, fix)
    names, shape = metadata["class_names"], metadata["sample_shape"]
    if names is not None and len(names) != metadata["num_classes"]:
        raise _refused("class_names", names, "hold one name a class", path, fix)
    if shape is not None and not _is_sample(metadata | {"shape": shape}):
        rule = "fit its kind and layout"
        raise _refused("sample_shape", shape, rule, path, fix)


def _refused(key, value, rule, path, fix=None):
    where = {"path": str(path)} if path else {}
    return invalid(
        f"The `{key}` of an exported generator must {rule}.",
        where | {key: value},
        fix or "The file is damaged or no export of kgan: export the generator again.",
    )
