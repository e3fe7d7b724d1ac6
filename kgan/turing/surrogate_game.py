"""A Keras generator against a judge without gradients."""

import collections

import numpy as np
from tqdm.auto import trange

from kgan.turing.game import check_data
from kgan.turing.judges.classifier import fit_judge, genuineness
from kgan.turing.modes.base import balanced_accuracy


class SurrogateGame:
    """Trains a Keras generator by a differentiable copy of a black-box judge.

    In each round the judge is fitted on real samples and on the generator's; a Keras
    network, the surrogate, learns the judge's probabilities on both and between them;
    and the generator takes steps that raise the surrogate's logits. The judge sees
    single samples, as the discriminator of a GAN does.

    Args:
        generator: A `keras.Model` from codes `[n, latent_dim]` to samples
            `[n, features]`; it is trained in place.
        judge: A scikit-learn classifier, best with `predict_proba`.
        surrogate: A `keras.Model` from samples to logits `[n, 1]`, trained in place.
        memory: Rounds whose samples the judge still learns from.
        batch_size: Samples in a step of either network; a round shows the judge, and
            the surrogate, ten batches of each kind.
        learning_rate: Of Adam, for both networks.
        seed: A Python integer, from which all draws derive.

    After `fit`: `judge_`, the last judge, and `history_`, a list of dicts, one a round:
    the judge's balanced `accuracy` on fresh samples, and `agreement`, the share of
    those on which the surrogate decides as the judge does.
    """

    def __init__(
        self,
        generator,
        judge,
        surrogate,
        memory=2,
        batch_size=32,
        learning_rate=1e-3,
        seed=0,
    ):
        self.generator, self.judge, self.surrogate = generator, judge, surrogate
        self.memory, self.batch_size = memory, batch_size
        self.learning_rate, self.seed = learning_rate, seed

    def fit(self, data, rounds=100, steps=10, progress=True):
        """Plays the game.

        Args:
            data: Real samples `[n, features]`.
            rounds: The number of judges.
            steps: Steps of the generator in a round.
            progress: Whether to show a progress bar.

        Returns:
            This object.
        """
        import keras

        def compiled(model):
            loss = keras.losses.BinaryCrossentropy(from_logits=True)
            model.compile(keras.optimizers.Adam(self.learning_rate), loss)
            return model

        data, count = check_data(data), 10 * self.batch_size
        student = compiled(self.surrogate)
        # The surrogate only passes gradients on: its weights stay out of this model.
        self.surrogate.trainable = False
        chain = compiled(keras.Sequential([self.generator, self.surrogate]))
        past, self.history_ = collections.deque(maxlen=self.memory), []
        for each in trange(rounds, disable=not progress, unit="round"):
            rng = np.random.default_rng([self.seed, each])
            seen = self._generate(count, rng)
            fake = np.concatenate([seen, *past])
            past.append(seen)
            real = data[rng.choice(len(data), len(fake))]
            self.judge_ = fit_judge(self.judge, real, fake, rng)

            mix = rng.random((count, 1))
            between = mix * real[:count] + (1 - mix) * seen
            x = rng.permutation(np.concatenate([real[:count], seen, between]))
            y = genuineness(self.judge_, x)[:, None]
            self.surrogate.trainable = True
            self._train(student, x, y)
            self.surrogate.trainable = False
            codes = self._codes(steps * self.batch_size, rng)
            self._train(chain, codes, np.ones((len(codes), 1)))
            self._record(data, count, rng)
        return self

    def _codes(self, n, rng):
        return rng.standard_normal((n, self.generator.input_shape[-1])).astype(
            "float32"
        )

    def _generate(self, n, rng):
        return self.generator.predict_on_batch(self._codes(n, rng)).astype(float)

    def _train(self, model, x, y):
        # Not by `fit`, which spends more time on its start than on such short work.
        x, y = np.asarray(x, "float32"), np.asarray(y, "float32")
        for start in range(0, len(x), self.batch_size):
            batch = slice(start, start + self.batch_size)
            model.train_on_batch(x[batch], y[batch])

    def _record(self, data, n, rng):
        real, fake = data[rng.choice(len(data), n)], self._generate(n, rng)
        scores = genuineness(self.judge_, real), genuineness(self.judge_, fake)
        x = np.concatenate([real, fake]).astype("float32")
        copied = self.surrogate.predict_on_batch(x)[:, 0] >= 0
        agreement = np.mean(copied == (np.concatenate(scores) >= 0.5))
        record = {
            "accuracy": float(balanced_accuracy(*scores)),
            "agreement": float(agreement),
        }
        self.history_.append(record)
