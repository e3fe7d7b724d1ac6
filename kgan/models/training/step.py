"""The train step: what every model's moves are made of."""

import dataclasses
import functools

import tensorflow as tf

from kgan._core.distribution import part
from kgan._core.nests import leaves
from kgan._core.random import Stream
from kgan.models.training.accumulation import Memory, accumulate, split
from kgan.models.training.layer_losses import call_losses, weight_losses
from kgan.models.training.precision import overflow
from kgan.models.training.strategies import step_logs


class Step:
    """What `GenerativeModel` does in one step of `fit`; a subclass says the moves."""

    def train_step(self, data):
        real, conditions = self.prepare(*self.unpack(data))
        # Without it, a data set that ends inside the graph advances the counters.
        with tf.control_dependencies(leaves(real)):
            self.play(real, conditions, Stream(self.seed).fold(self.step))
        for player in self.players.values():
            player.update_averages(self.step)
        self.step.assign_add(1)
        return step_logs(self.metrics)

    def prepare(self, real, conditions):
        """Returns the samples of a step, and their conditions, as the moves use them.

        Args:
            real: Samples, as `unpack` returns them.
            conditions: Dict of their conditions.
        """
        return real, conditions

    def play(self, real, conditions, random):
        """Makes the moves of one step: each player updates its weights.

        Args:
            real: Samples of this replica, for all moves of the step.
            conditions: Dict of their `label` and `condition`, as far as the model takes
                them.
            random: The `kgan.Stream` of this step.
        """
        raise NotImplementedError(f"{type(self).__name__} must implement `play`.")

    def micro_batches(self, draw, real, conditions, random):
        """Returns a function for each micro-batch, which draws it.

        Args:
            draw: A function of samples, their conditions and `random` to anything: what
                the losses of a move are computed of.
            real: Samples of this replica.
            conditions: Dict of their conditions.
            random: The `kgan.Stream` of the update.
        """
        count = self.gradient_accumulation_steps
        parts = zip(split(real, count), split(conditions, count), strict=True)
        draws = [functools.partial(draw, *rows, random) for rows in parts]
        # What one player drew the next may learn from: it is kept if there is one
        # micro-batch, and drawn again, to hold one tape at a time, if there are more.
        return draws if count > 1 else [functools.cache(draw) for draw in draws]

    def gradients(self, player, draws, compute, shown=None):
        """Returns a player's gradients, summed over the micro-batches of a replica.

        Args:
            player: Name of the player.
            draws: What `micro_batches` returned.
            compute: A function of what was drawn, its index and the penalties' `Memory`
                to the gradients of the player's weights and anything else. Losses are
                averaged by `mean`.
            shown: A function of what was drawn to the `kgan.Batch` for penalties; by
                default it is one.

        Returns:
            A list of gradients, and a list of the rest, one a micro-batch.
        """
        stateful = [p for p in self.penalties_of(player) if p.state is not None]
        memory = Memory(stateful)
        shown = shown or (lambda drawn: drawn)
        memory.observe(draws, lambda p, drawn: self.penalty_batch(p, shown(drawn)))
        gradients, rest = accumulate(
            draws, lambda drawn, index: compute(drawn, index, memory)
        )
        if self.players[player].scales_loss:
            gradients, sound = overflow(gradients)
            memory.restore_unless(sound)
            self.trackers["skipped"].update_state(1.0 - tf.cast(sound, tf.float32))
        return gradients, rest

    def move(self, player, draws, losses):
        """Updates a player by its losses, where nothing but a plain gradient is needed.

        Args:
            player: Name of the player.
            draws: What `micro_batches` returned; a `kgan.Batch` each, where penalties
                are used.
            losses: A function of what was drawn to a dict from names of logs to values
                `[N]`, of which the first is minimised and the others are logged.
        """
        mover = self.players[player]

        def compute(drawn, index, memory):
            with tf.GradientTape() as tape:
                means = [self.mean(x, name) for name, x in losses(drawn).items()]
                added = [x for n in mover.networks.values() for x in call_losses(n)]
                loss = means[0] + self.weighted_penalties(player, drawn, memory)
                loss += self.layer_losses(player, added)
                loss = mover.optimizer.scale_loss(loss)
            return tape.gradient(loss, mover.weights), None

        gradients, _ = self.gradients(player, draws, compute)
        mover.apply(gradients)

    def mean(self, per_sample, name=None, log_weight=None):
        """Averages over the global batch.

        Logs the average by a name; returns the share of this part, since gradients are
        summed.
        """
        value = tf.reduce_mean(per_sample)
        if name is not None:
            self.trackers[name].update_state(value, log_weight)
        return value / part()[1]

    def layer_losses(self, player, added=()):
        """Returns this part's share of what layers add to the loss of a player.

        Args:
            player: Name of the player, whose weights' regularisers count.
            added: What layers added in calls: a list of scalars.
        """
        added = [*added, *weight_losses(self.players[player].networks.values())]
        return sum(tf.cast(x, tf.float32) for x in added) / part()[1] if added else 0.0

    def penalties_of(self, player):
        """Returns a player's penalties that this step may use."""
        return [
            penalty
            for penalty in self.penalties
            if penalty.player == player and self._is_due(penalty) is not False
        ]

    def penalty_batch(self, penalty, batch):
        """Returns what a penalty sees of a batch, with its own random numbers."""
        return dataclasses.replace(batch, random=batch.random.fold(penalty.name))

    def weighted_penalties(self, player, batch, memory):
        """Returns the weighted sum of a player's penalties; logs each unweighted."""
        return sum(
            self._penalty(penalty, self.penalty_batch(penalty, batch), memory)
            for penalty in self.penalties_of(player)
        )

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

    def _penalty(self, penalty, batch, memory):
        """Returns a weighted penalty; logs it in the steps that use it."""
        weight, due = penalty.weight * penalty.interval, self._is_due(penalty)
        if due is True:
            return weight * self.mean(memory.call(penalty, batch), penalty.name)
        zeros = tf.zeros([batch.size])
        value = tf.cond(due, lambda: memory.call(penalty, batch), lambda: zeros)
        return weight * self.mean(value, penalty.name, tf.cast(due, tf.float32))
