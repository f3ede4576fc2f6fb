"""The command line, `python -m core COMMAND`: the same functions and numbers as the pages.

In come arguments, out go results on stdout and folders of models. Read `main` first, which has every option; each
command is the module of its name, imported when it is asked for. May import all of core.
"""
