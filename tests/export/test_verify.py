import numpy as np
import pytest
from small_generators import mlp

from kgan.latents import latents
from kgan_export import ExportError
from kgan_export.signature import Signature
from kgan_export.source import Source, read_source
from kgan_export.verify import compare_floats, compare_levels, make_batches


def test_batches_of_1_3_and_64_with_distinct_codes():
    batches = make_batches(Source(mlp((4,)), prior="uniform"))
    assert [len(z) for z, _ in batches] == [1, 3, 64]
    assert [label for _, label in batches] == [None] * 3
    codes = np.concatenate([z for z, _ in batches])
    np.testing.assert_array_equal(codes, latents("uniform", 68, 6, seed=0))


@pytest.mark.parametrize("classes", [2, 68, 69, 200])
def test_every_class_is_in_a_batch(classes):
    batches = make_batches(Source(mlp((4,), classes), num_classes=classes))
    assert {len(z) for z, _ in batches} == {1, 3, 64}
    seen = np.concatenate([label for _, label in batches])
    assert set(seen.tolist()) == set(range(classes))
    assert len(seen) < classes + 68


def test_a_static_batch_is_the_only_one():
    source = Source(mlp((4,), 10), num_classes=10)
    batches = make_batches(source, static_batch=4)
    assert [len(z) for z, _ in batches] == [4, 4, 4]


def test_differences_are_the_largest_of_each_batch_size():
    generator = read_source(mlp((4,))).generator
    signature = Signature(6, None, (4,))
    batches = [(np.zeros([n, 6], np.float32), None) for n in (1, 3, 3)]
    truth = [np.asarray(generator([z])) for z, _ in batches]
    outputs = [truth[0] + 2e-5, truth[1] - 5e-5, truth[2] + 1e-5]
    expected, largest = compare_floats(generator, signature, batches, outputs)
    np.testing.assert_array_equal(expected[0], truth[0])
    assert largest == {
        1: pytest.approx(2e-5, rel=0.01),
        3: pytest.approx(5e-5, rel=0.01),
    }
    with pytest.raises(ExportError, match="differs by 0.0002 at batch 3"):
        compare_floats(generator, signature, batches, [*outputs[:2], truth[2] + 2e-4])
    with pytest.raises(ExportError, match="shape"):
        compare_floats(generator, signature, batches, [x[:1] for x in outputs])


def test_grey_levels_may_differ_by_one():
    """-1, 0 and 1 are the levels 0, 128 and 255."""
    expected = [np.float32([[-1.0, 0.0, 1.0]])]
    assert compare_levels(expected, [np.uint8([[0, 128, 255]])]) == {1: 0}
    assert compare_levels(expected, [np.uint8([[1, 127, 254]])]) == {1: 1}
    with pytest.raises(ExportError, match="grey level differs by 2"):
        compare_levels(expected, [np.uint8([[2, 128, 255]])])


def test_values_beyond_the_range_are_clipped():
    assert compare_levels([np.float32([[-3.0, 3.0]])], [np.uint8([[0, 255]])]) == {1: 0}
