import keras
import numpy as np
import pytest

from kgan.networks import progressive


def test_channels_of_the_paper():
    """Table 2: 512 up to 32×32, then halved; 128 at 128×128."""
    model = progressive.generator((128, 128, 3), width="paper")
    channels = [
        model.get_layer(f"features_{2**power}").output.shape[-1]
        for power in range(2, 8)
    ]
    assert channels == [512, 512, 512, 512, 256, 128]


def test_parameters_of_a_small_discriminator():
    """8×8×1, width 2: from_image 1·2+2, 3×3 convolutions 2→2 (38), 2→4 (76), with the
    deviation 5→4 (184), dense 64→4 (260), 4→1 (5)."""
    model = progressive.discriminator((8, 8, 1), width=2)
    assert model.count_params() == 4 + 38 + 76 + 184 + 260 + 5


def test_other_sizes_are_framed():
    """28×20 is padded to 32×32 with black, so that black borders change nothing."""
    generator = progressive.generator((28, 20, 3), 4, width=2)
    assert generator.output_shape == (None, 28, 20, 3)
    small = progressive.discriminator((28, 20, 1), width=2)
    large = progressive.discriminator((32, 32, 1), width=2)
    large.set_weights(small.get_weights())
    x = np.random.default_rng(0).uniform(-1, 1, (4, 28, 20, 1)).astype("float32")
    padded = np.pad(x, [(0, 0), (2, 2), (6, 6), (0, 0)], constant_values=-1.0)
    np.testing.assert_allclose(small(x), large(padded), rtol=1e-4, atol=1e-6)


def test_heads_read_the_features():
    model = progressive.discriminator((8, 8, 1), width=2, heads={"classes": 3})
    outputs = model(keras.ops.zeros((4, 8, 8, 1)))
    assert outputs["classes"].shape == (4, 3) and outputs["logits"].shape == (4, 1)


@pytest.mark.parametrize("shape", [(4, 4, 1), (8, 8), (0, 8, 1)])
def test_impossible_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="Received"):
        progressive.generator(shape)
