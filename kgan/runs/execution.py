"""How a run is executed, as opposed to what it trains. Needs no TensorFlow."""

from kgan._core.errors import invalid

DEFAULTS = {
    "strategy": "none",
    "devices": None,
    "workers": 1,
    "deterministic": False,
    "on_nan": "stop",
}


def choose(options, cluster, before=None):
    """Returns how to execute a run: a dict with the keys of `DEFAULTS`.

    Args:
        options: Dict of the options that were given.
        cluster: The `Cluster` of this process.
        before: What a resumed run's `config.json` holds of it.

    Raises:
        ValueError: If options and cluster do not go together.
    """
    given = {name: options[name] for name in DEFAULTS if name in options}
    runtime = {**DEFAULTS, **(before or {}), **given, "workers": cluster.workers}
    if "strategy" not in given:
        if cluster.workers > 1:
            runtime["strategy"] = "multiworker"
        elif "devices" in given:
            runtime["strategy"] = "mirrored"
        elif runtime["strategy"] == "multiworker":
            runtime["strategy"] = "none"
    strategy = runtime["strategy"]
    if (strategy == "multiworker") != (cluster.workers > 1):
        raise invalid(
            "Several workers train by `--strategy multiworker`, and it needs them.",
            {"strategy": strategy, "workers in TF_CONFIG": cluster.workers},
            "On one machine, start them by `kgan launch --workers 2 -- train …`; "
            "without workers, unset TF_CONFIG.",
        )
    if "devices" in given and strategy != "mirrored":
        raise invalid(
            "`--devices` is for `--strategy mirrored`.",
            {"strategy": strategy, "devices": given["devices"]},
            "Leave it out; CUDA_VISIBLE_DEVICES limits the GPUs of a process.",
        )
    if strategy != "mirrored":
        runtime["devices"] = None
    return runtime
