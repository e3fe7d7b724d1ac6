import contextlib

import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.switches import tell_missed, tell_slow_half
from kgan.models.generating import Generating
from kgan.models.player import check_own_optimizers
from kgan.models.training import checks
from kgan.models.training.execution import Execution
from kgan.models.training.feed import training_data, unpack
from kgan.models.training.remembered import Remembered
from kgan.models.training.saving import Saving
from kgan.models.training.step import Step
from kgan.models.training.strategies import distribute
from kgan.priors import get as get_prior


class GenerativeModel(Generating, Step, Execution, Saving, keras.Model):
    """Base class of trained models: one player or many.

    A subclass says who plays and how: it hands its players to the constructor, its
    settings to `set_up` in `compile`, and implements `play`, the moves of one step of
    `fit`. The base does the rest for every model alike: checks of the data,
    micro-batches, strategies, mixed precision, moving averages, logs, penalties,
    saving, exact resume and `generate`. The page "How kgan is built" shows the way of a
    batch through it.

    Args:
        players: List of `Player`s. Their networks become attributes by role, such as
            `generator`, and their averages `ema_generator`.
        prior: Distribution of the codes: a name or a `kgan.priors.Prior`.
        ema_decay: Decay of the moving averages.
        seed: Integer from which every random number of the training derives.
        name: Name of the model.

    Attributes:
        players: Dict from names to `Player`s.
        step: Steps of `fit` so far, a variable.
    """

    # The class in the setting `model` of presets and runs.
    settings_name = None
    # Names of the domains that the data must have, or None for data of one domain.
    domains = None
    # Batches of real samples that a step of `fit` uses.
    batches_per_step = 1
    # Samples that are judged together.
    pack = 1
    # Terms of the losses that the base adds; `set_up` sets them.
    penalties = ()

    def __init__(self, players, prior, ema_decay, seed, name):
        # Not the global policy, which would round codes to half precision in `predict`.
        super().__init__(name=name, dtype="float32")
        checks.check_ema_decay(ema_decay)
        self.players = {player.name: player for player in players}
        for player in players:
            for role, network in player.networks.items():
                setattr(self, role, network)
            for role, average in player.averages.items():
                setattr(self, f"ema_{role}", average)
        self.prior = get_prior(prior)
        self.ema_decay = ema_decay
        self.seed = seed
        self.step = self.add_weight(
            shape=(),
            dtype="int64",
            initializer="zeros",
            trainable=False,
            name="step",
            aggregation="only_first_replica",
        )
        self.remembered = None
        if self.condition_shape is not None:
            self.remembered = Remembered(self.condition_shape, name="conditions")
            self.remembered.build(None)
        self._sampler = tf.function(self.call, autograph=False, reduce_retracing=True)
        self.built = True

    @property
    def inference_networks(self):
        """Dict from roles to the networks that sampling and exports use."""
        return {k: v for p in self.players.values() for k, v in p.averages.items()}

    @property
    def optimizers(self):
        """Dict from the names of arguments of `compile` to the optimizers."""
        if len(self.players) == 1:
            return {"optimizer": self.optimizer}
        names = (f"{name}_optimizer" for name in self.players)
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_settings(cls, parts):
        """Returns the compiled, untrained model of settings.

        Args:
            parts: The `kgan.presets.parts.Parts` of the settings.
        """
        with parts.initial():
            model = cls(
                **cls.constructor(parts),
                prior=parts.settings["prior"],
                ema_decay=parts.settings["ema_decay"],
                seed=parts.settings["seed"],
            )
        count = parts.settings["gradient_accumulation_steps"]
        model.compile(**cls.compilation(parts), gradient_accumulation_steps=count)
        return model

    @classmethod
    def constructor(cls, parts):
        """Returns the arguments of the constructor that are the class's own."""
        raise NotImplementedError(f"{cls.__name__} must implement `constructor`.")

    @classmethod
    def compilation(cls, parts):
        """Returns the arguments of `compile` that are the class's own."""
        return {"optimizer": parts.optimizer()}

    def set_up(
        self,
        optimizers,
        names,
        penalties=(),
        metrics=None,
        gradient_accumulation_steps=1,
        jit_compile="auto",
        run_eagerly=False,
        steps_per_execution=1,
    ):
        """Does what every `compile` must: optimizers, logs and the way of execution.

        Args:
            optimizers: Dict from names of arguments to optimizers, in the order of the
                players.
            names: Names of the logs, but for those of penalties.
            penalties: `kgan.penalties.Penalty` instances.
            metrics: Keras metrics of what is judged.
            gradient_accumulation_steps: Micro-batches into which a batch is split.
            jit_compile: True, False or `"auto"`: XLA on a single GPU only.
            run_eagerly: As in Keras.
            steps_per_execution: As in Keras.
        """
        checks.check_strategy(self, jit_compile, steps_per_execution)
        checks.check_accumulation(gradient_accumulation_steps, steps_per_execution)
        self._jit_argument = jit_compile
        if jit_compile == "auto":
            # XLA was slower than plain graphs on CPU and fails under a strategy.
            gpu = bool(tf.config.list_logical_devices("GPU"))
            jit_compile = gpu and not tf.distribute.has_strategy()
        super().compile(
            optimizer=None,
            jit_compile=jit_compile,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
        )
        check_own_optimizers(optimizers)
        pairs = zip(self.players.values(), optimizers.items(), strict=True)
        for player, (argument, optimizer) in pairs:
            player.set_optimizer(optimizer, argument, self.all_weights(player))
            setattr(self, argument, player.optimizer)
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.player_metrics = [keras.metrics.get(metric) for metric in metrics or []]
        self.penalties = list(penalties)
        checks.check_penalties(self.penalties, self.players)
        for penalty in self.penalties:
            penalty.build()
        # Attributes of the model are saved; Keras would keep those of another compile.
        for state in getattr(self, "penalty_states", ()):
            self._layers.remove(state)
        self.penalty_states = [p.state for p in self.penalties if p.state is not None]
        names = [*names, *(penalty.name for penalty in self.penalties)]
        checks.check_distinct("penalties and objectives", names)
        if any(player.scales_loss for player in self.players.values()):
            names.append("skipped")
        self.trackers = {name: keras.metrics.Mean(name=name) for name in names}
        checks.check_loadable(self.get_compile_config())

    def all_weights(self, player):
        """Returns all weights that a player's optimizer ever moves."""
        return player.weights

    @property
    def metrics(self):
        if not self.compiled:
            return []
        return [*self.trackers.values(), *self.player_metrics]

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_data=None,
        shuffle=True,
        initial_epoch=0,
        steps_per_epoch=None,
    ):
        """Trains all players.

        Args:
            x: A `tf.data.Dataset` of samples, of `(samples, conditions)` or of dicts by
                name, whose batch is the batch of one update; or an array of samples,
                uint8 or float in [-1, 1]. Samples of the last incomplete step are left
                out.
            y: With an array, its integer labels `[N]` or float conditions `[N, D]`.
            batch_size: With an array, the batch of one update; 64 by default.
            epochs: Number of the last epoch.
            verbose: As in Keras.
            callbacks: As in Keras; see `kgan.callbacks`.
            validation_data: Refused: judge the samples by `kgan.callbacks.Evaluate`.
            shuffle: With an array, whether to shuffle it anew in each epoch.
            initial_epoch: As in Keras.
            steps_per_epoch: Steps in an epoch; by default one pass over the data.

        Returns:
            A Keras `History` with the epoch means of the logs.

        Raises:
            ValueError: If the data does not fit the networks; before training starts.
        """
        self._assert_compile_called("fit")
        checks.check_no_validation(validation_data)
        x, steps_per_epoch = training_data(
            self, x, y, batch_size, shuffle, steps_per_epoch
        )
        tell_missed()
        tell_slow_half([n for p in self.players.values() for n in p.networks.values()])
        x = distribute(x, self.distribute_strategy)
        try:
            return super().fit(
                x,
                shuffle=False,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
            )
        finally:
            # Keras tells callbacks of an end, but not of an error.
            for callback in callbacks or []:
                if isinstance(callback, contextlib.AbstractContextManager):
                    callback.__exit__(None, None, None)

    def evaluate(self, *args, **options):
        """Refused: a trained model has no loss of its own to evaluate."""
        raise invalid(
            "Samples are judged by metrics, so there is no `evaluate`.",
            {"model": type(self).__name__},
            "Use `kgan.metrics.compare`, or `kgan.callbacks.Evaluate` in `fit`.",
        )

    def unpack(self, data):
        """Returns what an element of the data holds.

        Args:
            data: Samples, `(samples, y)`, or a dict by name.

        Returns:
            The samples, a tensor or a nest of the structure of `sample_shape`; and a
            dict of `label` and `condition`, as far as the model takes them.
        """
        return unpack(self, data)
