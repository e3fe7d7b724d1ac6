"""The metadata of an exported file, checked before anything is built on them."""

import json
import math

from kgan._core.errors import invalid
from kgan.latents import DISTRIBUTIONS, PRIORS, SPECIFICATION

METADATA_KEY = "kgan"
KINDS = ("sample", "audio", "image", "video")
LAYOUTS = (None, "nhwc", "nchw")
DTYPES = ("uint8", "float32")
REQUIRED = {"latent_dim", "prior", "num_classes", "kind", "layout", "static_batch"}
MAX_SIZE = 2**31  # elements of one sample


def parse_facts(text, path):
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
        facts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(path, "metadata", text[:80], "be JSON") from error
    if not isinstance(facts, dict):
        raise _refused(path, "metadata", facts, "be a JSON object")
    if facts.get("latents") != SPECIFICATION:
        raise invalid(
            f"The file's codes must be drawn as {SPECIFICATION} says.",
            {"latents": facts.get("latents")},
            "Sample with the version of kgan that exported it, or a later one.",
        )
    for key in REQUIRED - facts.keys():
        raise _refused(path, key, "nothing", "be told")
    for key, (rule, holds) in RULES.items():
        if not holds(facts.get(key)):
            raise _refused(path, key, facts.get(key), rule)
    names = facts.get("class_names")
    if names is not None and len(names) != facts["num_classes"]:
        raise _refused(path, "class_names", names, "hold one name a class")
    return facts


def check_interface(facts, inputs, outputs, path):
    """Raises unless a graph takes and gives what its metadata say.

    Args:
        facts: What `parse_facts` returned.
        inputs: Dict from names to shapes, in which a size may be a name.
        outputs: The same for the outputs.
        path: Path of the file, for the message.

    Raises:
        ValueError: If they differ.
    """
    if facts.get("network") == "encoder":
        raise invalid(
            "A sampler needs a generator.",
            {"path": str(path), "network": "encoder"},
            "Run an encoder by onnxruntime: see BiGAN in kgan's documentation.",
        )
    expected = {"z": [facts["latent_dim"]]}
    if facts["num_classes"] is not None:
        expected["label"] = []
    for extra in facts.get("extra_inputs") or []:
        expected[extra["name"]] = extra["shape"]
    given = {name: list(shape[1:]) for name, shape in inputs.items()}
    if given.get("truncation") == []:
        del given["truncation"]
    if given != expected:
        raise _refused(path, "inputs", inputs, f"be {expected}, after the batch")
    shapes = {x["name"]: x["shape"] for x in facts.get("outputs") or []}
    found = {name: list(shape[1:]) for name, shape in outputs.items()}
    if shapes and (
        shapes.keys() != found.keys()
        or any(
            len(shape) != len(found[name])
            or any(
                isinstance(b, int) and a != b
                for a, b in zip(shape, found[name], strict=True)
            )
            for name, shape in shapes.items()
        )
    ):
        raise _refused(path, "outputs", outputs, f"be {shapes}, after the batch")


def _refused(path, key, value, rule):
    shown = value if len(repr(value)) < 200 else f"{repr(value)[:200]}…"
    return invalid(
        f"The `{key}` of an exported generator must {rule}.",
        {"path": str(path), key: shown},
        "The file is damaged or no export of kgan: export the generator again.",
    )


def _is_count(value, limit):
    # Not a bool, which is an int in Python.
    return type(value) is int and 1 <= value <= limit


def _is_shape(value, low=1):
    return (
        isinstance(value, list)
        and low <= len(value) <= 4
        and all(_is_count(size, MAX_SIZE) for size in value)
        and math.prod(value) <= MAX_SIZE
    )


def _are_extras(value):
    return value is None or (
        isinstance(value, list)
        and all(
            isinstance(x, dict)
            and isinstance(x.get("name"), str)
            and _is_shape(x.get("shape"), low=0)
            and x.get("distribution") in tuple(DISTRIBUTIONS)
            for x in value
        )
    )


def _are_outputs(value):
    return value is None or (
        isinstance(value, list)
        and all(
            isinstance(x, dict)
            and isinstance(x.get("name"), str)
            and x.get("kind") in KINDS
            and _is_shape(x.get("shape"))
            and x.get("layout") in LAYOUTS
            and x.get("dtype") in DTYPES
            for x in value
        )
    )


def _are_names(value):
    return value is None or (
        isinstance(value, list) and all(isinstance(name, str) for name in value)
    )


RULES = {
    "latent_dim": ("be a size up to 2**20", lambda x: _is_count(x, 2**20)),
    "prior": (f"be one of {', '.join(PRIORS)}", lambda x: x in tuple(PRIORS)),
    "num_classes": (
        "be null or a number up to 2**31",
        lambda x: x is None or _is_count(x, 2**31),
    ),
    "kind": (f"be one of {', '.join(KINDS)}", lambda x: x in KINDS),
    "layout": ("be null, nhwc or nchw", lambda x: x in LAYOUTS),
    "static_batch": (
        "be null or a number up to 2**16",
        lambda x: x is None or _is_count(x, 2**16),
    ),
    "sample_shape": (
        "be one to four sizes of 2**31 numbers at most",
        lambda x: x is None or _is_shape(x),
    ),
    "class_names": ("be null or texts", _are_names),
    "extra_inputs": ("tell names, shapes and distributions", _are_extras),
    "outputs": ("tell names, kinds, shapes, layouts and dtypes", _are_outputs),
}
