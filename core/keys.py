"""What a tokeniser's keys say of sentences and documents: flags.

A key is a chunk of text between white space, or a mark where a line or a document ends (core.tokenisers).
"""

from collections.abc import Callable

END = 1  # a sentence ends after this key
STARTS = 2  # a capitalised word that usually begins a sentence: "The", "However"
LOWER = 4  # begins with a lower-case letter
END_IF_STARTS = 8  # ends a sentence if the next key STARTS one: "U.S.", "Inc."
END_UNLESS_LOWER = 16  # ends a sentence unless the next key is LOWER: "wait...", "Really?" he said
DOCUMENT = 32  # a document ends here

LINE_MARK, DOCUMENT_MARK = "\0", "\1"
"""Keys that say where a line or a document of text ends; documents lose these characters."""

Reader = Callable[[str, list[str]], int]
"""Appends a key's tokens to a list and says its flags. (A list for each key would keep the garbage collector busy.)"""
