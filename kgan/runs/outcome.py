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
        scale: What the scores are to be compared with: see
            `kgan.runs.training.read_scale`.
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
    scale: dict = dataclasses.field(default_factory=dict)
    exports: tuple = ()

    @property
    def untrained(self):
        """Scores of the untrained generator, or None."""
        return self.scale.get("untrained")
