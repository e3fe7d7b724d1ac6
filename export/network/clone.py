"""A copy of a network that can be converted."""

import keras


def clone(network, substitute=lambda layer: None):
    """Copies a network into plain float32 variables.

    Variables created under a `tf.distribute` strategy cannot be exported, and a mixed
    precision policy would put its casts into the graph.

    Args:
        network: Functional `keras.Model`.
        substitute: Function from a layer to one that takes its place, or to `None`.

    Returns:
        A functional `keras.Model` with the same layers, names and weights.
    """
    copy = keras.models.clone_model(
        network,
        clone_function=lambda layer: substitute(layer) or clone_operation(layer),
        recursive=True,
    )
    copy.set_weights(network.get_weights())
    return copy


def clone_operation(operation, **changes):
    """Copies a layer without its weights; what has no state is used again.

    Args:
        operation: Layer or operation of a functional model. A `Lambda` cannot be
            copied, because Keras refuses to deserialise code.
        **changes: Entries of the layer's config to replace.

    Returns:
        A layer that computes in float32.
    """
    if not isinstance(operation, keras.Layer) or isinstance(
        operation, keras.layers.Lambda
    ):
        return operation
    if operation.compute_dtype != "float32":
        changes["dtype"] = "float32"
    return type(operation).from_config(operation.get_config() | changes)


def is_float32(model):
    """Whether every layer of a model computes in float32."""
    return all(layer.compute_dtype == "float32" for layer in model._flatten_layers())
