import json
import re
from pathlib import Path

import numpy as np
import pytest

from kgan.latents import PRIORS, default_labels, latents, noise, philox4x32

PAGE = Path(__file__).parents[1].joinpath("docs/latents.md").read_text("utf-8")
PAGE_JSON = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1]
GOLDEN = json.loads(PAGE_JSON)
NOISE = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])
ROWS = re.findall(r"^\| `([\da-f ]{35})` \| `([\da-f ]{17})` \| `(.*)` \|", PAGE, re.M)


def words(text):
    return np.array([int(word, 16) for word in text.split()], np.uint64)


def test_philox_gives_the_published_known_answers():
    """The three vectors for philox4x32 with 10 rounds of Random123's kat_vectors."""
    zero, ones, pi = (words(row[2]).tolist() for row in ROWS)
    assert zero == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    assert ones == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
    assert pi == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]
    for counter, key, answer in ROWS:
        np.testing.assert_array_equal(
            philox4x32(words(counter), words(key)), words(answer)
        )


def test_philox_is_vectorised_over_counters():
    counters = np.stack([words(row[0]) for row in ROWS[:1]] * 3)
    np.testing.assert_array_equal(
        philox4x32(counters, (0, 0)), np.stack([words(ROWS[0][2])] * 3)
    )


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["prior"])
def test_documented_codes_are_the_codes(case):
    code = latents(case["prior"], 1, 5, case["seed"], start=case["sample"])
    assert code.dtype == np.float32
    np.testing.assert_allclose(code[0], np.float32(case["code"]), rtol=3e-7)


def test_documented_program_draws_the_same_codes():
    """The plain Python of the page is a second implementation of the specification."""
    program = {}
    exec(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[1], program)
    for prior in PRIORS:
        ours = latents(prior, 20, 11, seed=2**40 + 7, start=2**32 - 10)
        theirs = [
            program["code"](prior, 2**40 + 7, 2**32 - 10 + i, 11) for i in range(20)
        ]
        np.testing.assert_allclose(ours, np.float32(theirs), rtol=3e-7)


@pytest.mark.parametrize("prior", PRIORS)
def test_a_code_depends_on_seed_and_position_alone(prior):
    together = latents(prior, 50, 7, seed=3)
    apart = [latents(prior, 1, 7, seed=3, start=i) for i in range(50)]
    np.testing.assert_array_equal(together, np.concatenate(apart))
    assert not np.isclose(together, latents(prior, 50, 7, seed=4)).any()


@pytest.mark.parametrize("prior", ["normal", "uniform", "truncated_normal"])
def test_a_longer_code_starts_like_a_shorter_one(prior):
    np.testing.assert_array_equal(
        latents(prior, 6, 13, seed=1)[:, :5], latents(prior, 6, 5, seed=1)
    )


# Truncated normal: `scipy.stats.truncnorm(-2, 2)` has these moments.
@pytest.mark.parametrize(
    "prior, variance, kurtosis, bound",
    [
        ("normal", 1.0, 3.0, np.inf),
        ("uniform", 1 / 3, 9 / 5, 1.0),
        ("truncated_normal", 0.7737413, 2.3655367, 2.0),
        ("sphere", 1.0, 3 * 32 / 34, np.sqrt(32)),
    ],
)
def test_moments_are_the_distribution_s(prior, variance, kurtosis, bound):
    z = latents(prior, 20_000, 32, seed=0).astype(np.float64)
    assert abs(z.mean()) < 5e-3
    assert z.var() == pytest.approx(variance, rel=5e-3)
    assert (z**4).mean() / z.var() ** 2 == pytest.approx(kurtosis, rel=1e-2)
    assert np.abs(z).max() <= bound
    # Neighbouring samples and neighbouring coordinates are uncorrelated.
    assert abs((z[1:] * z[:-1]).mean()) < 5e-3
    assert abs((z[:, 1:] * z[:, :-1]).mean()) < 5e-3


def test_truncated_normal_redraws_only_what_lies_outside():
    normal = latents("normal", 500, 16, seed=9)
    truncated = latents("truncated_normal", 500, 16, seed=9)
    np.testing.assert_array_equal(truncated != normal, np.abs(normal) > 2)


def test_sphere_has_radius_root_of_latent_dim():
    norms = np.linalg.norm(latents("sphere", 100, 64, seed=0), axis=1)
    np.testing.assert_allclose(norms, 8.0, rtol=1e-6)


def test_default_labels_take_the_classes_in_turn():
    labels = default_labels(5, num_classes=3, start=4)
    assert labels.tolist() == [1, 2, 0, 1, 2]
    assert labels.dtype == np.int64


@pytest.mark.parametrize(
    "arguments",
    [
        {"prior": "cauchy"},
        {"n": -1},
        {"n": 1.5},
        {"latent_dim": 0},
        {"seed": -1},
        {"seed": 2**64},
        {"start": -1},
    ],
    ids=str,
)
def test_bad_arguments_are_named(arguments):
    good = {"prior": "normal", "n": 1, "latent_dim": 2, "seed": 0, "start": 0}
    (name,) = arguments
    with pytest.raises(ValueError, match=f"`{name}` must.*\nReceived: {name}="):
        latents(**(good | arguments))


def test_noise_of_each_name_is_independent_and_of_its_position():
    a, b = (noise("normal", 4000, [2, 3], seed=5, name=name) for name in "ab")
    assert a.shape == (4000, 2, 3) and a.dtype == np.float32
    z = latents("normal", 4000, 6, seed=5)
    for x, y in ((a, b), (a, z), (b, z)):
        assert abs(np.corrcoef(x.ravel(), y.ravel())[0, 1]) < 0.03
    part = noise("normal", 3, [2, 3], seed=5, name="a", start=7)
    np.testing.assert_array_equal(part, a[7:10])


def test_unit_noise_is_uniform_and_keeps_off_the_ends():
    u = noise("unit", 5000, [4], seed=1, name="u")
    assert 0.0 < u.min() < 1e-3 and 1.0 - 1e-3 < u.max() < 1.0
    assert abs(u.mean() - 0.5) < 0.01 and abs(u.var() - 1 / 12) < 0.003
    assert not np.any((u * 2.0**24) % 2 - 1)  # 23 bits and a half


@pytest.mark.parametrize("case", NOISE, ids=lambda case: case["distribution"])
def test_documented_noise_is_the_noise(case):
    drawn = noise(case["distribution"], 1, [4], case["seed"], case["name"], 3)
    np.testing.assert_allclose(drawn[0], np.float32(case["values"]), rtol=3e-7)


def test_documented_names_give_the_documented_seeds():
    """The plain Python of the page, once more."""
    program = {}
    exec("\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[1:]), program)
    for case in NOISE:
        seed = program["named_seed"](case["seed"], case["name"])
        prior = case["distribution"]
        if prior != "unit":
            values = program["code"](prior, seed, 3, 4)
            np.testing.assert_allclose(np.float32(values), np.float32(case["values"]))
