import tensorflow as tf

from kgan._core.distribution import global_mean
from kgan._core.gradients import logits_of


def unrolled_logits(gan, batch, real, fake):
    """Returns the logits of a discriminator that has answered the fakes.

    The discriminator takes `unroll_steps` plain gradient steps with its optimizer's
    learning rate on copies of its weights, through which the gradient of the logits
    with respect to `fake` flows: the generator foresees the answer to its move.

    Args:
        gan: The compiled `kgan.GAN`.
        batch: The `kgan.Batch`, with the conditions of the samples.
        real: Real samples as the discriminator sees them.
        fake: Fake samples, likewise.

    Returns:
        The logits of `real` and of `fake`.

    Reference:

    - [Metz et al., 2017](https://arxiv.org/abs/1611.02163)
    """
    discriminator = gan.discriminator
    weights = [tf.convert_to_tensor(v) for v in discriminator.trainable_variables]
    states = discriminator.non_trainable_variables
    rate = tf.convert_to_tensor(gan.discriminator_optimizer.learning_rate)

    def logits(weights, samples):
        inputs = gan.judged_inputs(samples, batch.conditions)
        outputs, _ = discriminator.stateless_call(
            weights, states, inputs, training=True
        )
        return logits_of(outputs)

    for _ in range(gan.unroll_steps):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            per_sample = gan.adversarial_loss.discriminator_loss(
                logits(weights, real), logits(weights, fake)
            )
            loss = tf.reduce_mean(per_sample)
        # Dense, since sparse ones have no gradient of their mean over replicas.
        gradients = [
            global_mean(tf.convert_to_tensor(g)) for g in tape.gradient(loss, weights)
        ]
        weights = [w - rate * g for w, g in zip(weights, gradients, strict=True)]
    return logits(weights, real), logits(weights, fake)
