import keras
import numpy as np
import pytest
from small_generators import mlp

from kgan.latents import latents, noise
from kgan_export import ExportError
from kgan_export.interface.generator import GeneratorInterface
from kgan_export.interface.output import Output
from kgan_export.source import Source, read_source
from kgan_export.verify import compare_floats, compare_levels, make_batches


def test_batches_of_1_3_and_64_with_distinct_codes():
    batches = make_batches(Source({"generator": mlp((4,))}, prior="uniform"))
    assert [len(feed["z"]) for feed in batches] == [1, 3, 64]
    assert [list(feed) for feed in batches] == [["z"]] * 3
    codes = np.concatenate([feed["z"] for feed in batches])
    np.testing.assert_array_equal(codes, latents("uniform", 68, 6, seed=0))


@pytest.mark.parametrize("classes", [2, 68, 69, 200])
def test_every_class_is_in_a_batch(classes):
    batches = make_batches(
        Source({"generator": mlp((4,), classes)}, num_classes=classes)
    )
    assert {len(feed["z"]) for feed in batches} == {1, 3, 64}
    seen = np.concatenate([feed["label"] for feed in batches])
    assert set(seen.tolist()) == set(range(classes))
    assert len(seen) < classes + 68


def test_a_static_batch_is_the_only_one():
    source = Source({"generator": mlp((4,), 10)}, num_classes=10)
    batches = make_batches(source, static_batch=4)
    assert [len(feed["z"]) for feed in batches] == [4, 4, 4]


def test_further_inputs_are_drawn_beside_the_codes():
    z, x = keras.Input([6], name="z"), keras.Input([2, 2], name="x")
    y = keras.layers.Concatenate()([z, keras.layers.Flatten()(x)])
    model = keras.Model([z, x], keras.layers.Dense(4)(y))
    batches = make_batches(read_source(model, distributions={"x": "unit"}))
    drawn = np.concatenate([feed["x"] for feed in batches])
    np.testing.assert_array_equal(drawn, noise("unit", 68, [2, 2], 0, "x"))


def test_differences_are_the_largest_of_each_batch_size():
    generator = read_source(mlp((4,))).generator
    interface = GeneratorInterface(latent_dim=6, outputs=(Output((4,)),))
    batches = [{"z": np.zeros([n, 6], np.float32)} for n in (1, 3, 3)]
    truth = [[x.numpy() for x in interface.call(generator, feed)] for feed in batches]
    np.testing.assert_array_equal(truth[1][0], generator([batches[1]["z"]]))
    outputs = [[truth[0][0] + 2e-5], [truth[1][0] - 5e-5], [truth[2][0] + 1e-5]]
    assert compare_floats(truth, outputs) == {
        1: pytest.approx(2e-5, rel=0.01),
        3: pytest.approx(5e-5, rel=0.01),
    }
    off = [*outputs[:2], [truth[2][0] + 2e-4]]
    with pytest.raises(ExportError, match="differs by 0.0002 at batch 3"):
        compare_floats(truth, off)
    assert compare_floats(truth, off, tolerance=1e-3)[3] == pytest.approx(2e-4, 0.01)
    with pytest.raises(ExportError, match="shape"):
        compare_floats(truth, [[x[:1]] for (x,) in outputs])


def levels(expected, outputs, **settings):
    grey = [Output((3,), dtype="uint8")]
    return compare_levels(grey, [[expected]], [[outputs]], **settings)


def test_grey_levels_may_differ_by_one():
    """-1, 0 and 1 are the levels 0, 128 and 255."""
    expected = np.float32([[-1.0, 0.0, 1.0]])
    assert levels(expected, np.uint8([[0, 128, 255]])) == {1: 0}
    assert levels(expected, np.uint8([[1, 127, 254]])) == {1: 1}
    with pytest.raises(ExportError, match="grey level differs by 2"):
        levels(expected, np.uint8([[2, 128, 255]]))
    assert levels(expected, np.uint8([[2, 128, 255]]), tolerance=3) == {1: 2}


def test_values_beyond_the_range_are_clipped():
    assert levels(np.float32([[-3.0, 3.0]]), np.uint8([[0, 255]])) == {1: 0}
