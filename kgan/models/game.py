"""The train step: the game as a reader would tell it."""

import tensorflow as tf

from kgan.gradients import logits_of
from kgan.models.average import update_average
from kgan.random import Stream


class Game:
    """What `GAN` does in one step of `fit`; `GAN` brings players and settings."""

    def train_step(self, data):
        real, label = self._unpack(data)
        # Without it, a data set that ends inside the graph advances the counters.
        with tf.control_dependencies([real]):
            self._play(real, label)
        return {metric.name: metric.result() for metric in self.metrics}

    def _play(self, real, label):
        """Updates the discriminator k times, then the generator, then the average."""
        random = Stream(self.seed).fold(self.step)
        for k in range(self.discriminator_steps):  # unrolled: no tf.cond in a strategy
            # A stride, since replicas hold contiguous slices of the global batch.
            batch = [
                None if part is None else part[k :: self.discriminator_steps]
                for part in (real, label)
            ]
            draw = random.fold("discriminator").fold(k)
            fake, generator_tape = self._generate_batch(batch, draw)
            real_logits = self._discriminator_step(batch, fake, draw)
        draw = random.fold("generator")
        if not self.share_fakes:
            fake, generator_tape = self._generate_batch(batch, draw)
        self._generator_step(batch, fake, generator_tape, real_logits, draw)
        if self.ema_decay:
            update_average(
                self.ema_generator, self.generator, self.ema_decay, self.step
            )
        self.step.assign_add(1)

    def _unpack(self, data):
        """Returns samples and, if the game is conditional, labels."""
        real, label = data if isinstance(data, tuple) else (data, None)
        return real, label if self.conditional else None

    def _generate_batch(self, batch, random):
        """Returns fakes with the labels of a real batch, and their tape."""
        real, label = batch
        z = self.prior.sample([tf.shape(real)[0], self.latent_dim], random.fold("z"))
        with tf.GradientTape() as tape:
            fake = self.generator(join(z, label), training=True)
        return fake, tape

    def _judge(self, samples, label, random):
        """Returns the logits of samples, as the losses see them."""
        if self.augmentation:
            samples = self.augmentation(samples, random.fold("augmentation"))
        return logits_of(self.discriminator(join(samples, label), training=True))

    def _discriminator_step(self, batch, fake, random):
        """Updates the discriminator; returns its logits of the real batch."""
        real, label = batch
        fake = tf.stop_gradient(fake)
        weights = self.discriminator.trainable_variables
        with tf.GradientTape() as tape:
            real_logits = self._judge(real, label, random.fold("real"))
            fake_logits = self._judge(fake, label, random.fold("fake"))
            loss = self._mean(
                self.adversarial_loss.discriminator_loss(real_logits, fake_logits),
                "d_loss",
            )
            for penalty in self.penalties:
                loss += self._penalty(penalty, real, fake, label, random)
        self.discriminator_optimizer.apply(tape.gradient(loss, weights), weights)
        self.trackers["d_real"].update_state(real_logits)
        self.trackers["d_fake"].update_state(fake_logits)
        for metric in self.player_metrics:
            metric.update_state(tf.ones_like(real_logits), real_logits)
            metric.update_state(tf.zeros_like(fake_logits), fake_logits)
        return real_logits

    def _penalty(self, penalty, real, fake, label, random):
        """Returns a weighted penalty; logs it, unweighted, in the steps that use it."""

        def discriminator(samples):
            return self.discriminator(join(samples, label), training=True)

        def term():
            random_ = random.fold(penalty.name)
            return penalty(discriminator, real, fake, random_)

        if penalty.interval == 1:
            return penalty.weight * self._mean(term(), penalty.name)
        due = self.step % penalty.interval == 0
        value = tf.cond(due, term, lambda: tf.zeros([tf.shape(real)[0]]))
        weight = penalty.weight * penalty.interval
        return weight * self._mean(value, penalty.name, tf.cast(due, tf.float32))

    def _generator_step(self, batch, fake, generator_tape, real_logits, random):
        """Updates the generator from fakes judged by the updated discriminator."""
        real, label = batch
        judged = tf.stop_gradient(fake)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(judged)
            if self.adversarial_loss.relativistic:
                real_logits = self._judge(real, label, random.fold("real"))
            fake_logits = self._judge(judged, label, random.fold("fake"))
            loss = self._mean(
                self.adversarial_loss.generator_loss(real_logits, fake_logits),
                "g_loss",
            )
        weights = self.generator.trainable_variables
        gradients = generator_tape.gradient(
            fake, weights, output_gradients=tape.gradient(loss, judged)
        )
        self.generator_optimizer.apply(gradients, weights)

    def _mean(self, per_sample, name, log_weight=None):
        """Averages over the global batch.

        Logs the average; returns this replica's share, since gradients are summed.
        """
        value = tf.reduce_mean(per_sample)
        self.trackers[name].update_state(value, log_weight)
        return value / tf.distribute.get_strategy().num_replicas_in_sync


def join(x, label):
    """Returns what a player takes: `x`, or `[x, label]` in a conditional game."""
    return x if label is None else [x, label]
