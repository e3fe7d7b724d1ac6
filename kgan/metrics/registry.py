"""The names under which metrics are chosen, as in `kgan evaluate --metrics fd`."""

from kgan._core.errors import one_of

_METRICS = {}


def metric(name):
    """Registers a function as the metric `name`.

    The function gets the real and the fake `FeatureSet` and returns a dict of scores by
    name: floats, or lists of floats for scores by class.

    Args:
        name: The name by which users choose the metric.
    """

    def register(function):
        _METRICS[name] = function
        return function

    return register


def names():
    """Returns the names of all metrics, sorted."""
    return sorted(_METRICS)


def get(name):
    """Returns the metric function called `name`.

    Raises:
        ValueError: If there is none; the message lists those that exist.
    """
    return _METRICS[one_of("metric", name, names(), "Correct the name.")]
