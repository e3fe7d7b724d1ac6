"""One schema: what is written is checked by the rules by which it is read."""

import json

import pytest
from small_generators import dcgan, mlp

from kgan_export.interface import INTERFACES, get_interface
from kgan_export.interface.base import Interface
from kgan_export.interface.metadata import SCHEMA, as_text, collect, parse
from kgan_export.source import read_source


def metadata_of(generator, **known):
    source = read_source(generator, **known)
    interface = get_interface("generator").of(source, "nhwc", None, None)
    return collect(source, interface, 17, "fp32")


def test_what_is_written_is_read_again():
    metadata = metadata_of(dcgan(3), class_names=("a", "b", "c"))
    assert list(metadata) == list(SCHEMA)
    assert parse(json.dumps(metadata), "g.onnx") == metadata


def test_what_would_be_refused_is_not_written():
    with pytest.raises(ValueError, match="`class_names` .* must be null or texts"):
        metadata_of(dcgan(2), class_names=[1, 2])


def test_a_file_of_an_earlier_version_has_fewer_keys():
    metadata = metadata_of(mlp((4,)))
    later = {"network", "condition_shape", "inputs"}
    old = {key: value for key, value in metadata.items() if key not in later}
    assert parse(json.dumps(old), "g.onnx") == metadata | dict.fromkeys(later)


@pytest.mark.parametrize("key", [name for name, key in SCHEMA.items() if key.required])
def test_what_sampling_needs_must_be_told(key):
    metadata = metadata_of(mlp((4,)))
    del metadata[key]
    with pytest.raises(ValueError, match=f"`{key}` .* must be told.*\nReceived: path="):
        parse(json.dumps(metadata), "g.onnx")


def test_text_leaves_out_what_is_unknown():
    text = as_text(metadata_of(mlp((4,))))
    assert "latent_dim      6" in text.splitlines()
    assert "dataset" not in text


def test_what_is_longer_than_any_reader_takes_is_not_written():
    names = tuple("n" * 4000 for _ in range(2000))
    with pytest.raises(ValueError, match="`class_names` .* smaller than 4 MB"):
        metadata_of(dcgan(2000), class_names=names)


@pytest.mark.parametrize(
    "name",
    ["\x1b]0;owned\x07\x1b[2J", "\x9b2J", "a\nlicence  MIT", "\u202eMIT", "\ud800"],
)
def test_text_holds_nothing_that_a_terminal_obeys(name):
    text = as_text({"dataset": name, "class_names": [name, "é"]})
    assert text.replace("\n", "").isprintable() and text.count("\n") == 1
    assert "é" in text


@pytest.mark.parametrize("network", INTERFACES)
def test_an_interface_is_a_class_for_a_network(network):
    interface = get_interface(network)
    assert issubclass(interface, Interface) and interface.network == network
