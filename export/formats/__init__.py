"""The formats of an export: one class in one file each, and its line in `FORMATS`.

`base.py` says what a format must do. The classes are loaded when they are asked for, so
that `kgan-export --help` needs no TensorFlow.
"""

import pkgutil

from kgan._core.errors import one_of

FORMATS = {
    "onnx": "kgan_export.formats.onnx_format:OnnxFormat",
    "saved_model": "kgan_export.formats.saved_model_format:SavedModelFormat",
    "litert": "kgan_export.formats.litert_format:LiteRTFormat",
    "web": "kgan_export.formats.web_format:WebFormat",
}


def get_format(name):
    """Returns the `Format` of a name.

    Raises:
        ValueError: If there is none.
    """
    one_of("format", name, FORMATS, "Use onnx to sample without TensorFlow.")
    return pkgutil.resolve_name(FORMATS[name])()
