"""One output of an exported generator: name, shape, dtype, range."""

import dataclasses

import tensorflow as tf

from kgan._core.errors import invalid, one_of

KINDS = {1: "sample", 2: "audio", 3: "image", 4: "video"}
LAYOUTS = ("nhwc", "nchw")
DTYPES = ("uint8", "float32")


@dataclasses.dataclass(frozen=True)
class Output:
    """What comes out under one name.

    Args:
        sample_shape: Shape of one sample of the Keras generator, channels last.
        layout: `"nhwc"` or, for images, `"nchw"`.
        dtype: `"float32"` in [-1, 1], or `"uint8"`, which is `floor(127.5 x + 128)`
            limited to 0–255; `None` takes uint8 for images and video, float32 for
            sounds and flat samples.
        name: By default the kind of sample.
    """

    sample_shape: tuple
    layout: str = "nhwc"
    dtype: str | None = None
    name: str | None = None

    def __post_init__(self):
        if len(self.sample_shape) not in KINDS:
            raise invalid(
                "A sample must be flat, a sound, an image or a video.",
                {"sample_shape": self.sample_shape},
                "Give the generator an output of rank 2 to 5.",
            )
        one_of("layout", self.layout, LAYOUTS)
        if self.layout == "nchw" and self.kind != "image":
            raise invalid(
                "The layout nchw is for images.",
                {"layout": self.layout, "kind": self.kind},
                "Leave out `layout`.",
            )
        if self.dtype is None:
            default = "uint8" if self.kind in ("image", "video") else "float32"
            object.__setattr__(self, "dtype", default)
        one_of("output_dtype", self.dtype, DTYPES)
        if self.name is None:
            object.__setattr__(self, "name", self.kind)

    @property
    def kind(self):
        """`"image"`, `"audio"`, `"video"` or `"sample"`."""
        return KINDS[len(self.sample_shape)]

    @property
    def shape(self):
        """Shape of one sample in the exported layout."""
        if self.layout == "nchw":
            height, width, channels = self.sample_shape
            return (channels, height, width)
        return self.sample_shape

    def arrange(self, samples):
        """Brings samples of Keras into the exported layout.

        Args:
            samples: float32 array or tensor `[N, *sample_shape]`.

        Returns:
            float32 tensor `[N, *shape]`.
        """
        samples = tf.ensure_shape(samples, [None, *self.sample_shape])
        return tf.transpose(samples, [0, 3, 1, 2]) if self.layout == "nchw" else samples

    def quantize(self, samples):
        """Brings float samples into the exported dtype.

        Args:
            samples: float32 tensor of any shape.

        Returns:
            Tensor of the same shape.
        """
        return to_uint8(samples) if self.dtype == "uint8" else samples

    def describe(self):
        """Returns the output as a JSON-ready dict."""
        return {
            "name": self.name,
            "kind": self.kind,
            "shape": list(self.shape),
            "layout": self.layout if self.kind == "image" else None,
            "dtype": self.dtype,
            "range": [0, 255] if self.dtype == "uint8" else [-1.0, 1.0],
        }


def to_uint8(samples):
    """Maps [-1, 1] to grey levels as every metric of kgan does.

    Args:
        samples: float32 tensor.

    Returns:
        uint8 tensor: `floor(127.5 x + 128)` limited to 0–255.
    """
    # Not clip_by_value, which TFLite does not know.
    levels = tf.minimum(tf.maximum(127.5 * samples + 128.0, 0.0), 255.0)
    return tf.cast(levels, tf.uint8)  # of a positive number, the floor
