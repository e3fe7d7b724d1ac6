import json

import numpy as np
import onnxruntime
import pytest

import kgan
import kgan_export

SHAPE = (8, 8, 1)
# The settings of papers for large images would take minutes.
NARROW = {
    "generator": {"width": 8},
    "discriminator": {"width": 8},
    "encoder": {"width": 8},
    "decoder": {"width": 8},
}
every_preset = pytest.mark.parametrize("name", kgan.presets.names())
conditional = pytest.mark.parametrize("num_classes", [None, 3])


def narrow(name):
    """Returns overrides that make the networks of a preset that have a width small."""
    known = kgan.presets.settings(name, SHAPE)
    return {
        role: options
        for role, options in NARROW.items()
        if role in known and (role in ("generator", "discriminator") or known[role])
    }


def condition_dim(name):
    """Returns the number of attributes that a preset is tried with, or None."""
    return 2 if kgan.presets.settings(name, SHAPE)["attributes"] else None


def needs_labels(name):
    objectives = kgan.presets.settings(name, SHAPE).get("objectives")
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
    dim = condition_dim(name)
    if num_classes and dim:
        pytest.skip("it has attributes instead of classes")
    gan = kgan.from_preset(
        name, SHAPE, num_classes, 1, dim, batch_size=8, **narrow(name)
    )
    x = np.random.default_rng(0).integers(0, 256, (40, *SHAPE), "uint8")
    y = None if num_classes is None else np.arange(40) % num_classes
    if dim:
        y = np.random.default_rng(1).normal(size=(40, dim)).astype("float32")
    if gan.domains:
        x, y = (x,) * len(gan.domains), None
    history = gan.fit(x, y, batch_size=8, steps_per_epoch=1, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    path = tmp_path / "generator.onnx"
    kgan_export.export(gan, path)
    assert "CPUExecutionProvider" in onnxruntime.get_available_providers()
    given = {"condition": y[:5]} if dim else {}
    exported = by_name(kgan_export.Sampler(path).sample(5, seed=3, **given))
    native = by_name(gan.generate(5, seed=3, **given))
    assert list(exported) == list(native)
    for key, images in native.items():
        images = np.clip(np.floor(127.5 * images + 128), 0, 255)
        assert np.abs(exported[key].astype(int) - images).max() <= 1


def by_name(samples):
    return samples if isinstance(samples, dict) else {"image": samples}


@every_preset
def test_settings_are_json_and_build_the_same_game(name):
    dim = condition_dim(name)
    classes = None if dim else 3
    settings = kgan.presets.settings(name, SHAPE, classes, 2, dim, **narrow(name))
    assert settings["description"] and settings["preset"] == name
    assert json.loads(json.dumps(settings)) == settings
    first, second = (kgan.presets.build(settings) for _ in range(2))
    for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@every_preset
@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 1, 1, 1), (0, 8, 1)])
def test_impossible_shape_is_refused(name, shape):
    dense = "mlp" in kgan.presets.settings(name, shape)["network"] or name == "vae"
    if dense and 0 not in shape:
        pytest.skip("a multilayer perceptron takes any shape")
    with pytest.raises(ValueError, match="Received"):
        kgan.from_preset(name, shape, condition_dim=condition_dim(name))
