"""How long a call takes among its like: shared by scripts of several interpreters."""

import time

SECONDS = 0.2


def seconds_of(run):
    """Returns the mean time of a call, in a burst of calls that follows another.

    What ran before may have left threads that spin and caches that are full of other
    things; an application that samples batch after batch meets neither.
    """
    for _ in range(2):
        count, start = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < SECONDS:
            run()
            count += 1
    return elapsed / count
