"""What a command shows of an error: one message, in which a terminal obeys nothing."""

import contextlib
import sys

import click

from kgan._core.errors import printable
from kgan._core.quiet import is_debug

# FloatingPointError: a training that diverged.
USER_ERRORS = (ValueError, OSError, ImportError, FloatingPointError, MemoryError)


@contextlib.contextmanager
def one_message(*errors, reword=str):
    """Ends a command with one message and exit code 1 where its body fails.

    That holds for `USER_ERRORS`, TensorFlow's own errors and those given; any other is
    a fault of kgan and keeps its traceback. With `kgan --debug` all do.

    Args:
        *errors: Further classes of errors.
        reword: Function from a message to what is said.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except Exception as error:
        of_tensorflow = _of_tensorflow()
        known = isinstance(error, (*USER_ERRORS, *errors, *of_tensorflow))
        if is_debug() or not known:
            raise
        text = printable(error)
        first = text.strip().split("\n")[0][:300]  # what follows is the whole graph
        if (
            isinstance(error, MemoryError)
            or type(error).__name__ == "ResourceExhaustedError"
        ):
            text = (
                f"The memory is used up. {first}\nUse a smaller --batch-size, "
                "--accumulate, smaller networks or smaller images."
            )
        elif isinstance(error, of_tensorflow):
            text = (
                f"TensorFlow failed, by {type(error).__name__}: {first}\n"
                "`kgan --debug` shows where."
            )
        raise click.ClickException(reword(text)) from error


def _of_tensorflow():
    """A tuple of the class of TensorFlow's errors, empty unless it was loaded."""
    errors = getattr(sys.modules.get("tensorflow"), "errors", None)
    return () if errors is None else (errors.OpError,)
