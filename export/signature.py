"""The interface of an exported generator: names, shapes, dtypes, ranges."""

import dataclasses

import tensorflow as tf

from kgan.errors import invalid

KINDS = {1: "sample", 2: "audio", 3: "image", 4: "video"}
LAYOUTS = ("nhwc", "nchw")
DTYPES = ("uint8", "float32")


@dataclasses.dataclass(frozen=True)
class Signature:
    """What goes in and what comes out.

    Args:
        latent_dim: Size of a code.
        num_classes: Number of classes, or `None` without a label input.
        sample_shape: Shape of one sample of the Keras generator, channels last.
        layout: `"nhwc"` or, for images, `"nchw"`.
        output_dtype: `"float32"` in [-1, 1], or `"uint8"`, which is
            `floor(127.5 x + 128)` limited to 0–255; `None` takes uint8 for images and
            video, float32 for sounds and flat samples.
        static_batch: Fixed batch size, or `None` for any.
    """

    latent_dim: int
    num_classes: int | None
    sample_shape: tuple
    layout: str = "nhwc"
    output_dtype: str | None = None
    static_batch: int | None = None

    def __post_init__(self):
        if len(self.sample_shape) not in KINDS:
            raise invalid(
                "A sample must be flat, a sound, an image or a video.",
                {"sample_shape": self.sample_shape},
                "Give the generator an output of rank 2 to 5.",
            )
        _check_choice("layout", self.layout, LAYOUTS)
        if self.layout == "nchw" and self.kind != "image":
            raise invalid(
                "The layout nchw is for images.",
                {"layout": self.layout, "kind": self.kind},
                "Leave out `layout`.",
            )
        if self.output_dtype is None:
            default = "uint8" if self.kind in ("image", "video") else "float32"
            object.__setattr__(self, "output_dtype", default)
        _check_choice("output_dtype", self.output_dtype, DTYPES)
        if self.static_batch is not None and self.static_batch < 1:
            raise invalid(
                "`static_batch` must be a positive integer.",
                {"static_batch": self.static_batch},
                "Leave it out for a graph that takes any batch size.",
            )

    @property
    def kind(self):
        """`"image"`, `"audio"`, `"video"` or `"sample"`: the name of the output."""
        return KINDS[len(self.sample_shape)]

    @property
    def output_shape(self):
        """Shape of one sample in the exported layout."""
        if self.layout == "nchw":
            height, width, channels = self.sample_shape
            return (channels, height, width)
        return self.sample_shape

    @property
    def output_range(self):
        return [0, 255] if self.output_dtype == "uint8" else [-1.0, 1.0]

    def arrange(self, samples):
        """Brings Keras samples `[N, *sample_shape]` into the exported layout.

        Args:
            samples: float32 array or tensor.

        Returns:
            float32 tensor `[N, *output_shape]`.
        """
        return tf.transpose(samples, [0, 3, 1, 2]) if self.layout == "nchw" else samples

    def function(self, generator):
        """Returns the `tf.function` that an export holds.

        Args:
            generator: Functional `keras.Model` on `z` or `[z, label]`.

        Returns:
            A function of `z` float32 `[batch, latent_dim]` and, where conditional,
            `label` int64 `[batch]`; it returns a dict from `kind` to the samples.
        """
        batch = self.static_batch
        inputs = [tf.TensorSpec([batch, self.latent_dim], tf.float32, "z")]
        if self.num_classes is not None:
            inputs.append(tf.TensorSpec([batch], tf.int64, "label"))

        def finish(samples):
            samples = tf.ensure_shape(samples, [batch, *self.sample_shape])
            samples = self.arrange(samples)
            return {
                self.kind: to_uint8(samples)
                if self.output_dtype == "uint8"
                else samples
            }

        if self.num_classes is None:
            return tf.function(
                lambda z: finish(call(generator, z)), input_signature=inputs
            )
        return tf.function(
            lambda z, label: finish(call(generator, z, label)), input_signature=inputs
        )


def call(generator, z, label=None):
    """Calls a generator at inference.

    Args:
        generator: Functional `keras.Model` on `z` or `[z, label]`.
        z: float32 `[N, latent_dim]`.
        label: int64 `[N]`, or `None`.

    Returns:
        float32 tensor `[N, *sample_shape]`.
    """
    if label is None:
        return generator([z], training=False)
    if len(generator.inputs[1].shape) == 2:
        label = label[:, None]
    return generator([z, label], training=False)


def to_uint8(samples):
    """Maps [-1, 1] to grey levels as every metric of kgan does.

    Args:
        samples: float32 tensor.

    Returns:
        uint8 tensor: `floor(127.5 x + 128)` limited to 0–255.
    """
    levels = tf.floor(127.5 * samples + 128.0)
    return tf.cast(tf.clip_by_value(levels, 0.0, 255.0), tf.uint8)


def _check_choice(name, value, choices):
    if value not in choices:
        raise invalid(
            f"`{name}` must be one of {', '.join(choices)}.",
            {name: value},
            f"Use {choices[0]}.",
        )
