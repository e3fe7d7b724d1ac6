"""A script: damages an export again and again and samples from what is left.

Arguments: the file, the first seed, the number of seeds. Prints as JSON how many files
gave samples, were refused when they were opened, or failed when they ran. Any other end
of a sampler ends the process with its traceback.
"""

import json
import random
import resource
import sys
from collections import Counter

import onnxruntime

from kgan_export import ExportError, Sampler

VALUES = [-1, 0, 1, 2**31, 2**63, 1e308, "", "normal", "nchw", None, True, [], {}, [-1]]


def flip(random, data):
    for _ in range(random.choice([1, 1, 2, 8, 64])):
        data[random.randrange(len(data))] = random.randrange(256)
    return data


def cut(random, data):
    return data[: random.randrange(len(data))]


def splice(random, data):
    start, end = sorted(random.choices(range(len(data)), k=2))
    target = random.randrange(len(data))
    data[target:target] = data[start:end]
    return data


def edit_metadata(random, data):
    """Changes one value of the metadata and the lengths before it with it."""
    import onnx

    model = onnx.load_from_string(bytes(data))
    metadata = json.loads(model.metadata_props[0].value)
    metadata[random.choice(list(metadata))] = random.choice(VALUES)
    if random.random() < 0.2:
        del metadata[random.choice(list(metadata))]
    model.metadata_props[0].value = json.dumps(metadata)
    return model.SerializeToString()


def edit_shape(random, data):
    """Changes a declared size or a constant of the graph."""
    import onnx

    model = onnx.load_from_string(bytes(data))
    if random.random() < 0.5:
        value = random.choice([*model.graph.input, *model.graph.output])
        shape = value.type.tensor_type.shape
        random.choice(shape.dim).dim_value = random.choice([-1, 0, 1, 5, 2**40])
    else:
        tensor = random.choice(model.graph.initializer)
        tensor.dims[:] = [random.choice([-1, 0, 2, 2**31, 2**62])]
    return model.SerializeToString()


def main(source, first, count):
    """Tries `count` files, each from its own seed."""
    # What asks for absurd memory fails instead of swapping.
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    with open(source, "rb") as stream:
        original = stream.read()
    path = f"{source}.damaged.onnx"
    ends = Counter()
    for seed in range(int(first), int(first) + int(count)):
        chance = random.Random(seed)
        damage = chance.choice([flip, flip, cut, splice, edit_metadata, edit_shape])
        with open(path, "wb") as stream:
            stream.write(damage(chance, bytearray(original)))
        print(seed, damage.__name__, file=sys.stderr, flush=True)
        try:
            sampler = Sampler(path, session_options=options)
        except ValueError as error:
            assert "Received: " in str(error)
            ends["refused"] += 1
            continue
        try:
            sampler.sample(3)
            ends["sampled"] += 1
        except ExportError:
            ends["failed"] += 1
    print(json.dumps(ends))


if __name__ == "__main__":
    main(*sys.argv[1:])
