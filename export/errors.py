"""The error of an export that did not hold, or does not run."""


class ExportError(RuntimeError):
    """An export could not be converted, did not reproduce the generator, or fails when
    it runs.

    Nothing was written: a file that existed before is intact.
    """
