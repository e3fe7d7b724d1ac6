"""The interface of an exported encoder: the generator's samples in, their codes out."""

import dataclasses

import tensorflow as tf

from kgan._core.errors import invalid
from kgan_export import verify
from kgan_export.interface.base import Interface
from kgan_export.interface.generator import GeneratorInterface, generate
from kgan_export.interface.output import Output
from kgan_export.source.roles import roles_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class EncoderInterface(Interface):
    """Takes samples as the generator's export gives them, and the generator's
    conditions where the encoder has them; gives codes `z`.

    Args:
        sample: The `Output` of the generator, which goes in.
        latent_dim: Size of a code.
        conditions: Tuple of the inputs `label` and `condition` that the encoder has,
            each as a pair of its name and the shape of one, in the order of the Keras
            encoder.
        static_batch: Fixed batch size, or `None` for any.
    """

    sample: Output
    latent_dim: int
    conditions: tuple = ()

    network = "encoder"
    ending = "-encoder"
    formats = ("onnx",)
    precisions = ("fp32",)

    @classmethod
    def of(cls, source, layout, output_dtype, static_batch):
        made = GeneratorInterface.of(source, layout, output_dtype, static_batch)
        if len(made.outputs) != 1:
            raise invalid(
                "An encoder is exported of a generator with one output.",
                {"outputs": [output.name for output in made.outputs]},
                "Export the generator.",
            )
        inputs = source.network(cls.network).inputs
        given = {name: tuple(spec.shape[1:]) for name, spec in made.inputs.items()}
        roles = roles_of(inputs, source.condition_shape)
        names = [] if roles is None else roles.conditions
        if roles is None or roles.extras or not given.keys() >= set(names):
            raise invalid(
                "An encoder must take samples, and beside them `label` and `condition` "
                "as far as the generator does.",
                {"inputs": [x.name for x in inputs]},
                "Name its inputs where they are made, by keras.Input(…, name=…).",
            )
        return cls(
            sample=made.outputs[0],
            latent_dim=made.latent_dim,
            conditions=tuple((name, given[name]) for name in names),
            static_batch=static_batch,
        )

    @property
    def inputs(self):
        batch, sample = self.static_batch, self.sample
        shape = [batch, *sample.shape]
        specs = {sample.name: tf.TensorSpec(shape, sample.dtype, sample.name)}
        for name, shape in self.conditions:
            dtype = tf.int64 if name == "label" else tf.float32
            specs[name] = tf.TensorSpec([batch, *shape], dtype, name)
        return specs

    @property
    def outputs(self):
        return (Output((self.latent_dim,), name="z"),)

    def as_floats(self):
        return self  # codes are floats

    def call(self, network, feed):
        samples = tf.cast(feed[self.sample.name], tf.float32)
        if self.sample.dtype == "uint8":
            samples = samples / 127.5 - 1.0
        if self.sample.layout == "nchw":
            samples = tf.transpose(samples, [0, 2, 3, 1])
        conditions = {x: tf.convert_to_tensor(feed[x]) for x, _ in self.conditions}
        codes = generate(network, {"samples": samples, **conditions})[0]
        # Where the encoder gives means and logarithms of variances: the means.
        return [codes[:, : self.latent_dim]]

    def batches(self, source):
        generator = source.networks["generator"]
        batches = []
        for feed in verify.make_batches(source, self.static_batch):
            (samples,) = generate(generator, feed)
            samples = self.sample.quantize(self.sample.arrange(samples)).numpy()
            conditions = {name: feed[name] for name, _ in self.conditions}
            batches.append({self.sample.name: samples, **conditions})
        return batches

    def describe(self):
        (codes,) = (one.describe() | {"range": None} for one in self.outputs)
        sample = self.sample.describe()
        return {
            "network": self.network,
            "kind": sample["kind"],
            "sample_shape": sample["shape"],
            "layout": sample["layout"],
            "output_dtype": codes["dtype"],
            "output_range": codes["range"],
            "inputs": [
                sample,
                *(
                    {
                        "name": name,
                        "shape": list(shape),
                        "dtype": "int64" if name == "label" else "float32",
                    }
                    for name, shape in self.conditions
                ),
            ],
            "outputs": [codes],
            "extra_inputs": [],
            "static_batch": self.static_batch,
        }
