import keras
import numpy as np


class Saving:
    """How `GenerativeModel` is written and read, so that training goes on bit for bit.

    The constructor of a subclass takes its networks by role, and `prior`, `ema_decay`,
    `seed` and `name`; what else it takes it adds to `get_config`.
    """

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        networks = {k: v for p in self.players.values() for k, v in p.networks.items()}
        return {
            **{role: serialize(network) for role, network in networks.items()},
            "prior": serialize(self.prior),
            "ema_decay": self.ema_decay,
            "seed": self.seed,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**_deserialize(config, custom_objects))

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

    def save_own_variables(self, store):
        super().save_own_variables(store)
        if self.rule_logs:
            logs = [value for _, value in sorted(self.rule_logs)]
            numbers = [steps.now for steps in self.step_rules]
            store["rule_logs"] = np.array([*numbers, *logs])

    def load_own_variables(self, store):
        variables = {name: store[name] for name in store.keys()}
        memory = variables.pop("rule_logs", None)
        super().load_own_variables(variables)
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
