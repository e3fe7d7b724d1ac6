"""Features that are learned without labels: what they see, and how they are kept."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.stats import spearmanr

import kgan
from kgan.metrics import Classifier, Evaluator, SelfSupervised
from kgan.metrics.features.self_supervised import turned


@pytest.fixture(scope="module")
def extractor(digits, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KGAN_CACHE", str(tmp_path_factory.mktemp("cache")))
        return SelfSupervised.for_data(digits[0])


def test_square_images_are_turned_by_quarters():
    images = np.arange(4 * 9, dtype=np.uint8).reshape(4, 3, 3, 1)
    made = turned(images, np.arange(4))
    for turn in range(4):
        np.testing.assert_array_equal(made[turn], np.rot90(images[turn], turn))


def test_other_images_are_mirrored():
    images = np.arange(4 * 6, dtype=np.uint8).reshape(4, 2, 3, 1)
    made = turned(images, np.arange(4))
    expected = [
        images[0],
        images[1][:, ::-1],
        images[2][::-1],
        images[3][::-1, ::-1],
    ]
    np.testing.assert_array_equal(made, expected)


def test_it_tells_how_digits_were_turned(extractor, digits):
    assert extractor.accuracy > 0.8
    assert extractor.features(digits[0][:7]).shape == (7, 64)
    assert not hasattr(extractor, "predict")


def test_it_repeats_is_cached_and_leaves_global_randomness_alone(digits, monkeypatch):
    images = digits[0][:60]
    np.random.seed(3)
    first = SelfSupervised.for_data(images, cache=False)
    drawn = np.random.random()
    np.random.seed(3)
    assert np.random.random() == drawn
    assert SelfSupervised.for_data(images, cache=False).hash == first.hash
    assert SelfSupervised.for_data(images, seed=1, cache=False).hash != first.hash


def test_it_is_read_from_the_cache(digits, tmp_path, monkeypatch):
    monkeypatch.setenv("KGAN_CACHE", str(tmp_path))
    first = SelfSupervised.for_data(digits[0][:60])
    monkeypatch.setattr("kgan.metrics.features.self_supervised.train", None)
    again = SelfSupervised.for_data(digits[0][:60])
    assert (again.hash, again.accuracy) == (first.hash, first.accuracy)


@pytest.mark.parametrize("count", [0, 9])
def test_too_few_images(count):
    with pytest.raises(ValueError, match="needs 10 images"):
        SelfSupervised.for_data(np.zeros((count, 8, 8, 1), np.uint8))


def damages(images, labels):
    """Returns, by name, sets of a thousand images that are damaged more and more."""
    rng = np.random.default_rng(0)
    base = images[rng.permutation(len(images))[:1000]]
    halves = [side // 2 for side in base.shape[1:3]]
    swapped = base.copy()
    swapped[:, : halves[0], : halves[1]] = base[:, -halves[0] :, -halves[1] :]
    swapped[:, -halves[0] :, -halves[1] :] = base[:, : halves[0], : halves[1]]

    def blurred(width):
        wide = gaussian_filter(base.astype(np.float32), (0, width, width, 0))
        return np.clip(wide, 0, 255).astype(np.uint8)

    def noisy(level):
        noise = rng.normal(0, 255 * level, base.shape)
        return np.clip(base + noise, 0, 255).astype(np.uint8)

    def without(classes):
        kept = np.flatnonzero(labels >= classes)
        return images[rng.choice(kept, 1000)]

    def with_swapped(share):
        count = int(share * len(base))
        return np.concatenate([swapped[:count], base[count:]])

    return base, {
        "blur": [blurred(width) for width in (0.4, 0.7, 1.2, 2)],
        "noise": [noisy(level) for level in (0.03, 0.06, 0.12, 0.25)],
        "dropped modes": [without(classes) for classes in (1, 3, 5, 8)],
        "swapped patches": [with_swapped(share) for share in (0.1, 0.25, 0.5, 1)],
    }


def colored_shapes():
    """Squares, crosses, discs … in colours, some turned: RGB 16×24, 10 classes."""
    rng = np.random.default_rng(0)
    labels = np.arange(3000) % 10
    rows, columns = np.mgrid[:16, :24]
    images = np.empty((3000, 16, 24, 3), np.uint8)
    for image, label in zip(images, labels, strict=True):
        y, x = rows - rng.uniform(4, 10), columns - rng.uniform(6, 16)
        height, width = 2 + label % 5, 2 + label // 2
        inside = (abs(y) < height) & (abs(x) < width) & ((y < x) | (label < 5))
        color = rng.integers(0, 256, 3)
        image[:] = np.where(inside[..., None], color, 255 - color // 2)
    return images, labels


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits", "fashion_mnist:embedded", "shapes"])
def test_more_damage_is_further_away(name):
    if name == "shapes":
        images, labels = colored_shapes()
    else:
        samples = kgan.data.read(name)
        images, labels = samples.x, samples.y
    evaluator = Evaluator(SelfSupervised.for_data(images), images, metrics=["fd"])
    base, sets = damages(images, labels)
    least = evaluator.compare(base)["fd"]
    for damage, images in sets.items():
        distances = [least, *(evaluator.compare(x)["fd"] for x in images)]
        assert np.all(np.diff(distances) > 0), (damage, distances)


@pytest.mark.slow
def test_it_ranks_checkpoints_as_the_classifier_does():
    samples = kgan.data.read("fashion_mnist:embedded")
    x, y = samples.x, samples.y
    judges = [
        Evaluator(extractor, x, metrics=["fd"])
        for extractor in (Classifier.for_data(x, y), SelfSupervised.for_data(x))
    ]
    gan = kgan.from_preset("dcgan-sn", image_shape=samples.shape)
    batches = kgan.data.batches(samples.without_labels(), 64, repeat=True)
    distances = []
    for steps in (10, 10, 20, 40, 40, 60, 60, 80, 80, 100):
        gan.fit(batches, steps_per_epoch=steps, verbose=0)
        images = gan.generate(1000, seed=0)
        distances.append([judge.compare(images)["fd"] for judge in judges])
    assert spearmanr(*np.transpose(distances)).statistic >= 0.9
