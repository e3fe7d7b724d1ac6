"""Loading of saved models with every class of kgan registered."""

import keras

# Imported for their registration with Keras.
from kgan import augmentation as augmentation
from kgan import layers as layers
from kgan import likelihoods as likelihoods
from kgan import losses as losses
from kgan import models as models
from kgan import objectives as objectives
from kgan import optimizers as optimizers
from kgan import penalties as penalties
from kgan import priors as priors
from kgan import schedules as schedules


def load_model(path, custom_objects=None, safe_mode=True):
    """Loads a `.keras` file that `GAN.save` wrote, ready to go on training.

    The same as `keras.models.load_model`, but works before any other name
    of kgan was used: kgan's classes are registered with Keras when they are imported.

    Args:
        path: Path of the `.keras` file.
        custom_objects: Dict from names to classes and functions of your own that are
            not registered with Keras.
        safe_mode: Whether to refuse what would run code of the file, such as a Lambda
            layer. Turn it off for files that you trust only.

    Returns:
        The compiled model: networks, EMA, both optimizers' state and step count.
    """
    model = keras.models.load_model(path, custom_objects, safe_mode=safe_mode)
    for player in getattr(model, "players", {}).values():
        player.note_weights()
    return model
