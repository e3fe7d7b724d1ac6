"""kgan: generative adversarial networks for Keras 3.

Importing kgan is fast and loads neither TensorFlow nor Keras: each public name, listed
in `__init__.pyi`, is imported when it is first used. Where TensorFlow was not loaded
before, it sets the environment variables with which TensorFlow is faster here.
"""

import sys

import lazy_loader

from kgan._core import switches as _switches
from kgan._version import __version__ as __version__

_lazy_getattr, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name):
    try:
        return _lazy_getattr(name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("kgan", ""):
            raise
        raise ImportError(
            f"`kgan.{name}` needs the training packages. Received: {error}. "
            'Install them with: pip install "kgan[train]"'
        ) from error


_switches.set_switches()

if "keras" in sys.modules:
    # Keras was paid for already: register, so that `keras.models.load_model` works.
    import kgan.saving as _  # noqa: F401
