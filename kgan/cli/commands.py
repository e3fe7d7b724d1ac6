"""What all commands share: an error or a warning is one message."""

import re

import click

from kgan._core.quiet import is_debug, shorten_warnings
from kgan._core.terminal import one_message
from kgan_export.errors import ExportError

# What arguments are called on the command line, beside options of the same name.
_ALIASES = {
    "name": "--preset",
    "source": "--data",
}
_RANGE = re.compile(r"\bvalue_range=[(\[]([^,()]+), ([^,()\]]+)[)\]]")
_SHAPE = re.compile(r"\bimage_shape=\((\d+), (\d+), (\d+)\)")


class Commands(click.Group):
    """A group of commands that shows users' mistakes as one message.

    An error of `kgan._core.terminal.USER_ERRORS` ends a command with its message and
    exit code 1. The message names options, where Python names arguments. With `--debug`
    the traceback is shown.
    """

    def invoke(self, ctx):
        if not is_debug():
            shorten_warnings()

        def reword(text):
            return by_options(text, self.commands.get(ctx.invoked_subcommand))

        with one_message(ExportError, reword=reword):
            return super().invoke(ctx)


def by_options(text, command):
    """Returns a message in which options stand for arguments in Python.

    Args:
        text: The message.
        command: The click command, whose options are meant.
    """
    names = _options(command)
    shown = {**_ALIASES, **names} if "--preset" in names.values() else names
    if "image_shape" in names:
        text = _SHAPE.sub(r"--image-shape \1x\2x\3", text)
    if "value_range" in names:
        text = _RANGE.sub(r"--value-range \1 \2", text)
    for name, option in shown.items():
        word = re.escape(name)
        text = re.sub(rf"`{word}`", f"`{option}`", text)
        text = re.sub(rf"(?<![\w.(-]){word}=(?=\S)", f"{option}=", text)
    return text


def _options(command):
    """Returns a dict from the names of arguments to the options of a command."""
    found = {}
    for part in getattr(command, "commands", {}).values():
        found |= _options(part)
    for option in getattr(command, "params", []):
        if isinstance(option, click.Option):
            found[option.name] = max(option.opts, key=len)
    return found
