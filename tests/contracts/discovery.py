"""Finds what kgan has, so that a new class is tested without being listed."""

import importlib
import inspect
import pkgutil

import kgan
from kgan._core.registry import snake_case


def discover(base):
    """Returns an instance, of default arguments, of each subclass of `base` in kgan."""
    classes = []
    for module in pkgutil.walk_packages(kgan.__path__, "kgan."):
        if ".cli" in module.name:
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(value) and issubclass(value, base) and value is not base:
                if value.__module__.startswith("kgan.") and value not in classes:
                    classes.append(value)
    assert classes, f"no subclass of {base.__name__} found"
    return [cls() for cls in classes]


def name(instance):
    return snake_case(type(instance).__name__)


def families():
    """Returns the modules of `kgan.networks` that have both players, by name."""
    modules = inspect.getmembers(kgan.networks, inspect.ismodule)
    return {key: module for key, module in modules if hasattr(module, "generator")}
