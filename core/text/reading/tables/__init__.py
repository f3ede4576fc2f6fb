"""Spreadsheets, delimited files, JSON, bibliographies, chats and wikis become `Sheet`s.

Of these core.text.reading.columns makes documents.

In come bytes or decoded text, out go data frames of strings with what was noticed. Read `delimited` first. May import
the modules of core.text.reading that read no whole file, core.text.reading.formats (office, html, latex, wiki), and the
modules directly in core.
"""
