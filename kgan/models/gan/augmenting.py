"""What the discriminator sees of samples, in the losses and in penalties."""

import dataclasses

import tensorflow as tf

from kgan._core.distribution import part
from kgan._core.errors import invalid
from kgan._core.nests import map_leaves, shape_leaves
from kgan._core.packs import packs, unpacked
from kgan.augmentation import Augmentation
from kgan.augmentation.controller import Controller


class Augmenting:
    """What `GAN` does with its augmentation, and with packs."""

    # What an augmentation remembers, a layer that is saved with the model.
    augmentation_state = None

    @property
    def controller(self):
        """The `Controller` of an adaptive augmentation, or None."""
        state = self.augmentation_state
        return state if isinstance(state, Controller) else None

    @property
    def augmentation_logs(self):
        """Names of the logs of the augmentation."""
        return ("augment_p", "augment_sign") if self.controller else ()

    def set_up_augmentation(self):
        """Checks the augmentation against samples and loss, and creates its state."""
        if self.augmentation_state is not None:
            # Keras would keep that of another compile.
            self._layers.remove(self.augmentation_state)
        self.augmentation_state = None
        if not isinstance(self.augmentation, Augmentation):
            return
        self.augmentation.build()
        if not self._from_file:
            for shape in shape_leaves(self.sample_shape):
                self.augmentation.check(shape)
        self.augmentation_state = self.augmentation.state
        if (
            self.controller
            and self.controller.target is not None
            and self.adversarial_loss.threshold is None
        ):
            raise invalid(
                "An adaptive augmentation reads from the sign of D(real) whether the "
                "discriminator is sure; under this loss it means nothing.",
                {
                    "loss": type(self.adversarial_loss).__name__,
                    "augmentation": type(self.augmentation).__name__,
                },
                "Use 'diffaugment', target=None with a fixed probability, or a loss "
                "such as 'non_saturating'.",
            )

    def seen(self, samples, random):
        """Returns samples as the discriminator sees them in the losses.

        The augmentation changes all parts of a sample alike, but no codes.
        """
        if self.augmentation:
            random = random.fold("augmentation")

            def changed(x):
                return self.augmentation(x, random, self.step)

            if isinstance(samples, dict) and "z" in samples:
                samples = {k: x if k == "z" else changed(x) for k, x in samples.items()}
            else:
                samples = map_leaves(changed, samples)
        return self.in_packs(samples)

    def in_packs(self, samples):
        """Returns packs of neighbouring samples, side by side in the channels."""
        if self.pack == 1:
            return samples
        return map_leaves(lambda x: packs(x, self.pack), samples)

    def told(self, drawn):
        """Returns the batch of what `draw` returned, as the discriminator is told it.

        An augmentation may have generated samples among those that are told to be real.
        """
        batch = drawn[0]
        if not isinstance(self.augmentation, Augmentation):
            return batch
        random = batch.random.fold("replaced")
        real = self.augmentation.replace(batch.real, batch.fake, random)
        return dataclasses.replace(batch, real=real)

    def penalty_batch(self, penalty, batch):
        """Returns what a penalty sees: packs, and its own random numbers.

        Where the augmentation says so its discriminator judges changed samples, all
        with the same random numbers.
        """
        batch = super().penalty_batch(penalty, batch)
        batch = dataclasses.replace(
            batch,
            real=self.in_packs(map_leaves(tf.stop_gradient, batch.real)),
            fake=self.in_packs(map_leaves(tf.stop_gradient, batch.fake)),
        )
        if not getattr(self.augmentation, "in_penalties", False):
            return batch

        def discriminator(samples):
            if self.pack > 1:
                samples = map_leaves(lambda x: unpacked(x, self.pack), samples)
            return batch.discriminator(self.seen(samples, batch.random))

        return dataclasses.replace(batch, discriminator=discriminator)

    def observe(self, real_logits, count):
        """Shows an adaptive augmentation how sure the discriminator is.

        Args:
            real_logits: List of the logits of the real samples, one a micro-batch.
            count: Number of real samples of this replica.
        """
        if self.controller:
            threshold = self.adversarial_loss.threshold or 0.0
            images = count * part()[1]
            mean = self.controller.observe(real_logits, threshold, images)
            self.trackers["augment_sign"].update_state(mean)

    def adjust_augmentation(self):
        """At the end of a step: logs an adaptive augmentation's p, and adjusts it."""
        if self.controller:
            self.trackers["augment_p"].update_state(self.controller.probability)
            self.controller.adjust(self.step)
