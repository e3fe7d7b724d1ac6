"""Files of a run, named by their step."""

import re
from pathlib import Path


def step_path(folder, step, suffix):
    """Returns the path `folder/step_000500.png` of step 500."""
    return Path(folder) / f"step_{step:06d}{suffix}"


def step_files(folder, suffix):
    """Returns a dict from steps, rising, to the files that `step_path` names."""
    pattern = re.compile(r"step_(\d+)" + re.escape(suffix))
    found = {}
    for path in Path(folder).glob(f"step_*{suffix}"):
        if match := pattern.fullmatch(path.name):
            found[int(match[1])] = path
    return dict(sorted(found.items()))
