"""What all commands share: an error or a warning is one message."""

import click

from kgan._core.quiet import is_debug, shorten_warnings
from kgan_export.errors import ExportError

# FloatingPointError: a training that diverged.
USER_ERRORS = (ValueError, OSError, ImportError, FloatingPointError, ExportError)


class Commands(click.Group):
    """A group of commands that shows users' mistakes as one message.

    An error of `USER_ERRORS` ends a command with its message and exit code 1. With
    `--debug` the traceback is shown.
    """

    def invoke(self, ctx):
        if not is_debug():
            shorten_warnings()
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except USER_ERRORS as error:
            if is_debug():
                raise
            raise click.ClickException(str(error)) from error
