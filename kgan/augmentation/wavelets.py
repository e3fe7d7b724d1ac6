"""Wavelet filters along one axis of an image, as matrices; beyond its border the image
is mirrored about its outermost pixels.

A filter that is a matrix is differentiable any number of times on any device.
"""

import numpy as np

# Low-pass filters of the symlets, as PyWavelets has them.
SYM2 = (
    -0.12940952255092145,
    0.22414386804185735,
    0.836516303737469,
    0.48296291314469025,
)
SYM6 = (
    0.015404109327027373,
    0.0034907120842174702,
    -0.11799011114819057,
    -0.048311742585633,
    0.4910559419267466,
    0.787641141030194,
    0.3379294217276218,
    -0.07263752278646252,
    -0.021060292512300564,
    0.04472490177066578,
    0.0017677118642428036,
    -0.007800708325034148,
)


def doubled(size):
    """Returns the matrix `[2·size - 1, size]` from pixels to twice the resolution.

    Every other sample is a pixel. Those between come from the six pixels on either
    side, by the zero-phase filter of the wavelet sym6: its autocorrelation, which is up
    by sym6 and down again, with nothing left out.
    """
    taps = np.correlate(SYM6, SYM6, "full")  # Zero at even distances but 0.
    matrix = np.zeros((2 * size - 1, size))
    for row in range(2 * size - 1):
        for distance in range(1 - len(SYM6), len(SYM6)):
            if (row + distance) % 2 == 0:
                pixel = mirrored((row + distance) // 2, size)
                matrix[row, pixel] += taps[distance + len(SYM6) - 1]
    return matrix.astype("float32")


def bands(size):
    """Returns the four octave bands of an axis as matrices `[4, size, size]`.

    The first is the lowest; together they leave the image as it is.
    """
    low = np.array(SYM2)
    high = low * (-1.0) ** np.arange(len(low))
    low_pass = np.convolve(low, low[::-1]) / 2
    high_pass = np.convolve(high, high[::-1]) / 2
    bank = np.eye(4, 1)
    for band in range(1, 4):
        # Twice as fine: zeros between the taps, then one more octave.
        bank = np.kron(bank, [1.0, 0.0])[:, :-1]
        bank = np.stack([np.convolve(taps, low_pass) for taps in bank])
        start = (bank.shape[1] - len(high_pass)) // 2
        bank[band, start : start + len(high_pass)] += high_pass
    radius = bank.shape[1] // 2
    matrices = np.zeros((4, size, size))
    for row in range(size):
        for tap in range(bank.shape[1]):
            matrices[:, row, mirrored(row + tap - radius, size)] += bank[:, tap]
    return matrices.astype("float32")


def mirrored(index, size):
    """Returns the pixel that stands at an index, which may lie beyond the border."""
    period = 2 * (size - 1)
    index %= period
    return min(index, period - index)
