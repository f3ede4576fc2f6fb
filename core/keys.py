"""What a tokeniser's keys say of sentences and documents: flags.

A key is a chunk of text between white space, or a mark where a line or a document ends (core.tokenisers).
"""

END = 1  # a sentence ends after this key
STARTS = 2  # a capitalised word that usually begins a sentence: "The", "However"
NOT_LOWER = 4  # begins with anything but a lower-case letter
END_IF_STARTS = 8  # ends a sentence if the next key STARTS one: "U.S.", "Inc."
END_IF_NOT_LOWER = 16  # ends a sentence if the next key is NOT_LOWER: "wait...", "Really?" he said
DOCUMENT = 32  # a document ends here

LINE_MARK, DOCUMENT_MARK = "\0", "\1"
"""Keys that say where a line or a document of text ends; documents lose these characters."""

Readings = tuple[list[str], list[int], list[int]]
"""What keys read as: all their tokens in order, how many each key has, and each one's flags."""
