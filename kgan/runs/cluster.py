"""What `TF_CONFIG` says of the processes that train together. Needs no TensorFlow."""

import dataclasses
import json
import os

from kgan._core.errors import invalid


@dataclasses.dataclass(frozen=True)
class Cluster:
    """The workers of a training, and which of them this process is.

    Attributes:
        workers: Number of workers.
        is_chief: Whether this one writes the files of the run.
    """

    workers: int = 1
    is_chief: bool = True


def read_cluster():
    """Returns the `Cluster` of `TF_CONFIG`; without it this process trains alone.

    Raises:
        ValueError: If `TF_CONFIG` cannot be read.
    """
    text = os.environ.get("TF_CONFIG", "")
    if not text.strip():
        return Cluster()
    try:
        config = json.loads(text)
        jobs = config.get("cluster", {})
        chiefs, workers = jobs.get("chief", []), jobs.get("worker", [])
        task = config.get("task", {"type": "worker", "index": 0})
        kind, index = task["type"], int(task["index"])
        position = index if kind == "chief" else len(chiefs) + index
        count = len(chiefs) + len(workers)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _invalid(text) from error
    if kind not in ("chief", "worker") or not 0 <= position < max(count, 1):
        raise _invalid(text)
    return Cluster(max(count, 1), position == 0)


def _invalid(text):
    return invalid(
        "TF_CONFIG must be JSON with the addresses of the workers, and the index of "
        "this one.",
        {"TF_CONFIG": text},
        'Set for instance {"cluster": {"worker": ["a:2222", "b:2222"]}, "task": '
        '{"type": "worker", "index": 0}}, or unset it.',
    )
