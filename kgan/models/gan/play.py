"""The game as a reader would tell it: what a batch draws, and the players' moves."""

import dataclasses

import tensorflow as tf

from kgan._core.batch import Batch
from kgan._core.distribution import part
from kgan._core.gradients import logits_of, outputs_of
from kgan._core.nests import count, leaves, map_leaves, rows
from kgan.models.gan.augmenting import Augmenting
from kgan.models.gan.top import keep_top
from kgan.models.gan.unrolled import unrolled_logits
from kgan.models.training.accumulation import add
from kgan.models.training.layer_losses import call_losses


class Play(Augmenting):
    """What `GAN` does in one step of `fit`; `GAN` brings players and settings."""

    # The fields of a batch that depend on the weights of the player `generator`.
    made_by_generator = ("fake",)

    def play(self, real, conditions, random):
        """Updates the discriminator k times, then the generator."""
        steps, most = self.discriminator_steps.now, self.discriminator_steps.most
        simultaneous = self.updates == "simultaneous"
        for k in range(steps):  # unrolled: no tf.cond in a strategy
            # A stride, since replicas hold contiguous slices of the global batch.
            part = slice(k, None, most)
            fresh = self.draw, rows(real, part), rows(conditions, part)
            draws = self.micro_batches(*fresh, random.fold("discriminator").fold(k))
            move, logits = self.gradients(
                "discriminator", draws, self.discriminator_gradients, self.told
            )
            self.observe(logits, count(fresh[1]))
            if simultaneous and k == steps - 1:
                answer = self._answer(draws, logits)
            self.players["discriminator"].apply(move)
        for k in range(self.generator_steps.now):
            if k > 0 or not (self.share_fakes or simultaneous):
                draws = self.micro_batches(*fresh, random.fold("generator").fold(k))
            if not simultaneous:
                answer = self._answer(draws, logits)
            self.players["generator"].apply(answer)
        self.adjust_augmentation()

    def draw(self, real, conditions, random):
        """Draws codes and makes fakes, with the conditions of the real samples.

        Returns:
            A `kgan.Batch`, a tape of what the generator's weights make of it, and what
            layers added to the generator's loss.
        """
        number = count(real)
        if self.draws_labels:
            label = random.fold("label").integers([number], self.num_classes)
            conditions = {**conditions, "label": label}
        batch = self.players_of(conditions, number, random)
        z = self.prior.sample([number, self.latent_dim], random.fold("z"))
        with tf.GradientTape() as tape:
            fake = batch.generator(z)
        batch = dataclasses.replace(batch, real=real, fake=fake, z=z)
        return batch, tape, call_losses(self.generator)

    def players_of(self, conditions, number, random):
        """Returns a batch without samples: the players as functions, and conditions.

        Args:
            conditions: Dict of `label` and `condition`, as far as they are used.
            number: Number of samples.
            random: The `kgan.Stream` of the update.
        """
        noise = {
            name: random.fold(name).normal([number, *shape])
            for name, shape in self.noise_shapes.items()
        }

        def generator(z):
            inputs = self.signature.arrange(z=z, **conditions, **noise)
            made = self.generator(inputs, training=True)
            return map_leaves(lambda x: tf.cast(x, tf.float32), made)

        def discriminator(samples):
            inputs = self.judged_inputs(samples, conditions)
            return self.discriminator(inputs, training=True)

        return Batch(
            discriminator,
            None,
            random=random,
            generator=generator,
            label=conditions.get("label"),
            condition=conditions.get("condition"),
            game=self,
        )

    def judged_inputs(self, samples, conditions):
        """Returns what the discriminator takes of samples and their conditions."""
        parts = samples if isinstance(samples, dict) else {"sample": samples}
        return self.judging.arrange(**parts, **conditions)

    def discriminator_gradients(self, drawn, index, memory):
        """Returns the discriminator's gradients, and its logits of the real samples."""
        batch, player = self.told(drawn), self.players["discriminator"]
        real, fake = (map_leaves(tf.stop_gradient, x) for x in (batch.real, batch.fake))
        real = self.seen(real, batch.random.fold("real"))
        fake = self.seen(fake, batch.random.fold("fake"))
        with tf.GradientTape() as tape:
            real, added = batch.discriminator(real), call_losses(self.discriminator)
            fake = batch.discriminator(fake)
            added += call_losses(self.discriminator)
            real_logits, fake_logits = logits_of(real), logits_of(fake)
            relabelled = self.adversarial_loss.relabel(
                real_logits, fake_logits, batch.random.fold("labels")
            )
            per_sample = self.adversarial_loss.discriminator_loss(*relabelled)
            loss = self.mean(per_sample, "d_loss")
            for objective in self.objectives:
                value = objective.discriminator_loss(
                    outputs_of(real), outputs_of(fake), batch.label, batch.z
                )
                loss += objective.weight * self.mean(value, objective.name)
            loss += self.weighted_penalties("discriminator", batch, memory)
            loss += self.layer_losses("discriminator", added)
            loss = player.optimizer.scale_loss(loss)
        self.trackers["d_real"].update_state(real_logits)
        self.trackers["d_fake"].update_state(fake_logits)
        for metric in self.player_metrics:
            metric.update_state(tf.ones_like(real_logits), real_logits)
            metric.update_state(tf.zeros_like(fake_logits), fake_logits)
        return tape.gradient(loss, player.weights), real_logits

    def generator_gradients(self, drawn, real_logits, memory):
        """Returns the generator's gradients: of the game, and of its penalties."""
        (batch, generator_tape, added), player = drawn, self.players["generator"]
        made = {name: getattr(batch, name) for name in self.made_by_generator}
        judged = map_leaves(tf.stop_gradient, made)
        # The discriminator's weights get no gradients here.
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(leaves(judged))
            batch_judged = dataclasses.replace(batch, **judged)
            loss = self.generator_loss(batch_judged, real_logits)
            loss = player.optimizer.scale_loss(loss)
        upstream = tape.gradient(
            loss, leaves(judged), unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        share = player.optimizer.scale_loss(tf.constant(1.0 / part()[1]))
        gradients = generator_tape.gradient(
            [*leaves(made), *added],
            player.weights,
            [*upstream, *(tf.cast(share, x.dtype) for x in added)],
        )
        regularized = any(weight.regularizer for weight in player.weights)
        if not (regularized or self.penalties_of("generator")):
            return gradients
        with tf.GradientTape() as tape:
            loss = self.weighted_penalties("generator", batch, memory)
            loss += self.layer_losses("generator")
            loss = player.optimizer.scale_loss(loss)
        return add(gradients, tape.gradient(loss, player.weights))

    def generator_loss(self, batch, real_logits):
        """Returns the mean of the generator's loss.

        Args:
            batch: The `kgan.Batch` of the update.
            real_logits: The logits of its real samples, before the discriminator moved.
        """
        fake = self.seen(batch.fake, batch.random.fold("fake"))
        outputs = None
        if self.unroll_steps:
            real = self.seen(batch.real, batch.random.fold("real"))
            real_logits, fake_logits = unrolled_logits(self, batch, real, fake)
        else:
            if self.adversarial_loss.relativistic:
                real = self.seen(batch.real, batch.random.fold("real"))
                real_logits = logits_of(batch.discriminator(real))
            outputs = batch.discriminator(fake)
            fake_logits = logits_of(outputs)
        per_sample = self.adversarial_loss.generator_loss(real_logits, fake_logits)
        per_sample = keep_top(per_sample, fake_logits, self.top_k, self.step)
        loss = self.mean(per_sample, "g_loss")
        for objective in self.objectives:  # logged as the discriminator's
            value = objective.generator_loss(outputs_of(outputs), batch.label, batch.z)
            loss += objective.weight * self.mean(value)
        return loss

    def _answer(self, draws, real_logits):
        """Returns the generator's gradients, summed over the micro-batches."""

        def compute(drawn, index, memory):
            return self.generator_gradients(drawn, real_logits[index], memory), None

        return self.gradients("generator", draws, compute, _batch)[0]


def _batch(drawn):
    """Returns the batch of what `draw` returned."""
    return drawn[0]
