import tensorflow as tf


def on_colors(images, function):
    """Changes the colors of images, and leaves alpha as it is.

    Args:
        images: `[N, height, width, channels]`; of four channels the last is alpha.
        function: From colors `[N, height, width, 1 or 3]` to colors of this shape.
    """
    if images.shape[-1] != 4:
        return function(images)
    return tf.concat([function(images[..., :3]), images[..., 3:]], axis=-1)
