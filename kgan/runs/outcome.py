import dataclasses


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How the training of a run ended.

    Attributes:
        steps: Steps that the model has been trained in all.
        seconds: Duration of this training.
        rate: Steps a second, evaluations and pictures included.
        interrupted: Whether Ctrl-C or SIGTERM ended it.
        scores: Scores of the model as it is now, or None without an evaluator.
        best: Step and score of `checkpoints/best.keras`, or None.
        throughput: What `kgan.callbacks.Throughput` measured last.
        durations: Dict from the parts of the run to their seconds: see
            `kgan.runs.durations`.
        untrained: Of a quickstart, the scores of the untrained generator, or None.
        exports: Of a quickstart that has ended, the reports of `kgan_export.export`.
    """

    steps: int
    seconds: float
    rate: float
    interrupted: bool
    scores: dict | None
    best: dict | None
    throughput: dict
    durations: dict
    untrained: dict | None = None
    exports: tuple = ()
