"""`kgan train --resume` in the folder of a run that is alive (a requeued job, a
second terminal): nothing refuses it. The second deletes the first's half-
written checkpoint, renames its checkpoints to .abandoned and rewrites
metrics.jsonl; the first dies ('No such file ... Make room'), and for a while no
checkpoint is left at all.
"""

import glob
import os
import subprocess
import sys
import tempfile
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
with tempfile.TemporaryDirectory() as d:
    run = f"{d}/run"
    first = subprocess.Popen(
        [
            "kgan",
            "train",
            "--preset",
            "mlp",
            "--data",
            "digits",
            "--batch-size",
            "32",
            "--set",
            "generator.width=16",
            "--set",
            "discriminator.width=16",
            "--evaluate-every",
            "0",
            "--steps",
            "1000000",
            "--save-every",
            "5",
            "--out",
            run,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while first.poll() is None and not glob.glob(f"{run}/checkpoints/step_*.keras"):
            time.sleep(0.2)
        second = subprocess.Popen(
            ["kgan", "train", "--resume", "--out", run],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        end = time.monotonic() + 400
        while (
            second.poll() is None
            and not glob.glob(f"{run}/checkpoints/*.abandoned")
            and time.monotonic() < end
        ):
            time.sleep(0.2)
        fault = [] if second.poll() not in (None, 0) else ["the second was let in"]
        if gone := glob.glob(f"{run}/checkpoints/*.abandoned"):
            fault.append(f"{len(gone)} checkpoints of the first were renamed")
        if first.poll() is not None:
            fault.append("the first died")
    finally:
        for p in (first, second):
            if p.poll() is None:
                p.kill()
                p.wait()
print("FAULT " + "; ".join(fault) if fault else "OK")
sys.exit(bool(fault))
