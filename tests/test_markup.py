"""Whatever a user brought is text wherever it is shown: every Markdown and HTML of the pages, followed to its parts.

A file's name, a title, a word or a label may hold an image on another server, a link or a formula. So each expression
that Streamlit takes as Markdown must be made of constants, numbers and `plain(…)`, and what it takes as HTML of
constants, numbers and `escape(…)`. Local names, constants of modules and functions are followed to what they hold.
"""

import ast
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import pytest
from sources import tree_of

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("pages/**/*.py"), ROOT / "app.py"])
BODY = {"markdown", "caption", "error", "warning", "info", "success", "title", "header", "subheader", "write", "toast"}
LABELLED = {
    *("button", "download_button", "expander", "popover", "text_input", "text_area", "number_input", "checkbox"),
    *("toggle", "radio", "selectbox", "multiselect", "slider", "segmented_control", "pills", "file_uploader"),
    *("spinner", "link_button", "select_slider", "tabs", "dialog"),
}
MARKDOWN = dict.fromkeys(BODY | LABELLED, (0,)) | {"metric": (0, 1, 2), "progress": (1,)}
"""Which arguments of Streamlit's methods are Markdown."""
MARKDOWN_NAMED = {"help", "label", "body", "text", "title", "captions", "delta"}
OPTIONS = {"radio", "segmented_control", "pills"}
"""The options of these are Markdown; a selectbox shows text."""
ESCAPES = {"markdown": {"plain"}, "html": {"escape", "quote"}}
HARMLESS = {"int", "float", "bool", "int | None", "float | None", "CatalogueEntry"}
"""Types of parameters that hold a number, or what the house itself has written."""
WRITERS = {
    *("len", "count", "readable_size", "readable_seconds", "write_share", "int", "round", "float", "abs"),
    *("explain", "write_units", "page_script", "all_works"),
}
"""Functions that write numbers, or the house's own words."""
KEEPERS = {
    "removesuffix",
    "removeprefix",
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "capitalize",
    "replace",
    "format",
}
"""Methods that take something away from a text, or put in their arguments."""
COPIERS = {"list", "tuple", "sorted", "reversed", "dict", "str", "set", "iter", "next", "enumerate", "zip"}


@dataclass
class Scope:
    """Where an expression stands: its module and function, and which parameters hold safe text."""

    module: "Module"
    function: ast.FunctionDef | ast.Lambda | None = None
    parameters: dict[str, bool] = field(default_factory=dict)
    outer: "Scope | None" = None


@dataclass
class Module:
    path: Path
    tree: ast.Module

    @cached_property
    def functions(self):
        return {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)}

    @cached_property
    def imports(self):
        """Local name -> (file of the module, name there; "" for the module itself)."""
        found = {}
        for node in self.tree.body:
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            for alias in node.names:
                whole = ROOT / (node.module + "." + alias.name).replace(".", "/")
                part = ROOT / node.module.replace(".", "/")
                if whole.with_suffix(".py").is_file():
                    found[alias.asname or alias.name] = (whole.with_suffix(".py"), "")
                elif part.with_suffix(".py").is_file():
                    found[alias.asname or alias.name] = (part.with_suffix(".py"), alias.name)
        return found


@cache
def module_at(path):
    return Module(path, tree_of(path))


