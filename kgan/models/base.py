import contextlib
import json
import weakref

import keras
import tensorflow as tf

from kgan import latents
from kgan._core.errors import invalid
from kgan._core.nests import leaves
from kgan._core.switches import tell_missed, tell_slow_half
from kgan.models.generating import Generating
from kgan.models.player import check_own_optimizers
from kgan.models.training import checks
from kgan.models.training.execution import Execution, keep_order_of_updates
from kgan.models.training.feed import expecting_the_end, training_data, unpack
from kgan.models.training.form import explain
from kgan.models.training.keras_ways import (
    PlayersOptimizers,
    as_list,
    flat_callbacks,
    prepare_callbacks,
    refuse_arguments,
)
from kgan.models.training.random_layers import seed_random_layers
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
    # Number of classes, where it was said; else layers tell it.
    _num_classes = None
    # The settings that `kgan.presets.build` was given, or None.
    _settings_text = "null"
    # Whether the model was made from a configuration, and so can be.
    _from_file = False

    def __init__(self, players, prior, ema_decay, seed, name):
        # Not the global policy, which would round codes to half precision in `predict`.
        super().__init__(name=name, dtype="float32")
        seed = latents.integer("seed", seed, 0, 2**63)
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
        self.seeded = weakref.WeakSet()
        seed_random_layers(self, seed)
        self._sampler = tf.function(self.call, autograph=False, reduce_retracing=True)
        self.built = True

    @property
    def settings(self):
        """Dict of the preset's settings that the model was built of, or None."""
        return json.loads(self._settings_text)

    @settings.setter
    def settings(self, settings):
        # As text: Keras would make trackable wrappers of a dict, and save these.
        self._settings_text = json.dumps(settings)

    @property
    def ema_ramp(self):
        """Whether the averages' decay grows in the first steps of training."""
        return all(player.ema_ramp for player in self.players.values())

    @ema_ramp.setter
    def ema_ramp(self, ramp):
        for player in self.players.values():
            player.ema_ramp = ramp

    @property
    def networks(self):
        """Dict from roles to the networks that are trained."""
        return {k: v for p in self.players.values() for k, v in p.networks.items()}

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
        keep_order_of_updates()
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
        if not self._from_file:
            checks.check_networks(self.networks)
            if self.num_classes is not None:
                checks.check_classes(self)
        check_own_optimizers(optimizers)
        pairs = zip(self.players.values(), optimizers.items(), strict=True)
        for player, (argument, optimizer) in pairs:
            player.set_optimizer(optimizer, argument, self.all_weights(player))
            setattr(self, argument, player.optimizer)
        if len(self.players) > 1:
            self.optimizer = PlayersOptimizers(self.optimizers.values())
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.player_metrics = [checks.metric(metric) for metric in as_list(metrics)]
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
        seed_random_layers(self, self.seed)

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
        value_range="auto",
        **others,
    ):
        """Trains all players.

        Args:
            x: A `tf.data.Dataset`, `keras.utils.PyDataset`, Python generator or other
                iterable of batches, each the batch of one update: samples,
                `(samples, conditions)` or dicts by name. Or a data set of single
                samples, which are batched; or an array of samples. Samples may be uint8
                or floats of any precision. Those of the last incomplete step are left
                out.
            y: With an array, its integer labels `[N]` or float conditions `[N, D]`.
            batch_size: With an array or single samples, the batch of one update; 64 by
                default.
            epochs: Number of the last epoch.
            verbose: As in Keras.
            callbacks: As in Keras; see `kgan.callbacks`.
            validation_data: Refused: judge the samples by `kgan.callbacks.Evaluate`.
            shuffle: With an array, whether to shuffle it anew in each epoch.
            initial_epoch: As in Keras.
            steps_per_epoch: Steps in an epoch; by default one pass over the data. What
                has no end needs it.
            value_range: `(low, high)` of the values of `x`, which become [-1, 1], or
                "auto": the rule of `kgan.data.from_arrays`, applied to an array or to
                the first batch of a data set. Later batches must keep to it.
            **others: Further arguments of Keras, which are refused.

        Returns:
            A Keras `History` with the epoch means of the logs.

        Raises:
            ValueError: If the data does not fit the networks; before training starts.
                In training, if a later batch holds NaN, values out of range or bad
                labels; the message names the batch.
        """
        self._assert_compile_called("fit")
        checks.check_no_validation(validation_data)
        refuse_arguments("fit", others)
        for player in self.players.values():
            player.check_weights()
        self.follow_weights()
        callbacks = flat_callbacks(callbacks)
        prepare_callbacks(self, callbacks)
        x, steps_per_epoch = training_data(
            self,
            x,
            y,
            batch_size,
            shuffle,
            steps_per_epoch,
            epochs - initial_epoch,
            value_range,
        )
        tell_missed()
        tell_slow_half(list(self.networks.values()))
        x = distribute(x, self.distribute_strategy)
        try:
            with expecting_the_end(steps_per_epoch):
                return super().fit(
                    x,
                    shuffle=False,
                    epochs=epochs,
                    verbose=verbose,
                    callbacks=callbacks,
                    initial_epoch=initial_epoch,
                    steps_per_epoch=steps_per_epoch,
                )
        except tf.errors.InvalidArgumentError as error:
            raise (explain(self, error) or error) from error
        finally:
            # Keras tells callbacks of an end, but not of an error.
            for callback in callbacks:
                if isinstance(callback, contextlib.AbstractContextManager):
                    callback.__exit__(None, None, None)

    def follow_weights(self):
        """Before the first step, has the moving averages follow weights that were set.

        They may have been set from elsewhere, such as by `generator.load_weights`. An
        average that was set itself stays as it is.
        """
        if int(self.step.numpy()) == 0:
            for player in self.players.values():
                player.follow_weights()

    def train_on_batch(self, x, y=None, return_dict=False, **options):
        """Makes one step of `fit`.

        Args:
            x: Samples of the step: the batches of all its updates.
            y: Their labels `[N]` or conditions `[N, D]`.
            return_dict: Whether to return the logs by name.
            **options: Further arguments of Keras, which are refused.

        Returns:
            The logs of this step: a dict, or a list in the order of `metrics_names`.
        """
        refuse_arguments("train_on_batch", options)
        size, rest = divmod(len(leaves(x)[0]), self.batches_per_step)
        if rest or not size:
            raise invalid(
                "A step takes batches of one size, one for each of its updates.",
                {"samples": len(leaves(x)[0]), "updates": self.batches_per_step},
                f"Give a multiple of {self.batches_per_step} samples.",
            )
        logs = self.fit(x, y, size, shuffle=False, steps_per_epoch=1, verbose=0).history
        return (
            {k: v[0] for k, v in logs.items()}
            if return_dict
            else [logs[name][0] for name in self.metrics_names]
        )

    def evaluate(self, *args, **options):
        """Refused: a trained model has no loss of its own to evaluate."""
        raise invalid(
            "Samples are judged by metrics, so there is no `evaluate`.",
            {"model": type(self).__name__},
            "Use `kgan.metrics.compare`, or `kgan.callbacks.Evaluate` in `fit`.",
        )

    test_on_batch = evaluate

    def unpack(self, data):
        """Returns what an element of the data holds.

        Args:
            data: Samples, `(samples, y)`, or a dict by name.

        Returns:
            The samples, a tensor or a nest of the structure of `sample_shape`; and a
            dict of `label` and `condition`, as far as the model takes them.
        """
        return unpack(self, data)
