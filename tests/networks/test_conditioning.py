"""How labels enter, in every family and every way that it has."""

import numpy as np
import pytest

import kgan
from kgan.networks import dcgan, mlp

SHAPE = (8, 8, 1)
GENERATORS = [
    (dcgan, "embedding"),
    (dcgan, "concat"),
    (dcgan, "batch_norm"),
    (mlp, "embedding"),
    (mlp, "concat"),
]
DISCRIMINATORS = [(f, way) for f in (dcgan, mlp) for way in ("projection", "concat")]


@pytest.mark.parametrize("family, conditioning", GENERATORS)
def test_samples_depend_on_the_label(family, conditioning):
    generator = family.generator(SHAPE, 4, 8, num_classes=3, conditioning=conditioning)
    z, labels = np.ones((2, 4), "float32"), np.array([0, 2])
    first, second = generator([z, labels], training=True).numpy()
    assert np.abs(first - second).max() > 1e-4
    gan = kgan.GAN(generator, family.discriminator(SHAPE, 4, num_classes=3))
    assert gan.num_classes == 3


@pytest.mark.parametrize("family, conditioning", DISCRIMINATORS)
def test_logits_depend_on_the_label(family, conditioning):
    judge = family.discriminator(SHAPE, 4, num_classes=3, conditioning=conditioning)
    logits = judge([np.ones((2, *SHAPE), "float32"), np.array([0, 2])])
    assert logits[0, 0] != logits[1, 0]


@pytest.mark.parametrize("family", [dcgan, mlp])
def test_none_leaves_the_label_out(family):
    for player in (family.generator, family.discriminator):
        assert len(player(SHAPE, num_classes=3, conditioning="none").inputs) == 1


def test_one_hot_labels_are_not_learned():
    generator = mlp.generator((2,), 4, 8, num_classes=3, conditioning="concat")
    plain = mlp.generator((2,), 7, 8)
    shapes = [tuple(v.shape) for v in generator.trainable_variables]
    assert shapes == [tuple(v.shape) for v in plain.trainable_variables]
    np.testing.assert_array_equal(generator.non_trainable_variables[0], np.eye(3))


def test_concat_gives_a_convolution_one_channel_a_class():
    judge = dcgan.discriminator((8, 8, 3), 4, 5, conditioning="concat")
    assert judge.trainable_variables[0].shape == (4, 4, 3 + 5, 4)


@pytest.mark.parametrize("family", [dcgan, mlp])
@pytest.mark.parametrize("num_classes", [None, 3])
def test_heads(family, num_classes):
    heads = {"class_logits": 3, "twin_logits": 4}
    judge = family.discriminator(SHAPE, 4, num_classes=num_classes, heads=heads)
    inputs = [np.ones((2, *SHAPE), "float32"), np.array([0, 2])]
    outputs = judge(inputs if num_classes else inputs[0])
    shapes = {name: tuple(value.shape) for name, value in outputs.items()}
    assert shapes == {"logits": (2, 1), "class_logits": (2, 3), "twin_logits": (2, 4)}


@pytest.mark.parametrize("family", [dcgan, mlp])
def test_logits_from_a_head_are_its_log_sum_exp(family):
    judge = family.discriminator(
        SHAPE, 4, heads={"class_logits": 3}, logits_from="class_logits"
    )
    x = np.random.default_rng(0).normal(size=(2, *SHAPE)).astype("float32")
    outputs = judge(x)
    expected = np.log(np.exp(outputs["class_logits"]).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(outputs["logits"], expected, rtol=1e-5)


@pytest.mark.parametrize(
    "options, received",
    [
        ({"conditioning": "batch_norm"}, "conditioning"),
        ({"logits_from": "class_logits"}, "logits_from"),
        ({"activation": "relu"}, "activation"),
    ],
)
def test_unknown_ways(options, received):
    with pytest.raises(ValueError, match=f"Received: {received}="):
        mlp.discriminator((2,), num_classes=3, **options)


def test_a_perceptron_has_no_batch_normalisation():
    with pytest.raises(ValueError, match="Received: conditioning='batch_norm'"):
        mlp.generator((2,), num_classes=3, conditioning="batch_norm")
