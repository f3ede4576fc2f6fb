"""Files of pretrained vectors: what they are, their rows, their index on disk, and where to get them.

In comes a path and a corpus's words, out go `PretrainedVectors` and `VectorFile`s. Read `vectors` first. May import
system, prose and the modules directly in core; not text or geometry.
"""
