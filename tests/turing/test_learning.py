import subprocess
import sys
import warnings

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from kgan.turing import CallableGenerator, Elman, MuPlusLambda, TuringLearning

BOUNDS = [(-5, 5), (0.05, 3)]
DATA = np.random.default_rng(0).normal(2, 0.5, 2000)
SMALL = dict(population=6, trials=8, bundle=5)


def sample_normal(theta, n, rng):
    return rng.normal(*theta, n)


NORMAL = CallableGenerator(sample_normal, BOUNDS)


def fit(learning, generations=3, **options):
    return learning.fit(DATA, generations, progress=False, **options)


def assert_same(one, other):
    np.testing.assert_array_equal(one.population_, other.population_)
    np.testing.assert_array_equal(one.fitness_, other.fitness_)
    assert one.history_ == other.history_


PLAYERS = {
    "coevolve": dict(judge=Elman(), mode="coevolve", hall_of_fame=4, **SMALL),
    "shared": dict(judge=SVC(), mode="shared", memory=2, **SMALL),
    "c2st": dict(judge=RandomForestClassifier(2), mode="c2st", **SMALL),
    "cma": dict(judge=LogisticRegression(), mode="c2st", optimizer="cma", **SMALL),
}


@pytest.mark.parametrize("players", PLAYERS)
def test_a_resumed_run_ends_as_one_without_a_break(players, tmp_path):
    learning = TuringLearning(NORMAL, **PLAYERS[players])
    whole = fit(clone(learning), 6)
    assert len(whole.history_) == 6
    fit(clone(learning), 2, checkpoint=tmp_path / "run.npz")
    fit(clone(learning), 5, checkpoint=tmp_path / "run.npz")
    resumed = fit(clone(learning), 6, checkpoint=tmp_path / "run.npz")
    assert_same(resumed, whole)
    done = fit(clone(learning), 6, checkpoint=tmp_path / "run.npz")
    assert_same(done, whole)
    assert [each.name for each in tmp_path.iterdir()] == ["run.npz"]


@pytest.mark.parametrize("players", ["coevolve", "shared", "c2st"])
def test_results_do_not_depend_on_the_number_of_workers(players):
    learning = TuringLearning(NORMAL, **PLAYERS[players])
    with joblib.parallel_config(backend="threading", n_jobs=2):
        parallel = fit(clone(learning))
    assert_same(parallel, fit(learning))


def many_normals(thetas, n, rngs):
    pairs = zip(thetas, rngs, strict=True)
    return np.stack([sample_normal(theta, n, rng) for theta, rng in pairs])[..., None]


def refuse(theta):
    if theta[0] > 3:
        raise ArithmeticError("too far")


def sample_some(theta, n, rng):
    """Fails in one way or another for a part of the candidates."""
    refuse(theta)
    samples = sample_normal(theta, n, rng)
    return samples * np.nan if theta[0] < 0 else samples[int(theta[0] < 0.5) :]


def many_or_none(thetas, n, rngs):
    for theta in thetas:
        refuse(theta)
    pairs = zip(thetas, rngs, strict=True)
    return [sample_some(theta, n, rng)[:, None] for theta, rng in pairs]


def too_few(thetas, n, rngs):
    return many_normals(thetas, n, rngs)[1:]


@pytest.mark.parametrize("players", ["coevolve", "shared", "c2st"])
@pytest.mark.parametrize(
    "one, many",
    [
        (sample_normal, many_normals),
        (sample_some, many_or_none),
        (sample_normal, too_few),
    ],
)
@pytest.mark.filterwarnings("ignore:A candidate failed")
def test_many_candidates_at_once_change_nothing(one, many, players):
    calls = []

    def counted(thetas, n, rngs):
        calls.append(len(thetas))
        return many(thetas, n, rngs)

    settings = PLAYERS[players] | {"population": 16}
    alone = fit(TuringLearning(CallableGenerator(one, BOUNDS), **settings), 2)
    batched = CallableGenerator(one, BOUNDS, counted)
    together = fit(TuringLearning(batched, **settings), 2)
    assert_same(together, alone)
    assert together.failures_ == alone.failures_
    assert len(alone.failures_) == (3 if one is sample_some else 0)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert_same(fit(TuringLearning(batched, **settings), 2), alone)
    assert len(calls) == 2 + 4 and calls[0] == 16 and calls[2:4] == [8, 8]


