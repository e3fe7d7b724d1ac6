import dataclasses

import numpy as np

from kgan._core.errors import invalid
from kgan.explore.generators import generator_of
from kgan.explore.support import BOUNDS, to_support
from kgan.latents import latents
from kgan.sampling import resolve_condition, resolve_labels


@dataclasses.dataclass(frozen=True)
class Projection:
    """What `project` found.

    Attributes:
        codes: float32 `[N, latent_dim]`.
        samples: The generator's samples of these codes, float32 `[N, …]`.
        errors: Mean squared error of each sample, float32 `[N]`.
    """

    codes: np.ndarray
    samples: np.ndarray
    errors: np.ndarray


def project(
    generator,
    samples,
    labels=None,
    prior=None,
    features=None,
    feature_weight=1.0,
    prior_weight=1e-3,
    steps=300,
    restarts=4,
    learning_rate=0.1,
    seed=0,
    progress=None,
    condition=None,
):
    """Finds codes from which a generator makes given samples.

    Adam moves the codes to lower the mean squared error of the samples, from several
    random starts, of which the best counts for each sample.

    Args:
        generator: A trained model such as a `kgan.GAN`, whose moving average is taken,
            or a built Keras generator of one output.
        samples: Float array `[N, …]`, images in [-1, 1].
        labels: For a conditional generator, the class of each sample, or one for all.
        prior: Name of the prior; by default the game's, or `"normal"`. Codes stay where
            it draws codes.
        features: A callable from samples to features `[N, …]`, such as a Keras model
            whose features tell more of a picture than its pixels do. The mean squared
            error of the features is added to that of the samples.
        feature_weight: Weight of the features' error.
        prior_weight: Weight of the mean square of a normal prior's codes, which keeps
            them where the generator was trained.
        steps: Updates of each code.
        restarts: Random starts for each sample.
        learning_rate: Of Adam, from which it falls to 0 by a cosine.
        seed: Integer from which the starts derive.
        progress: A callable that is called after each update.
        condition: For a generator with a condition, that of each sample, or one for
            all.

    Returns:
        A `Projection`.

    Raises:
        ValueError: If samples, labels or conditions do not fit the generator, or it
            makes several outputs or reads noise beside the code.

    Example:

    >>> found = kgan.explore.project(gan, images[:4])
    >>> found.codes.shape, found.errors

    Reference:

    - [Zhu et al., 2016](https://arxiv.org/abs/1609.03552)
    """
    import keras
    import tensorflow as tf

    from kgan._core.gradients import vector_jacobian
    from kgan._core.signature import signature_of

    game, generator = generator, generator_of(generator)
    if prior is None:
        prior = game.prior.name if hasattr(game, "prior") else "normal"
    signature = signature_of(generator, "generator", ("z",))
    samples = _check_samples(signature, samples)
    given = {
        "label": _check_labels(game, signature, len(samples), labels),
        "condition": resolve_condition(
            condition, len(samples), signature.roles.get("condition")
        ),
    }
    count, (latent_dim,) = len(samples), signature.roles["z"]
    target = tf.constant(np.concatenate([samples] * restarts))
    given = {
        name: tf.constant(np.concatenate([value] * restarts))
        for name, value in given.items()
        if value is not None
    }
    wanted = None if features is None else features(target)

    def errors(z):
        made = generator(signature.arrange(z=z, **given), training=False)
        error = _mean_square(made - target)
        if features is None:
            return made, error, error
        seen = _mean_square(features(made) - wanted)
        return made, error, error + feature_weight * seen

    def loss(z):
        _, _, value = errors(z)
        if prior in ("normal", "truncated_normal"):
            value += prior_weight * _mean_square(z)
        return value

    z = keras.Variable(latents(prior, count * restarts, latent_dim, seed))
    rate = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build([z])

    @tf.function(autograph=False)
    def update():
        gradient = vector_jacobian(
            loss, tf.convert_to_tensor(z), tf.ones([count * restarts])
        )
        optimizer.apply([gradient], [z])

    for _ in range(steps):
        update()
        if prior in BOUNDS or prior == "sphere":
            z.assign(to_support(prior, z.numpy()))
        if progress:
            progress()
    made, error, value = (x.numpy() for x in errors(tf.convert_to_tensor(z)))
    best = np.argmin(value.reshape(restarts, count), axis=0) * count + np.arange(count)
    return Projection(z.numpy()[best], made[best], error[best])


def _mean_square(x):
    import tensorflow as tf

    return tf.reduce_mean(tf.square(x), axis=range(1, len(x.shape)))


def _check_samples(signature, samples):
    outputs, inputs = signature.outputs, list(signature.roles)
    if isinstance(outputs, dict) or not set(inputs) <= {"z", "label", "condition"}:
        raise invalid(
            "A projection is onto one output, by the code alone.",
            {"generator takes": inputs, "gives": outputs},
            "Build a keras.Model of one of its outputs, with the noise fixed.",
        )
    samples, shape = np.asarray(samples), outputs
    if samples.shape[1:] != shape or samples.dtype.kind != "f" or not len(samples):
        raise invalid(
            f"`samples` must be floats [N, {', '.join(map(str, shape))}], as the "
            "generator makes them.",
            {"samples.shape": samples.shape, "samples.dtype": str(samples.dtype)},
            "Resize images, and scale uint8 ones by x / 127.5 - 1.",
        )
    return samples.astype(np.float32)


def _check_labels(game, signature, count, labels):
    if "label" not in signature.roles:
        return resolve_labels(labels, count, None)
    if labels is None:
        raise invalid(
            "A conditional generator must know the class of each sample.",
            {"labels": None},
            "Pass `labels`: one class for all, or one a sample.",
        )
    # A plain generator does not tell how many classes it has.
    classes = getattr(game, "num_classes", np.max(labels) + 1)
    return resolve_labels(labels, count, classes)
