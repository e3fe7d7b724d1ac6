def generator_of(model):
    """Returns the network by which a model samples, or a network as it is."""
    networks = getattr(model, "inference_networks", None)
    return model if networks is None else networks[model.generating_role]
