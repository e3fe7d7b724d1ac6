import dataclasses
import math
import typing

LOG_POINTS = 200


@dataclasses.dataclass(frozen=True, eq=False)
class Experiment:
    """A game on a known distribution, as `kgan.lab.experiment` makes it.

    Attributes:
        settings: Dict of all settings.
        gan: The compiled `kgan.GAN`.
        target: What the generator is to learn: `sample(num_samples, seed)` draws from
            it, and `meanings` says what each score means.
    """

    settings: dict
    gan: typing.Any
    target: typing.Any

    def fit(self, callbacks=(), verbose=0, steps=None):
        """Trains the game up to a number of steps.

        Args:
            callbacks: As in Keras. With `steps_per_execution` above 1 they are called
                once for so many steps.
            verbose: As in Keras.
            steps: Where to stop, counted from the first step of the game; by default
                the settings' `steps`. The decay of learning rates is not changed by it.

        Returns:
            A Keras `History` with about 200 entries, means over as many parts of the
            training. It is empty if the game has made so many steps already.
        """
        from kgan.callbacks.stop_at import StopAt

        gan, settings = self.gan, self.settings
        end = settings["steps"] if steps is None else steps
        left = max(0, end - int(gan.step.numpy()))
        # A number that divides the steps, since whole groups of them are executed.
        group = math.gcd(left, settings["steps_per_execution"])
        if gan.steps_per_execution != group:
            gan.steps_per_execution, gan.train_function = group, None
        interval = group * max(1, left // (LOG_POINTS * group))
        # Even seeds are of training, odd ones of judging.
        points = self.target.sample(settings["num_samples"], 2 * settings["seed"])
        return gan.fit(
            points,
            batch_size=settings["batch_size"],
            epochs=math.ceil(left / interval),
            steps_per_epoch=interval,
            verbose=verbose,
            callbacks=[*callbacks, StopAt(end)] if left else None,
        )

    def scores(self, num_samples=2500, seed=0):
        """Judges the samples of the EMA generator.

        Args:
            num_samples: Number of samples, and of real points that were not trained on.
            seed: Seed of both.

        Returns:
            A dict of numbers; `target.meanings` says what each means.

        Raises:
            ValueError: If samples are not finite.
        """
        samples = self.gan.generate(num_samples, seed=seed, batch_size=num_samples)
        held_out = self.target.sample(num_samples, 2 * seed + 1)
        return self.target.scores(samples, held_out, self.gan)
