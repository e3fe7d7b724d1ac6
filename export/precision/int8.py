"""Eight-bit integers: static quantisation per channel, calibrated on the prior."""

import contextlib
import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantType
from onnxruntime.quantization.calibrate import TensorData, create_calibrator
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from kgan_export.graph.dense import join_bias
from kgan_export.graph.graph import Graph, attributes
from kgan_export.graph.record import Record
from kgan_export.graph.running import run
from kgan_export.precision.heavy_layers import heavy_layers, name_nodes

HEAVY = ("Conv", "Gemm", "MatMul")
# These keep integers as they are, or have integer kernels.
LIGHT = (
    "Relu",
    "LeakyRelu",
    "Add",
    "Concat",
    "DepthToSpace",
    "Slice",
    "Reshape",
    "Resize",
    "Transpose",
)
# These move numbers and leave them as they are.
MOVES = ("DepthToSpace", "Slice", "Reshape", "Transpose")
# Beyond, tanh is within a quarter of a grey level of 1.
SATURATION = np.float32(3.5)
# Mean squared error of the samples over their variance. It bounds their Fréchet
# distance on pixels, as a share of the variance, from above: half of what
# `comparison.LARGEST_FRECHET_SHARE` allows.
LARGEST_ERROR = 0.005
# Of the integers that stand for weights. Without VNNI, processors add products of an
# activation (to 255) and a weight in pairs, in 16 bits, and what is beyond 32767 is cut
# off: 2 · 255 · 64 is not. So every processor computes the same.
LARGEST_WEIGHT = 64


def reduce(model, feeds):
    """Quantises convolutions and dense layers, but for those that cost most accuracy.

    Where the error with all layers in int8 is too large, each is tried alone, and the
    most harmful ones stay in float until it is not.

    The integers of weights are at most `LARGEST_WEIGHT`, so that integer kernels of no
    processor cut sums off: the choice of layers, and the samples, are the same on all
    but for numbers that are rounded the other way.

    Args:
        model: `onnx.ModelProto` in float32 with float outputs; left as it is.
        feeds: List of dicts from names of inputs to arrays: the calibration set. Errors
            are measured on the first.

    Returns:
        The quantised `onnx.ModelProto`, and the names of the layers left in float.
    """
    named = name_nodes(model)
    join_bias(Graph(named), Record("join_bias"))
    with _quiet():
        ranges = _calibrate(named, feeds)
        (truth,) = run(named, feeds[:1])
        layers = heavy_layers(named, HEAVY)

        def quantise(chosen):
            reduced = _quantise(named, ranges, {n for c in chosen for n in layers[c]})
            (results,) = run(reduced, feeds[:1])
            return reduced, _error(truth, results)

        chosen = list(layers)
        reduced, error = quantise(chosen)
        if not error <= LARGEST_ERROR:
            chosen.sort(key=lambda name: quantise([name])[1])
            while chosen and not error <= LARGEST_ERROR:
                chosen.pop()
                reduced, error = quantise(chosen)
    return reduced, [name for name in layers if name not in chosen]


def _quantise(model, ranges, heavy):
    """The model with the nodes `heavy`, and what lies between such nodes, in int8."""
    constants = {tensor.name for tensor in model.graph.initializer} | {""}
    integers, nodes = set(), []
    for node in model.graph.node:
        inputs = [name for name in node.input if name not in constants]
        between = node.op_type in LIGHT and integers.issuperset(inputs)
        if node.name in heavy or between:
            nodes.append(node.name)
            integers.update(node.output)
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    if not nodes:
        return copy  # the quantiser would take an empty list for all
    quantizer = QDQQuantizer(
        copy,
        per_channel=True,
        reduce_range=True,  # see LARGEST_WEIGHT
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=ranges,
        nodes_to_quantize=nodes,
        nodes_to_exclude=[],
        op_types_to_quantize=[*HEAVY, *LIGHT],
        extra_options={},
    )
    quantizer.quantize_model()
    _keep_float(quantizer.model.model.graph)
    quantizer.model.topological_sort()  # what it adds stands last
    return quantizer.model.model


def _keep_float(graph):
    """Makes onnxruntime leave the layers in float alone.

    It quantises, to eight bits and one scale, the weights of any layer that reads an
    integer of one scale. So these layers read it with a scale for each channel, all of
    them equal.
    """
    arrays = {tensor.name: tensor for tensor in graph.initializer}
    producers = {name: node for node in graph.node for name in node.output}
    for node in list(graph.node):
        source = producers.get(node.input[0]) if node.input else None
        if (
            node.op_type not in ("Conv", "ConvTranspose", "Gemm")
            or node.input[1] not in arrays
            or source is None
            or source.op_type != "DequantizeLinear"
        ):
            continue
        shape = arrays[node.input[1]].dims
        settings = attributes(node)
        if node.op_type == "Conv":
            channels = shape[1] * settings.get("group", 1)
        else:
            channels = shape[1 if settings.get("transB") else 0]
        names = [f"{node.name}/{name}" for name in ("scale", "zero_point", "float")]
        for name, old in zip(names, source.input[1:], strict=False):
            array = np.resize(numpy_helper.to_array(arrays[old]), channels)
            graph.initializer.append(numpy_helper.from_array(array, name))
        inputs = [source.input[0], *names[:2]]
        graph.node.append(
            onnx.helper.make_node(
                "DequantizeLinear", inputs, names[2:], names[2], axis=1
            )
        )
        node.input[0] = names[2]
    read = {name for node in graph.node for name in node.input}
    read |= {output.name for output in graph.output}
    for node in list(graph.node):
        if node.op_type == "DequantizeLinear" and node.output[0] not in read:
            graph.node.remove(node)


class _Feeds(CalibrationDataReader):
    def __init__(self, feeds):
        self._feeds = iter(feeds)

    def get_next(self):
        return next(self._feeds, None)


def _calibrate(model, feeds):
    with tempfile.TemporaryDirectory() as folder:
        path, augmented = Path(folder, "model.onnx"), Path(folder, "augmented.onnx")
        onnx.save(model, path)
        calibrator = create_calibrator(path, augmented_model_path=str(augmented))
        calibrator.collect_data(_Feeds(feeds))
        ranges = calibrator.compute_data()
    graph = Graph(model)
    for node in graph.nodes("Concat"):
        # Of equal scales, integers are joined as they are.
        names = [name for name in (*node.input, *node.output) if name in ranges]
        low = min(ranges[name].lowest for name in names)
        high = max(ranges[name].highest for name in names)
        for name in names:
            ranges[name] = TensorData(lowest=low, highest=high)
    for node in graph.nodes("Tanh"):
        name = node.input[0]
        while name is not None:
            low, high = ranges[name].lowest, ranges[name].highest
            limits = np.clip([low, high], -SATURATION, SATURATION)
            ranges[name] = TensorData(lowest=limits[0], highest=limits[1])
            before = graph.producer(name, *MOVES)
            name = None if before is None else before.input[0]
    return ranges


def _error(truth, results):
    """Mean squared error over the variance of the samples, the largest of an output."""
    return max(
        float(np.mean((x - y) ** 2) / max(np.mean(np.var(x, axis=0)), 1e-12))
        for x, y in zip(truth, results, strict=True)
    )


@contextlib.contextmanager
def _quiet():
    """Silences the quantiser's advice on preparation, which is done."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
