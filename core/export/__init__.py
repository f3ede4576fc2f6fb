"""What leaves the program: vectors in every format, the report, the program that makes a model again, orders.

In come embeddings, scorecards and layouts, out go files. Read `formats` first. May import everything but workspace,
cli and pages.
"""
