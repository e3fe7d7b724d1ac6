"""Nests of tensors: a sample may be one tensor, a tuple or a dict of tensors."""

import tensorflow as tf

leaves = tf.nest.flatten
map_leaves = tf.nest.map_structure


def count(nest):
    """Returns the number of samples in a nest, a tensor."""
    return tf.shape(leaves(nest)[0])[0]


def rows(nest, part):
    """Returns the samples of a nest at a slice; None stays None."""
    return None if nest is None else map_leaves(lambda x: x[part], nest)


def is_shape(value):
    """Returns whether a value is the shape of one tensor, and no nest of shapes."""
    return isinstance(value, tuple | list) and all(
        size is None or isinstance(size, int) for size in value
    )


def map_shapes(function, shapes):
    """Returns a nest of what a function makes of each shape."""
    if is_shape(shapes):
        return function(tuple(shapes))
    if isinstance(shapes, dict):
        return {name: map_shapes(function, shape) for name, shape in shapes.items()}
    return tuple(map_shapes(function, shape) for shape in shapes)


def shape_leaves(shapes):
    """Returns the shapes of a nest, in the order of `leaves`."""
    if is_shape(shapes):
        return [tuple(shapes)]
    parts = [shapes[k] for k in sorted(shapes)] if isinstance(shapes, dict) else shapes
    return [leaf for part in parts for leaf in shape_leaves(part)]
