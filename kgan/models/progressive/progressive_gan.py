import math

import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.framing import pad_to
from kgan._core.nests import rows
from kgan.models.gan import GAN
from kgan.models.progressive.checks import check_batches, size_and_length
from kgan.models.progressive.stages import (
    Fade,
    Halve,
    discriminator_phases,
    generator_phases,
    resolutions,
)
from kgan.models.training.sources import is_stream
from kgan.schedules.growth import Growth, index_at


@keras.saving.register_keras_serializable(package="kgan")
class ProgressiveGAN(GAN):
    """A game whose players grow, from 4×4 images to those of the data.

    `fit` plays the whole schedule. At each resolution but the first, both players' new
    blocks are faded in, and the real images likewise; both optimizers start anew. The
    data come at full resolution and are averaged down in the step; images smaller than
    the last resolution, such as 28×28, are centred on black for it.

    Resolution and fade follow from the step count: a game that is saved, loaded and
    trained on goes on exactly, also in the middle of a fade. `generate` and an export
    give the current resolution.

    Args:
        generator: A functional model whose layers `features_4`, `features_8`, … give
            the features at each resolution, and whose convolution `to_image` makes the
            image of the last: see `kgan.networks.progressive`.
        discriminator: A functional model whose layers of the same names give the
            features that enter the block of each resolution, and whose convolution
            `from_image` gives those of the last.
        growth: The schedule, a `kgan.schedules.Growth`.
        prior: As for `kgan.GAN`, and so are `ema_decay` and `seed`.

    Example:

    ```python
    gan = kgan.ProgressiveGAN(
        kgan.networks.progressive.generator((28, 28, 1), latent_dim=64, width=16),
        kgan.networks.progressive.discriminator((28, 28, 1), width=16),
        kgan.schedules.Growth(20_000, 20_000, batch_size=32),
    )
    gan.compile(loss="wasserstein", penalties=["gradient_penalty", "drift"])
    gan.fit(kgan.data.load("fashion_mnist:embedded", batch_size=32, labels=False))
    gan.generate(16).shape  # (16, 28, 28, 1)
    ```

    Reference:

    - [Karras et al., 2018](https://arxiv.org/abs/1710.10196)
    """

    settings_name = "progressive"

    def __init__(
        self,
        generator,
        discriminator,
        growth=None,
        prior="normal",
        ema_decay=0.999,
        seed=0,
        name="progressive_gan",
    ):
        super().__init__(generator, discriminator, prior, ema_decay, seed, name)
        self.growth = growth or Growth()
        self.sizes = resolutions(generator, discriminator)
        self.phases = self.growth.phases(self.sizes)
        self.fade = Fade(dtype="float32")
        self.fade.build(None)
        self._generators, heads = generator_phases(generator, self.sizes, self.fade)
        self._averages = self._generators
        layers = heads
        if ema_decay:
            average = self.ema_generator
            found = generator_phases(average, self.sizes, self.fade)
            self._averages, copies = found
            for copy, head in zip(copies, heads, strict=True):
                copy.set_weights(head.get_weights())
            layers = [*heads, *copies]
        found = discriminator_phases(discriminator, self.sizes, self.fade)
        self._discriminators, readers = found
        # Keras saves what it meets first under the name of the attribute: the weights
        # must have names that do not depend on the phase.
        self.all_players = [
            generator,
            self.ema_generator,
            discriminator,
            *layers,
            *readers,
        ]
        self._moving = {
            "generator": [generator, *heads],
            "discriminator": [discriminator, *readers],
        }
        self.phase = None
        self._enter(0)

    @classmethod
    def constructor(cls, parts):
        options = parts.settings["growth"]
        growth = Growth(batch_size=parts.settings["batch_size"], **options)
        return {**super().constructor(parts), "growth": growth}

    @property
    def schedule_steps(self):
        """Number of steps of `fit` until the schedule ends."""
        return self.phases[-1].start + self.phases[-1].steps

    def stage_generator(self, stage=-1):
        """Returns the EMA generator of a resolution, fully faded in.

        Args:
            stage: Index of the resolution: 0 is the coarsest, -1 the last.

        Returns:
            A functional `keras.Model`, which `kgan_export.export` takes.

        Raises:
            ValueError: If the game has not finished that resolution.
        """
        size = self.sizes[stage]
        (phase,) = (p for p in self.phases if p.size == size and not p.fading)
        if int(self.step.numpy()) < phase.start:
            raise invalid(
                f"The blocks of {size}×{size} must have been faded in.",
                {"stage": stage, "step": int(self.step.numpy())},
                f"That is so from step {phase.start} on.",
            )
        return self._averages[self.phases.index(phase)]

    def fit(self, x=None, y=None, batch_size=None, epochs=None, **options):
        """Trains both players, by default until the schedule ends.

        Args:
            x: As for `GAN.fit`. A data set's batches, and an array's by default, have
                `growth.batch_size` samples; resolutions of smaller batches use a part
                of them.
            y: As for `GAN.fit`.
            batch_size: With an array, `growth.batch_size`.
            epochs: Number of the last epoch. By default, without `steps_per_epoch`, as
                many as the schedule needs, rounded up.
            **options: As for `GAN.fit`.

        Returns:
            A Keras `History`.

        Raises:
            ValueError: If the data does not fit the players or the schedule.
        """
        self._assert_compile_called("fit")
        if not is_stream(x):
            batch_size = batch_size or self.growth.batch_size
        size, length = size_and_length(x, batch_size)
        check_batches(self, size)
        if epochs is None:
            more = 1 if options.get("steps_per_epoch") else self._epochs(length)
            epochs = options.get("initial_epoch", 0) + more
        # Data are checked against the full-grown players; the first step calls those
        # of its own phase.
        self._enter(self.schedule_steps)
        try:
            return super().fit(x, y, batch_size, epochs, **options)
        finally:
            self._enter(int(self.step.numpy()))

    def generate(self, *args, **options):
        self._enter(int(self.step.numpy()))
        return super().generate(*args, **options)

    generate.__doc__ = GAN.generate.__doc__

    def make_train_function(self, force=False):
        """Makes the function of a step: one for each phase of the schedule."""
        if self.train_function is not None and not force:
            return
        if self.steps_per_execution > 1:
            raise invalid(
                "The players may grow after any step.",
                {"steps_per_execution": self.steps_per_execution},
                "Use steps_per_execution=1.",
            )
        functions = {}

        def train_function(iterator):
            step = int(self.step.numpy())
            self._enter(step)
            if self.phases[self.phase].starts_stage(step):
                self._start_stage()
            if self.phase not in functions:
                super(ProgressiveGAN, self).make_train_function(force=True)
                functions[self.phase] = self.train_function
                self.train_function = train_function
            return functions[self.phase](iterator)

        self.train_function = train_function

    def load_own_variables(self, store):
        super().load_own_variables(store)
        self._enter(int(self.step.numpy()))

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        grown = {role: serialize(parts[0]) for role, parts in self._moving.items()}
        return {**super().get_config(), **grown, "growth": serialize(self.growth)}

    def _enter(self, step):
        """Brings the players to the phase and the fade of a step."""
        index = index_at(self.phases, step)
        self.fade.alpha.assign(self.phases[index].alpha(step))
        if index == self.phase:
            return
        self.phase = index
        self.generator = self._generators[index]
        self.discriminator = self._discriminators[index]
        self.ema_generator = self._averages[index]
        self.players["generator"].replace(
            "generator", self.generator, self.ema_generator
        )
        self.players["discriminator"].replace("discriminator", self.discriminator)
        self._sampler = tf.function(self.call, autograph=False, reduce_retracing=True)
        self.predict_function = None

    def _start_stage(self):
        """Forgets what the optimizers know of the players that did not have it all."""
        rate = self.growth.learning_rates.get(self.phases[self.phase].size)
        for optimizer in self.optimizers.values():
            optimizer = getattr(optimizer, "inner_optimizer", optimizer)
            kept = optimizer.learning_rate
            for variable in optimizer.variables:
                if variable is not kept:
                    variable.assign(keras.ops.zeros(variable.shape, variable.dtype))
            if rate is not None:
                optimizer.learning_rate = rate

    def default_optimizer(self):
        return keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99)

    def all_weights(self, player):
        """Returns the weights of all phases: those of a phase are a part of them."""
        layers = self._moving[player.name]
        return [v for layer in layers for v in layer.trainable_variables]

    def prepare(self, real, conditions):
        """Returns samples at the resolution and the fade of the step."""
        phase = self.phases[self.phase]
        # A stride, since replicas hold contiguous slices of the global batch.
        stride = self.growth.batch_size // phase.batch_size
        part = slice(None, None, stride)
        real, conditions = rows(real, part), rows(conditions, part)
        factor = self.sizes[-1] // phase.size
        if factor > 1:
            framed = pad_to(real, self.sizes[-1])
            real = tf.nn.avg_pool2d(framed, factor, factor, "VALID")
        if phase.fading:
            real = self.fade([Halve(phase.size)(real), real])
        return real, conditions

    def _epochs(self, batches):
        """Returns how many epochs of so many batches the rest of the schedule needs."""
        if batches is None:
            raise invalid(
                "The length of an epoch must be known.",
                {"epochs": None, "steps_per_epoch": None},
                "Give `epochs` and `steps_per_epoch`, or a data set of known size.",
            )
        missing = max(self.schedule_steps - int(self.step.numpy()), 0)
        # Data of less than a step are refused later.
        return math.ceil(missing / max(batches // self.discriminator_steps.most, 1))
