"""Brings images of any size and mode to one shape."""

import numpy as np

from kgan._core.errors import invalid, one_of

METHODS = ("crop", "letterbox")


# Pillow's names of images by their number of channels.
_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def check_resize(image_shape, resize):
    """Checks `image_shape` (or None) and `resize` before any image is decoded."""
    one_of(
        "resize",
        resize,
        METHODS,
        'Use "crop" to fill the frame, "letterbox" to keep the whole picture.',
    )
    if image_shape is None or image_shape == "auto":
        return
    sizes = tuple(image_shape)
    if len(sizes) != 3 or min(sizes) < 1 or sizes[2] > 4:
        raise invalid(
            "`image_shape` must be `(height, width, channels)` with 1 to 4 channels: "
            "grey, grey and alpha, RGB, RGBA.",
            {"image_shape": sizes},
            "Use, for example, (64, 64, 3).",
        )


def to_shape(image, image_shape, resize="crop"):
    """Turns a Pillow image into a uint8 array `[H, W, C]` of the asked shape.

    The orientation that a camera noted is applied, transparency is laid over white
    unless there is a channel for it, 16-bit grey is reduced to 8, and the picture is
    resized by Lanczos's filter, which averages over all source pixels when it shrinks.

    Args:
        image: A `PIL.Image.Image`.
        image_shape: `(height, width, channels)`: 1 is grey, 2 grey and alpha, 3 RGB, 4
            RGBA.
        resize: "crop" fills the frame and cuts what stands out, evenly on both sides;
            "letterbox" keeps the whole picture and adds black bars.
    """
    from PIL import Image, ImageOps

    height, width, channels = image_shape
    turns = orientation(image)
    if image.mode.startswith("I;16"):
        image = _from_16_bits(image)
    elif image.mode in ("I", "F"):
        raise ValueError(
            f"pixels of 32 bits, Pillow's mode {image.mode}, have no range"
        )
    if image.has_transparency_data and channels in (1, 3):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    image = image.convert(_MODES[channels])
    if turns in _TURNS:
        image = image.transpose(_TURNS[turns])
    place = ImageOps.fit if resize == "crop" else ImageOps.pad
    image = place(image, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(image).reshape(image_shape)


# By the number that a camera noted, those of `PIL.Image.Transpose`: FLIP_LEFT_RIGHT,
# ROTATE_180, FLIP_TOP_BOTTOM, TRANSPOSE, ROTATE_270, TRANSVERSE, ROTATE_90.
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}


def orientation(image):
    """Returns the orientation that a camera noted, 1 where it cannot be read.

    Pillow's `exif_transpose` fails where other notes are damaged.
    """
    try:
        return image.getexif().get(0x0112, 1)
    except Exception:  # readers of EXIF raise many kinds
        return 1


def _from_16_bits(image):
    """Returns a 16-bit grey image in 8 bits; what is transparent in it stays so."""
    from PIL import Image

    pixels = np.asarray(image)
    grey = Image.fromarray((pixels >> 8).astype("uint8"))
    clear = image.info.get("transparency")
    if not isinstance(clear, int):
        return grey
    alpha = Image.fromarray(np.where(pixels == clear, 0, 255).astype("uint8"))
    return Image.merge("LA", (grey, alpha))


def resize_all(images, image_shape, resize="crop"):
    """Brings uint8 images `[N, H, W, C]` to `image_shape`; None leaves them."""
    check_resize(image_shape, resize)
    if image_shape is None or images.shape[1:] == tuple(image_shape):
        return images
    from PIL import Image

    if images.shape[-1] == 1:
        images = images[..., 0]
    return np.stack(
        [to_shape(Image.fromarray(image), image_shape, resize) for image in images]
    )
