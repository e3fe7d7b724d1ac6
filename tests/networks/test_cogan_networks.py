import numpy as np
import pytest

from kgan.networks import cogan

SHAPE = (8, 8, 1)


def parameters(shared):
    """At 8×8, width 2: the stages' sizes, worked out by hand.

    Dense 3→64 with a PReLU of 4, transposed convolution 4→2 with 2, image 2→1.
    """
    stages = [3 * 64 + 64 + 4, 9 * 4 * 2 + 2 + 2, 36 * 2 + 1]
    return sum(stages[:shared]) + 2 * sum(stages[shared:])


@pytest.mark.parametrize("shared", [0, 1, 2])
def test_shared_stages_are_counted_once(shared):
    model = cogan.generators(SHAPE, 3, 2, shared)
    count = sum(np.prod(v.shape) for v in model.trainable_variables)
    assert count == parameters(shared)
    assert {k: x.shape for k, x in model.output.items()} == dict.fromkeys(
        "ab", (None, 8, 8, 1)
    )


def test_by_default_only_the_ends_differ():
    first = cogan.generators(SHAPE, 3, 2)
    assert first.count_params() == cogan.generators(SHAPE, 3, 2, 2).count_params()
    judges = [cogan.discriminators(SHAPE, 2, shared, 8) for shared in (None, 3, 0)]
    counts = [judge.count_params() for judge in judges]
    # Convolutions 1→2 and 2→5, dense 20→8 with a PReLU, 8→1.
    stages = [52, 255, 20 * 8 + 8 + 8, 9]
    assert counts == [sum(stages) + 52, sum(stages) + 52, 2 * sum(stages)]


def test_each_logit_is_of_its_own_domain():
    judge = cogan.discriminators(SHAPE, 2, num_classes=3)
    rng = np.random.default_rng(0)
    pair = {name: rng.uniform(-1, 1, (4, 8, 8, 1)).astype("float32") for name in "ab"}
    before, after = judge(pair), judge({**pair, "b": 0 * pair["b"]})
    assert before["logits"].shape == (4, 2)
    assert before["class_logits"].shape == before["class_logits_b"].shape == (4, 3)
    for name, same in (("class_logits", True), ("class_logits_b", False)):
        assert np.allclose(before[name], after[name]) == same
    changed = np.abs(before["logits"] - after["logits"]).max(axis=0)
    assert changed[0] < 1e-6 < changed[1]


def test_other_sizes_are_cut_out():
    pair = cogan.generators((28, 20, 3), 4, 2).output
    assert [pair[name].shape for name in "ab"] == [(None, 28, 20, 3)] * 2


@pytest.mark.parametrize("shared", [-1, 5, 1.5])
def test_impossible_numbers_of_stages_are_refused(shared):
    with pytest.raises(ValueError, match="Received: shared="):
        cogan.generators(SHAPE, shared=shared)