@pytest.mark.slow
def test_results_do_not_depend_on_the_number_of_processes():
    learning = TuringLearning(NORMAL, **PLAYERS["c2st"])
    assert_same(fit(clone(learning).set_params(n_jobs=2)), fit(learning))


def test_seeds_decide_and_only_they():
    learning = TuringLearning(NORMAL, **PLAYERS["c2st"])
    first = fit(clone(learning))
    np.random.seed(99)
    assert_same(fit(clone(learning)), first)
    other = fit(clone(learning).set_params(seed=1))
    assert (other.population_ != first.population_).any()


KILLED = """
import os, sys
sys.path.insert(0, {folder!r})
from test_learning import *
learning = TuringLearning(NORMAL, **PLAYERS["shared"])
def die(learning):
    if len(learning.history_) == 4:
        os.kill(os.getpid(), 9)
fit(learning, 6, callbacks=[die], checkpoint={path!r})
"""


def test_a_killed_run_ends_as_one_without_a_break(tmp_path, request):
    path = tmp_path / "run.npz"
    code = KILLED.format(folder=str(request.path.parent), path=str(path))
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    resumed = fit(TuringLearning(NORMAL, **PLAYERS["shared"]), 6, checkpoint=path)
    assert_same(resumed, fit(TuringLearning(NORMAL, **PLAYERS["shared"]), 6))


def test_a_run_with_other_settings_or_data_is_not_resumed(tmp_path):
    learning = TuringLearning(NORMAL, **PLAYERS["c2st"])
    fit(learning, 1, checkpoint=tmp_path / "run.npz")
    with pytest.raises(ValueError, match="with its own settings and data"):
        fit(clone(learning).set_params(seed=1), 2, checkpoint=tmp_path / "run.npz")
    with pytest.raises(ValueError, match="with its own settings and data"):
        learning.fit(DATA + 1, 2, checkpoint=tmp_path / "run.npz")
    (tmp_path / "other.npz").write_text("no archive")
    with pytest.raises(ValueError, match="a file that a run of Turing Learning wrote"):
        fit(learning, 1, checkpoint=tmp_path / "other.npz")


def test_follows_the_conventions_of_scikit_learn():
    judge = SVC(C=2.0)
    learning = TuringLearning(NORMAL, judge, mode="c2st", seed=3, **SMALL)
    params = learning.get_params()
    assert params["seed"] == 3 and params["judge__C"] == 2.0
    learning.set_params(judge__C=3.0, bundle=4)
    copied = clone(learning)
    assert copied is not learning and copied.judge is not judge
    assert copied.get_params()["judge__C"] == 3.0 and copied.bundle == 4
    assert not hasattr(learning, "population_")
    assert fit(learning) is learning
    assert not hasattr(judge, "support_")  # fitted copies only
    assert learning.population_.shape == (6, 2)
    assert (np.diff(learning.fitness_) <= 0).all()
    median = np.median(learning.population_[:3], axis=0)
    np.testing.assert_array_equal(learning.best_params_, median)
    assert learning.judge_.predict(np.full((1, 4), 2.0)) in (0, 1)
    assert learning.sample(7).shape == (7, 1)
    assert not hasattr(clone(learning), "population_")


