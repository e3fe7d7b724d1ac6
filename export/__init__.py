"""kgan_export: exported generators, and `Sampler`, which runs them without TensorFlow.

Each public name, listed in `__init__.pyi`, is imported when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
