"""kgan's `fit` beside PyTorch: the same networks, updates, data and threads.

    python benchmarks/compare.py --torch /path/to/python
    python benchmarks/compare.py --torch PYTHON --work dcgan64 --mode compiled

Each side is a process of its own, and they take turns, so that every round is a pair.
Before that, each side makes a step from the same weights, images and codes: unless
losses and norms of gradients agree, the command fails. What is compared are PyTorch's
networks and loop as `compare_torch.py` states them, which is how a good user of PyTorch
would.
"""

import contextlib
import json
import os
import platform
import re
import sys
import tempfile
from pathlib import Path

import click
import numpy as np
from turns import Worker

import kgan

FOLDER = Path(__file__).parent
# Preset, image shape, classes, changes of the preset's settings.
WORKS = {
    "dcgan28": ("dcgan", (28, 28, 1), None, {"batch_size": 64, "prior": "normal"}),
    "dcgan64": ("dcgan", (64, 64, 3), None, {"batch_size": 32, "prior": "normal"}),
    "dcgan-sn": ("dcgan-sn", (28, 28, 1), 10, {"decay": "none"}),
    "wgan-gp32": ("wgan-gp", (32, 32, 3), None, {}),
}
# PyTorch's modes, and the precision of kgan that each is compared with.
MODES = {
    "eager": "float32",
    "channels_last": "float32",
    "compiled": "float32",
    "bfloat16": "mixed_bfloat16",
    "bfloat16 compiled": "mixed_bfloat16",
}
TOLERANCE = 1e-3
SAMPLES = 4000
WARM_UP = 1.0
# What makes libraries leave out the instructions of newer processors.
ISAS = {
    "avx2": {
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    }
}
FEATURES = "avx2|fma|avx512f|avx512_vnni|avx512_bf16|avx512_fp16|amx_bf16|amx_int8"


def cpu_with(threads):
    """Returns the variables that give a process of either side threads, and no GPU."""
    names = ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return dict.fromkeys(names, str(threads)) | {"CUDA_VISIBLE_DEVICES": "-1"}


