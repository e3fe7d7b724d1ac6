import pytest

from kgan.cli.options import parse_devices, parse_image_shape, parse_settings


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


def test_devices():
    assert parse_devices(None) is None
    assert parse_devices("2") == 2
    assert parse_devices("gpu:0, gpu:2") == ["gpu:0", "gpu:2"]
    for text in ("0", "two", "0,1", "-1"):
        with pytest.raises(ValueError, match="a number of devices, or names"):
            parse_devices(text)
