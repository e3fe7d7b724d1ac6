import concurrent.futures
import tracemalloc

import numpy as np
import onnx
import onnxruntime
import pytest
from small_generators import tiny_onnx

from kgan.latents import default_labels, latents
from kgan_export import ExportError, Sampler


@pytest.fixture
def sampler(tmp_path):
    return Sampler(tiny_onnx(tmp_path / "tiny.onnx"))


@pytest.fixture
def conditional(tmp_path):
    return Sampler(tiny_onnx(tmp_path / "conditional.onnx", num_classes=3))


def test_sample_is_generate_of_latents(sampler):
    z = sampler.latents(5, seed=7)
    np.testing.assert_array_equal(z, latents("normal", 5, 4, seed=7))
    np.testing.assert_array_equal(sampler.sample(5, seed=7), z)
    np.testing.assert_array_equal(sampler.generate(z), z)


@pytest.mark.parametrize("batch_size", [1, 4, 7, 100])
def test_batch_size_does_not_change_the_samples(conditional, batch_size):
    np.testing.assert_array_equal(
        conditional.sample(10, seed=1, batch_size=batch_size),
        conditional.sample(10, seed=1),
    )


def test_start_goes_on_where_another_call_ended(conditional):
    parts = [conditional.sample(4, seed=1), conditional.sample(3, seed=1, start=4)]
    np.testing.assert_array_equal(np.concatenate(parts), conditional.sample(7, seed=1))


@pytest.mark.parametrize(
    "labels, expected",
    [(None, [0, 1, 2, 0]), (2, [2, 2, 2, 2]), ([0, 2, 1, 1], [0, 2, 1, 1])],
)
def test_labels_reach_the_graph(conditional, labels, expected):
    z = conditional.latents(4)
    samples = conditional.sample(4, labels=labels, batch_size=3)
    np.testing.assert_array_equal(samples, z + np.float32(expected)[:, None])
    np.testing.assert_array_equal(samples, conditional.generate(z, labels))


def test_default_labels_are_the_classes_in_turn(conditional):
    labels = default_labels(4, 3)
    np.testing.assert_array_equal(
        conditional.sample(4), conditional.sample(4, labels=labels)
    )


@pytest.mark.parametrize("labels", [3, -1, [0, 1], 0.5, [[0, 1, 2, 0]]], ids=str)
def test_labels_that_do_not_fit_are_refused(conditional, labels):
    with pytest.raises(ValueError, match="`labels`.*\nReceived: labels="):
        conditional.sample(4, labels=labels)


def test_an_unconditional_generator_refuses_labels(sampler):
    with pytest.raises(ValueError, match="labels"):
        sampler.sample(4, labels=1)


def test_truncation_scales_the_codes(sampler):
    z = sampler.latents(3)
    np.testing.assert_array_equal(sampler.sample(3, truncation=0.5), z * 0.5)
    np.testing.assert_array_equal(sampler.generate(z, truncation=0.5), z * 0.5)


def test_truncation_is_fed_where_the_graph_takes_it(tmp_path):
    path = tiny_onnx(tmp_path / "t.onnx", truncation_input=True, prior="sphere")
    sampler = Sampler(path)
    z = sampler.latents(3)
    np.testing.assert_allclose(sampler.sample(3, truncation=0.25), z * 0.25)


@pytest.mark.parametrize("prior, truncation", [("normal", 1.5), ("sphere", 0.5)])
def test_impossible_truncation_is_refused(tmp_path, prior, truncation):
    sampler = Sampler(tiny_onnx(tmp_path / "t.onnx", prior=prior))
    with pytest.raises(ValueError, match="truncat"):
        sampler.sample(2, truncation=truncation)


def test_a_static_batch_is_filled_up(tmp_path):
    changes = {"num_classes": 3, "static_batch": 4}
    fixed = Sampler(tiny_onnx(tmp_path / "static.onnx", **changes))
    free = Sampler(tiny_onnx(tmp_path / "dynamic.onnx", num_classes=3))
    for n in (1, 4, 6):
        np.testing.assert_array_equal(fixed.sample(n, seed=3), free.sample(n, seed=3))


def test_ten_thousand_samples_take_one_batch_beside_the_result(tmp_path):
    """All codes at once would take 20 MB as float32 and 40 MB as float64."""
    sampler = Sampler(tiny_onnx(tmp_path / "wide.onnx", latent_dim=512))
    sampler.sample(64)
    tracemalloc.start()
    samples = sampler.sample(10_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    one_batch_of_words = 64 * 512 * 8
    assert peak < samples.nbytes + 12 * one_batch_of_words


@pytest.mark.parametrize("z", [np.zeros([3, 5]), np.zeros(4), np.zeros([0, 4])])
def test_codes_of_another_shape_are_refused(sampler, z):
    with pytest.raises(ValueError, match=r"shape \[n, 4\]"):
        sampler.generate(z)


@pytest.mark.parametrize("n", [0, -1, 2.5])
def test_a_senseless_number_of_samples_is_refused(sampler, n):
    with pytest.raises(ValueError, match="`n` must.*\nReceived: n="):
        sampler.sample(n)


def test_session_options_and_providers_are_used(tmp_path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    path = tiny_onnx(tmp_path / "tiny.onnx")
    sampler = Sampler(path, ["CPUExecutionProvider"], options)
    assert sampler.session.get_providers() == ["CPUExecutionProvider"]
    assert sampler.session.get_session_options().intra_op_num_threads == 1


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*none\.onnx"):
        Sampler(tmp_path / "none.onnx")


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "text.onnx"
    path.write_text("not a model")
    with pytest.raises(ValueError, match="ONNX model that onnxruntime can load"):
        Sampler(path)


def test_codes_of_another_specification_are_refused(tmp_path):
    path = tiny_onnx(tmp_path / "tiny.onnx", latents="kgan-latents-2")
    with pytest.raises(ValueError, match="Received: latents='kgan-latents-2'"):
        Sampler(path)


def test_a_model_without_metadata_is_refused(tmp_path):
    path = tiny_onnx(tmp_path / "tiny.onnx")
    model = onnx.load(path)
    del model.metadata_props[:]
    onnx.save(model, path)
    with pytest.raises(ValueError, match="metadata under the key `kgan`"):
        Sampler(path)


def test_a_stream_gives_the_same_samples_in_parts(conditional):
    parts = list(conditional.stream(10, seed=1, truncation=0.5, batch_size=4, start=2))
    assert [len(part) for part in parts] == [4, 4, 2]
    np.testing.assert_array_equal(
        np.concatenate(parts), conditional.sample(10, seed=1, truncation=0.5, start=2)
    )


def test_a_stream_may_end_early_and_checks_before_it_starts(conditional):
    assert len(next(conditional.stream(10**9, batch_size=5))) == 5
    with pytest.raises(ValueError, match="labels"):
        conditional.stream(4, labels=7)


def test_threads_may_share_a_sampler(conditional):
    seeds = range(40)
    expected = [conditional.sample(9, seed, batch_size=4) for seed in seeds]
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda s: conditional.sample(9, s), seeds))
    np.testing.assert_array_equal(found, expected)


def test_a_generator_that_fails_says_so(tmp_path):
    model = onnx.load(tiny_onnx(tmp_path / "g.onnx"))
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 5
    onnx.save(model, tmp_path / "g.onnx")
    with pytest.raises(ExportError, match="The generator failed"):
        Sampler(tmp_path / "g.onnx").warm_up(batch_size=2)
