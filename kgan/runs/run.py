from kgan._core.errors import invalid
from kgan._core.quiet import import_tensorflow
from kgan.runs.folder import RunFolder, read_json
from kgan.runs.say import silent


def open(path):
    """Opens a run folder, as `kgan.runs.train` and `kgan train` leave it.

    Args:
        path: The folder. The run need not have ended.

    Returns:
        The `Run`. Nothing is loaded before it is used.

    Raises:
        ValueError: If it is no run folder.

    Example:

    >>> run = kgan.runs.open("runs/a")
    """
    return Run(path, RunFolder(path).read_config())


class Run:
    """A run folder, and what can be done with it.

    In a notebook it shows its last samples, curves and scores. It stands for its path
    where a path is asked for, as in `kgan_export.export(run, …)`.

    Attributes:
        path: The folder, a `Path`.
        config: What its `config.json` holds: preset, data, settings, versions.
        outcome: The `Outcome` of the training, or None of a run that was only opened.

    Example:

    >>> run = kgan.runs.open("runs/a")
    >>> images = run.generate(64, seed=0)  # float32 [64, 28, 28, 1] in [-1, 1]
    >>> run.evaluate(metrics=["fd"])["fd"]
    8.1
    >>> run.export("generator.onnx").size
    3700000
    """

    def __init__(self, path, config, model=None, outcome=None):
        self._folder = RunFolder(path)
        self.path = self._folder.path
        self.config = config
        self.outcome = outcome
        self._model = model

    @property
    def interrupted(self):
        """Whether Ctrl-C ended the training; `kgan.runs.resume` goes on with it."""
        return self.outcome is not None and self.outcome.interrupted

    @property
    def model(self):
        """The model, such as a `kgan.GAN`; of the last checkpoint in an unended run."""
        if self._model is None:
            import_tensorflow()
            from kgan.runs.opening import load_trained

            path = self._folder.model_file(silent)
            if path is None:
                raise invalid(
                    "The run must have a model.",
                    {"folder": str(self.path)},
                    "No checkpoint was written yet; go on by kgan.runs.resume.",
                )
            self._model = load_trained(path)
        return self._model

    @property
    def generator(self):
        """The generator as a `TrainedGenerator`, which gives uint8 images."""
        from kgan.runs.opening import generator_of

        return generator_of(self.model, self.config["class_names"])

    @property
    def scores(self):
        """Dict of the scores at the end of training, and their step; {} without."""
        return read_json(self._folder.scores)

    @property
    def report(self):
        """Path of the report, one page of HTML, or None before the run has ended."""
        return self._folder.report if self._folder.report.exists() else None

    def generate(self, num_samples, **options):
        """Draws samples: `generate` of the model, with all of its arguments.

        Args:
            num_samples: Number of samples.
            **options: Such as `labels`, `seed` and `truncation`; see
                `kgan.GAN.generate`.

        Returns:
            A float32 NumPy array `[num_samples, …]`, images in [-1, 1]; of pairs a dict
            of two.
        """
        return self.model.generate(num_samples, **options)

    def evaluate(
        self,
        data=None,
        data_b=None,
        metrics=None,
        num_samples=10_000,
        seed=0,
        value_range=None,
        features=None,
    ):
        """Scores samples against real ones, as `kgan evaluate` does.

        Args:
            data: Real images; by default those of the run, as is `data_b`. See
                `TrainedGenerator.evaluate`.
            data_b: As there, as are `metrics`, `num_samples`, `seed`, `value_range` and
                `features`; by default those of the run. `run.scores` are of 1,000
                samples.

        Returns:
            A dict: the name of the data, the seed, the scores, and what they rest on.

        Raises:
            ValueError: If there are no real images, or a metric is unknown.
        """
        if data is None:
            data, data_b = self._own_data(), self.config.get("data_b")
            value_range = self.config.get("value_range")
            features = features or self.config.get("features")
        return self.generator.evaluate(
            data, data_b, metrics, num_samples, seed, value_range, features
        )

    def export(self, path, format="onnx", **options):
        """Exports the generator and verifies the file: `kgan_export.export`.

        Args:
            path: The file or folder to write.
            format: As for `kgan_export.export`.
            **options: As there.

        Returns:
            The report of the export.
        """
        from kgan_export import export

        return export(self.path, path, format=format, **options)

    def diagnose(self, num_samples=2500, steps=None, seed=0, data=None, say=None):
        """Tells whether the game has converged, as `kgan diagnose` does.

        Adds the findings to the run's report. Takes minutes.

        Args:
            num_samples: Samples, and held-out images, of each test.
            steps: Updates of a fresh discriminator; by default 200, fewer for large
                images.
            seed: Seed of samples, splits and opponents.
            data: The data of a run that was trained on arrays.
            say: Called with each line about what is going on; None is silent.

        Returns:
            A `RunDiagnosis`; `print` shows it.

        Raises:
            ValueError: If there is no model, or no game in one domain.
        """
        from kgan.runs.diagnosis.of_run import diagnose_run

        data = self._own_data() if data is None else data
        return diagnose_run(
            self._folder, self.config, data, num_samples, steps, seed, say or silent
        )

    def _own_data(self):
        """Returns the name or path of the data that the run was trained on."""
        if self.config["data"] is None:
            raise invalid(
                "A run that was trained on arrays does not keep them.",
                {"data": None},
                "Pass `data`, an array or a tuple (x, y), in Python.",
            )
        return self.config["data"]

    def __fspath__(self):
        return str(self.path)

    def __repr__(self):
        about = f"{self.config['preset']} on {self.config['dataset']}"
        return f"<Run {str(self.path)!r}: {about}>"

    def _repr_html_(self):
        from kgan.runs.report.notebook import summary

        return summary(self._folder, self.config)
