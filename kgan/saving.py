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


def load_model(path):
    """Loads a `.keras` file that `GAN.save` wrote, ready to go on training.

    The same as `keras.models.load_model` in safe mode, but works before any other name
    of kgan was used: kgan's classes are registered with Keras when they are imported.

    Args:
        path: Path of the `.keras` file.

    Returns:
        The compiled model: networks, EMA, both optimizers' state and step count.
    """
    return keras.models.load_model(path, safe_mode=True)
