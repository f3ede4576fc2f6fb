"""What the machine does for us: files on disk, locks, the database, jobs, threads, compiled code.

Nothing here knows what a text or a vector is. Read `files` first. May import the modules directly in core.
"""
