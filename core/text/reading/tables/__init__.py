"""Spreadsheets, delimited files and JSON become `Sheet`s, which core.text.reading.columns makes documents of.

In come bytes or decoded text, out go data frames of strings with what was noticed. Read `delimited` first. May import
the modules of core.text.reading that read no whole file, core.text.reading.formats (office, html), and the modules
directly in core.
"""
