import keras
import numpy as np

from kgan._core.errors import invalid
from kgan.models.training.random_layers import random_states, restore_random_states


class Saving:
    """How `GenerativeModel` is written and read, so that training goes on bit for bit.

    The constructor of a subclass takes its networks by role, and `prior`, `ema_decay`,
    `seed` and `name`; what else it takes it adds to `get_config`.
    """

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        classes = {"num_classes": self._num_classes} if self._num_classes else {}
        # Of presets, and of fine-tuning.
        others = {} if self.settings is None else {"settings": self.settings}
        others |= {} if self.ema_ramp else {"ema_ramp": False}
        return {
            **{role: serialize(network) for role, network in self.networks.items()},
            **classes,
            "prior": serialize(self.prior),
            "ema_decay": self.ema_decay,
            "seed": self.seed,
            "name": self.name,
            **others,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        settings, ramp = config.pop("settings", None), config.pop("ema_ramp", True)
        model = cls(**_deserialize(config, custom_objects))
        model.settings, model.ema_ramp = settings, ramp
        model._from_file = True
        return model

    def compile_arguments(self):
        """Returns the arguments of `compile` that are the subclass's own, as a dict."""
        return {}

    def get_compile_config(self):
        if not self.compiled:
            return None
        config = {
            **self.optimizers,
            **self.compile_arguments(),
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            "jit_compile": self._jit_argument,
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
        }
        return keras.saving.serialize_keras_object(config)

    def compile_from_config(self, config):
        self.compile(**_deserialize(config))

    def save(self, filepath, overwrite=True, zipped=None, **options):
        """Writes a `.keras` file, from which `kgan.load_model` goes on.

        Args:
            filepath: Its path, which ends in `.keras`.
            overwrite: As in Keras, as are `zipped` and `options`.

        Raises:
            ValueError: If it is to be another kind of file; none is touched.
        """
        if not str(filepath).endswith(".keras"):
            raise invalid(
                "A model is saved as a .keras file.",
                {"filepath": str(filepath)},
                "Name it model.keras. Weights alone: save_weights('a.weights.h5'); a "
                "SavedModel or ONNX: kgan_export.export(model, path).",
            )
        self.follow_weights()
        super().save(filepath, overwrite=overwrite, zipped=zipped, **options)

    def export(self, filepath, format=None, **options):
        """Is left to `kgan_export.export`, which knows what goes in, and verifies.

        Raises:
            ValueError: Always.
        """
        raise invalid(
            "A model of kgan is exported by `kgan_export.export`.",
            {"filepath": str(filepath), "format": format},
            "Call kgan_export.export(model, filepath), for a SavedModel with "
            'format="saved_model".',
        )

    def quantize(self, mode=None, **options):
        """Is left to the export: training needs the weights as they are.

        Raises:
            ValueError: Always.
        """
        raise invalid(
            "A model of kgan is quantised when it is exported.",
            {"mode": mode},
            "Call kgan_export.export(model, path, precision='int8').",
        )

    def save_own_variables(self, store):
        super().save_own_variables(store)
        states = random_states(self)
        if len(states):
            store["random_states"] = states
        if self.rule_logs:
            logs = [value for _, value in sorted(self.rule_logs)]
            numbers = [steps.now for steps in self.step_rules]
            store["rule_logs"] = np.array([*numbers, *logs])

    def load_own_variables(self, store):
        variables = {name: store[name] for name in store.keys()}
        memory = variables.pop("rule_logs", None)
        states = variables.pop("random_states", None)  # older files have none
        super().load_own_variables(variables)
        if states is not None:
            restore_random_states(self, np.asarray(states))
        if memory is not None and self.compiled:
            memory = np.asarray(memory)
            count = len(self.step_rules)
            for steps, now in zip(self.step_rules, memory[:count], strict=True):
                if callable(steps.rule):
                    steps.now = int(now)
            names = sorted(metric.name for metric in self.metrics)
            self.rule_logs = list(zip(names, memory[count:].tolist(), strict=True))


def _deserialize(config, custom_objects=None):
    return {
        name: keras.saving.deserialize_keras_object(value, custom_objects)
        for name, value in config.items()
    }
