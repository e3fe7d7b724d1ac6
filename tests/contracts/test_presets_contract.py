import json

import numpy as np
import onnxruntime
import pytest

import kgan
import kgan_export

SHAPE = (8, 8, 1)
# The settings of papers for large images would take minutes.
NARROW = {"generator": {"width": 8}, "discriminator": {"width": 8}}
every_preset = pytest.mark.parametrize("name", kgan.presets.names())
conditional = pytest.mark.parametrize("num_classes", [None, 3])


def needs_labels(name):
    objectives = kgan.presets.settings(name, SHAPE)["objectives"]
    return bool(objectives) and "mutual_information" not in objectives


@every_preset
@conditional
def test_one_fit_step_and_export(name, num_classes, tmp_path):
    if num_classes is None and needs_labels(name):
        with pytest.raises(ValueError, match="needs labels"):
            kgan.from_preset(name, SHAPE)
        return
    if num_classes and not kgan.presets.settings(name, SHAPE)["conditional"]:
        pytest.skip("its labels are never used")
    gan = kgan.from_preset(name, SHAPE, num_classes, seed=1, batch_size=8, **NARROW)
    x = np.random.default_rng(0).integers(0, 256, (40, *SHAPE), "uint8")
    y = None if num_classes is None else np.arange(40) % num_classes
    if isinstance(gan, kgan.CoGAN):  # which needs two domains
        x, y = (x, x), None
    history = gan.fit(x, y, batch_size=8, steps_per_epoch=1, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    path = tmp_path / "generator.onnx"
    kgan_export.export(gan, path)
    assert "CPUExecutionProvider" in onnxruntime.get_available_providers()
    exported = by_name(kgan_export.Sampler(path).sample(5, seed=3))
    native = by_name(gan.generate(5, seed=3))
    assert list(exported) == list(native)
    for key, images in native.items():
        images = np.clip(np.floor(127.5 * images + 128), 0, 255)
        assert np.abs(exported[key].astype(int) - images).max() <= 1


def by_name(samples):
    return samples if isinstance(samples, dict) else {"image": samples}


@every_preset
def test_settings_are_json_and_build_the_same_game(name):
    settings = kgan.presets.settings(name, SHAPE, 3, seed=2, **NARROW)
    assert settings["description"] and settings["preset"] == name
    assert json.loads(json.dumps(settings)) == settings
    first, second = (kgan.presets.build(settings) for _ in range(2))
    for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@every_preset
@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 1, 1, 1), (0, 8, 1)])
def test_impossible_shape_is_refused(name, shape):
    if kgan.presets.settings(name, shape)["network"] == "mlp" and 0 not in shape:
        pytest.skip("a multilayer perceptron takes any shape")
    with pytest.raises(ValueError, match="Received"):
        kgan.from_preset(name, shape)
