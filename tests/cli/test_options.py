import pytest

from kgan.cli.options import parse_image_shape, parse_settings
from kgan.cli.run_folder import changes


def test_settings_are_json_or_strings():
    texts = [
        "generator.width=32",
        "loss=hinge",
        "ema_decay=0.5",
        "penalties.r1.weight=2",
    ]
    assert parse_settings(texts) == {
        "generator": {"width": 32},
        "loss": "hinge",
        "ema_decay": 0.5,
        "penalties": {"r1": {"weight": 2}},
    }


@pytest.mark.parametrize(
    "texts",
    [["width"], ["=3"], ["a..b=1"], ["seed=1"], ["name=dcgan"], ["a=1", "a.b=2"]],
)
def test_settings_refused(texts):
    with pytest.raises(ValueError, match="Received: set="):
        parse_settings(texts)


def test_image_shape():
    assert parse_image_shape("32x24x3") == [32, 24, 3]
    assert parse_image_shape(None) is None
    for text in ("32", "32x32", "0x8x1", "axbxc"):
        with pytest.raises(ValueError, match="32x32x3"):
            parse_image_shape(text)


def test_changes_are_named_by_path():
    old = {"a": 1, "table": {"b": 2, "c": 3}}
    assert changes(old, {"a": 1, "table": {"b": 2}}) == {}
    assert changes(old, {"a": 5, "table": {"b": 9, "new": 0}}) == {
        "a": "a: 1 -> 5",
        "table.b": "table.b: 2 -> 9",
        "table.new": "table.new: None -> 0",
    }