def called(call):
    """Last name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_number(spec):
    """The format can only write a number: a text would raise."""
    text = "".join(part.value for part in spec.values if isinstance(part, ast.Constant)) if spec else ""
    return bool(text) and (text[-1] in "dfgeE%" or "," in text)


def assigned(name, body):
    """Every expression whose value, or part of it, `name` takes in these statements; None for one not understood."""
    for node in (inner for statement in body for inner in ast.walk(statement)):
        pairs = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and node.value is not None:
            pairs = [(node.target, node.value)]
        elif isinstance(node, (ast.For, ast.comprehension)):
            listed = isinstance(node.iter, (ast.Tuple, ast.List))
            pairs = [(node.target, each) for each in (node.iter.elts if listed else [node.iter])]
        elif isinstance(node, ast.Call) and called(node) in ("append", "extend", "insert"):
            pairs = [(node.func.value, node.args[-1])]
        for target, value in pairs:
            yield from taken(name, target, value)


def taken(name, target, value):
    if isinstance(target, ast.Subscript):
        target = target.value
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, (ast.Tuple, ast.List)):
        parts = list(target.elts)
        if isinstance(value, ast.IfExp):
            yield from taken(name, target, value.body)
            yield from taken(name, target, value.orelse)
        elif isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(parts):
            for part, each in zip(parts, value.elts, strict=True):
                yield from taken(name, part, each)
        elif isinstance(value, ast.Call) and called(value) == "zip" and len(value.args) == len(parts):
            for part, each in zip(parts, value.args, strict=True):
                yield from taken(name, part, each)
        elif isinstance(value, ast.Call) and called(value) == "enumerate":
            yield from taken(name, parts[1], value.args[0])
            if name in names_in(parts[0]):
                yield ast.Constant(0)
        elif name in names_in(target):
            yield value


def names_in(target):
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def find(func, module):
    """The scope of a called function of ours, if it can be told."""
    if isinstance(func, ast.Name):
        name = func.id
        if name not in module.functions and name in module.imports:
            path, name = module.imports[name]
            module = module_at(path)
    elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        path, inner = module.imports.get(func.value.id, (None, "x"))
        if path is None or inner:
            return None
        module, name = module_at(path), func.attr
    else:
        return None
    function = module.functions.get(name)
    return None if function is None else Scope(module, function)


@cache
def calls():
    """Function -> every (call of it, scope of the call) in the pages; None stands for a use that is no call."""
    found = {}
    for path in PAGES:
        module = module_at(path)
        heads = set()
        for node, scope in walk(module):
            if isinstance(node, ast.Call):
                heads.add(node.func)
                target = find(node.func, module)
                if target is not None:
                    found.setdefault(target.function, []).append((node, scope))
            elif isinstance(node, (ast.Name, ast.Attribute)) and node not in heads:
                target = find(node, module)
                if target is not None:
                    found.setdefault(target.function, []).append((None, scope))
    return found


class Judge:
    """Whether an expression is safe as Markdown, or as HTML."""

    def __init__(self, language):
        self.escapes = ESCAPES[language]
        self.busy = set()

    def safe(self, node, scope):
        method = getattr(self, f"_{type(node).__name__}", None)
        return method is not None and method(node, scope)

    def every(self, nodes, scope):
        return all(node is None or self.safe(node, scope) for node in nodes)

    def _Constant(self, node, scope):
        return True

    def _JoinedStr(self, node, scope):
        return self.every(node.values, scope)

    def _FormattedValue(self, node, scope):
        return is_number(node.format_spec) or self.safe(node.value, scope)

    def _BinOp(self, node, scope):
        if isinstance(node.op, (ast.Sub, ast.Div, ast.Pow, ast.FloorDiv)):
            return True  # a number, or no text at all
        return self.every((node.left, node.right), scope)

    def _UnaryOp(self, node, scope):
        return True

    def _Compare(self, node, scope):
        return True

    def _BoolOp(self, node, scope):
        return self.every(node.values, scope)

    def _IfExp(self, node, scope):
        return self.every((node.body, node.orelse), scope)

    def _List(self, node, scope):
        return self.every(node.elts, scope)

    _Tuple = _Set = _List

    def _Starred(self, node, scope):
        return self.safe(node.value, scope)

    def _Dict(self, node, scope):
        return self.every([*node.keys, *node.values], scope)

    def _Subscript(self, node, scope):
        return self.safe(node.value, scope)

    def _NamedExpr(self, node, scope):
        return self.safe(node.value, scope)

    def _ListComp(self, node, scope):
        return self.safe(node.elt, scope)

    _GeneratorExp = _SetComp = _ListComp

    def _DictComp(self, node, scope):
        return self.every((node.key, node.value), scope)

    def _Lambda(self, node, scope):
        return self.safe(node.body, Scope(scope.module, node, {}, scope))

    def _Attribute(self, node, scope):
        if node.attr in self.escapes:
            return True
        if isinstance(node.value, ast.Name):
            path, inner = scope.module.imports.get(node.value.id, (None, "x"))
            if path is not None and not inner:
                return self.constant(node.attr, module_at(path))
        return self.safe(node.value, scope)  # what is made of constants has only such parts

    def _Call(self, node, scope):
        name = called(node)
        if name in self.escapes or name in WRITERS:
            return True
        if name == "join":
            return self.every((node.func.value, *node.args), scope)
        if name in KEEPERS and isinstance(node.func, ast.Attribute):
            return self.every((node.func.value, *node.args), scope)
        if name in ("items", "values", "keys", "get", "pop") and isinstance(node.func, ast.Attribute):
            return self.every((node.func.value, *node.args[1:]), scope)
        if name in COPIERS:
            return self.every(node.args, scope)
        if name == "map":
            return self.safe(node.args[0], scope) or self.every(node.args[1:], scope)
        if name[:1].isupper():  # an object made of these parts
            return self.every([*node.args, *(each.value for each in node.keywords)], scope)
        target = find(node.func, scope.module)
        if isinstance(target, Scope) and target.function is not None:
            return self.returns(target, node, scope)
        return False

    def returns(self, target, call, scope):
        """The function gives safe text when called like this."""
        names = [each.arg for each in target.function.args.args]
        given = dict(zip(names, call.args, strict=False)) | {each.arg: each.value for each in call.keywords}
        parameters = {name: self.safe(value, scope) for name, value in given.items() if name}
        key = (id(target.function), tuple(sorted(parameters.items())))
        if key in self.busy:
            return True
        self.busy.add(key)
        inner = Scope(target.module, target.function, parameters)
        found = [node.value for node in ast.walk(target.function) if isinstance(node, (ast.Return, ast.Yield))]
        good = bool(found) and self.every(found, inner)
        self.busy.discard(key)
        return good

    def _Name(self, node, scope):
        if node.id in self.escapes:
            return True
        key = (node.id, id(scope.function), scope.module.path)
        if key in self.busy:
            return True
        self.busy.add(key)
        try:
            return self.name(node.id, scope)
        finally:
            self.busy.discard(key)

    def name(self, name, scope):
        while scope is not None and scope.function is not None:
            function = scope.function
            parameters = [*function.args.args, *function.args.kwonlyargs]
            if name in {each.arg for each in parameters}:
                return scope.parameters[name] if name in scope.parameters else self.parameter(name, function)
            body = function.body if isinstance(function, ast.FunctionDef) else [function.body]
            values = list(assigned(name, body))
            if values:
                return self.every(values, scope)
            if scope.outer is None:
                break
            scope = scope.outer
        return self.constant(name, scope.module)

    def parameter(self, name, function):
        """Every call in the pages gives the parameter a safe text, or its type is harmless."""
        names = [each.arg for each in [*function.args.args, *function.args.kwonlyargs]]
        annotations = {each.arg: each.annotation for each in [*function.args.args, *function.args.kwonlyargs]}
        if annotations[name] is not None and ast.unparse(annotations[name]) in HARMLESS:
            return True
        if isinstance(function, ast.Lambda):
            return False
        values = []
        for call, scope in calls().get(function, [(None, None)]):
            if call is None:
                return False
            given = dict(zip(names, call.args, strict=False)) | {each.arg: each.value for each in call.keywords}
            if name in given:
                values.append((given[name], scope))
        defaults = [*function.args.defaults, *(each for each in function.args.kw_defaults if each is not None)]
        return all(self.safe(value, scope) for value, scope in values) and all(
            isinstance(each, ast.Constant) for each in defaults
        )

    def constant(self, name, module):
        values = list(assigned(name, [node for node in module.tree.body if not isinstance(node, ast.FunctionDef)]))
        if values:
            return self.every(values, Scope(module))
        if name in module.imports:
            path, inner = module.imports[name]
            return bool(inner) and self.constant(inner, module_at(path))
        return False


def walk(module):
    """(node, scope) of everything in the module, functions before what is in them."""

    def visit(node, scope):
        if isinstance(node, ast.FunctionDef):
            scope = Scope(module, node, {}, scope if scope.function is not None else None)
        yield node, scope
        for child in ast.iter_child_nodes(node):
            yield from visit(child, scope)

    yield from visit(module.tree, Scope(module))


def shown_texts(module):
    """(language, expression, scope) of everything that the module hands to Streamlit as Markdown or HTML."""
    for node, scope in walk(module):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name == "html":
            yield "html", node.args[0], scope
        is_method = isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Constant)
        places = MARKDOWN.get(name, ()) if is_method else ()
        yield from (("markdown", node.args[place], scope) for place in places if place < len(node.args))
        named = {each.arg: each.value for each in node.keywords}
        if name in OPTIONS:
            yield "markdown", named.get("format_func", node.args[1]), scope
        for key, value in named.items():
            if key == "help" or (places and key in MARKDOWN_NAMED):
                yield "markdown", value, scope


SAFE = (
    "st.caption(f'{plain(name)}, {n:,} of {len(words)}')",
    "st.html(f'<b>{escape(name)}</b>')",
    "box.button(plain(name), help='Removes it.')",
    "st.pills('Words', words, format_func=plain)",
    "parts = ['a']; parts.append(plain(name)); st.markdown(' '.join(parts))",
    "st.selectbox('Text', words)",
)
UNSAFE = (
    "st.caption(name)",
    "st.caption(f'{name}')",
    "st.error(str(error))",
    "st.html(f'<b>{plain(name)}</b>')",
    "st.markdown(f'{escape(name)}')",
    "box.button(f'Delete {name}')",
    "st.metric('Words', 3, help=name)",
    "column('Left', help=f'In {name}')",
    "st.pills('Words', words)",
    "st.tabs([name])",
    "st.progress(0.5, text=name)",
    "parts = ['a']; parts.append(name); st.markdown(' '.join(parts))",
    "shown = plain(name) if name else name; st.warning(shown)",
    "st.info('Of {}'.format(name))",
    "st.info('Of ' + name)",
    "for label, size in rows: st.caption(label)",
)


def unsafe_in(module):
    return [node for language, node, scope in shown_texts(module) if not Judge(language).safe(node, scope)]


def in_function(line):
    return Module(ROOT / "none.py", ast.parse(f"def draw(name, words, rows, error):\n    {line}"))


@pytest.mark.parametrize("line", SAFE)
def test_escaped_names_and_numbers_pass(line):
    assert not unsafe_in(in_function(line))


@pytest.mark.parametrize("line", UNSAFE)
def test_names_as_they_came_do_not_pass(line):
    assert unsafe_in(in_function(line))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_users_brought_is_never_markup(path):
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)[:300]}" for node in unsafe_in(module_at(path))
    ]
    assert not found, "\n".join(found)
