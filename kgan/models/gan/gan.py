import keras

from kgan import latents
from kgan.augmentation import get as get_augmentation
from kgan.losses import get as get_loss
from kgan.models.base import GenerativeModel
from kgan.models.gan import checks, heads
from kgan.models.gan.play import Play
from kgan.models.player import Player
from kgan.models.training.checks import check_ema_decay
from kgan.models.training.keras_ways import as_list, refuse_arguments
from kgan.objectives import get as get_objective
from kgan.penalties import get as get_penalty
from kgan.schedules import Steps

# Arguments of `compile` that settings hold as they are.
RULES = (
    "discriminator_steps",
    "generator_steps",
    "updates",
    "share_fakes",
    "pack",
    "unroll_steps",
    "top_k",
)
LOGS = "d_loss", "g_loss", "d_real", "d_fake"


@keras.saving.register_keras_serializable(package="kgan")
class GAN(Play, GenerativeModel):
    """A generator and a discriminator in a minimax game, trained by `fit`.

    One step of `fit` is `discriminator_steps` updates of the discriminator, each on a
    fresh real batch, then one update of the generator. A moving average (EMA) of the
    generator's weights gives the samples.

    Args:
        generator: A built `keras.Model` of any form from codes `z` `[N, latent_dim]` to
            samples. Further inputs are told by their names: `label`, integers `[N]`;
            `condition`, floats such as attributes `[N, D]`; any other one gets normal
            noise. Without names of one's own, integers are labels.
        discriminator: A built `keras.Model` from samples, and the label or condition by
            name, to logits `[N, 1]` or to a dict with `"logits"`. It may judge without
            the labels that the generator takes, as auxiliary classifiers do.
        prior: Distribution of the codes: `"normal"`, `"uniform"`,
            `"truncated_normal"`, `"sphere"` or a `kgan.priors.Prior`.
        ema_decay: Decay of the moving average, in [0, 1). At step t it is at most
            (1 + t) / (10 + t), so that the average follows the first steps closely. 0
            samples from the generator as it is.
        seed: Integer from which every random number of the training derives.
        num_classes: Number of classes of the labels, where no layer of the generator
            tells it, such as an `Embedding` or a `CategoryEncoding`.

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

    settings_name = "gan"
    objectives = ()

    def __init__(
        self,
        generator,
        discriminator,
        prior="normal",
        ema_decay=0.999,
        seed=0,
        name="gan",
        num_classes=None,
        **partners,
    ):
        # `partners`, of subclasses: networks that move with the generator, by role.
        check_ema_decay(ema_decay)
        if num_classes is not None:
            self._num_classes = latents.integer("num_classes", num_classes, 1, 2**24)
        moving = {"generator": generator, **partners}
        checks.check_players(generator, discriminator, self.judged_parts)
        players = [
            Player("generator", moving, moving, ema_decay),
            Player("discriminator", {"discriminator": discriminator}),
        ]
        super().__init__(players, prior, ema_decay, seed, name)

    @classmethod
    def constructor(cls, parts):
        generator = parts.network("generator", **parts.conditions)
        *places, channels = parts.shape
        discriminator = parts.network(
            "discriminator",
            shape=(*places, channels * parts.settings["pack"]),
            **parts.conditions,
            **parts.heads,
        )
        return {"generator": generator, "discriminator": discriminator}

    @classmethod
    def compilation(cls, parts):
        optimizers = {
            f"{player}_optimizer": parts.optimizer(
                f"{player}_optimizer",
                Steps(parts.settings[f"{player}_steps"], f"{player}_steps").most,
            )
            for player in ("generator", "discriminator")
        }
        return {
            **optimizers,
            **{name: parts.settings[name] for name in ("loss", *RULES)},
            "penalties": parts.penalties(),
            "objectives": parts.objectives,
            "augmentation": parts.augmentation(),
        }

    # Names of what the discriminator judges together, where it is not one tensor.
    judged_parts = None

    @property
    def judging(self):
        """The `Signature` of the discriminator."""
        return checks.judging(self.discriminator, self.sample_shape, self.judged_parts)

    @property
    def judges_codes(self):
        """Whether the discriminator judges samples together with codes."""
        return "z" in self.judging.roles

    @property
    def draws_labels(self):
        return any(objective.drawn_labels for objective in self.objectives)

    @property
    def data_classes(self):
        if self.draws_labels:
            return None
        if self.conditional or not self.objectives:
            return self.num_classes
        return heads.heads_of(self.judging).get("class_logits")

    @property
    def batches_per_step(self):
        """Batches of real samples that a step of `fit` uses."""
        return self.discriminator_steps.most

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
        **others,
    ):
        """Sets how the game is played, and builds both optimizers.

        Args:
            generator_optimizer: A `keras.optimizers.Optimizer`, or the name or
                configuration of one; by default DCGAN's `Adam(2e-4, beta_1=0.5)`.
            discriminator_optimizer: As above; a second instance, never shared.
            loss: A name such as `"hinge"` or a `kgan.losses.AdversarialLoss`.
            penalties: `kgan.penalties.Penalty` instances or names, added to the
                players' losses.
            objectives: `kgan.objectives.Objective` instances or names: what the players
                learn from further heads of the discriminator.
            augmentation: What changes all that the discriminator sees in the losses:
                `"diffaugment"`, `"ada"` or `"apa"`; a `kgan.augmentation.Augmentation`;
                another differentiable callable `(samples, random, step) -> samples`; or
                a Keras layer or model, such as `keras.layers.RandomFlip("horizontal")`.
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
            **others: Further arguments of Keras, which are refused.

        Players that compute in float16 get a `keras.optimizers.LossScaleOptimizer`
        around their optimizer. Where gradients overflow, their update is skipped, and
        the logs show the share of such updates as `skipped`.
        """
        refuse_arguments("compile", others)
        self.discriminator_steps = Steps(discriminator_steps)
        self.generator_steps = Steps(generator_steps, argument="generator_steps")
        self.step_rules = (self.discriminator_steps, self.generator_steps)
        self.adversarial_loss = get_loss(loss)
        self.objectives = [get_objective(o) for o in as_list(objectives)]
        self.augmentation = get_augmentation(augmentation)
        self.updates = updates
        self.share_fakes = share_fakes
        self.pack = pack
        self.unroll_steps = unroll_steps
        self.top_k = top_k
        penalties = [get_penalty(penalty) for penalty in as_list(penalties)]
        checks.check_play(self)
        checks.check_penalties(penalties, pack)
        checks.warn_of_batch_statistics(self.discriminator, penalties)
        heads.check_objectives(self)
        self.set_up_augmentation()
        if jit_compile == "auto" and not getattr(self.augmentation, "compiles", True):
            jit_compile = False
        self.set_up(
            {
                "generator_optimizer": generator_optimizer or self.default_optimizer(),
                "discriminator_optimizer": discriminator_optimizer
                or self.default_optimizer(),
            },
            [
                *LOGS,
                *(objective.name for objective in self.objectives),
                *self.augmentation_logs,
            ],
            penalties,
            metrics,
            gradient_accumulation_steps,
            jit_compile,
            run_eagerly,
            steps_per_execution,
        )

    def default_optimizer(self):
        """Returns the optimizer of a player for which `compile` was given none."""
        return keras.optimizers.Adam(2e-4, beta_1=0.5)

    def compile_arguments(self):
        return {
            "loss": self.adversarial_loss,
            "penalties": list(self.penalties),
            "objectives": list(self.objectives),
            "augmentation": self.augmentation,
            "metrics": list(self.player_metrics),
            **{name: getattr(self, name) for name in RULES},
            "discriminator_steps": self.discriminator_steps.rule,
            "generator_steps": self.generator_steps.rule,
        }
