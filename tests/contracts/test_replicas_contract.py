"""Whatever the game, one and two replicas train to the same weights."""

import functools

import pytest

import kgan
from tests.contracts.discovery import discover, families, name
from tests.modules import run_module

CASES = [
    *(f"loss:{name(loss)}" for loss in discover(kgan.losses.AdversarialLoss)),
    *(f"augmentation:{name(a)}" for a in discover(kgan.augmentation.Augmentation)),
    "penalties",
    *(f"objective:{o.name}" for o in discover(kgan.objectives.Objective)),
    "conditioning:batch_norm",
    *(f"network:{family}" for family in families()),
    *(f"play:{rule}" for rule in ("fresh codes", "simultaneous", "schedule")),
    *(f"play:{rule}" for rule in ("unrolled", "accumulation")),
    "precision:float16",
    "precision:overflow",
]


@functools.cache
def results():
    """Runs them all in one process of two devices: it may have one strategy only."""
    return run_module("tests.contracts.replicas")


@pytest.mark.slow
def test_replicas_see_different_noise_of_one_batch():
    noise = results()["noise"]
    assert noise["halves"] == noise["whole"] and len(set(noise["whole"])) == 8


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_one_and_two_replicas_train_to_the_same_weights(case):
    figures = results()[case]
    assert "error" not in figures, figures["error"]
    # In units of rtol 1e-5 and atol 1e-6.
    assert figures["one step"] <= 1 and figures["ten steps"] <= 1
    assert figures["moved"] > 10
    if case == "precision:overflow":
        assert min(figures["skipped"]) > 0


@pytest.mark.slow
def test_no_case_is_left_out():
    assert set(results()) == {"noise", "refusals", *CASES}


@pytest.mark.slow
def test_what_replicas_cannot_do_is_refused_with_the_reason():
    xla, loop, parts = results()["refusals"]
    assert "XLA" in xla and "`steps_per_execution` must be 1" in loop
    assert "replicas=2" in parts and "Use a multiple of 2." in parts
