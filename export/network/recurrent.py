"""Recurrent layers over few steps as a chain of operators instead of a loop."""

from keras import layers

# A loop costs more to run than the steps of a short sequence do one after the other;
# of a long one, the chain would take long to load.
MAX_STEPS = 64


def unroll(network):
    """Lets recurrent layers be unrolled where their number of steps is small.

    Args:
        network: Functional `keras.Model`, a copy that nothing else uses.

    Returns:
        The network.
    """
    for layer in network._flatten_layers():
        if isinstance(layer, layers.Bidirectional):
            parts = [layer.forward_layer, layer.backward_layer]
        elif isinstance(layer, layers.RNN):
            parts = [layer]
        else:
            continue
        steps = [node.input_tensors[0].shape[1] for node in layer._inbound_nodes]
        if steps and all(count is not None and count <= MAX_STEPS for count in steps):
            for part in parts:
                part.unroll = True
    return network
