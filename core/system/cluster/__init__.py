"""Work on other machines: an executor whose work Dask's workers do, and what starts scheduler, workers and servers.

Dask is an extra (requirements-cluster.txt), and is imported only where `VECTUNE_SCHEDULER` is set. Read `executor`
first. May import system and the modules directly in core.
"""
