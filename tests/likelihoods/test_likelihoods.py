"""Likelihoods: numbers by hand, and what all of them keep."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.likelihoods import Bernoulli, Gaussian, Likelihood
from tests.contracts.discovery import discover, name

every = pytest.mark.parametrize("likelihood", discover(Likelihood), ids=name)


def test_bernoulli_by_hand():
    """At logit 0 both values have log ½; at log 3 the values 1, -1 have ¾ and ¼."""
    logits = [[0.0, 0.0], [math.log(3), math.log(3)]]
    found = Bernoulli().log_prob(logits, [[1.0, -1.0], [1.0, -1.0]])
    expected = [2 * math.log(0.5), math.log(0.75) + math.log(0.25)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_grey_value_counts_as_the_mean_of_binary_ones():
    """0.5 stands for a 1 with probability ¾."""
    found = Bernoulli().log_prob([[1.0]], [[0.5]])
    ones, others = (Bernoulli().log_prob([[1.0]], [[x]]) for x in (1.0, -1.0))
    np.testing.assert_allclose(found, 0.75 * ones + 0.25 * others, rtol=1e-6)


def test_bernoulli_mean_is_that_of_its_values():
    p = 1 / (1 + math.exp(-1.2))
    assert float(Bernoulli().mean(tf.constant(1.2))) == pytest.approx(2 * p - 1)


def test_gaussian_by_hand():
    """Of deviation 2 at distance 3: -9/8 - log 2 - log √2π."""
    expected = -9 / 8 - math.log(2) - 0.5 * math.log(2 * math.pi)
    fixed = Gaussian(stddev=2.0).log_prob([[1.0]], [[4.0]])
    learned = Gaussian().log_prob([[1.0, math.log(2)]], [[4.0]])
    np.testing.assert_allclose([fixed[0], learned[0]], expected, rtol=1e-6)


def test_learned_deviations_stay_above_half_a_grey_level():
    least = math.log(1 / 255)
    one, other = (Gaussian().log_prob([[0.0, x]], [[0.1]]) for x in (least, -50.0))
    np.testing.assert_array_equal(one, other)


def test_means_stand_before_deviations_in_the_channels():
    outputs = tf.reshape(tf.range(8.0), [1, 1, 2, 4])
    np.testing.assert_array_equal(
        Gaussian().mean(outputs)[0, 0], [[0.0, 1.0], [4.0, 5.0]]
    )


@pytest.mark.parametrize("stddev", [0.0, -1.0])
def test_a_deviation_must_be_positive(stddev):
    with pytest.raises(ValueError, match="positive number"):
        Gaussian(stddev=stddev)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="bernoulli, gaussian"):
        kgan.likelihoods.get("poisson")


@every
def test_one_float32_value_a_sample(likelihood):
    outputs = np.zeros((3, 2, 2, likelihood.parameters), "float16")
    found = likelihood.log_prob(outputs, np.zeros((3, 2, 2, 1), "float16"))
    assert found.shape == (3,) and found.dtype == tf.float32


@every
def test_likelihoods_survive_serialisation(likelihood):
    serialize = keras.saving.serialize_keras_object
    clone = keras.saving.deserialize_keras_object(serialize(likelihood))
    assert clone.get_config() == likelihood.get_config()


@every
def test_samples_near_the_mean_are_likelier(likelihood):
    outputs = tf.fill([1, 1, likelihood.parameters], 0.8)
    mean = likelihood.mean(outputs)
    assert likelihood.log_prob(outputs, mean) > likelihood.log_prob(outputs, -mean)
