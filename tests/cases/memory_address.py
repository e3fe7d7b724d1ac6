"""'it can name no file outside its folder ... believe nothing': onnxruntime before
its own guard (1.20.0, the declared minimum, reads any address of the process or
dies of SIGSEGV) takes the location */_ORT_MEM_ADDR_/* as a memory address.
kgan's own check must refuse it: it passes read_onnx.
"""

import sys
import tempfile

from onnx import TensorProto, helper

from kgan_export.onnx_file import read_onnx

faults = []
for tag in ("*/_ORT_MEM_ADDR_/*", "*/_ORT_NATIVE_ENDIAN_MEM_ADDR_/*"):
    w = TensorProto(
        name="w", data_type=1, dims=[64], data_location=TensorProto.EXTERNAL
    )
    for k, v in (("location", tag), ("offset", "4096"), ("length", "256")):
        w.external_data.add(key=k, value=v)
    io = [helper.make_tensor_value_info(n, 1, [64]) for n in "zy"]
    model = helper.make_model(
        helper.make_graph(
            [helper.make_node("Add", ["z", "w"], ["y"])], "g", io[:1], io[1:], [w]
        )
    )
    with tempfile.TemporaryDirectory() as d:
        open(f"{d}/a.onnx", "wb").write(model.SerializeToString())
        try:
            read_onnx(f"{d}/a.onnx")
            faults.append(tag)
        except ValueError:
            pass
print(
    "FAULT accepted as a file of the folder: " + ", ".join(faults) if faults else "OK"
)
sys.exit(bool(faults))
