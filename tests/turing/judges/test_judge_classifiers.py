import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from kgan.turing.judges.classifier import fit_judge, genuineness


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    "judge",
    [
        SVC(),
        SVC(kernel="linear"),
        LinearSVC(),
        LogisticRegression(),
        KNeighborsClassifier(),
        RandomForestClassifier(5),
        make_pipeline(StandardScaler(), RandomForestClassifier(5)),
        RidgeClassifier(),
        NearestCentroid(),
    ],
    ids=lambda judge: type(judge).__name__,
)
def test_any_classifier_judges_and_stays_as_it_was(judge):
    real, fake = rng().normal(2, 1, (40, 3, 2)), rng(1).normal(-2, 1, (40, 3, 2))
    before = repr(judge.get_params())
    fitted = fit_judge(judge, real, fake, rng())
    assert repr(judge.get_params()) == before and not hasattr(judge, "classes_")
    for trials, genuine in ((real, True), (fake, False)):
        scores = genuineness(fitted, trials)
        assert scores.shape == (40,) and ((0 <= scores) & (scores <= 1)).all()
        assert ((scores >= 0.5) == genuine).all()


def test_the_game_seeds_the_judges_that_name_no_seed():
    real, fake = rng().normal(0, 1, (40, 3, 2)), rng(1).normal(0.5, 1, (40, 3, 2))

    def scores(forest, seed):
        judge = fit_judge(make_pipeline(forest), real, fake, rng(seed))
        return genuineness(judge, real).tolist()

    free, fixed = RandomForestClassifier(5), RandomForestClassifier(5, random_state=3)
    assert scores(free, 0) == scores(free, 0) != scores(free, 1)
    assert scores(fixed, 0) == scores(fixed, 1)
