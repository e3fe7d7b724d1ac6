"""Presets set every rule of play; settings of earlier runs, which lack them, serve."""

import pytest

from kgan import presets
from kgan.presets.tables import merge

SHAPE = (2,)


def test_rules_reach_the_game():
    gan = presets.from_preset(
        "mlp", SHAPE, generator_steps={"0": 2, "5": 3}, pack=2, share_fakes=False
    )
    assert gan.pack == 2 and gan.discriminator.input_shape == (None, 4)
    assert gan.generator_steps.rule == {0: 2, 5: 3} and not gan.share_fakes


def test_settings_of_earlier_versions():
    settings = presets.settings("mlp", SHAPE)
    for name in ("generator_steps", "updates", "share_fakes", "pack", "top_k"):
        del settings[name]
    gan = presets.build(settings)
    assert (gan.pack, gan.updates, gan.top_k) == (1, "alternating", 1.0)


def test_another_class_leaves_the_arguments_of_the_first():
    """SGD has no beta_1; a learning rate is common to all."""
    base = {"o": {"class_name": "adam", "learning_rate": 1.0, "beta_1": 0.5}}
    merged = merge(base, {"o": {"class_name": "sgd"}})
    assert merged == {"o": {"class_name": "sgd", "learning_rate": 1.0}}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"pack": "two"}, "`pack` is a number, 1 by default"),
        ({"steps": 2.5}, "`steps` is a number"),
        ({"generator_steps": {"x": 5}}, "from steps to numbers"),
    ],
)
def test_mistakes(overrides, message):
    with pytest.raises(ValueError, match=message):
        presets.settings("mlp", SHAPE, **overrides)


def test_arguments_that_networks_do_not_take():
    with pytest.raises(ValueError, match="wdith"):
        presets.from_preset("mlp", SHAPE, generator={"wdith": 3})
