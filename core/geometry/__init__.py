"""Arrays only: directions, neighbours, alignment, clusters, and the compiled loops behind them.

In come float32 matrices, out go matrices and indices; nothing here knows what a word is. Read `neighbours` first.
May import system, prose and the modules directly in core.
"""
