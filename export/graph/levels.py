"""The end of an ONNX graph that turns float samples into grey levels."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

SHAPES = ("Transpose", "Reshape")
CONSTANTS = {"scale": 127.5, "centre": 128.0, "lowest": 0.0, "highest": 255.0}


def append_levels(model, names):
    """Quantises float32 outputs: `floor(127.5 x + 128)`, limited to 0–255, as uint8.

    Where the graph ends in a transpose, levels are cheaper to move than floats.

    Args:
        model: `onnx.ModelProto`, changed in place.
        names: Names of the outputs; none leave the graph as it is.
    """
    if not names:
        return  # onnxruntime warns of constants that nothing uses
    graph = model.graph
    for key, value in CONSTANTS.items():
        array = np.array(value, np.float32)
        graph.initializer.append(numpy_helper.from_array(array, f"levels/{key}"))
    for name in names:
        (last,) = (node for node in graph.node if name in node.output)
        steps = [f"{name}/{step}" for step in ("floats", "scaled", "moved", "limited")]
        floats, scaled, moved, limited = steps
        if last.op_type in SHAPES:
            floats, levels = last.input[0], f"{name}/levels"
            last.input[0] = levels
        else:
            levels = name
            last.output[list(last.output).index(name)] = floats
        new = [
            helper.make_node("Mul", [floats, "levels/scale"], [scaled]),
            helper.make_node("Add", [scaled, "levels/centre"], [moved]),
            helper.make_node(
                "Clip", [moved, "levels/lowest", "levels/highest"], [limited]
            ),
            # Of a positive number, the floor.
            helper.make_node("Cast", [limited], [levels], to=TensorProto.UINT8),
        ]
        place = list(graph.node).index(last) + (levels == name)
        for node in reversed(new):
            graph.node.insert(place, node)
        (value,) = (value for value in graph.output if value.name == name)
        value.type.tensor_type.elem_type = TensorProto.UINT8
