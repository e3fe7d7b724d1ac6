import zlib

import keras
import tensorflow as tf

from kgan._core.errors import invalid
from kgan._core.signature import check_built, copy_of
from kgan.models.training.average import update_average
from kgan.models.training.faster import make_adam_faster, make_layers_faster
from kgan.models.training.precision import scales, with_loss_scale


class Player:
    """Networks that move together: their weights, optimizer and moving averages.

    Args:
        name: Name of the player, such as `"generator"`.
        networks: Dict from roles to built `keras.Model`s.
        averaged: Roles of which a moving average (EMA) of the weights is kept.
        ema_decay: Its decay, in [0, 1); 0 for none.

    Attributes:
        averages: Dict from averaged roles to the networks that sampling uses: the
            moving averages, or the networks themselves.
        ema_ramp: Whether the decay grows in the first steps of training.
        optimizer: The player's optimizer; with a loss scale where it computes in
            float16. None until `set_optimizer`.
    """

    def __init__(self, name, networks, averaged=(), ema_decay=0.0):
        for role, network in networks.items():
            check_built(network, role)
            make_layers_faster(network)
        self.name = name
        self.networks = dict(networks)
        self.ema_decay = ema_decay
        self.ema_ramp = True
        self._weights = []
        self.averages = {
            role: copy_of(networks[role], role) if ema_decay else networks[role]
            for role in averaged
        }
        self.optimizer = None
        self.note_weights()

    @property
    def weights(self):
        """The trainable variables of all networks, each once."""
        variables = [v for n in self.networks.values() for v in n.trainable_variables]
        return list({id(variable): variable for variable in variables}.values())

    @property
    def scales_loss(self):
        """Whether the optimizer scales the loss, and skips steps that overflow."""
        return scales(self.optimizer)

    def set_optimizer(self, optimizer, argument, weights=None):
        """Sets and builds the optimizer: unbuilt, it cannot be restored or replicated.

        Args:
            optimizer: A `keras.optimizers.Optimizer`, or its name or configuration.
            argument: Name of the user's argument, for errors.
            weights: All weights that it ever moves; by default those of now.
        """
        optimizer = _optimizer(optimizer, argument)
        make_adam_faster(optimizer)
        self.optimizer = with_loss_scale(optimizer, self.networks.values())
        self._weights = self.weights if weights is None else weights
        self.check_weights()
        self.optimizer.build(self._weights)

    def check_weights(self):
        """Checks that there are weights to train, all of which the optimizer knows."""
        known = {id(weight) for weight in self._weights}
        if not self.weights:
            raise invalid(
                "Each player must have weights that train.",
                {f"{role}.trainable": x.trainable for role, x in self.networks.items()},
                "Leave out `trainable = False`: kgan moves one player at a time. To "
                "keep single layers as they are, set it on them, before `compile`.",
            )
        if any(id(weight) not in known for weight in self.weights):
            raise invalid(
                "The weights that train must be those of when `compile` was called.",
                {"player": self.name},
                "Call `compile` again after a layer was set to `trainable = True`.",
            )

    def note_weights(self):
        """Remembers the weights, so that `follow_weights` knows what was set since."""
        self._noted = {role: self._checksums(role) for role in self._kept_averages()}

    def follow_weights(self):
        """Sets averages to weights that were set from elsewhere; not the other way."""
        for role in self._kept_averages():
            weights, average = self._checksums(role)
            if weights != self._noted[role][0] and average == self._noted[role][1]:
                self.averages[role].set_weights(self.networks[role].get_weights())
                self._noted[role] = [weights, weights]

    def _kept_averages(self):
        return self.averages if self.ema_decay else {}

    def _checksums(self, role):
        pair = self.networks[role], self.averages[role]
        return [[zlib.crc32(w.tobytes()) for w in n.get_weights()] for n in pair]

    def replace(self, role, network, average=None):
        """Puts another network, and its average if one is kept, into a role."""
        make_layers_faster(network)
        self.networks[role] = network
        if average is not None:
            self.averages[role] = average
            self.note_weights()

    def apply(self, gradients):
        """Moves the weights, of which these are the gradients."""
        if all(gradient is None for gradient in gradients):
            raise invalid(
                "A player's loss must depend on its weights.",
                {"player": self.name},
                "Somewhere between them gradients end: at a rounding, a cast to "
                "integers, an argmax, a stop_gradient or a constant.",
            )
        # Those of an embedding are sparse, with rows that repeat. Keras's Adam would
        # add the squares of their parts, not square their sum.
        dense = [None if g is None else tf.convert_to_tensor(g) for g in gradients]
        self.optimizer.apply(dense, self.weights)

    def update_averages(self, step):
        """Moves the averages towards the networks; `step`: updates so far, a tensor."""
        for role, average in self._kept_averages().items():
            network = self.networks[role]
            update_average(average, network, self.ema_decay, step, self.ema_ramp)


def _optimizer(given, argument):
    try:
        optimizer = keras.optimizers.get(given)
    except (TypeError, ValueError):
        optimizer = None
    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise invalid(
            f"`{argument}` must be a `keras.optimizers.Optimizer`, or the name of one.",
            {argument: given},
            "Try keras.optimizers.Adam(2e-4, beta_1=0.5).",
        )
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    if inner.gradient_accumulation_steps:
        count = inner.gradient_accumulation_steps
        raise invalid(
            "An optimizer of a player accumulates no gradients: penalties, codes and "
            "the other players' moves would not follow.",
            {f"{argument}.gradient_accumulation_steps": count},
            "Use compile(gradient_accumulation_steps=…) of the model.",
        )
    return optimizer


def check_own_optimizers(optimizers):
    """Checks that no two players share an optimizer: a dict by argument."""
    seen = {}
    for argument, optimizer in optimizers.items():
        if not isinstance(optimizer, str | dict) and id(optimizer) in seen:
            raise invalid(
                "Each player needs an optimizer of its own.",
                {argument: optimizer.name},
                "Create two instances.",
            )
        seen[id(optimizer)] = argument
