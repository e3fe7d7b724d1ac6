from scipy.spatial.distance import cdist, pdist


def energy_distance(x, y):
    """Returns the energy distance 2 E‖x - y‖ - E‖x - x'‖ - E‖y - y'‖ of two samples.

    The unbiased estimate: for equal distributions it is 0 up to noise of either sign.

    Args:
        x: Array `[N, d]`.
        y: Array `[M, d]`.

    Reference:

    - [Székely and Rizzo, 2013](https://doi.org/10.1016/j.jspi.2013.03.018)
    """
    return float(2 * cdist(x, y).mean() - pdist(x).mean() - pdist(y).mean())
