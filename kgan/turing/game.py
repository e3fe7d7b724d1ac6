"""The table at which both players sit: trials on demand, and repeatable chance."""

import itertools
import zlib

import joblib
import numpy as np

from kgan._core.errors import invalid
from kgan.turing.trials import trials


class Game:
    """Draws trials of the real system and of candidates.

    Every draw derives from (seed, name, numbers), never from earlier draws: the order
    of work, the number of processes and interruptions change nothing.

    Args:
        generator: See `kgan.turing`.
        data: An array of samples, or a system with `sample(n, rng, query=None)`.
        bundle: Samples in a trial; trajectories are trials by themselves.
        interrogator: A callable `(n, rng)` that returns a query, or `None`.
        seed: A Python integer.
        n_jobs: Processes of joblib; `None` leaves it to `joblib.parallel_config`.
    """

    def __init__(self, generator, data, bundle, interrogator, seed, n_jobs):
        self.generator, self.interrogator = generator, interrogator
        self.seed, self.n_jobs = seed, n_jobs
        self.live = hasattr(data, "sample")
        self.data = data if self.live else check_data(data)
        samples = self._watch(1, ("probe",), None) if self.live else self.data
        self.shape = samples.shape[1:]
        self.bundle = bundle if len(self.shape) == 1 else 1
        self.available = np.inf if self.live else len(self.data) // self.bundle
        if not self.available:
            raise invalid(
                "The data must fill at least one bundle.",
                {"samples": len(self.data), "bundle": bundle},
                "Give more samples or a smaller `bundle`.",
            )

    def rng(self, name, *numbers):
        """Returns random numbers of a purpose, such as `("fake", generation, i)`."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode()), *numbers])

    def real(self, count, key, query=None):
        """Returns `count` trials of the real system, `[count, steps, features]`."""
        n = count * self.bundle
        if self.live:
            return trials(self._watch(n, key, query), self.bundle)
        # Without repetition where possible, so that held-out trials are unseen ones.
        rows = self.rng(*key).choice(len(self.data), n, replace=n > len(self.data))
        return trials(self.data[rows], self.bundle)

    def fake(self, theta, count, key, query=None):
        """Returns `count` trials of a candidate, or a string that tells its failure."""
        n, rng = count * self.bundle, self.rng(*key)
        try:
            query = self._query(n, key, query)
            samples = np.asarray(self.generator.sample(theta, n, rng, **query), float)
        except Exception as error:  # whatever a simulator may do
            return f"{type(error).__name__}: {error}"
        return self._trials(samples, n)

    def fakes(self, thetas, count, generation, query=None):
        """Returns a list of what `fake` returns for each candidate of a generation.

        Args:
            thetas: Array `[candidates, n_params]`.
            count: Trials of each.
            generation: A Python integer; candidate i has the key `("fake", generation,
                i)`.
            query: A function that makes a query for one candidate, or `None`.
        """
        keys = [("fake", generation, i) for i in range(len(thetas))]
        if query or self.interrogator or not hasattr(self.generator, "sample_many"):
            tasks = zip(thetas, keys, strict=True)
            tasks = [(theta, count, key, query and query()) for theta, key in tasks]
            return self.map(self.fake, tasks)
        workers = min(joblib.effective_n_jobs(self.n_jobs), len(thetas))
        parts = np.array_split(np.arange(len(thetas)), workers)
        tasks = [(thetas[part], count, [keys[i] for i in part]) for part in parts]
        return list(itertools.chain(*self.map(self._fake_many, tasks)))

    def _fake_many(self, thetas, count, keys):
        n, rngs = count * self.bundle, [self.rng(*key) for key in keys]
        try:
            drawn = self.generator.sample_many(thetas, n, rngs)
            drawn = [np.asarray(samples, float) for samples in drawn]
            if len(drawn) != len(thetas):
                raise ValueError("samples of other candidates")
        except Exception:  # one by one it turns out who failed, and why
            tasks = zip(thetas, keys, strict=True)
            return [self.fake(theta, count, key) for theta, key in tasks]
        return [self._trials(samples, n) for samples in drawn]

    def _trials(self, samples, n):
        """Returns trials of `n` samples, or a string that tells what is wrong."""
        if samples.shape != (n, *self.shape):
            return f"samples of shape {samples.shape} instead of {(n, *self.shape)}"
        if not np.isfinite(samples).all():
            return "samples that are not finite"
        return trials(samples, self.bundle)

    def map(self, function, arguments):
        """Returns `[function(*each) for each in arguments]`, computed by joblib."""
        tasks = (joblib.delayed(function)(*each) for each in arguments)
        return joblib.Parallel(self.n_jobs)(tasks)

    def _watch(self, n, key, query):
        query = self._query(n, key, query)
        return np.asarray(self.data.sample(n, self.rng(*key), **query), float)

    def _query(self, n, key, query):
        if self.interrogator is not None:
            name, *numbers = key
            query = self.interrogator(n, self.rng(f"query {name}", *numbers))
        return {} if query is None else {"query": query}


def check_data(data):
    """Returns an array of samples as float64, `[n, features]` or with time."""
    data = np.asarray(data, float)
    data = data[:, None] if data.ndim == 1 else data
    if data.ndim not in (2, 3) or not np.isfinite(data).all():
        raise invalid(
            "`data` must be finite samples `[n, features]` or `[n, time, features]`.",
            {"shape": data.shape, "finite": bool(np.isfinite(data).all())},
            "Flatten further axes and drop missing values; or pass a live system.",
        )
    return data
