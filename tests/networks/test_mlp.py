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
