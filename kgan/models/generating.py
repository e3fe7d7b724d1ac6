import math

import numpy as np
import tensorflow as tf

from kgan import latents, sampling
from kgan._core.memory import check_memory
from kgan._core.nests import is_shape, map_shapes, shape_leaves
from kgan._core.signature import signature_of
from kgan.models.training import checks


class Generating:
    """What a `GenerativeModel` makes of what: its inputs, its outputs, `generate`."""

    # Role of the network that makes samples of codes.
    generating_role = "generator"

    @property
    def signature(self):
        """The `Signature` of the network that makes samples."""
        network = self.inference_networks[self.generating_role]
        return signature_of(network, self.generating_role, ("z",))

    @property
    def latent_dim(self):
        """Size of the code."""
        return self.signature.roles["z"][-1]

    @property
    def conditional(self):
        """Whether samples are made of codes and labels."""
        return "label" in self.signature.roles

    @property
    def num_classes(self):
        """Number of classes of the labels, or None if samples have none."""
        if not self.conditional:
            return None
        return self._num_classes or checks.num_classes(
            self.inference_networks[self.generating_role]
        )

    @property
    def condition_shape(self):
        """Shape of the float condition beside the code, such as `(40,)`, or None."""
        return self.signature.roles.get("condition")

    @property
    def noise_shapes(self):
        """Dict from names to shapes of further normal inputs beside the code."""
        known = ("z", "label", "condition")
        return {k: v for k, v in self.signature.roles.items() if k not in known}

    @property
    def data_classes(self):
        """Number of classes of the labels that the data must have; None: of none."""
        return self.num_classes

    @property
    def draws_labels(self):
        """Whether the model draws labels itself, instead of taking the data's."""
        return False

    @property
    def knows_classes(self):
        """Whether samples are made of labels that are classes of the data."""
        return self.conditional and not self.draws_labels

    @property
    def sample_shape(self):
        """Shape of one sample; of several outputs a dict of shapes by name."""
        return map_shapes(tuple, self.signature.outputs)

    @property
    def output_names(self):
        """Names of several outputs of `generate`, or None for one."""
        shape = self.sample_shape
        return None if is_shape(shape) else tuple(shape)

    def call(self, inputs, training=False):
        """Returns samples of codes `z`, or of `[z, label]`, by the moving average."""
        return self.inference_networks[self.generating_role](inputs, training=training)

    def generate(
        self,
        num_samples,
        labels=None,
        seed=0,
        truncation=1.0,
        batch_size=64,
        condition=None,
    ):
        """Draws samples, by the moving average of the weights.

        The codes are those of `kgan_export.Sampler.sample`: sample i depends on the
        seed, its conditions and i alone.

        Args:
            num_samples: Number of samples.
            labels: With classes, one class or an integer array `[num_samples]`; by
                default the classes in turn.
            seed: Integer from 0.
            truncation: Factor of the codes; below 1 trades variety for fidelity.
            batch_size: Samples a pass.
            condition: Of a model with attributes, floats `[num_samples, D]` or `[D]`;
                by default those of the first samples of the training, in turn.

        Returns:
            A float32 NumPy array `[num_samples, …]`, images in [-1, 1]; of several
            outputs a dict of arrays by name.

        Raises:
            ValueError: If an argument is out of its range or does not fit the model, or
                the samples do not fit into memory.
        """
        self.follow_weights()
        num_samples = latents.integer("num_samples", num_samples, 0, 2**63)
        batch_size = latents.integer("batch_size", batch_size, 1, 2**31)
        shapes = self.sample_shape
        leaves = shape_leaves(shapes)
        numbers = sum(math.prod(shape) for shape in leaves)
        check_memory(4 * num_samples * numbers, {"num_samples": num_samples})
        labels = sampling.resolve_labels(labels, num_samples, self.num_classes)
        if condition is None and self.remembered is not None:
            condition = self.remembered.examples(num_samples)
        condition = sampling.resolve_condition(
            condition, num_samples, self.condition_shape
        )
        samples = [np.empty((num_samples, *shape), np.float32) for shape in leaves]
        for start in range(0, num_samples, batch_size):
            part = slice(start, min(start + batch_size, num_samples))
            z = self.prior.latents(part.stop - start, self.latent_dim, seed, start)
            feed = {
                "z": sampling.truncate(self.prior.name, z, truncation),
                "label": None if labels is None else labels[part],
                "condition": None if condition is None else condition[part],
            }
            for name, shape in self.noise_shapes.items():
                count = part.stop - start
                feed[name] = latents.noise("normal", count, shape, seed, name, start)
            feed = {k: tf.constant(v) for k, v in feed.items() if v is not None}
            made = self._sampler(self.signature.arrange(**feed))
            for array, one in zip(samples, tf.nest.flatten(made), strict=True):
                array[part] = one
        if is_shape(shapes):
            return samples[0]
        return tf.nest.pack_sequence_as(map_shapes(lambda shape: 0, shapes), samples)
