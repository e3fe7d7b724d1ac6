"""What every format must tell."""

import pytest

from kgan_export.formats import FORMATS, get_format
from kgan_export.formats.base import Format
from kgan_export.precision import PRECISIONS


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_a_class_that_tells_what_it_writes(name):
    format_ = get_format(name)
    assert isinstance(format_, Format)
    # A file is known by its suffix, a folder by a file in it.
    assert format_.suffix.startswith(".") != (format_.marker is not None)
    assert "fp32" in format_.precisions
    assert set(format_.precisions) <= set(PRECISIONS)
    assert format_.precisions == ("fp32",) or format_.holds_onnx


def test_an_unknown_format_is_told_with_those_known():
    with pytest.raises(ValueError, match="`format` must be one of onnx, .*web"):
        get_format("tflite")
