"""The store that machines share without a common folder: what each has in its cache folder is a copy of it.

Entries of the cache folder go in and come out, whole or not at all, at any address that fsspec knows. Nothing of
fsspec is imported unless `VECTUNE_STORE` is set. Read `copies` first. May import `unfinished` and what is directly in
core; only `upkeep` more of system.
"""
