"""The house's own Python files, each parsed once for all the tests that look through them."""

import ast
from functools import cache


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path):
    """Every node of its tree, as `ast.walk` yields them."""
    return tuple(ast.walk(tree_of(path)))
