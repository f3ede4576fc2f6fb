"""Work in the background: whose turn it is, the children that do it, how far it is, what came of it.

In comes a function of picklable arguments and who wants it, out come a status and a result. Read `board` first. May
import system and the modules directly in core.
"""
