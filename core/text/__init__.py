"""Bytes become documents (`reading`), tokens (`tokens`) and a `Corpus`; and what can be said of a text alone.

In come uploads, out go `Corpus` and sentences, hints and figures about it. Read `corpus` first, then `opened`. May
import system, prose and the modules directly in core; not pretrained or geometry.
"""
