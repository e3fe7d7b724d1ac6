"""The error of an export that did not hold."""


class ExportError(RuntimeError):
    """An export could not be converted or did not reproduce the generator.

    Nothing was written: a file that existed before is intact.
    """
