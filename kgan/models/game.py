"""The train step: the game as a reader would tell it."""

import dataclasses
import functools

import tensorflow as tf

from kgan._core.batch import Batch
from kgan._core.distribution import part
from kgan._core.gradients import join, logits_of, outputs_of
from kgan._core.random import Stream
from kgan.models.accumulation import Memory, accumulate, add, split
from kgan.models.average import update_average
from kgan.models.precision import overflow, scales
from kgan.models.strategies import step_logs
from kgan.models.top import keep_top
from kgan.models.unrolled import unrolled_logits


class Game:
    """What `GAN` does in one step of `fit`; `GAN` brings players and settings."""

    def train_step(self, data):
        real, label = self._unpack(data)
        # Without it, a data set that ends inside the graph advances the counters.
        with tf.control_dependencies([real]):
            self._play(real, label)
        return step_logs(self.metrics)

    def _play(self, real, label):
        """Updates the discriminator k times, then the generator, then the average."""
        random = Stream(self.seed).fold(self.step)
        steps, most = self.discriminator_steps.now, self.discriminator_steps.most
        simultaneous = self.updates == "simultaneous"
        for k in range(steps):  # unrolled: no tf.cond in a strategy
            # A stride, since replicas hold contiguous slices of the global batch.
            fresh = real[k::most], None if label is None else label[k::most]
            draws = self._draws(*fresh, random.fold("discriminator").fold(k))
            gradients, logits = self._gradients("discriminator", draws)
            if simultaneous and k == steps - 1:
                later, _ = self._gradients("generator", draws, logits)
            self._apply("discriminator", gradients)
        for k in range(self.generator_steps.now):
            if k > 0 or not (self.share_fakes or simultaneous):
                draws = self._draws(*fresh, random.fold("generator").fold(k))
            if not simultaneous:
                later, _ = self._gradients("generator", draws, logits)
            self._apply("generator", later)
        if self.ema_decay:
            update_average(
                self.ema_generator, self.generator, self.ema_decay, self.step
            )
        self.step.assign_add(1)

    def _unpack(self, data):
        """Returns samples and, if the game uses those of the data, labels."""
        real, label = data if isinstance(data, tuple) else (data, None)
        return real, None if self.data_classes is None else label

    def _draws(self, real, label, random):
        """Returns a function for each micro-batch, which draws it with its fakes."""
        count = self.gradient_accumulation_steps
        draws = [
            functools.partial(self._draw_batch, *rows, random)
            for rows in zip(split(real, count), split(label, count), strict=True)
        ]
        # The generator learns from the same fakes: they are kept if there is one
        # micro-batch, and drawn again, to hold one tape at a time, if there are more.
        return draws if count > 1 else [functools.cache(draw) for draw in draws]

    def _draw_batch(self, real, label, random):
        """Returns a batch with fakes of the real samples' labels, and their tape."""
        if self.draws_labels:
            label = random.fold("label").integers([tf.shape(real)[0]], self.num_classes)

        def generator(z):
            return self.generator(join(self.generator, z, label), training=True)

        def discriminator(samples):
            inputs = join(self.discriminator, samples, label)
            return self.discriminator(inputs, training=True)

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

    def _gradients(self, player, draws, real_logits=None):
        """Returns a player's gradients, summed over the micro-batches of a replica.

        And, for the discriminator, a list of its logits of the real samples.
        """
        stateful = [p for p in self._penalties_of(player) if p.state is not None]
        memory = Memory(stateful)
        memory.observe(draws, lambda penalty, drawn: self._shown(penalty, drawn[0]))

        def compute(drawn, index):
            if player == "discriminator":
                return self._discriminator_gradients(drawn[0], memory)
            return self._generator_gradients(*drawn, real_logits[index], memory), None

        gradients, logits = accumulate(draws, compute)
        if scales(self._optimizer(player)):
            gradients, sound = overflow(gradients)
            memory.restore_unless(sound)
            self.trackers["skipped"].update_state(1.0 - tf.cast(sound, tf.float32))
        return gradients, logits

    def _discriminator_gradients(self, batch, memory):
        """Returns the discriminator's gradients, and its logits of the real samples."""
        fake = tf.stop_gradient(batch.fake)
        seen_real = self._see(batch.real, batch.random.fold("real"))
        seen_fake = self._see(fake, batch.random.fold("fake"))
        with tf.GradientTape() as tape:
            real, fake = (batch.discriminator(seen) for seen in (seen_real, seen_fake))
            real_logits, fake_logits = logits_of(real), logits_of(fake)
            relabelled = self.adversarial_loss.relabel(
                real_logits, fake_logits, batch.random.fold("labels")
            )
            per_sample = self.adversarial_loss.discriminator_loss(*relabelled)
            loss = self._mean(per_sample, "d_loss")
            for objective in self.objectives:
                value = objective.discriminator_loss(
                    outputs_of(real), outputs_of(fake), batch.label, batch.z
                )
                loss += objective.weight * self._mean(value, objective.name)
            loss += self._penalties("discriminator", batch, memory)
            loss = self.discriminator_optimizer.scale_loss(loss)
        self.trackers["d_real"].update_state(real_logits)
        self.trackers["d_fake"].update_state(fake_logits)
        for metric in self.player_metrics:
            metric.update_state(tf.ones_like(real_logits), real_logits)
            metric.update_state(tf.zeros_like(fake_logits), fake_logits)
        return tape.gradient(loss, self._weights("discriminator")), real_logits

    def _generator_gradients(self, batch, generator_tape, real_logits, memory):
        """Returns the generator's gradients: of the game, and of its penalties."""
        gradients = self._game_gradients(batch, generator_tape, real_logits)
        if not self._penalties_of("generator"):
            return gradients
        with tf.GradientTape() as tape:
            loss = self._penalties("generator", batch, memory)
            loss = self.generator_optimizer.scale_loss(loss)
        return add(gradients, tape.gradient(loss, self._weights("generator")))

    def _game_gradients(self, batch, generator_tape, real_logits):
        """Returns the generator's gradients, from fakes judged by the discriminator."""
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
                fake = batch.discriminator(seen)
                fake_logits = logits_of(fake)
            per_sample = self.adversarial_loss.generator_loss(real_logits, fake_logits)
            per_sample = keep_top(per_sample, fake_logits, self.top_k, self.step)
            loss = self._mean(per_sample, "g_loss")
            for objective in self.objectives:  # logged as the discriminator's
                value = objective.generator_loss(outputs_of(fake), batch.label, batch.z)
                loss += objective.weight * self._mean(value)
            loss = self.generator_optimizer.scale_loss(loss)
        return generator_tape.gradient(
            batch.fake,
            self._weights("generator"),
            output_gradients=tape.gradient(loss, judged),
        )

    def _penalties_of(self, player):
        """Returns a player's penalties that this step may use."""
        return [
            penalty
            for penalty in self.penalties
            if penalty.player == player and self._is_due(penalty) is not False
        ]

    def _is_due(self, penalty):
        """Returns whether this step uses a penalty: a bool, or a tensor in the graph.

        Under a strategy, and with micro-batches, it is known before the step: no
        tf.cond there.
        """
        if penalty.interval == 1:
            return True
        if self.due is None:
            return self.step % penalty.interval == 0
        return penalty.name in self.due

    def _shown(self, penalty, batch):
        """Returns what a penalty sees of a batch: packs, and its own random numbers."""
        return dataclasses.replace(
            batch,
            real=self._join_packs(batch.real),
            fake=self._join_packs(tf.stop_gradient(batch.fake)),
            random=batch.random.fold(penalty.name),
        )

    def _penalties(self, player, batch, memory):
        """Returns the weighted sum of a player's penalties; logs each unweighted."""
        return sum(
            self._penalty(penalty, self._shown(penalty, batch), memory)
            for penalty in self._penalties_of(player)
        )

    def _penalty(self, penalty, batch, memory):
        """Returns a weighted penalty; logs it in the steps that use it."""
        weight, due = penalty.weight * penalty.interval, self._is_due(penalty)
        if due is True:
            return weight * self._mean(memory.call(penalty, batch), penalty.name)
        zeros = tf.zeros([tf.shape(batch.real)[0]])
        value = tf.cond(due, lambda: memory.call(penalty, batch), lambda: zeros)
        return weight * self._mean(value, penalty.name, tf.cast(due, tf.float32))

    def _optimizer(self, player):
        return getattr(self, f"{player}_optimizer")

    def _weights(self, player):
        """Returns what a player's optimizer updates."""
        return getattr(self, player).trainable_variables

    def _apply(self, player, gradients):
        self._optimizer(player).apply(gradients, self._weights(player))

    def _mean(self, per_sample, name=None, log_weight=None):
        """Averages over the global batch.

        Logs the average by a name; returns the share of this part, since gradients are
        summed.
        """
        value = tf.reduce_mean(per_sample)
        if name is not None:
            self.trackers[name].update_state(value, log_weight)
        return value / part()[1]
