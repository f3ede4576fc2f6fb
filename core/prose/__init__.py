"""Words and numbers for people: how numbers are written, what the jargon means, whom to cite, the colours.

In come numbers and names, out go strings. Read `numbers` first. May import the modules directly in core.
"""
