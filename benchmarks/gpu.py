"""kgan's settings on a GPU, side by side, and PyTorch if an interpreter has it.

Precision, XLA, TensorFlow's layout optimiser and the batch size, as tables:

    python benchmarks/gpu.py -o FOLDER
    python benchmarks/gpu.py --torch /path/to/python --work dcgan64 --batch 256

The page "Speed" has what an H200 gave for kgan's sides; PyTorch's were not run there.
On a CPU it shows no more than that it works.
"""

import contextlib
import os
import tempfile
from pathlib import Path

import click
from compare import WORKS, difference, machine, race, ratio, settings_of, start, write

# Precision, and the modes of PyTorch that compute alike.
PRECISIONS = {
    "float32": ("eager", "channels_last", "compiled"),
    "mixed_float16": ("float16", "float16 compiled"),
    "mixed_bfloat16": ("bfloat16", "bfloat16 compiled"),
}
# TensorFlow's options, by the name of the side.
OPTIONS = {
    "plain": {"jit_compile": False},
    "XLA": {"jit_compile": True},
    "no layout": {"jit_compile": False, "layout": False},
}


def measure(name, precision, batch, python, rounds, seconds):
    """Measures one work in one precision; returns what `compare.measure` does."""
    settings = settings_of(name, precision=precision, batch_size=batch)
    # Several processes share the GPU's memory.
    environment = {"TF_FORCE_GPU_ALLOW_GROWTH": "true"}
    workers, differences = {}, {}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        path = str(Path(folder, "step.npz"))
        for side, options in OPTIONS.items():
            worker = start(stack, environment, settings=settings, **options)
            workers[f"kgan {side}"] = worker
        step = workers["kgan plain"].ask("check", path=path)
        for mode in PRECISIONS[precision] if python else ():
            worker = workers[f"PyTorch {mode}"] = start(
                stack,
                environment,
                python,
                settings=settings,
                weights=path,
                mode=mode,
                device="cuda",
            )
            # Not a reason to fail, as on a CPU: TF32 and half precision round.
            differences[mode] = difference(step, worker.ask("check"))
        sides = race(workers, rounds, seconds)
    best = max(
        (s for s in sides if s.startswith("kgan")), key=lambda s: sides[s]["median"]
    )
    others = [side for side in sides if side.startswith("PyTorch")]
    ratios = [ratio(sides, best, others)] if others else []
    return {"sides": sides, "ratios": ratios, "differences": differences}


@click.command()
@click.option("--torch", "python", help="A Python interpreter that has PyTorch.")
@click.option("--work", "works", multiple=True, type=click.Choice(list(WORKS)))
@click.option(
    "--precision", "precisions", multiple=True, type=click.Choice(list(PRECISIONS))
)
@click.option("--batch", "batches", multiple=True, type=int, default=[64, 256])
@click.option("--rounds", default=5, show_default=True, help="Turns of each side.")
@click.option("--seconds", default=3.0, show_default=True, help="Of a turn.")
@click.option("-o", "--output", metavar="FOLDER", help="Write Markdown and JSON there.")
def main(python, works, precisions, batches, rounds, seconds, output):
    """Prints real images a second of kgan's settings, and of PyTorch's modes."""
    report = {"machine": machine(), "threads": os.cpu_count(), "isa": None, "works": {}}
    for name in works or WORKS:
        for batch in batches:
            for precision in precisions or PRECISIONS:
                title = f"{name}, batch {batch}, {precision}"
                report["works"][title] = measure(
                    name, precision, batch, python, rounds, seconds
                )
                write(report, output, "gpu")


if __name__ == "__main__":
    main()
