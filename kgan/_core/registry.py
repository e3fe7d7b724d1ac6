"""Selection of a loss, penalty or prior by instance or by name."""

import inspect
import re

from kgan._core.errors import invalid


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


def create(name, module, base, argument, **options):
    """Returns an instance of the subclass of `base` that a module exports by a name.

    Args:
        name: A name such as `"hinge"`.
        module: The package that exports the classes.
        base: Their base class.
        argument: Name of the user's argument, for the error.
        **options: The constructor's arguments.

    Raises:
        ValueError: If the name is unknown.
    """
    known = classes(module, base)
    if not isinstance(name, str) or name not in known:
        raise invalid(
            f"`{argument}` must be a `{base.__name__}` or one of the names "
            f"{', '.join(sorted(known))}.",
            {argument: name},
            f"Use a known name or an instance of a `{base.__name__}` subclass.",
        )
    return known[name](**options)


def resolve(identifier, module, base, argument):
    """Returns `identifier` if it is a `base`, else what `create` makes of the name."""
    if isinstance(identifier, base):
        return identifier
    return create(identifier, module, base, argument)
