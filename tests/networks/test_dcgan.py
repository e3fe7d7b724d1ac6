import pytest

from kgan.networks import dcgan


@pytest.mark.parametrize("size", [8, 10, 12, 28, 32, 48, 64, 96, 128, 256])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_resolution(size, channels):
    shape = (size, size, channels)
    assert dcgan.generator(shape, width=4).output_shape == (None, *shape)
    assert dcgan.discriminator(shape, width=4).input_shape == (None, *shape)


@pytest.mark.parametrize(
    ("shape", "coarsest"),
    [
        ((48, 32, 3), (6, 4)),
        ((28, 44, 1), (7, 11)),
        ((100, 100, 3), (25, 25)),
        ((12, 40, 2), (6, 20)),
        ((32, 32, 4), (4, 4)),
        ((10, 14, 1), (5, 7)),
    ],
)
def test_other_shapes(shape, coarsest):
    generator = dcgan.generator(shape, width=4)
    assert generator.output_shape == (None, *shape)
    first = next(x for x in generator.layers if type(x).__name__ == "Reshape")
    assert first.output.shape[1:3] == coarsest
    assert dcgan.discriminator(shape, width=4).input_shape == (None, *shape)


@pytest.mark.parametrize("shape", [(9, 9, 1), (4, 4, 1), (30, 30, 1), (28, 7, 1)])
def test_unreachable_shapes_are_refused(shape):
    for build in (dcgan.generator, dcgan.discriminator):
        with pytest.raises(ValueError, match="Received: image_shape"):
            build(shape)


def test_widths_double_towards_the_code_up_to_the_limit():
    generator = dcgan.generator((64, 64, 3), width=64, max_width=256)
    widths = [v.shape[2] for v in generator.trainable_variables if len(v.shape) == 4]
    assert widths == [128, 64, 3] or widths == [256, 128, 64, 3]


def test_initial_weights_are_the_papers():
    generator = dcgan.generator((32, 32, 3), width=64)
    for variable in generator.trainable_variables:
        value = variable.numpy()
        if variable.name == "kernel":
            assert abs(value.mean()) < 0.002 and abs(value.std() - 0.02) < 0.002
        if variable.name == "gamma":
            assert abs(value.mean() - 1.0) < 0.01 and abs(value.std() - 0.02) < 0.01


def test_unknown_normalization():
    with pytest.raises(ValueError, match="'batch', 'spectral' or 'none'"):
        dcgan.discriminator((8, 8, 1), normalization="layer")
