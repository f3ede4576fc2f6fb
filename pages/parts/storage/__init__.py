"""The parts of the Storage page: a visitor's own files, indexes, and what can be made again. Read `contents` first."""
