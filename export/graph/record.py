"""What one rewrite of a graph did, and why it did no more."""

import dataclasses


@dataclasses.dataclass
class Record:
    """The outcome of one rewrite, an entry of `ExportReport.rewrites`.

    Args:
        rewrite: Name of the rewrite.
        done: Names of the values that are computed in a new way, or sentences.
        left: Dict from names of values that stayed as they were to the reasons.
        failed: Why the whole rewrite was taken back, or `None` if it was not.
    """

    rewrite: str
    done: list = dataclasses.field(default_factory=list)
    left: dict = dataclasses.field(default_factory=dict)
    failed: str | None = None

    def did(self, what):
        """Notes the name of a value that is computed in a new way, or a sentence."""
        self.done.append(what)

    def leave(self, name, reason):
        """Notes why the value `name` is computed as before."""
        self.left[name] = reason
