"""PNG files through the standard library, so that sampling needs no Pillow."""

import struct
import zlib

COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels: grey, grey + alpha, RGB, RGBA


def encode_png(image):
    """Encodes an image losslessly.

    Args:
        image: uint8 array `[height, width, channels]` with 1 to 4 channels.

    Returns:
        The bytes of a PNG file.

    Reference:

    - [PNG specification](https://www.w3.org/TR/png-3/)
    """
    height, width, channels = image.shape
    header = struct.pack(">2I5B", width, height, 8, COLOR_TYPES[channels], 0, 0, 0)
    # Each row starts with the number of its filter: 0, none.
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
