"""The promise of an export: its inputs, its outputs, and what it says of itself.

`base.py` says what an interface must tell; `generator.py` and `encoder.py` hold one
class each, with its line in `INTERFACES`. `metadata.py` is the one schema by which
metadata are written, checked and read; `reading.py` finds them in every format.
"""

from kgan._core.errors import one_of

# By the role of the network that is exported, as in `model.inference_networks`. The
# classes are loaded when they are asked for: reading metadata needs no TensorFlow.
INTERFACES = {
    "generator": "kgan_export.interface.generator:GeneratorInterface",
    "encoder": "kgan_export.interface.encoder:EncoderInterface",
}


def get_interface(network):
    """Returns the subclass of `Interface` for the role of a network.

    Raises:
        ValueError: If there is none.
    """
    import pkgutil  # not at the top: a sampler starts faster without

    one_of("network", network, INTERFACES)
    return pkgutil.resolve_name(INTERFACES[network])