def machine():
    """Returns the processor, and those of its features that matter here."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        text = ""
    name = re.search(r"model name\s*: (.*)", text)
    return {
        "processor": name[1] if name else platform.processor() or platform.machine(),
        "features": re.findall(rf"\b({FEATURES})\b", text.partition("\n\n")[0]),
        "cores": os.cpu_count(),
    }


def difference(ours, theirs):
    """Returns the largest relative difference of what two sides' `check` gave.

    The norm of a weight's gradient counts relative to that of its player's gradient.
    """
    found = []
    for name, value in theirs["losses"].items():
        # Means of logits near zero have no relative accuracy.
        found.append(abs(ours["losses"][name] - value) / max(abs(value), 1e-2))
    for name, norms in theirs["norms"].items():
        change = np.subtract(ours["norms"][name], norms)
        found.append(np.abs(change).max() / np.linalg.norm(norms))
    return float(max(found))


def race(workers, rounds, seconds):
    """Lets processes train in turns.

    Args:
        workers: Dict of `Worker`s by name.
        rounds: Turns of each, after one to warm up.
        seconds: Length of a turn.

    Returns:
        Dict by name: `rates`, images a second in each round, their `median`, the
        `cores` that were busy, the process's memory in MB, `rss` at the end and `peak`,
        and its `info`.
    """
    turns = {name: [] for name in workers}
    for worker in workers.values():
        worker.ask("train", seconds=WARM_UP)
    for _ in range(rounds):
        for name, worker in workers.items():
            turns[name].append(worker.ask("train", seconds=seconds))
    return {
        name: {
            "rates": (rates := [turn["rate"] for turn in turns[name]]),
            "median": float(np.median(rates)),
            "cores": float(np.median([turn["cores"] for turn in turns[name]])),
            **worker.ask("memory"),
            "info": worker.ask("info"),
        }
        for name, worker in workers.items()
    }


def ratio(sides, own, others):
    """Returns one side's speed over the best of others', round by round."""
    best = max(others, key=lambda name: sides[name]["median"])
    rounds = np.divide(sides[own]["rates"], sides[best]["rates"])
    return {
        "side": own,
        "over": best,
        "median": float(np.median(rounds)),
        "low": float(rounds.min()),
        "high": float(rounds.max()),
        "peak": sides[own]["peak"] / sides[best]["peak"],
    }


def settings_of(name, **changes):
    """Returns the settings of a work, a key of WORKS, with changes."""
    preset, shape, classes, own = WORKS[name]
    return kgan.presets.settings(preset, shape, classes, **(own | changes))


def start(stack, environment, python=None, **spec):
    """Starts the process of a side.

    Args:
        stack: A `contextlib.ExitStack` that ends it.
        environment: Dict of variables.
        python: The interpreter that has PyTorch; None starts kgan's side.
        **spec: Arguments of the side.
    """
    script = "compare_torch.py" if python else "compare_kgan.py"
    command = [python or sys.executable, FOLDER / script]
    worker = Worker(command, {"samples": SAMPLES, **spec}, environment)
    stack.callback(worker.close)
    return worker


def measure(name, python, modes, rounds, seconds, environment):
    """Measures one work.

    Args:
        name: A key of WORKS.
        python: The interpreter that has PyTorch.
        modes: Keys of MODES; without any, kgan is measured alone.
        rounds: As in `race`, as is `seconds`.
        environment: Dict of variables of all processes.

    Returns:
        Dict of `sides`, as `race` returns them, `ratios`, the `differences` of the
        first step, and the `limit`: seconds of matrix work, and its share of kgan's
        step.

    Raises:
        click.ClickException: If a side of PyTorch makes another step.
    """
    precisions = dict.fromkeys(["float32", *(MODES[mode] for mode in modes)])
    workers, differences = {}, {}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        path = str(Path(folder, "step.npz"))
        for precision in precisions:
            settings = settings_of(name, precision=precision)
            worker = start(stack, environment, settings=settings)
            workers[f"kgan {precision}"] = worker
        own = workers["kgan float32"]
        step = own.ask("check", path=path)
        for mode in modes:
            options = {"settings": settings, "weights": path, "mode": mode}
            worker = start(stack, environment, python, **options)
            workers[f"PyTorch {mode}"] = worker
            if MODES[mode] == "float32":
                differences[mode] = difference(step, worker.ask("check"))
                show_check(name, mode, differences[mode])
        sides = race(workers, rounds, seconds)
        limit = own.ask("limit")
    images = settings["batch_size"] * settings["discriminator_steps"]
    share = limit * sides["kgan float32"]["median"] / images
    ratios = [
        ratio(sides, f"kgan {precision}", others)
        for precision in precisions
        if (others := [f"PyTorch {m}" for m in modes if MODES[m] == precision])
    ]
    return {
        "sides": sides,
        "ratios": ratios,
        "differences": differences,
        "limit": {"seconds": limit, "share": share},
    }


def show_check(name, mode, found):
    """Prints how far a side's first step is from kgan's; raises if it is another."""
    text = f"{name}: the step of PyTorch {mode} differs from kgan's by {found:.1e}"
    if not found <= TOLERANCE:
        raise click.ClickException(f"{text}, which is more than {TOLERANCE}.")
    click.echo(text)


def as_markdown(report):
    """Returns the report of `main`, or of one that looks like it, as Markdown."""
    machine, versions, switches = report["machine"], {}, {}
    for work in report["works"].values():
        for side, found in work["sides"].items():
            versions |= found["info"]["versions"]
            for name, value in found["info"]["switches"].items():
                switches.setdefault(f"{name}={value}", set()).add(side.split()[0])
    lines = [
        f"{machine['processor']} ({', '.join(machine['features'])}), "
        f"{machine['cores']} cores, {report['threads']} threads a side; "
        + ", ".join(f"{name} {version}" for name, version in versions.items()),
        "",
        "Switches: "
        + ", ".join(f"{k} ({' and '.join(sorted(v))})" for k, v in switches.items()),
        "",
    ]
    if report["isa"]:
        lines += [
            f"Newer instructions than {report['isa']} were left out: an approximation "
            "of a processor that has none.",
            "",
        ]
    rows = [
        [
            name,
            f"{found['side']} ÷ {found['over']}",
            f"**{found['median']:.2f}**",
            f"{found['low']:.2f}–{found['high']:.2f}",
            f"{found['peak']:.2f}",
        ]
        for name, work in report["works"].items()
        for found in work["ratios"]
    ]
    lines += table(["work", "sides", "ratio", "rounds", "peak memory"], rows)
    rows = [
        [
            name,
            side,
            f"{found['median']:.4g}",
            f"{found['cores']:.2f}",
            f"{found['peak']:.0f}",
            f"{work['limit']['share']:.2f}"
            if side == "kgan float32" and "limit" in work
            else "",
        ]
        for name, work in report["works"].items()
        for side, found in work["sides"].items()
    ]
    lines += table(
        ["work", "side", "images/s", "cores", "peak MB", "limit ÷ step"], rows
    )
    return "\n".join(lines)


def table(head, rows):
    """Returns the lines of a Markdown table, and an empty one."""
    lines = [head, ["---"] * len(head), *rows]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]


def write(report, folder, name):
    """Prints a report, and writes it to a folder unless that is None."""
    text = as_markdown(report)
    click.echo(text)
    if folder is not None:
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_text(text)
        (folder / f"{name}.json").write_text(json.dumps(report, indent=1))


@click.command()
@click.option("--torch", "python", help="A Python interpreter that has PyTorch.")
@click.option("--work", "works", multiple=True, type=click.Choice(list(WORKS)))
@click.option("--mode", "modes", multiple=True, type=click.Choice(list(MODES)))
@click.option("--rounds", default=7, show_default=True, help="Turns of each side.")
@click.option("--seconds", default=3.0, show_default=True, help="Of a turn.")
@click.option("--threads", default=2, show_default=True, help="Of each side.")
@click.option("--isa", type=click.Choice(list(ISAS)), help="Use no newer instructions.")
@click.option("-o", "--output", metavar="FOLDER", help="Write Markdown and JSON there.")
def main(python, works, modes, rounds, seconds, threads, isa, output):
    """Prints real images a second of all sides, their ratios, memory and the limit."""
    modes = modes or list(MODES)
    if python is None:
        click.echo("PyTorch is left out: name an interpreter that has it by --torch.")
        modes = []
    environment = cpu_with(threads) | ISAS.get(isa, {})
    report = {
        "machine": machine(),
        "threads": threads,
        "isa": isa,
        "works": {},
    }
    for name in works or WORKS:
        report["works"][name] = measure(
            name, python, modes, rounds, seconds, environment
        )
        write(report, output, "compare")


if __name__ == "__main__":
    main()
