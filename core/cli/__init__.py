"""The command line, `python -m core COMMAND`: the same functions and numbers as the pages.

In come arguments, out go results on stdout and folders of models. Read `main` first. May import all of core.
"""
