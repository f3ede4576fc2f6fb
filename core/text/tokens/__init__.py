"""Texts become tokens and sentences: three tokenisers, phrases, and the draft of a corpus.

In come strings, out go keys of tokens with flags for the ends of sentences. Read `tokenisers` first. May import system,
prose and the modules directly in core.
"""
