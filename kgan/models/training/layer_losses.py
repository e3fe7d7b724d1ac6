"""What layers themselves add to the loss of their player, as in any Keras model."""


def call_losses(network):
    """Returns what `add_loss` and activity regularisers added in the last call."""
    return [x for layer in network._flatten_layers() for x in layer._get_own_losses()]


def weight_losses(networks):
    """Returns the values of the regularisers of networks' weights, a list."""
    return [x for network in networks for x in network._get_regularization_losses()]
