"""Turing Learning: a game between players of any form.

A generator with parameters makes samples, a judge tells them from the real ones, and
the parameters for which it cannot are the answer. Neither player needs a gradient. This
package needs NumPy, scikit-learn, joblib and tqdm; TensorFlow loads only with the Keras
players.

**Samples** are float arrays `[n, features]`, or `[n, time, features]` for trajectories.
**Trials** are what a judge sees at a time, `[n, steps, features]`: a bundle of `bundle`
samples, or one trajectory.

**A generator** is anything with

- `n_params`: the length of its parameter vector `theta`, which is float64;
- `bounds`: an array `[n_params, 2]` of lowest and highest values, which may be
  infinite;
- `sample(theta, n, rng, query=None)`: `n` samples. All randomness comes from `rng`, a
  `numpy.random.Generator`. It may raise an exception, or give wrong shapes or numbers
  that are not finite: such a candidate gets a fitness of -1, below all others;
- optionally `sample_many(thetas, n, rngs)`: what `sample` gives for each of the
  parameter vectors `[candidates, n_params]` with the generator of random numbers of the
  same place, `[candidates, n, ...]`. It is called where there is no query, since a
  simulator often steps many candidates in the time of one. If it raises an exception,
  candidates are sampled one by one, so that none takes others with it.

**The data** of `fit` are an array of real samples, or a system that can be watched
whenever needed: anything with `sample(n, rng, query=None)`. Only a system can be
queried.

**A query** makes the game interactive. It is passed to `sample` of both the system and
the generator, never otherwise: `query(observation)` takes the `n` subjects' features at
a time step, `[n, features]`, and returns controls `[n, controls]` that the subjects'
environments must apply from then on. `sample` must call it once for every time step, in
order, with the row that it returns for this step: `samples[:, t]`. Row `i` is about
subject `i` throughout, since every subject has a judge of its own.
`interrogator="judge"` makes the judges ask: controls are their further outputs, in (0,
1). A callable `interrogator(n, rng)` that returns a query asks by itself, in every
mode.

**A judge** of the modes `"shared"` and `"c2st"` is a scikit-learn classifier. It is
fitted on flattened trials `[n, steps * features]`, class 1 being genuine. **A judge**
of the mode `"coevolve"` is evolved as well. It is anything with

- `n_params(features)`: the length of its parameter vector;
- `score(params, trials)`: how genuine it holds trials, in [0, 1], as `[judges, n]`, for
  the parameters `[judges, n_params]` of many judges at once. All of them see the trials
  `[n, steps, features]`, or each its own ones, `[judges, n, steps, features]`. A score
  of 0.5 or more means genuine;
- `query(params, n)`, if it can interrogate: a query for `judges * n` subjects, the
  first `n` of which are the first judge's.

**An optimizer** is anything with `ask()`, which returns candidates `[population,
n_params]`, and `tell(candidates, costs)`, lower costs being better: an object of the
package `cma` does. It must draw from a random state of its own, so that a run repeats.
"""

from kgan.turing.cma_es import CMAES as CMAES
from kgan.turing.experiments import LightAgent as LightAgent
from kgan.turing.experiments import RobotSwarm as RobotSwarm
from kgan.turing.generators import CallableGenerator as CallableGenerator
from kgan.turing.generators import DensityGenerator as DensityGenerator
from kgan.turing.generators import KerasGenerator as KerasGenerator
from kgan.turing.generators import SubprocessGenerator as SubprocessGenerator
from kgan.turing.judges import Elman as Elman
from kgan.turing.judges import EvolvedJudge as EvolvedJudge
from kgan.turing.judges import KerasJudge as KerasJudge
from kgan.turing.learning import TuringLearning as TuringLearning
from kgan.turing.mu_plus_lambda import MuPlusLambda as MuPlusLambda
from kgan.turing.surrogate_game import SurrogateGame as SurrogateGame
from kgan.turing.trials import trials as trials
