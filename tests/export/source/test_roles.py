"""What the inputs of a generator are for is told by their names first."""

import keras
import pytest
from keras import layers

from kgan_export.source import read_source
from kgan_export.source.extra_input import ExtraInput
from kgan_export.source.roles import roles_of


def generator(*inputs):
    flat = [layers.Flatten()(keras.ops.cast(x, "float32")) for x in inputs]
    x = layers.Concatenate()(flat) if len(flat) > 1 else flat[0]
    return keras.Model(list(inputs), layers.Dense(4)(x))


def test_a_second_float_input_is_noise_and_no_label():
    z, noise = keras.Input([6], name="z"), keras.Input([1], name="noise")
    source = read_source(generator(z, noise))
    assert source.num_classes is None and source.condition_shape is None
    assert source.extra_inputs == (ExtraInput("noise", (1,)),)


def test_each_input_is_what_its_name_says():
    noise, condition = (
        keras.Input([2], name="noise"),
        keras.Input([3], name="condition"),
    )
    label = keras.Input([], name="label", dtype="int32")
    z = keras.Input([6], name="z")
    source = read_source(generator(noise, condition, label, z), num_classes=5)
    assert [x.name for x in source.generator.inputs] == [
        "z",
        "label",
        "condition",
        "noise",
    ]
    assert (source.num_classes, source.condition_shape) == (5, (3,))
    assert source.extra_inputs == (ExtraInput("noise", (2,)),)


def test_a_label_may_be_of_floats_if_it_is_named_so():
    z, label = keras.Input([6], name="z"), keras.Input([], name="label")
    roles = roles_of([label, z])
    assert roles.first is z and roles.label is label and roles.extras == []


def test_without_names_the_model_tells_the_shape_of_a_condition():
    z, condition, noise = keras.Input([6]), keras.Input([3]), keras.Input([2])
    roles = roles_of([z, condition, noise], condition_shape=(3,))
    assert roles.first is z and roles.condition is condition
    assert roles.in_order == [z, condition, noise]
    assert roles_of([z, condition, noise]).condition is None


def test_a_condition_is_a_vector():
    z, condition = keras.Input([6]), keras.Input([4, 4, 1], name="condition")
    with pytest.raises(ValueError, match="must be a vector"):
        roles_of([z, condition])


def test_two_labels_or_no_code_are_refused():
    labels = [keras.Input([], dtype="int64") for _ in range(2)]
    condition = keras.Input([3], name="condition")
    assert roles_of([keras.Input([6]), *labels]) is None
    assert roles_of([condition]) is None
    with pytest.raises(ValueError, match="A generator must map `z`"):
        read_source(generator(condition))
