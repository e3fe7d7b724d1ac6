"""Rewrites of an exported ONNX graph: fewer operators and less work, the same samples.

`passes.py` holds the ordered list `PASSES` and runs it; each other file but `graph.py`,
the live graph that all of them work on, `conversion.py`, which makes it of a Keras
network, and `levels.py`, its end in grey levels, holds one rewrite or two.
"""
