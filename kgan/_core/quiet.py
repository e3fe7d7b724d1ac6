"""TensorFlow without its start-up notes."""

import contextlib
import os
import sys
import tempfile
import warnings

import click

from kgan._core.errors import printable


def load_tensorflow():
    """Imports TensorFlow for a command: quietly, and with brief warnings from then on.

    With `kgan --debug` everything is shown.

    Raises:
        ImportError: If TensorFlow is not installed.
    """
    if is_debug():
        return
    shorten_warnings()
    import_tensorflow()


def shorten_warnings():
    """Makes warnings one line on standard error, and hides those of libraries."""
    warnings.filterwarnings("ignore", module=r"(keras|tensorflow|tf2onnx|google)\.")
    warnings.showwarning = _show_warning


def import_tensorflow():
    """Imports TensorFlow without its notes about drivers and options.

    `TF_CPP_MIN_LOG_LEVEL` silences what TensorFlow logs later, such as Grappler's
    "remapper failed" in the first training step, but not what it prints before its log
    is set up. Where TensorFlow was loaded already, or under `kgan --debug`, all stays
    as it is.

    Raises:
        ImportError: If TensorFlow is not installed.
    """
    if "tensorflow" in sys.modules or is_debug():
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _captured_stderr():
            import tensorflow as tf
    except ImportError as error:
        raise ImportError(
            f"This needs the training packages. Received: {error}. "
            'Install them with: pip install "kgan[train]"'
        ) from error
    tf.get_logger().setLevel("ERROR")


def is_debug():
    """Returns whether the user asked for `kgan --debug`."""
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().params.get("debug"))


@contextlib.contextmanager
def _captured_stderr():
    """Holds back what the process writes to standard error, unless the body raises.

    Native code writes to the file descriptor, past `sys.stderr`.
    """
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as captured:
        os.dup2(captured.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
            if failed:
                captured.seek(0)
                os.write(2, captured.read())


def _show_warning(message, category, filename, lineno, file=None, line=None):
    click.echo(printable(f"Warning: {message}"), err=True)
