"""What a visitor has on this server: texts, vectors, runs, demos; and erasing all of it.

In come uploads and choices, out go records on disk. Read `workspace` first. May import everything but export, cli and
pages.
"""
