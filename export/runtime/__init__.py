"""What runs an export: `Sampler`, its sessions, and the codes of a seed in TensorFlow.

`sampler.py` and `sessions.py` need NumPy and onnxruntime alone.
"""
