"""The model that a run starts from: `kgan train --init`."""

import zlib
from pathlib import Path

from kgan import fine_tuning
from kgan._core.errors import invalid
from kgan.runs.configuration import completed
from kgan.runs.folder import RunFolder
from kgan.runs.opening import load_trained

# Numbers of layers that stay as they are.
FREEZE = ("freeze_discriminator", "freeze_generator")


class Initial:
    """A trained model whose weights a run takes, and the layers that it freezes.

    Args:
        path: The `.keras` file.
        frozen: Dict from roles of networks to numbers of layers.
    """

    def __init__(self, path, frozen):
        self.path = path
        self.frozen = frozen
        self.model = load_trained(path)

    @classmethod
    def of(cls, options, say):
        """Returns the `Initial` that options ask for, or None.

        Args:
            options: Dict of the options of a run: `init` is a run folder or a file.
            say: Called with a line if a run has only a checkpoint.

        Raises:
            ValueError: If there is no model, or layers are to be frozen without one.
        """
        frozen = {name.removeprefix("freeze_"): options.get(name, 0) for name in FREEZE}
        if "init" not in options:
            if any(frozen.values()):
                raise invalid(
                    "Layers are frozen where weights of a trained model are taken.",
                    {k: options[k] for k in FREEZE if k in options},
                    "Add --init RUN.",
                )
            return None
        path = Path(options["init"]).expanduser()
        if path.is_dir():
            path = RunFolder(path).model_file(say) or path
        if not path.is_file():
            raise invalid(
                "`--init` is a run folder that holds a model, or a `.keras` file.",
                {"init": str(options["init"])},
                "`kgan train` makes a run folder."
                if path.exists()
                else "There is no such path.",
            )
        return cls(path.resolve(), frozen)

    @property
    def settings(self):
        """The settings that the model was built of, or None."""
        if self.model.settings is not None:
            return self.model.settings
        # Files of earlier versions lack them; a checkpoint lies one folder deeper.
        for folder in self.path.parents[:2]:
            if (folder / "config.json").is_file():
                return completed(RunFolder(folder).read_config()["settings"])
        return None

    def put_into(self, model, say):
        """Gives a model the weights that fit, freezes layers, and says so."""
        fine_tuning.take_weights(model, self.model)
        fine_tuning.freeze(model, self.frozen)
        weights = sum(len(network.weights) for network in model.networks.values())
        taken = weights - len(model.initialized_anew)
        say(f"Took {taken} of {weights} weights of {self.path}.")
        for name in model.initialized_anew:
            say(f"  initialized anew: {name}")
        for role, count in self.frozen.items():
            if count:
                say(f"  frozen: the first {count} layers of the {role}")

    def record(self):
        """Returns what `config.json` holds of it."""
        return {
            "path": str(self.path),
            "crc32": zlib.crc32(self.path.read_bytes()),
            **{f"freeze_{role}": count for role, count in self.frozen.items()},
        }
