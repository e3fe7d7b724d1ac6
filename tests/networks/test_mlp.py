import keras
import numpy as np
import pytest

from kgan.networks import mlp


def test_parameters_by_hand():
    # 2·8+8, 8·8+8, 8·3+3
    assert mlp.generator((3,), latent_dim=2, width=8).count_params() == 24 + 72 + 27
    # 3·8+8, 8·8+8, 8+1
    assert mlp.discriminator((3,), width=8).count_params() == 32 + 72 + 9


def test_points_are_unbounded_and_images_are_not():
    assert mlp.generator((2,)).layers[-2].activation.__name__ == "linear"
    assert mlp.generator((8, 8, 1)).layers[-2].activation.__name__ == "tanh"


def test_dropout():
    layers = mlp.discriminator((2,), dropout=0.5).layers
    assert [layer.name.startswith("dropout") for layer in layers].count(True) == 2


def test_sample_and_label_may_have_layers_of_their_own():
    options = {"num_classes": 3, "conditioning": "concat", "branches": (4, 6)}
    # Code 2·4+4, label 3·6+6, joined 10·8+8, 8·5+5.
    generator = mlp.generator((5,), latent_dim=2, width=8, **options)
    assert trainable(generator) == 12 + 24 + 88 + 45
    # Sample 5·4+4, label as above, joined 10·8+8, 8+1.
    assert trainable(mlp.discriminator((5,), width=8, **options)) == 24 + 24 + 88 + 9
    with pytest.raises(ValueError, match="`branches` are of a label that enters by"):
        mlp.discriminator((5,), num_classes=3, branches=(4, 6))


@pytest.mark.parametrize("activation", ["leaky_relu", "maxout"])
def test_weights_into_a_unit_are_limited(activation):
    model = mlp.discriminator((3,), width=8, activation=activation, max_norm=0.5)
    optimizer = keras.optimizers.SGD(100.0)
    optimizer.build(model.trainable_variables)
    optimizer.apply([v * 0 - 1 for v in model.trainable_variables])
    for kernel in (v for v in model.trainable_variables if len(v.shape) == 2):
        np.testing.assert_allclose(np.linalg.norm(kernel, axis=0), 0.5, rtol=1e-5)


def trainable(model):
    return sum(v.numpy().size for v in model.trainable_variables)
