"""The Keras network made ready for conversion, with the same outputs.

`clone.py` copies it into plain float32 variables; `batch_normalization.py` folds
normalisation into weights; `substitutes.py` has layers that convert to fewer operators.
"""
