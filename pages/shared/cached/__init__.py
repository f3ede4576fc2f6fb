"""The one place with caches, a module for each kind of what is kept. Read `results` first.

`server` has what a server has once, such as boards of jobs.
"""
