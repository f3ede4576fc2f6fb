"""Vectors files that are no rows of text: NumPy, Parquet, safetensors, CSV, JSON, fastText's models, lists of words.

In comes a path, out go `Contents`, which say what is where, and `Block`s of words and vectors. Read `contents` first.
May import what of core.pretrained knows nothing of vectors files: unpacking, text_format, kernels.
"""