def test_history_tells_each_generation_and_a_callback_ends_the_game():
    seen = []

    def watch(learning):
        seen.append(learning.best_params_.tolist())
        return len(seen) == 2

    learning = fit(TuringLearning(NORMAL, **PLAYERS["c2st"]), 9, callbacks=[watch])
    assert [record["best_params"] for record in learning.history_] == seen
    record = learning.history_[-1]
    assert record["fitness"] == learning.fitness_[0] >= record["mean_fitness"]
    # Each candidate's fitness is 1 less the accuracy of its own judge.
    assert record["accuracy"] == pytest.approx(1 - record["mean_fitness"])
    assert record["failed"] == 0


def test_an_optimizer_object_is_asked_and_told():
    class Grid:
        told = []

        def ask(self):
            return [[2.0, 0.5], [-2.0, 0.5], [2.0, 0.1]]

        def tell(self, candidates, costs):
            self.told.append(list(costs))

    players = PLAYERS["shared"] | {"bundle": 10, "trials": 40}
    learning = fit(TuringLearning(NORMAL, optimizer=Grid(), **players), 2)
    assert learning.population_[0].tolist() == [2.0, 0.5]
    assert [costs.index(min(costs)) for costs in Grid.told] == [0, 0]

    search = MuPlusLambda(BOUNDS, population=6)
    fit(TuringLearning(NORMAL, optimizer=search, **PLAYERS["c2st"]))
    assert search.generation == 0  # a copy was used


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"mode": "gan"}, "`mode` must be one of 'coevolve', 'shared', 'c2st'"),
        ({"optimizer": "adam"}, "`optimizer` must be one of 'mu\\+lambda', 'cma' or"),
        ({"optimizer": 3}, "`optimizer` must be one of"),
        ({"generator": sample_normal}, "missing=\\['n_params', 'bounds', 'sample'\\]"),
        (
            {"generator": CallableGenerator(sum, [(1, 0)])},
            "bounds=\\[\\[1.0, 0.0\\]\\]",
        ),
        ({"judge": Elman()}, "takes evolvable judges"),
        ({"mode": "coevolve"}, "takes evolvable judges"),
        ({"bundle": 0}, "`bundle` must be an integer, at least 1"),
        ({"bundle": 600}, "at least 4 bundles"),
        ({"bundle": 5000}, "fill at least one bundle"),
        ({"trials": 3}, "`trials` must be at least 4"),
        ({"virulence": 0.2}, "between 0.5 and 1"),
        ({"interrogator": "judge"}, "Only a system can be queried"),
    ],
)
def test_wrong_settings_are_refused(changes, rule):
    settings = {"generator": NORMAL, "judge": SVC(), "mode": "c2st", **changes}
    with pytest.raises(ValueError, match=rule):
        fit(TuringLearning(**settings))


@pytest.mark.parametrize("data", [np.zeros((2, 2, 2, 2)), np.array([1.0, np.nan])])
def test_wrong_data_are_refused(data):
    with pytest.raises(ValueError, match="must be finite samples"):
        TuringLearning(NORMAL, SVC(), mode="c2st").fit(data)


def test_single_samples_before_a_shared_judge_warn():
    learning = TuringLearning(NORMAL, SVC(), mode="shared", bundle=1, population=4)
    with pytest.warns(UserWarning, match="collapse to a point.\nReceived.*bundle=1"):
        fit(learning, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(clone(learning).set_params(bundle=5), 1)


def test_finds_a_normal_distribution():
    settings = dict(mode="shared", optimizer="cma", population=8)
    learning = fit(TuringLearning(NORMAL, SVC(), **settings), 30)
    np.testing.assert_allclose(learning.best_params_, [2, 0.5], atol=0.12)


@pytest.mark.slow
def test_the_example_of_the_docstring_is_right():
    """Within .05 in both parameters, on ten seeds, after 30 generations."""
    data = np.random.default_rng(0).normal(2, 0.5, 2000)
    for seed in range(10):
        learning = TuringLearning(NORMAL, SVC(), mode="c2st", seed=seed, n_jobs=2)
        learning.fit(data, generations=30, progress=False)
        np.testing.assert_allclose(learning.best_params_, [2, 0.5], atol=0.05)
