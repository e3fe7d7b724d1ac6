"""Turing Learning on distributions whose parameters are known.

A row is the median over seeds, each with data of its own; seconds are processor time.
N(2, 0.5) is searched in [-5, 5] × [0.01, 3], gamma(2, 0.7) by the logarithms of shape
and scale in [-2, 3] × [-3, 2]; errors of gamma are those of the logarithms.

    OMP_NUM_THREADS=1 python benchmarks/turing.py [--seeds 5] [ROW …]
"""

import time
import warnings

import click
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.svm import SVC, LinearSVC

from kgan.turing import CallableGenerator, Elman, TuringLearning

NORMAL = CallableGenerator(
    lambda theta, n, rng: rng.normal(*theta, n), bounds=[(-5, 5), (0.01, 3)]
)
GAMMA = CallableGenerator(
    lambda theta, n, rng: rng.gamma(*np.exp(theta), n), bounds=[(-2, 3), (-3, 2)]
)
TARGETS = {"normal": (NORMAL, [2, 0.5]), "gamma": (GAMMA, np.log([2, 0.7]))}


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
}


def play(row, seed):
    """Returns the estimate, the judges' mean accuracy at the end, and seconds."""
    target, generations, judge, settings = ROWS[row]
    generator, truth = TARGETS[target]
    data = generator.sample(truth, 10_000, np.random.default_rng([seed, 77]))
    learning = TuringLearning(generator, judge, seed=seed, **settings)
    began = time.process_time()
    learning.fit(data, generations, progress=False)
    seconds = time.process_time() - began
    accuracy = np.mean([each["accuracy"] for each in learning.history_[-5:]])
    return [*learning.best_params_, accuracy, seconds]


@click.command()
@click.option("--seeds", default=5, show_default=True)
@click.argument("rows", nargs=-1, type=click.Choice(list(ROWS)))
def main(seeds, rows):
    """Prints a table of ROWS, or of all."""
    warnings.simplefilter("ignore")  # one row shows what the warning is about
    print("| row | first | second | errors | worst | accuracy | seconds |", flush=True)
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for row in rows or ROWS:
        truth = TARGETS[ROWS[row][0]][1]
        runs = np.array([play(row, seed) for seed in range(seeds)])
        first, second, accuracy, seconds = np.median(runs, axis=0)
        errors = np.abs(runs[:, :2] - truth)
        median, worst = np.median(errors, axis=0), errors.max(axis=0)
        print(
            f"| {row} | {first:.3f} | {second:.3f} | {median[0]:.3f}, {median[1]:.3f} "
            f"| {worst[0]:.3f}, {worst[1]:.3f} | {accuracy:.3f} | {seconds:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
