"""Where the time of a run goes."""

import contextlib
import time

# The parts of a run, in the order in which they are shown.
STARTUP = "start-up"
FEATURES = "features of scores"
TRAINING = "training"
SCORES = "scores, pictures, checkpoints"
EXPORTS = "exports"
REPORT = "report"
_PARTS = (STARTUP, FEATURES, TRAINING, SCORES, EXPORTS, REPORT)


class Durations:
    """A clock of the parts of a run: every second belongs to the one that is going on.

    It starts in `STARTUP`, which lasts until the first step has been traced and made.

    Example:

    >>> durations = Durations()
    >>> with durations.during(FEATURES):
    ...     train_classifier()
    >>> durations.seconds
    {'start-up': 3.9, 'features of scores': 8.2}
    """

    def __init__(self):
        self._seconds = {}
        self._part, self._since = STARTUP, time.perf_counter()

    @property
    def seconds(self):
        """Dict from the parts so far to their seconds, floats."""
        self.turn_to(self._part)
        return {p: self._seconds[p] for p in _PARTS if p in self._seconds}

    def turn_to(self, part):
        """Begins or goes on with a part; the one before it is over.

        Args:
            part: One of the names above.
        """
        now = time.perf_counter()
        spent = self._seconds.get(self._part, 0.0) + now - self._since
        self._seconds[self._part] = spent
        self._part, self._since = part, now

    @contextlib.contextmanager
    def during(self, part):
        """Turns to a part for the time of a context, and then back."""
        before = self._part
        self.turn_to(part)
        try:
            yield
        finally:
            self.turn_to(before)
