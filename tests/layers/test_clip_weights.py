import keras
import numpy as np

import kgan
from kgan.lab import dirac
from kgan.layers import ClipWeights


def test_weights_stay_within_the_limit_in_training():
    """Dirac-GAN with WGAN and clipping at 1 circles on within |ψ| <= 1."""
    gan = dirac.game()
    gan.discriminator.layers[-1].kernel_constraint = ClipWeights(1.0)
    gan.discriminator.layers[-1].kernel.constraint = ClipWeights(1.0)
    sgd = [keras.optimizers.SGD(0.2) for _ in range(2)]
    gan.compile(*sgd, loss=kgan.losses.Wasserstein())
    largest, smallest = 0.0, 9.0
    for _ in range(40):
        gan.fit(np.zeros((8, 1), "float32"), batch_size=2, verbose=0)
        largest = max(largest, abs(dirac.state(gan)[1]))
        smallest = min(smallest, np.hypot(*dirac.state(gan)))
    assert 0.9 < largest <= 1.0 and smallest > 0.5
