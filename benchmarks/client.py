"""One client of `clients.py`: a process in a virtual environment of its own.

    python benchmarks/client.py CLIENT MODEL INPUTS.npz OUTPUTS.npz

INPUTS holds the arrays of one batch by name, OUTPUTS gets the first output. Only what
the client needs is imported.
"""

import sys
import types

import numpy as np


def onnxruntime(model, feed):
    """Runs a model in onnxruntime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(None, feed)[0]


def onnxslim(model, feed):
    """Runs what onnxslim makes of a model."""
    import onnx
    import onnxslim as tool

    onnx.save(tool.slim(model), f"{model}.slim")
    return onnxruntime(f"{model}.slim", feed)


def onnxsim(model, feed):
    """Runs what onnxsim makes of a model."""
    import onnx
    import onnxsim as tool

    simple, same = tool.simplify(onnx.load(model))
    if not same:
        raise RuntimeError("onnxsim says that its result differs")
    onnx.save(simple, f"{model}.sim")
    return onnxruntime(f"{model}.sim", feed)


def merged(model, feed):
    """Runs a model joined with another one, which gives its first output unchanged."""
    import onnx

    made = onnx.load(model)
    output = made.graph.output[0]
    ends = [onnx.ValueInfoProto(name=name, type=output.type) for name in ("in", "out")]
    node = onnx.helper.make_node("Identity", ["in"], ["out"])
    graph = onnx.helper.make_graph([node], "after", ends[:1], ends[1:])
    after = onnx.helper.make_model(graph, opset_imports=made.opset_import)
    after.ir_version = made.ir_version
    names = [(output.name, "in")]
    whole = onnx.compose.merge_models(made, after, names, prefix2="after_")
    onnx.checker.check_model(whole, full_check=True)
    onnx.save(whole, f"{model}.merged")
    return onnxruntime(f"{model}.merged", feed)


def openvino(model, feed):
    """Runs a model in OpenVINO, in float32 instead of the bfloat16 that it may take."""
    import openvino as ov

    options = {"INFERENCE_PRECISION_HINT": "f32"}
    return ov.Core().compile_model(model, "CPU", options)(feed)[0]


def opencv(model, feed):
    """Runs a model in OpenCV's dnn module, with labels as it takes them."""
    import cv2

    net = cv2.dnn.readNetFromONNX(model)
    for name, array in feed.items():
        new = cv2.__version__.startswith("5")
        kind = array.dtype if new or array.dtype == np.float32 else np.int32
        net.setInput(array.astype(kind), name)
    return net.forward()


def onnx2torch(model, feed):
    """Runs a model that onnx2torch turned into PyTorch.

    It imports torchvision for two operators of detectors; without them there is no need
    of a torchvision that fits the build of PyTorch.
    """
    ops = types.ModuleType("torchvision.ops")
    ops.roi_align = None
    sys.modules["torchvision"] = types.ModuleType("torchvision")
    sys.modules["torchvision.ops"] = ops
    import onnx
    import onnx2torch as tool
    import torch

    loaded = onnx.load(model)
    network = tool.convert(loaded).eval()
    names = [x.name for x in loaded.graph.input]
    with torch.no_grad():
        return network(*(torch.from_numpy(feed[name]) for name in names)).numpy()


def tvm(model, feed):
    """Runs a model that TVM compiled."""
    import onnx
    import tvm as tool
    from tvm import relax
    from tvm.relax.frontend.onnx import from_onnx

    loaded = onnx.load(model)
    shapes = {name: list(x.shape) for name, x in feed.items()}
    module = from_onnx(loaded, shapes, keep_params_in_input=False)
    machine = relax.VirtualMachine(tool.compile(module, "llvm"), tool.cpu())
    arrays = [tool.runtime.tensor(feed[x.name]) for x in loaded.graph.input]
    made = machine["main"](*arrays)
    return (made if hasattr(made, "numpy") else made[0]).numpy()


def litert(model, feed):
    """Runs a TFLite file in LiteRT."""
    from ai_edge_litert.interpreter import Interpreter

    serve = Interpreter(model_path=model).get_signature_runner("serving_default")
    return next(iter(serve(**feed).values()))


def main(client, model, inputs, outputs):
    """Runs one model and writes its first output."""
    with np.load(inputs) as arrays:
        feed = dict(arrays)
    np.savez(outputs, output=np.asarray(globals()[client](model, feed)))


if __name__ == "__main__":
    main(*sys.argv[1:])
