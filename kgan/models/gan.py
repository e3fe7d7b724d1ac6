import contextlib

import keras
import numpy as np
import tensorflow as tf

from kgan._core.gradients import join
from kgan.losses import get as get_loss
from kgan.models import checks, heads
from kgan.models.execution import Execution
from kgan.models.feed import training_data
from kgan.models.game import Game
from kgan.models.precision import scales, with_loss_scale
from kgan.models.saving import Saving
from kgan.models.strategies import distribute
from kgan.objectives import get as get_objective
from kgan.penalties import get as get_penalty
from kgan.priors import get as get_prior
from kgan.sampling import resolve_labels, truncate
from kgan.schedules import Steps


@keras.saving.register_keras_serializable(package="kgan")
class GAN(Game, Execution, Saving, keras.Model):
    """A generator and a discriminator in a minimax game, trained by `fit`.

    One step of `fit` is `discriminator_steps` updates of the discriminator, each on a
    fresh real batch, then one update of the generator. A moving average (EMA) of the
    generator's weights gives the samples.

    Args:
        generator: A functional `keras.Model` from codes `z` `[N, latent_dim]` to
            samples, or from `[z, label]`.
        discriminator: A functional `keras.Model` from samples, or `[samples, label]`,
            to logits `[N, 1]` or to a dict with `"logits"`. It may judge without the
            labels that the generator takes, as auxiliary classifiers do.
        prior: Distribution of the codes: `"normal"`, `"uniform"`,
            `"truncated_normal"`, `"sphere"` or a `kgan.priors.Prior`.
        ema_decay: Decay of the moving average, in [0, 1). At step t it is at most
            (1 + t) / (10 + t), so that the average follows the first steps closely. 0
            samples from the generator as it is.
        seed: Integer from which every random number of the training derives.

    Example:

    ```python
    gan = kgan.GAN(
        kgan.networks.dcgan.generator((28, 28, 1)),
        kgan.networks.dcgan.discriminator((28, 28, 1), normalization="none"),
    )
    gan.compile(loss="non_saturating", penalties=[kgan.penalties.R1(weight=1.0)])
    gan.fit(kgan.data.load("fashion_mnist", batch_size=64), epochs=10)
    images = gan.generate(500, seed=0)  # float32 [500, 28, 28, 1] in [-1, 1]
    ```

    Reference:

    - [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661)
    """

    # The class in the setting `model` of presets and runs.
    settings_name = "gan"
    # Names of the domains that the data must have, or None for data of one domain.
    domains = None
    # Names of several outputs of `generate`, or None for one.
    output_names = None
    # Whether the discriminator takes `[samples, codes]`, as in BiGAN.
    judges_codes = False

    def __init__(
        self,
        generator,
        discriminator,
        prior="normal",
        ema_decay=0.999,
        seed=0,
        name="gan",
    ):
        # Not the global policy, which would round codes to half precision in `predict`.
        super().__init__(name=name, dtype="float32")
        checks.check_players(generator, discriminator, self.judges_codes)
        checks.check_ema_decay(ema_decay)
        self.generator = generator
        self.discriminator = discriminator
        self.prior = get_prior(prior)
        self.ema_decay = ema_decay
        self.seed = seed
        self.ema_generator = generator
        if ema_decay:
            self.ema_generator = keras.models.clone_model(generator)
            self.ema_generator.set_weights(generator.get_weights())
        self.objectives = []
        self.step = self.add_weight(
            shape=(),
            dtype="int64",
            initializer="zeros",
            trainable=False,
            name="step",
            aggregation="only_first_replica",
        )
        self._sampler = tf.function(self.call, autograph=False, reduce_retracing=True)
        self.built = True

    @property
    def latent_dim(self):
        """Size of the code."""
        return self.generator.inputs[0].shape[-1]

    @property
    def num_classes(self):
        """Number of classes, or None if the game is unconditional."""
        return checks.num_classes(self.generator)

    @property
    def conditional(self):
        """Whether the generator takes `[z, label]`."""
        return len(self.generator.inputs) == 2

    @property
    def draws_labels(self):
        """Whether the game draws the generator's labels, instead of the data's."""
        return any(objective.drawn_labels for objective in self.objectives)

    @property
    def knows_classes(self):
        """Whether the generator takes labels that are classes of the data."""
        return self.conditional and not self.draws_labels

    @property
    def data_classes(self):
        """Number of classes of the labels that the data must have; None: of none."""
        if self.draws_labels:
            return None
        if self.conditional or not self.objectives:
            return self.num_classes
        return heads.heads_of(self.discriminator).get("class_logits")

    @property
    def batches_per_step(self):
        """Batches of real samples that a step of `fit` uses."""
        return self.discriminator_steps.most

    @property
    def inference_networks(self):
        """Dict from roles to the networks that sampling and exports use."""
        return {"generator": self.ema_generator}

    @property
    def optimizers(self):
        """Dict from the names of arguments of `compile` to the optimizers."""
        names = ("generator_optimizer", "discriminator_optimizer")
        return {name: getattr(self, name) for name in names}

    @property
    def sample_shape(self):
        """Shape of one sample."""
        return tuple(self.generator.output_shape[1:])

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        loss="non_saturating",
        penalties=(),
        objectives=(),
        augmentation=None,
        discriminator_steps=1,
        generator_steps=1,
        updates="alternating",
        share_fakes=True,
        pack=1,
        unroll_steps=0,
        top_k=1.0,
        gradient_accumulation_steps=1,
        metrics=None,
        jit_compile="auto",
        run_eagerly=False,
        steps_per_execution=1,
    ):
        """Sets how the game is played, and builds both optimizers.

        Args:
            generator_optimizer: A `keras.optimizers.Optimizer`; by default DCGAN's
                `Adam(2e-4, beta_1=0.5)`.
            discriminator_optimizer: As above; a second instance, never shared.
            loss: A name such as `"hinge"` or a `kgan.losses.AdversarialLoss`.
            penalties: `kgan.penalties.Penalty` instances or names, added to the
                players' losses.
            objectives: `kgan.objectives.Objective` instances or names: what the players
                learn from further heads of the discriminator.
            augmentation: A differentiable callable `(samples, random, step) -> samples`
                that is applied to all that the discriminator sees in the losses, such
                as a `kgan.augmentation.Augmentation`.
            discriminator_steps: Discriminator updates in a step: a number; a schedule
                such as `{0: 5, 1000: 1}`, by step; or a callable that gives it from the
                last logs, such as `kgan.schedules.Balance()`.
            generator_steps: Generator updates in a step, likewise; each after the first
                draws fresh codes.
            updates: `"alternating"`: the generator answers to the updated
                discriminator; or `"simultaneous"`: both move from the same point.
            share_fakes: If True, the generator learns from the fakes that the last
                discriminator update used, judged again by the updated discriminator:
                one pass of the generator serves both, as in PyTorch's DCGAN example.
                If False, it draws fresh codes, as in Algorithm 1 of Goodfellow et al.:
                one more pass of the generator in each step.
            pack: Samples that the discriminator judges together, side by side in the
                channels (PacGAN, [Lin et al., 2018](https://arxiv.org/abs/1712.04086)).
            unroll_steps: Discriminator updates that the generator foresees
                ([Metz et al., 2017](https://arxiv.org/abs/1611.02163)): plain gradient
                steps with the discriminator's learning rate.
            top_k: Share of the fakes that the generator learns from, those judged most
                real ([Sinha et al., 2020](https://arxiv.org/abs/2002.06224)): a number
                in (0, 1] or a Keras learning rate schedule.
            gradient_accumulation_steps: Micro-batches into which the batch of an update
                is split, to need the memory of one of them. Their gradients are summed
                before the one update, which is that of the whole batch but for what
                mixes samples: batch normalisation, relativistic averages, `top_k`,
                unrolling and DRAGAN's deviation see a micro-batch.
            metrics: Keras metrics of the discriminator, updated with targets 1 (real)
                and 0 (fake) and the logits, such as
                `keras.metrics.BinaryAccuracy(threshold=0.0)`.
            jit_compile: True, False, or `"auto"`: XLA on a single GPU only.
            run_eagerly: As in Keras.
            steps_per_execution: As in Keras; not under a strategy.

        Players that compute in float16 get a `keras.optimizers.LossScaleOptimizer`
        around their optimizer. Where gradients overflow, their update is skipped, and
        the logs show the share of such updates as `skipped`.
        """
        checks.check_strategy(self, jit_compile, steps_per_execution)
        self.discriminator_steps = Steps(discriminator_steps)
        self.generator_steps = Steps(generator_steps, argument="generator_steps")
        checks.check_play(self, updates, pack, unroll_steps, top_k)
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
        self._set_optimizers(generator_optimizer, discriminator_optimizer)
        self.adversarial_loss = get_loss(loss)
        self.penalties = [get_penalty(penalty) for penalty in penalties]
        self.objectives = [get_objective(objective) for objective in objectives]
        self.augmentation = augmentation
        self.updates = updates
        self.share_fakes = share_fakes
        self.pack = pack
        self.unroll_steps = unroll_steps
        self.top_k = top_k
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.player_metrics = [keras.metrics.get(metric) for metric in metrics or []]
        checks.warn_of_batch_statistics(self.discriminator, self.penalties)
        checks.check_penalties(self.penalties, pack)
        heads.check_objectives(self)
        for penalty in self.penalties:
            penalty.build()
        # Attributes of the model are saved; Keras would keep those of another compile.
        for state in getattr(self, "penalty_states", ()):
            self._layers.remove(state)
        self.penalty_states = [p.state for p in self.penalties if p.state is not None]
        names = ["d_loss", "g_loss", "d_real", "d_fake"]
        names += [term.name for term in (*self.penalties, *self.objectives)]
        checks.check_distinct("penalties and objectives", names)
        if scales(self.generator_optimizer) or scales(self.discriminator_optimizer):
            names.append("skipped")
        self.trackers = {name: keras.metrics.Mean(name=name) for name in names}
        checks.check_loadable(self.get_compile_config())

    def _set_optimizers(self, generator_optimizer, discriminator_optimizer):
        """Sets and builds both: unbuilt, they could not be restored or replicated."""
        if generator_optimizer is None:
            generator_optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
        if discriminator_optimizer is None:
            discriminator_optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
        checks.check_optimizers(generator_optimizer, discriminator_optimizer)
        self.generator_optimizer = with_loss_scale(generator_optimizer, self.generator)
        self.discriminator_optimizer = with_loss_scale(
            discriminator_optimizer, self.discriminator
        )
        self.generator_optimizer.build(self._weights("generator"))
        self.discriminator_optimizer.build(self._weights("discriminator"))

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
        """Trains both players.

        Args:
            x: A `tf.data.Dataset` of samples or `(samples, labels)`, whose batch is the
                batch of one discriminator update; or an array of samples, uint8 or
                float in [-1, 1]. Samples of the last incomplete step are left out.
            y: With an array, its integer labels `[N]`.
            batch_size: With an array, the batch of one discriminator update; 64 by
                default.
            epochs: Number of the last epoch.
            verbose: As in Keras.
            callbacks: As in Keras; see `kgan.callbacks`.
            validation_data: Refused: a game has no validation loss. Judge the samples
                by `kgan.callbacks.Evaluate`.
            shuffle: With an array, whether to shuffle it anew in each epoch.
            initial_epoch: As in Keras.
            steps_per_epoch: Generator updates in an epoch; by default one pass over
                the data.

        Returns:
            A Keras `History` with the epoch means of the logs: `d_loss`, `g_loss`, the
            mean logits `d_real` and `d_fake`, and one name a penalty or objective (its
            part for the discriminator), unweighted.

        Raises:
            ValueError: If the data does not fit the players; before training starts.
        """
        self._assert_compile_called("fit")
        checks.check_no_validation(validation_data)
        x, steps_per_epoch = training_data(
            self, x, y, batch_size, shuffle, steps_per_epoch
        )
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

    def call(self, inputs, training=False):
        """Returns the EMA generator's samples of codes `z`, or of `[z, label]`."""
        return self.ema_generator(inputs, training=training)

    def generate(self, num_samples, labels=None, seed=0, truncation=1.0, batch_size=64):
        """Draws samples from the EMA generator.

        The codes are those of `kgan_export.Sampler.sample`: sample i depends on the
        seed, its label and i alone.

        Args:
            num_samples: Number of samples.
            labels: For a conditional generator, one class or an integer array
                `[num_samples]`; by default the classes in turn.
            seed: Integer from 0.
            truncation: Factor of the codes; below 1 trades variety for fidelity.
            batch_size: Samples a pass.

        Returns:
            A float32 NumPy array `[num_samples, …]`; images are in [-1, 1].
        """
        labels = resolve_labels(labels, num_samples, self.num_classes)
        samples = np.empty((num_samples, *self.sample_shape), np.float32)
        for start in range(0, num_samples, batch_size):
            part = slice(start, min(start + batch_size, num_samples))
            z = self.prior.latents(part.stop - start, self.latent_dim, seed, start)
            z = truncate(self.prior.name, z, truncation)
            label = None if labels is None else tf.constant(labels[part])
            samples[part] = self._sampler(join(self.generator, tf.constant(z), label))
        return samples
