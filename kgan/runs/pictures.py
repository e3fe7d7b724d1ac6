"""Samples as pictures: for PNG files, and inside HTML that needs no other file.

Needs no TensorFlow.
"""

import base64
from html import escape

import numpy as np

from kgan._core.errors import invalid
from kgan._core.images import encode_png, grey_levels, tile

COLUMNS = 25


def to_levels(samples):
    """Returns samples as grey levels, uint8, as exported graphs give them.

    Unlike `kgan._core.images.to_uint8` it cuts off what lies beyond [-1, 1], which
    generators without a last activation may draw.
    """
    if samples.dtype == np.uint8:
        return samples
    return grey_levels(samples).astype(np.uint8)


def to_pictures(samples):
    """Returns uint8 images `[n, H, W, C]`; several outputs' images side by side."""
    parts = list(samples.values()) if isinstance(samples, dict) else [samples]
    shapes = [part.shape[1:] for part in parts]
    if len({(len(shape), shape[0], shape[-1]) for shape in shapes}) > 1 or any(
        len(shape) != 3 for shape in shapes
    ):
        raise invalid(
            "PNG files hold images [H, W, C], several outputs side by side.",
            {"sample shapes": shapes},
            "Use `kgan.GAN.generate` or `kgan_export.Sampler` in Python.",
        )
    return np.concatenate([to_levels(part) for part in parts], axis=2)


def embed_grid(images, alt):
    """Returns the HTML of uint8 images `[N, H, W, C]` in one picture."""
    return _embed(encode_png(tile(images, COLUMNS)), "png", "pixels", alt)


def embed_file(path, style):
    """Returns the HTML of a picture in a file.

    Args:
        path: The file, a `Path`.
        style: Class of the image in the page's style sheet.
    """
    return _embed(path.read_bytes(), path.suffix[1:], style, path.stem)


def _embed(content, kind, style, alt):
    data = base64.b64encode(content).decode()
    source = f"data:image/{kind};base64,{data}"
    return f'<img class="{style}" alt="{escape(alt)}" src="{source}">'
