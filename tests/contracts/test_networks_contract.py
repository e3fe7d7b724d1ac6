import inspect

import keras
import numpy as np
import pytest

import kgan

FAMILIES = {
    name: module
    for name, module in inspect.getmembers(kgan.networks, inspect.ismodule)
    if hasattr(module, "generator")
}
SHAPE = (8, 8, 1)

every_family = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
conditional = pytest.mark.parametrize("num_classes", [None, 3])


def inputs(x, num_classes):
    return x if num_classes is None else [x, np.arange(5) % num_classes]


@every_family
@conditional
def test_shapes_ranges_and_names(family, num_classes):
    generator = family.generator(SHAPE, latent_dim=6, num_classes=num_classes)
    discriminator = family.discriminator(SHAPE, num_classes=num_classes)
    z = np.random.default_rng(0).normal(size=(5, 6)).astype("float32")
    images = generator(inputs(z, num_classes)).numpy()
    assert images.shape == (5, *SHAPE) and images.dtype == "float32"
    assert np.abs(images).max() <= 1
    logits = discriminator(inputs(images, num_classes))
    assert logits.shape == (5, 1) and logits.dtype == "float32"
    assert generator.inputs[0].name == "z"
    if num_classes:
        assert generator.inputs[1].name == "label"


@every_family
def test_the_class_matters_from_the_first_step(family):
    generator = family.generator(SHAPE, latent_dim=6, num_classes=3)
    z = np.zeros((3, 6), "float32")
    images = generator([z, np.arange(3)]).numpy()
    assert np.abs(images[0] - images[1]).max() > 1e-4


@every_family
@conditional
def test_serialisation_keeps_the_outputs(family, num_classes, tmp_path):
    generator = family.generator(SHAPE, latent_dim=6, num_classes=num_classes)
    discriminator = family.discriminator(SHAPE, num_classes=num_classes)
    z = np.random.default_rng(0).normal(size=(5, 6)).astype("float32")
    for model, x in ((generator, z), (discriminator, np.zeros((5, *SHAPE), "float32"))):
        path = tmp_path / f"{model.name}.keras"
        model.save(path)
        clone = keras.models.load_model(path)
        x = inputs(x, num_classes)
        np.testing.assert_array_equal(clone(x), model(x))


@every_family
def test_each_layer_starts_with_its_own_weights(family):
    """A shared initializer would repeat its numbers in layers of equal shape."""
    first, second = family.generator(SHAPE), family.generator(SHAPE)
    for a, b in zip(first.trainable_variables, second.trainable_variables, strict=True):
        if a.numpy().std() > 0:
            assert (a.numpy() != b.numpy()).any(), a.path
