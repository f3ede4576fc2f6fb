"""Uploaded bytes of any format become documents: names, labels and texts.

In come `Upload`s and `ReadOptions`, out goes a list of `Document`s with what was noticed. Read `documents` first. May
import system, prose and the modules directly in core.
"""
