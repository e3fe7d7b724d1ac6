"""Settings of the wrong kind are refused with a message; a schedule goes through."""

import pytest

from kgan import presets

SHAPE = (8, 8, 1)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"loss": {"divergence": "kl"}}, "`loss` is one value"),
        ({"penalties": "r1"}, "`penalties` is a table"),
        ({"generator": 3}, "`generator` is a table"),
        ({"discriminator_steps": {"x": 5}}, "from steps to numbers"),
    ],
)
def test_kind_of_a_setting(overrides, message):
    with pytest.raises(ValueError, match=message):
        presets.settings("mlp", SHAPE, **overrides)


def test_tables_are_merged_and_penalties_replaced():
    settings = presets.settings(
        "mlp", SHAPE, generator={"width": 8}, penalties={"r2": {"weight": 2}}
    )
    assert settings["generator"] == {"width": 8}
    assert settings["penalties"] == {"r2": {"weight": 2}}
    optimizer = presets.settings("mlp", SHAPE, generator_optimizer={"beta_1": 0.9})
    assert optimizer["generator_optimizer"]["class_name"] == "adam"


@pytest.mark.parametrize("network", ["resnet", "conditioning", "__doc__", 5])
def test_network_is_a_module_with_a_generator(network):
    with pytest.raises(ValueError, match="`network` must be one of .*dcgan, mlp"):
        presets.build(presets.settings("mlp", SHAPE, network=network))


def test_schedule_of_steps():
    """The discriminator's rate falls over as many updates as it can make."""
    settings = presets.settings(
        "mlp", SHAPE, steps=100, decay="cosine", discriminator_steps={"0": 3, "10": 1}
    )
    gan = presets.build(settings)
    assert gan.discriminator_steps.rule == {0: 3, 10: 1}
    schedules = (
        gan.generator_optimizer.get_config()["learning_rate"]["config"],
        gan.discriminator_optimizer.get_config()["learning_rate"]["config"],
    )
    assert [schedule["decay_steps"] for schedule in schedules] == [100, 300]
