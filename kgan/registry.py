"""Selection of a loss, penalty or prior by instance or by name."""

import inspect
import re

from kgan.errors import invalid


def snake_case(name):
    """Returns `"non_saturating"` for `"NonSaturating"` and `"r1"` for `"R1"`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def classes(module, base):
    """Returns a dict from snake-case names to the subclasses that a module exports."""
    return {
        snake_case(name): value
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, base) and value is not base
    }


def resolve(identifier, module, base, argument):
    """Returns an instance of `base` from an instance or the name of a class.

    Args:
        identifier: An instance of `base`, or a name such as `"hinge"`.
        module: The package that exports the classes.
        base: Their base class.
        argument: Name of the user's argument, for the error.

    Raises:
        ValueError: If the name is unknown, or the type is neither.
    """
    if isinstance(identifier, base):
        return identifier
    known = classes(module, base)
    if not isinstance(identifier, str) or identifier not in known:
        raise invalid(
            f"`{argument}` must be a `{base.__name__}` or one of the names "
            f"{', '.join(sorted(known))}.",
            {argument: identifier},
            f"Use a known name or an instance of a `{base.__name__}` subclass.",
        )
    return known[identifier]()
