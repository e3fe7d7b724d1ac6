"""A shape for the pictures of a folder, proposed from what the files hold."""

import math
import statistics

# Pixels of the longer side: what a network learns within an hour on two cores.
LONGEST = 64


def propose_shape(headers):
    """Returns an image shape that fits most of the pictures of a folder.

    Sizes that are all equal and serve every network, multiples of 4 from 8 to 64, stay.
    Otherwise the longer side becomes 64, or the multiple of 8 below that of the middle
    picture if this is smaller, and the other side follows their middle ratio. There is
    a channel for transparency where more than half of the pictures have it.

    Args:
        headers: List of `(height, width, channels, clear)`: whether a picture has
            transparency.

    Returns:
        `(height, width, channels)`.
    """
    sizes = {header[:2] for header in headers}
    height, width = sizes.pop() if len(sizes) == 1 else (0, 0)
    if not all(8 <= side <= LONGEST and side % 4 == 0 for side in (height, width)):
        longer = statistics.median(max(header[:2]) for header in headers)
        longer = max(8, min(LONGEST, int(longer) // 8 * 8))
        ratio = statistics.median(math.log(h / w) for h, w, *_ in headers)
        shorter = max(8, round(longer * math.exp(-abs(ratio)) / 4) * 4)
        height, width = (longer, shorter) if ratio > 0 else (shorter, longer)
    clear = sum(header[3] for header in headers) > len(headers) / 2
    return height, width, max(header[2] for header in headers) + clear
