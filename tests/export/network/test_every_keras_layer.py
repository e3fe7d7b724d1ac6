"""A contract over all of Keras: each layer and activation is exported, or refused by
its name. What Keras adds must be entered here."""

import inspect

import keras
import numpy as np
import onnx
import pytest
from keras import layers as L
from keras import ops

from kgan_export import ExportError, Sampler, export

# Activations that no layer applies: they need arguments, or change the shape unseen.
OPERATIONS = {
    "glu": lambda x: ops.glu(x),
    "threshold": lambda x: ops.threshold(x, 0.5, -1.0),
}
ACTIVATIONS = sorted(
    name
    for name, value in inspect.getmembers(keras.activations, inspect.isfunction)
    if name not in ("get", "serialize", "deserialize")
)


def on(shape, layer):
    """A layer applied to a tensor of a shape."""
    return shape, layer


def pair(shape, layer):
    """A layer applied to a tensor of a shape and another one of it."""
    return shape, lambda x: layer([x, L.Dense(shape[-1])(x)])


FLAT, LINE, IMAGE, SPACE = (6,), (8, 4), (8, 8, 4), (4, 4, 4, 2)
LAYERS = {
    "Activation": on(LINE, L.Activation("tanh")),
    "ActivityRegularization": on(LINE, L.ActivityRegularization(0.1)),
    "AdaptiveAveragePooling1D": on(LINE, L.AdaptiveAveragePooling1D(3)),
    "AdaptiveAveragePooling2D": on(IMAGE, L.AdaptiveAveragePooling2D(3)),
    "AdaptiveAveragePooling3D": on(SPACE, L.AdaptiveAveragePooling3D(3)),
    "AdaptiveMaxPooling1D": on(LINE, L.AdaptiveMaxPooling1D(3)),
    "AdaptiveMaxPooling2D": on(IMAGE, L.AdaptiveMaxPooling2D(3)),
    "AdaptiveMaxPooling3D": on(SPACE, L.AdaptiveMaxPooling3D(3)),
    "Add": pair(LINE, L.Add()),
    "AdditiveAttention": pair(LINE, L.AdditiveAttention()),
    "AlphaDropout": on(LINE, L.AlphaDropout(0.5)),
    "Attention": pair(LINE, L.Attention()),
    "Average": pair(LINE, L.Average()),
    "AveragePooling1D": on(LINE, L.AveragePooling1D(2)),
    "AveragePooling2D": on(IMAGE, L.AveragePooling2D(3, padding="same")),
    "AveragePooling3D": on(SPACE, L.AveragePooling3D(2)),
    "BatchNormalization": on(SPACE, L.BatchNormalization()),
    "Bidirectional": on(LINE, L.Bidirectional(L.GRU(3, return_sequences=True))),
    "CenterCrop": on(IMAGE, L.CenterCrop(4, 4)),
    "Concatenate": pair(LINE, L.Concatenate()),
    "Conv1D": on(LINE, L.Conv1D(4, 3, padding="causal", dilation_rate=2, groups=2)),
    "Conv1DTranspose": on(LINE, L.Conv1DTranspose(4, 4, 2, padding="same")),
    "Conv2D": on(IMAGE, L.Conv2D(8, 3, padding="same", groups=2)),
    "Conv2DTranspose": on(IMAGE, L.Conv2DTranspose(4, 3, dilation_rate=2)),
    "Conv3D": on(SPACE, L.Conv3D(4, 3, padding="same", groups=2)),
    "Conv3DTranspose": on(SPACE, L.Conv3DTranspose(2, 4, 2, padding="same")),
    "ConvLSTM1D": on((4, 8, 2), L.ConvLSTM1D(3, 3)),
    "ConvLSTM2D": on((4, 6, 6, 2), L.ConvLSTM2D(3, 3)),
    "ConvLSTM3D": ((4, 4, 4, 4), lambda x: L.ConvLSTM3D(2, 2)(x[..., None])),
    "Cropping1D": on(LINE, L.Cropping1D(1)),
    "Cropping2D": on(IMAGE, L.Cropping2D(1)),
    "Cropping3D": on(SPACE, L.Cropping3D(1)),
    "Dense": on(LINE, L.Dense(3, activation="gelu")),
    "DepthwiseConv1D": on(LINE, L.DepthwiseConv1D(3, depth_multiplier=2)),
    "DepthwiseConv2D": on(IMAGE, L.DepthwiseConv2D(3, padding="same")),
    "Dot": pair(LINE, L.Dot(2)),
    "Dropout": on(LINE, L.Dropout(0.5)),
    "ELU": on(LINE, L.ELU()),
    "EinsumDense": on(LINE, L.EinsumDense("abc,cd->abd", (8, 5))),
    "Flatten": on(LINE, L.Flatten()),
    "GRU": on(LINE, L.GRU(5, return_sequences=True)),
    "GaussianDropout": on(LINE, L.GaussianDropout(0.5)),
    "GaussianNoise": on(LINE, L.GaussianNoise(0.5)),
    "GlobalAveragePooling1D": on(LINE, L.GlobalAveragePooling1D()),
    "GlobalAveragePooling2D": on(IMAGE, L.GlobalAveragePooling2D()),
    "GlobalAveragePooling3D": on(SPACE, L.GlobalAveragePooling3D()),
    "GlobalMaxPooling1D": on(LINE, L.GlobalMaxPooling1D()),
    "GlobalMaxPooling2D": on(IMAGE, L.GlobalMaxPooling2D()),
    "GlobalMaxPooling3D": on(SPACE, L.GlobalMaxPooling3D()),
    "GroupNormalization": on(IMAGE, L.GroupNormalization(2)),
    "GroupedQueryAttention": (LINE, lambda x: L.GroupQueryAttention(4, 4, 2)(x, x)),
    "Identity": on(LINE, L.Identity()),
    "LSTM": on(LINE, L.LSTM(5, go_backwards=True)),
    "LayerNormalization": on(LINE, L.LayerNormalization()),
    "LeakyReLU": on(LINE, L.LeakyReLU()),
    "Masking": on(LINE, L.Masking()),
    "MaxPooling1D": on(LINE, L.MaxPooling1D(2)),
    "MaxPooling2D": on(IMAGE, L.MaxPooling2D(3, padding="same")),
    "MaxPooling3D": on(SPACE, L.MaxPooling3D(2)),
    "Maximum": pair(LINE, L.Maximum()),
    "Minimum": pair(LINE, L.Minimum()),
    "MultiHeadAttention": (LINE, lambda x: L.MultiHeadAttention(2, 4)(x, x)),
    "Multiply": pair(LINE, L.Multiply()),
    "Normalization": on(LINE, L.Normalization(mean=0.5, variance=2.0)),
    "PReLU": on(LINE, L.PReLU()),
    "Permute": on(LINE, L.Permute((2, 1))),
    "RMSNormalization": on(LINE, L.RMSNormalization()),
    "RNN": on(LINE, L.RNN(L.StackedRNNCells([L.GRUCell(4), L.SimpleRNNCell(3)]))),
    "ReLU": on(LINE, L.ReLU(6, 0.1, 0.2)),
    "RepeatVector": on(FLAT, L.RepeatVector(3)),
    "Rescaling": on(IMAGE, L.Rescaling(0.5, 0.1)),
    "Reshape": on(LINE, L.Reshape((4, 8))),
    "Resizing": on(IMAGE, L.Resizing(6, 6)),
    "STFTSpectrogram": on(
        (128, 1), L.STFTSpectrogram(frame_length=32, frame_step=16, fft_length=32)
    ),
    "SeparableConv1D": on(LINE, L.SeparableConv1D(4, 3)),
    "SeparableConv2D": on(IMAGE, L.SeparableConv2D(4, 3, padding="same")),
    "SimpleRNN": on(LINE, L.SimpleRNN(5)),
    "Softmax": on(LINE, L.Softmax()),
    "SpatialDropout1D": on(LINE, L.SpatialDropout1D(0.5)),
    "SpatialDropout2D": on(IMAGE, L.SpatialDropout2D(0.5)),
    "SpatialDropout3D": on(SPACE, L.SpatialDropout3D(0.5)),
    "SpectralNormalization": on(LINE, L.SpectralNormalization(L.Dense(4))),
    "Subtract": pair(LINE, L.Subtract()),
    "TimeDistributed": on(LINE, L.TimeDistributed(L.Dense(3))),
    "UnitNormalization": on(LINE, L.UnitNormalization()),
    "UpSampling1D": on(LINE, L.UpSampling1D()),
    "UpSampling2D": on(IMAGE, L.UpSampling2D(interpolation="bicubic")),
    "UpSampling3D": on(SPACE, L.UpSampling3D()),
    "ZeroPadding1D": on(LINE, L.ZeroPadding1D(1)),
    "ZeroPadding2D": on(IMAGE, L.ZeroPadding2D(1)),
    "ZeroPadding3D": on(SPACE, L.ZeroPadding3D(1)),
}
# What becomes of none of ai.onnx's operators, by the operator that is named.
REFUSED = {
    "Discretization": (
        "Bucketize",
        *on(FLAT, lambda x: L.Rescaling(1.0)(L.Discretization([0.0])(x))),
    ),
    "MelSpectrogram": (
        "RFFT",
        *on((256,), L.MelSpectrogram(64, 32, 64, num_mel_bins=8)),
    ),
    "UpSampling2D": (
        "ScaleAndTranslate",
        *on(IMAGE, L.UpSampling2D(interpolation="lanczos3")),
    ),
}
# What takes no tensor of floats, is no layer of its own, or changes samples in training
# alone and passes them on in a generator.
OTHERS = {
    *("Layer", "Wrapper", "InputLayer", "Lambda", "TFSMLayer", "Pipeline"),
    *("JaxLayer", "FlaxLayer", "TorchModuleWrapper", "ReversibleEmbedding"),
    *("GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"),
    *("Embedding", "CategoryEncoding", "HashedCrossing", "Hashing"),
    *("IntegerLookup", "StringLookup", "TextVectorization"),
    *("AugMix", "AutoContrast", "CutMix", "Equalization", "MaxNumBoundingBoxes"),
    *("MixUp", "RandAugment", "Solarization"),
    "ContrastLimitedAdaptiveHistogramEqualization",
}


