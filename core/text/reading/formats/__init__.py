"""Files that are no tables become running text: Word, presentations, Rich Text, PDF, web pages, XML, mail, subtitles,
LaTeX, wiki markup, outlines (Org mode, reStructuredText).

In come bytes or decoded text, out goes what a reader sees of it, with notes on what was done. Read `html` first, then
`pdf`. May import the modules of core.text.reading that read no whole file: uploads, kinds, allowances, encodings,
divided_words; and system, prose and the modules directly in core.
"""
