import keras
import numpy as np


class Saving:
    """How `GAN` is written and read, so that training goes on bit for bit."""

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "generator": serialize(self.generator),
            "discriminator": serialize(self.discriminator),
            "prior": serialize(self.prior),
            "ema_decay": self.ema_decay,
            "seed": self.seed,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**_deserialize(config, custom_objects))

    def get_compile_config(self):
        if not self.compiled:
            return None
        config = {
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
            "loss": self.adversarial_loss,
            "penalties": list(self.penalties),
            "objectives": list(self.objectives),
            "augmentation": self.augmentation,
            "discriminator_steps": self.discriminator_steps.rule,
            "generator_steps": self.generator_steps.rule,
            "updates": self.updates,
            "share_fakes": self.share_fakes,
            "pack": self.pack,
            "unroll_steps": self.unroll_steps,
            "top_k": self.top_k,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            "metrics": list(self.player_metrics),
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
            numbers = [steps.now for steps in self._numbers()]
            store["rule_logs"] = np.array([*numbers, *logs])

    def load_own_variables(self, store):
        variables = {name: store[name] for name in store.keys()}
        memory = variables.pop("rule_logs", None)
        super().load_own_variables(variables)
        if memory is not None and self.compiled:
            memory = np.asarray(memory)
            for steps, now in zip(self._numbers(), memory[:2], strict=True):
                if callable(steps.rule):
                    steps.now = int(now)
            names = sorted(metric.name for metric in self.metrics)
            self.rule_logs = list(zip(names, memory[2:].tolist(), strict=True))


def _deserialize(config, custom_objects=None):
    return {
        name: keras.saving.deserialize_keras_object(value, custom_objects)
        for name, value in config.items()
    }
