import numpy as np
import pytest

from kgan.metrics import Evaluator, frechet_distance, metric, names, registry


@pytest.fixture
def evaluator(digits, digits_classifier):
    images, labels = digits
    return Evaluator(digits_classifier, images[1000:], labels[1000:])


def copies(digits, error=0.0):
    """A generator that returns training images of the class asked for."""
    images, labels = digits

    def generate(n, labels_=None, seed=0, **kwargs):
        rng = np.random.default_rng(seed)
        wanted = kwargs["labels"]
        if wanted is None:
            return images[rng.integers(0, 1000, n)]
        wrong = rng.random(n) < error
        wanted = np.where(wrong, (wanted + 1) % 10, wanted)
        return np.stack(
            [images[rng.choice(np.flatnonzero(labels[:1000] == c))] for c in wanted]
        )

    return generate


def test_real_images_score_well_and_noise_does_not(
    evaluator, digits, digits_classifier
):
    good = evaluator.evaluate(copies(digits), 500, conditional=True)
    noise = evaluator.compare(
        np.random.default_rng(0).integers(0, 256, (500, 8, 8, 1)).astype(np.uint8)
    )
    assert good["fd"] < noise["fd"] / 20
    assert good["agreement"] > 0.97
    assert set(good["agreement_per_class"]) == set(range(10))
    assert good["num_samples"] == 500 and good["num_real"] == 797
    assert good["classifier_accuracy"] == digits_classifier.accuracy
    assert good["features"] == digits_classifier.hash


def test_agreement_falls_with_wrong_classes(evaluator, digits):
    scores = evaluator.score(copies(digits, error=0.3), 1000, conditional=True)
    assert scores["agreement"] == pytest.approx(0.7, abs=0.06)


def test_fd_is_the_distance_of_the_classifiers_features(
    evaluator, digits, digits_classifier
):
    images = digits[0]
    expected = frechet_distance(
        digits_classifier.features(images[1000:]),
        digits_classifier.features(images[:300]),
    )
    assert evaluator.compare(images[:300])["fd"] == pytest.approx(expected, rel=1e-12)


NEIGHBORS = ["precision", "recall", "density", "coverage"]


def test_default_metrics_are_those_that_apply(evaluator, digits):
    assert list(evaluator.score(copies(digits), 100)) == ["fd", *NEIGHBORS]
    # A fifth neighbour needs six members.
    assert list(evaluator.score(copies(digits), 5)) == ["fd"]
    by_class = ["agreement", "agreement_per_class"]
    conditional = evaluator.score(copies(digits), 50, conditional=True)
    assert list(conditional) == ["fd", *NEIGHBORS, *by_class]


def test_real_images_give_the_scale(evaluator, digits):
    apart = evaluator.compare_real(digits[0][:1000], 500)
    assert apart == evaluator.compare(digits[0][:1000:2])
    halves = evaluator.compare_real()
    first = Evaluator(evaluator.classifier, digits[0][1000::2])
    assert halves == first.compare(digits[0][1001::2])
    assert 0.85 < halves["coverage"] <= 1 and halves["fd"] < 20


def test_nearest_training_images(evaluator, digits):
    train = digits[0][:300]
    changed = np.minimum(train[[7, 100, 299]], 250)
    assert evaluator.nearest(changed, train).tolist() == [7, 100, 299]


class Guesser:
    """A classifier that always says 0, as one that has learned nothing does."""

    hash, accuracy = "guesser", 0.3

    def features(self, images):
        return np.random.default_rng(0).normal(size=(len(images), 2))

    def predict(self, images):
        return np.zeros(len(images), np.int64)


@pytest.mark.parametrize(
    ("accuracy", "doubted"), [(0.3, True), (0.36, True), (0.5, False)]
)
def test_a_classifier_that_guesses_is_named(accuracy, doubted):
    """The most frequent of 200 labels has 0.3; two standard errors are 0.065."""
    guesser, labels = Guesser(), np.repeat([0, 1, 2, 3], [60, 50, 50, 40])
    guesser.accuracy = accuracy
    images = np.zeros((200, 8, 8, 1), np.uint8)
    evaluator = Evaluator(guesser, images, labels)
    scores = evaluator.evaluate(lambda n, labels, seed: images[:n], 100)
    assert ("warning" in scores) is doubted
    if doubted:
        assert "alone has 30%" in scores["warning"]


def test_labels_follow_the_frequencies_of_the_real_set(digits, digits_classifier):
    real = Evaluator(digits_classifier, digits[0][:8], [3, 0, 0, 3, 0, 0, 0, 0])
    asked = []

    def generate(n, labels, seed):
        asked.extend(labels)
        return digits[0][:n]

    real.score(generate, 12, conditional=True)
    assert asked == [0] * 9 + [3] * 3


def test_a_new_metric_is_one_function(digits, digits_classifier):
    @metric("mean_grey")
    def mean_grey(real, fake):
        return {"mean_grey": float(fake.images.mean() - real.images.mean())}

    try:
        evaluator = Evaluator(digits_classifier, digits[0][:100], metrics=["mean_grey"])
        assert evaluator.compare(digits[0][:100]) == {"mean_grey": 0.0}
    finally:
        del registry._METRICS["mean_grey"]


def test_unknown_metric_lists_the_known_ones(digits, digits_classifier):
    assert {"fd", "agreement"} <= set(names())
    with pytest.raises(
        ValueError, match="agreement, .*, fd, .*\nReceived: metric='fid'"
    ):
        Evaluator(digits_classifier, digits[0], metrics=["fd", "fid"])


def test_refusals(evaluator, digits, digits_classifier):
    with pytest.raises(ValueError, match="needs a conditional generator"):
        Evaluator(digits_classifier, digits[0][:50], metrics=["agreement"]).compare(
            digits[0][:50]
        )
    with pytest.raises(ValueError, match="real images' labels"):
        Evaluator(digits_classifier, digits[0]).score(
            copies(digits), 10, conditional=True
        )
    with pytest.raises(ValueError, match="one integer for each image"):
        evaluator.compare(digits[0][:5], labels=[1, 2])


def test_of_several_outputs_each_is_scored_alone(digits_classifier, digits):
    evaluator = Evaluator(digits_classifier, digits[0][:100])
    with pytest.raises(ValueError, match="images of one kind"):
        evaluator.compare({"a": digits[0][:9], "b": digits[0][:9]})
