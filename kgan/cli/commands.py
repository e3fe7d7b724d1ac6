"""What all commands share: an error is one message, not a traceback."""

import click

from kgan._core.quiet import is_debug
from kgan_export.errors import ExportError

# FloatingPointError: a training that diverged.
USER_ERRORS = (ValueError, OSError, ImportError, FloatingPointError, ExportError)


class Commands(click.Group):
    """A group of commands that shows users' mistakes as one message.

    An error of `USER_ERRORS` ends a command with its message and exit code 1. With
    `--debug` the traceback is shown.
    """

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except USER_ERRORS as error:
            if is_debug():
                raise
            raise click.ClickException(str(error)) from error
