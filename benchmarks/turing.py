"""Turing Learning on distributions and systems whose parameters are known.

A row is the median over seeds, each with data of its own; seconds are processor time.
N(2, 0.5) is searched in [-5, 5] × [0.01, 3], gamma(2, 0.7) by the logarithms of shape
and scale in [-2, 3] × [-3, 2]; errors of gamma are those of the logarithms. The
original experiments, by (50 + 50) strategies that start at 0 with σ = 1: an agent in
the light, watched or interrogated; the wheel speeds, in [-1, 1], of a swarm that
gathers, and of one that gathers objects.

    OMP_NUM_THREADS=1 python benchmarks/turing.py [--seeds 5] [--generations 40]
        [--runs FOLDER] [ROW …]
"""

import time
import warnings
from pathlib import Path

import click
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, LinearSVC

from kgan.turing import (
    CallableGenerator,
    Elman,
    LightAgent,
    MuPlusLambda,
    RobotSwarm,
    TuringLearning,
)

NORMAL = CallableGenerator(
    lambda theta, n, rng: rng.normal(*theta, n), bounds=[(-5, 5), (0.01, 3)]
)
GAMMA = CallableGenerator(
    lambda theta, n, rng: rng.gamma(*np.exp(theta), n), bounds=[(-2, 3), (-3, 2)]
)
AGENT = LightAgent()
SWARMS = {"swarm": RobotSwarm(), "clustering": RobotSwarm(robots=5, objects=10)}
SYSTEMS = {"agent": AGENT, **SWARMS}
TARGETS = {
    "normal": (NORMAL, [2, 0.5]),
    "gamma": (GAMMA, np.log([2, 0.7])),
    "agent": (CallableGenerator(AGENT.replica, AGENT.bounds), AGENT.theta),
}
for name, swarm in SWARMS.items():
    model = CallableGenerator(swarm.replica, swarm.bounds, swarm.replicas)
    TARGETS[name] = model, swarm.controller


def scaled(*steps):
    return make_pipeline(StandardScaler(), *steps)


FOREST = RandomForestClassifier(50, min_samples_leaf=3)
POLYNOMIAL = scaled(
    PolynomialFeatures(2), StandardScaler(), LogisticRegression(C=0.1, max_iter=500)
)
QUADRATIC = scaled(PolynomialFeatures(2), LogisticRegression())
CMA = {"optimizer": "cma", "population": 12}
SINGLE = {"bundle": 1, "trials": 400, **CMA}
BUNDLES = {"mode": "c2st", "bundle": 5, "trials": 200, **CMA}
SHARED = {"mode": "shared", **CMA}
ASKING = {"mode": "coevolve", "interrogator": "judge"}
ROWS = {
    "c2st": ("normal", 40, SVC(), BUNDLES),
    "shared": ("normal", 40, SVC(), {"trials": 100, **SHARED}),
    "coevolve": ("normal", 100, Elman(), {"mode": "coevolve"}),
    "single-c2st": ("normal", 40, SVC(), {"mode": "c2st", **SINGLE}),
    "single-linear": ("normal", 40, LinearSVC(), {"mode": "c2st", **SINGLE}),
    "bundle-linear": ("normal", 40, LinearSVC(), BUNDLES),
    "single-shared": ("normal", 150, QUADRATIC, {"bundle": 1, **SHARED}),
    "gamma-svc": ("gamma", 40, scaled(SVC()), {"trials": 200, **SHARED}),
    "gamma-forest": ("gamma", 40, FOREST, {"trials": 200, **SHARED}),
    "gamma-polynomial": ("gamma", 40, POLYNOMIAL, {"trials": 200, **SHARED}),
    "agent-asked": ("agent", 500, Elman(controls=1), ASKING),
    "agent-watched": ("agent", 500, Elman(), {"mode": "coevolve"}),
    "swarm": ("swarm", 300, Elman(), {"mode": "coevolve"}),
    "clustering": ("clustering", 300, Elman(), {"mode": "coevolve"}),
}


def play(row, seed, generations=None, runs=None):
    """Returns the estimate, the judges' mean accuracy at the end, and seconds."""
    target, usual, judge, settings = ROWS[row]
    generator, truth = TARGETS[target]
    data = SYSTEMS.get(target)
    if data is None:
        data = generator.sample(truth, 10_000, np.random.default_rng([seed, 77]))
    if target in SWARMS:
        search = MuPlusLambda(generator.bounds, 100, start=0, sigma=1, seed=seed)
        settings = {"optimizer": search, **settings}
    learning = TuringLearning(generator, judge, seed=seed, **settings)
    began = time.process_time()
    learning.fit(
        data,
        generations or usual,
        checkpoint=runs and runs / f"{row}-{seed}.npz",
        progress=False,
    )
    seconds = time.process_time() - began
    accuracy = np.mean([each["accuracy"] for each in learning.history_[-5:]])
    return [*learning.best_params_, accuracy, seconds]


@click.command()
@click.option("--seeds", default=5, show_default=True)
@click.option("--generations", type=int, help="Instead of each row's own number.")
@click.option(
    "--runs", type=Path, help="A folder that keeps runs, to go on with if killed."
)
@click.argument("rows", nargs=-1, type=click.Choice(list(ROWS)))
def main(seeds, generations, runs, rows):
    """Prints a table of ROWS, or of all."""
    warnings.simplefilter("ignore")  # one row shows what the warning is about
    print("| row | estimate | median error | worst | accuracy | seconds |", flush=True)
    print("| --- | --- | --- | --- | --- | --- |")
    for row in rows or ROWS:
        played = [play(row, seed, generations, runs) for seed in range(seeds)]
        *estimate, accuracy, seconds = np.median(played, axis=0)
        errors = np.abs(np.array(played)[:, :-2] - TARGETS[ROWS[row][0]][1])
        columns = (estimate, np.median(errors, axis=0), errors.max(axis=0))
        numbers = [", ".join(f"{each:.3f}" for each in column) for column in columns]
        print(
            f"| {row} | {' | '.join(numbers)} | {accuracy:.3f} | {seconds:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
