"""The train step: the game as a reader would tell it."""

import dataclasses

import tensorflow as tf

from kgan.batch import Batch
from kgan.gradients import logits_of
from kgan.models.average import update_average
from kgan.models.top import keep_top
from kgan.models.unrolled import unrolled_logits
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
        steps, most = self.discriminator_steps.now, self.discriminator_steps.most
        simultaneous = self.updates == "simultaneous"
        for k in range(steps):  # unrolled: no tf.cond in a strategy
            # A stride, since replicas hold contiguous slices of the global batch.
            part = slice(k, None, most)
            draw = random.fold("discriminator").fold(k)
            batch, tape = self._draw_batch(
                real[part], None if label is None else label[part], draw
            )
            gradients, real_logits = self._discriminator_gradients(batch)
            if simultaneous and k == steps - 1:
                later = self._generator_gradients(batch, tape, real_logits)
            self._apply(self.discriminator_optimizer, gradients, self.discriminator)
        for k in range(self.generator_steps.now):
            draw = random.fold("generator").fold(k)
            if k > 0 or not (self.share_fakes or simultaneous):
                batch, tape = self._draw_batch(batch.real, batch.label, draw)
            if not simultaneous:
                later = self._generator_gradients(batch, tape, real_logits)
            self._apply(self.generator_optimizer, later, self.generator)
        if self.ema_decay:
            update_average(
                self.ema_generator, self.generator, self.ema_decay, self.step
            )
        self.step.assign_add(1)

    def _unpack(self, data):
        """Returns samples and, if the game is conditional, labels."""
        real, label = data if isinstance(data, tuple) else (data, None)
        return real, label if self.conditional else None

    def _draw_batch(self, real, label, random):
        """Returns a batch with fakes of the real samples' labels, and their tape."""

        def generator(z):
            return self.generator(join(z, label), training=True)

        def discriminator(samples):
            return self.discriminator(join(samples, label), training=True)

        z = self.prior.sample([tf.shape(real)[0], self.latent_dim], random.fold("z"))
        with tf.GradientTape() as tape:
            fake = generator(z)
        batch = Batch(discriminator, real, fake, random, generator, z, label, self)
        return batch, tape

    def _see(self, samples, random):
        """Returns samples as the discriminator sees them in the losses."""
        if self.augmentation:
            samples = self.augmentation(samples, random.fold("augmentation"), self.step)
        return self._join_packs(samples)

    def _join_packs(self, samples):
        """Returns packs of neighbouring samples, side by side in the channels."""
        if self.pack == 1:
            return samples
        return tf.concat([samples[k :: self.pack] for k in range(self.pack)], axis=-1)

    def _discriminator_gradients(self, batch):
        """Returns the discriminator's gradients, and its logits of the real samples."""
        fake = tf.stop_gradient(batch.fake)
        seen_real = self._see(batch.real, batch.random.fold("real"))
        seen_fake = self._see(fake, batch.random.fold("fake"))
        with tf.GradientTape() as tape:
            real_logits = logits_of(batch.discriminator(seen_real))
            fake_logits = logits_of(batch.discriminator(seen_fake))
            relabelled = self.adversarial_loss.relabel(
                real_logits, fake_logits, batch.random.fold("labels")
            )
            per_sample = self.adversarial_loss.discriminator_loss(*relabelled)
            loss = self._mean(per_sample, "d_loss")
            loss += self._penalties("discriminator", batch)
        self.trackers["d_real"].update_state(real_logits)
        self.trackers["d_fake"].update_state(fake_logits)
        for metric in self.player_metrics:
            metric.update_state(tf.ones_like(real_logits), real_logits)
            metric.update_state(tf.zeros_like(fake_logits), fake_logits)
        weights = self.discriminator.trainable_variables
        return tape.gradient(loss, weights), real_logits

    def _generator_gradients(self, batch, generator_tape, real_logits):
        """Returns the generator's gradients, from fakes judged by the discriminator."""
        weights = self.generator.trainable_variables
        judged = tf.stop_gradient(batch.fake)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(judged)
            seen = self._see(judged, batch.random.fold("fake"))
            if self.unroll_steps:
                real = self._see(batch.real, batch.random.fold("real"))
                real_logits, fake_logits = unrolled_logits(
                    self, batch.label, real, seen
                )
            else:
                if self.adversarial_loss.relativistic:
                    real = self._see(batch.real, batch.random.fold("real"))
                    real_logits = logits_of(batch.discriminator(real))
                fake_logits = logits_of(batch.discriminator(seen))
            per_sample = self.adversarial_loss.generator_loss(real_logits, fake_logits)
            per_sample = keep_top(per_sample, fake_logits, self.top_k, self.step)
            loss = self._mean(per_sample, "g_loss")
        gradients = generator_tape.gradient(
            batch.fake, weights, output_gradients=tape.gradient(loss, judged)
        )
        if not self._penalties_of("generator"):
            return gradients
        with tf.GradientTape() as tape:
            loss = self._penalties("generator", batch)
        extra = tape.gradient(loss, weights)
        return [
            a if b is None else a + b for a, b in zip(gradients, extra, strict=True)
        ]

    def _penalties_of(self, player):
        return [penalty for penalty in self.penalties if penalty.player == player]

    def _penalties(self, player, batch):
        """Returns the weighted sum of a player's penalties; logs each unweighted."""
        packed = dataclasses.replace(
            batch,
            real=self._join_packs(batch.real),
            fake=self._join_packs(tf.stop_gradient(batch.fake)),
        )
        return sum(
            self._penalty(penalty, packed) for penalty in self._penalties_of(player)
        )

    def _penalty(self, penalty, batch):
        """Returns a weighted penalty; logs it in the steps that use it."""
        named = dataclasses.replace(batch, random=batch.random.fold(penalty.name))
        if penalty.interval == 1:
            return penalty.weight * self._mean(penalty.call(named), penalty.name)
        due = self.step % penalty.interval == 0
        zeros = tf.zeros([tf.shape(batch.real)[0]])
        value = tf.cond(due, lambda: penalty.call(named), lambda: zeros)
        weight = penalty.weight * penalty.interval
        return weight * self._mean(value, penalty.name, tf.cast(due, tf.float32))

    def _apply(self, optimizer, gradients, player):
        optimizer.apply(gradients, player.trainable_variables)

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