def exported(path, shape, apply):
    """Exports a generator with a layer inside, and tells the operators."""
    z = keras.Input([16], name="z")
    x = L.Reshape(shape)(L.Dense(int(np.prod(shape)))(z))
    x = L.Flatten()(apply(x))
    model = keras.Model(z, L.Dense(4, activation="tanh")(x))
    random = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(random.uniform(0.1, 0.5, variable.shape))
    export(model, path)  # compares with Keras
    assert Sampler(path).sample(2).shape == (2, 4)
    return [node.op_type for node in onnx.load(path).graph.node]


def layers_of_keras():
    """Names of all layers that are no random change of images."""
    classes = {
        value.__name__: value
        for _, value in inspect.getmembers(L, inspect.isclass)
        if issubclass(value, L.Layer)
    }
    return {x for x in classes if not x.startswith("Random")}


@pytest.mark.parametrize("name", ["gelu", "celu", "glu", "threshold"])
def test_activations_that_tensorflow_computes_by_its_own_operators(name, tmp_path):
    apply = OPERATIONS.get(name) or L.Activation(name)
    exported(tmp_path / "g.onnx", LINE, apply)


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_exported(name, tmp_path):
    apply = OPERATIONS.get(name) or L.Activation(name)
    exported(tmp_path / "g.onnx", LINE, apply)


def test_every_layer_is_known():
    assert layers_of_keras() == LAYERS.keys() | OTHERS | REFUSED.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_is_exported(name, tmp_path):
    exported(tmp_path / "g.onnx", *LAYERS[name])


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_exported_is_named(name, tmp_path):
    operator, *made = REFUSED[name]
    with pytest.raises(ExportError, match=f"outside ai.onnx: .*{operator} in "):
        exported(tmp_path / "g.onnx", *made)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["Conv2D", "Conv3D", "Normalization"])
def test_layers_that_tf2onnx_converts_wrongly(name, tmp_path):
    """Grouped kernels, and tensors that are no weights."""
    exported(tmp_path / "g.onnx", *LAYERS[name])


@pytest.mark.parametrize("layer", [L.GRU(5), L.Bidirectional(L.LSTM(3))])
def test_few_steps_are_no_loop(layer, tmp_path):
    assert "Loop" not in exported(tmp_path / "g.onnx", LINE, layer)


def test_many_steps_stay_a_loop(tmp_path):
    assert "Loop" in exported(tmp_path / "g.onnx", (80, 2), L.GRU(3))
