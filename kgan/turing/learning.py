"""Turing Learning: the game itself."""

import collections
import copy
import warnings
import zlib

import numpy as np
from sklearn.base import BaseEstimator
from tqdm.auto import tqdm

from kgan._core.errors import invalid
from kgan.turing.checkpoint import RunFile, digest, repeat
from kgan.turing.checks import check_game, check_settings
from kgan.turing.cma_es import CMAES
from kgan.turing.game import Game
from kgan.turing.modes import MODES
from kgan.turing.mu_plus_lambda import MuPlusLambda

OPTIMIZERS = {"mu+lambda": MuPlusLambda, "cma": CMAES}
FAILED = -1.0  # fitness, below that of whatever gives samples


class TuringLearning(BaseEstimator):
    """Infers the parameters of a generator by a game against judges.

    Each generation the optimizer proposes candidates, the judges try to tell their
    samples from real ones, and a candidate is the fitter the less they can.

    Args:
        generator: Anything with `n_params`, `bounds` and `sample`; see `kgan.turing`.
        judge: A scikit-learn classifier or pipeline; in the mode `"coevolve"` an
            evolvable judge such as `Elman()`.
        optimizer: `"mu+lambda"`, `"cma"`, or an object with `ask` and `tell`, of which
            a copy is used. Default: `"mu+lambda"` in the mode `"coevolve"`, where it
            evolves the judges as well, else `"cma"`.
        mode: `"coevolve"`: candidates and judges evolve against each other, as in the
            paper. `"shared"`: one judge a generation is fitted against all candidates.
            `"c2st"`: one judge is fitted against each candidate, and its held-out
            accuracy counts.
        bundle: Number of samples that a judge sees at a time. Default: 5 in the mode
            `"c2st"`, else 20.
        memory: `"shared"`: generations whose samples the judge still learns from.
        hall_of_fame: `"coevolve"`: generations whose fittest players are kept as
            opponents; half of them play at a time.
        virulence: `"coevolve"`: 1 rewards judges for each success; 0.75 or 0.5 spare
            opponents that would learn nothing from losing all games.
        interrogator: `"judge"` (`"coevolve"` only) or a callable `(n, rng)`: who
            queries the subjects; see `kgan.turing`.
        population: Number of candidates and of evolved judges. Default: 100 in the mode
            `"coevolve"`, else 24.
        trials: Trials of a candidate in a generation. Default: 1 in the mode
            `"coevolve"`, 40 in `"shared"` and 200 in `"c2st"`, of which half fit the
            judge; fewer where the data has not as many.
        n_jobs: Processes, as in scikit-learn; results do not depend on it.
        seed: A Python integer.

    After `fit`:

    - `best_params_`: `[n_params]`, the median of the fitter half of the last
      population, which is less noisy than any single candidate;
    - `population_`: the last candidates, fittest first; `fitness_`: theirs;
    - `judge_`: the fittest evolved judge, or a classifier fitted against
      `best_params_`;
    - `history_`: a list of dicts, one a generation: `best_params`, the `fitness` of the
      best candidate, `mean_fitness`, the judges' balanced `accuracy`, and how many
      candidates `failed`;
    - `failures_`: a dict from reasons to their number.

    Example:

    >>> from sklearn.svm import SVC
    >>> normal = kgan.turing.CallableGenerator(
    ...     lambda theta, n, rng: rng.normal(*theta, n), bounds=[(-5, 5), (0.05, 3)]
    ... )
    >>> data = np.random.default_rng(0).normal(2, 0.5, 2000)
    >>> learning = kgan.turing.TuringLearning(normal, SVC(), mode="c2st").fit(data)
    >>> learning.best_params_  # about [2, 0.5]

    Reference:

    - [Li et al., 2016](https://arxiv.org/abs/1603.04904)
    """

    def __init__(
        self,
        generator,
        judge,
        optimizer=None,
        mode="coevolve",
        bundle=None,
        memory=0,
        hall_of_fame=0,
        virulence=1.0,
        interrogator=None,
        population=None,
        trials=None,
        n_jobs=None,
        seed=0,
    ):
        self.generator = generator
        self.judge = judge
        self.optimizer = optimizer
        self.mode = mode
        self.bundle = bundle
        self.memory = memory
        self.hall_of_fame = hall_of_fame
        self.virulence = virulence
        self.interrogator = interrogator
        self.population = population
        self.trials = trials
        self.n_jobs = n_jobs
        self.seed = seed

    def fit(self, data, generations=50, callbacks=(), checkpoint=None, progress=True):
        """Plays the game.

        Args:
            data: Real samples, `[n, features]` or `[n, time, features]`, or a system
                with `sample(n, rng, query=None)`.
            generations: The number of generations, those of a resumed run included.
            callbacks: Callables that get this object after each generation. One that
                returns `True` ends the game.
            checkpoint: A file that keeps the run. If it exists, the run goes on from
                there and ends as if it had never stopped.
            progress: Whether to show a progress bar.

        Returns:
            This object.

        Raises:
            ValueError: for settings that do not fit, and if all candidates of the
                first generation fail.
        """
        check_settings(self, MODES, OPTIMIZERS)
        asking = None if self.interrogator == "judge" else self.interrogator
        bundle = self._setting("bundle")
        game = Game(self.generator, data, bundle, asking, self.seed, self.n_jobs)
        check_game(self, game)
        mode = MODES[self.mode](game, self)
        search = self.make_search(self.generator.bounds, "candidates")
        run = RunFile(checkpoint, self._settings(data))
        arrays, values = run.read() or ({"told": np.array([])}, {})
        told, self.population_ = arrays.pop("told"), arrays.pop("population", None)
        self.fitness_ = arrays.pop("fitness", None)
        self.history_ = values.get("history", [])
        self.failures_ = collections.Counter(values.get("failures"))
        if len(told):
            repeat(search, told)
            mode.restore(arrays)

        first = len(self.history_)
        bar = tqdm(total=generations, initial=first, disable=not progress, unit="gen")
        for generation in range(first, generations):
            thetas = np.asarray(search.ask(), float)
            fitness, accuracy, reasons = mode.play(thetas, generation)
            self._tell_failures(reasons, generation, len(thetas))
            failed = np.isnan(fitness)
            fitness = np.where(failed, FAILED, fitness)
            search.tell(thetas, -fitness)
            told = np.append(told, -fitness)
            self._record(thetas, fitness, accuracy, failed)
            bar.set_postfix(fitness=self.fitness_[0], accuracy=accuracy)
            bar.update()
            stop = any([callback(self) is True for callback in callbacks])
            last = stop or generation == generations - 1
            arrays = {"population": self.population_, "fitness": self.fitness_}
            values = {"history": self.history_, "failures": self.failures_}
            run.write({"told": told, **arrays, **mode.state()}, values, last)
            if stop:
                break
        bar.close()
        self.judge_ = mode.final_judge(self.best_params_)
        return self

    @property
    def best_params_(self):
        """The median of the fitter half of the last population, `[n_params]`."""
        fitter = self.population_[: (len(self.population_) + 1) // 2]
        return np.median(fitter, axis=0)

    def sample(self, n, seed=0):
        """Returns `n` samples of the generator with `best_params_`."""
        return self.generator.sample(self.best_params_, n, np.random.default_rng(seed))

    def make_search(self, bounds, name):
        """Returns a fresh optimizer for `"candidates"` or for `"judges"`."""
        method = self._setting("optimizer")
        if not isinstance(method, str):
            if name == "candidates":
                return copy.deepcopy(method)
            method = MODES[self.mode].optimizer
        seed = zlib.crc32(f"{self.seed} {name}".encode())
        size = self._setting("population")
        return OPTIMIZERS[method](bounds, population=size, seed=seed)

    def _setting(self, name):
        """Returns a setting, or the default that the mode has for it."""
        value = getattr(self, name)
        return getattr(MODES[self.mode], name) if value is None else value

    def _record(self, thetas, fitness, accuracy, failed):
        best = np.argsort(-fitness, kind="stable")
        self.population_, self.fitness_ = thetas[best], fitness[best]
        record = {
            "best_params": self.best_params_.tolist(),
            "fitness": float(self.fitness_[0]),
            "mean_fitness": float(fitness.mean()),
            "accuracy": float(accuracy),
            "failed": int(failed.sum()),
        }
        self.history_.append(record)

    def _settings(self, data):
        """Returns what must not change between the parts of a run."""
        settings = self.get_params(deep=False)
        del settings["n_jobs"]
        settings["bounds"] = digest(self.generator.bounds)
        live = hasattr(data, "sample")
        return {**settings, "data": type(data).__name__ if live else digest(data)}

    def _tell_failures(self, reasons, generation, count):
        if not reasons:
            return
        if generation == 0 and len(reasons) >= count:
            raise invalid(
                "At least one candidate of the first generation must give samples.",
                {"failures": dict(collections.Counter(reasons))},
                "Mend `generator.sample`, or start where it works.",
            )
        if not self.failures_:
            warnings.warn(
                f"A candidate failed and gets the fitness {FAILED}: {reasons[0]}. "
                "Further failures are counted in `failures_`.",
                stacklevel=3,
            )
        self.failures_.update(reasons)
