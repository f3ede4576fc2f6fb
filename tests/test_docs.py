"""What documents, docstrings and comments point at is there: files, modules, names, sections, constants.

A page that names something is only worth reading while the name leads somewhere.
"""

import ast
import importlib
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest
from sources import nodes_of, tree_of
from test_imports import FLOORS

ROOT = Path(__file__).parents[1]
FOLDERS = ("core", "pages", "tests", "benchmarks", "docs")
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "vectors").glob("*.md")})
PROGRAMS = sorted({ROOT / "app.py", *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))})
OTHERS = sorted(
    {path for folder in FOLDERS for path in (ROOT / folder).rglob("*.js")}
    | {path for name in ("Makefile", "Dockerfile", "*.yaml", "*.toml", "*.in") for path in ROOT.glob(name)}
)
SCIENCE = ROOT / "docs" / "science.md"

PATH = re.compile(rf"(?<![\w./-])(?:{'|'.join(FOLDERS)})/[\w./*<>-]*[\w*]|(?<![\w/.-])[\w/-][\w./-]*\.md\b")
PATTERN = re.compile(r"[*<>]")
MODULE = re.compile(r"(?<![\w./-])(?:core|pages|benchmarks)(?:\.\w+)+")
NAMES = re.compile(r"((?:`[A-Za-z_][\w.]*`(?:,| and)?\s+)+)(?:\(|in\s+)`([\w/]+\.py)`")
FOLDER = re.compile(r'cache_folder\("([\w-]+)"(?!\)\.parent)')
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
SECTION = re.compile(r"docs/science\.md, sections? (\d+)(?: and (\d+))?")
CONSTANT = re.compile(r"^\| `([\w.]+)` \| (.+) \| `([\w/]+\.py)` \|$", re.MULTILINE)


def relative(path):
    return str(path.relative_to(ROOT))


@cache
def prose_of(path):
    """What a file says to people. Of a test's Python that is docstrings and comments: its strings are made-up input."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py" or path.relative_to(ROOT).parts[0] != "tests":
        return text
    statements = [node.value for node in nodes_of(path) if isinstance(node, ast.Expr)]
    said = [node.value for node in statements if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join([*said, *(token.string for token in tokens if token.type == tokenize.COMMENT)])


@cache
def names_in(path):
    """Names that a module defines at its top, and `Class.name` of what its classes define."""
    found = set()
    for node in tree_of(path).body:
        mine = _defined(node)
        found |= mine
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for inner in node.body for name in _defined(inner)}
    return found


def _defined(node):
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets if isinstance(node, ast.Assign) else []
    flat = [each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return {each.id for each in flat if isinstance(each, ast.Name)}


def is_module(dotted):
    """Whether `dotted` is a package, a module, or a name that a module defines."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        rest = ".".join(parts[length:])
        if place.is_dir():
            return not rest
        if place.with_suffix(".py").is_file():
            return not rest or rest in names_in(place.with_suffix(".py"))
    return False


@pytest.mark.parametrize("path", [*PAGES, *PROGRAMS, *OTHERS], ids=relative)
def test_every_file_that_is_named_is_there(path):
    named = {name for name in PATH.findall(prose_of(path)) if not PATTERN.search(name)}
    assert not {name for name in named if not (ROOT / name).exists() and not (path.parent / name).exists()}


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_every_module_and_function_that_a_document_names_is_there(path):
    text = path.read_text(encoding="utf-8")
    assert not {name for name in MODULE.findall(text) if not is_module(name)}
    named = {(name, module) for names, module in NAMES.findall(text) for name in re.findall(r"`([\w.]+)`", names)}
    assert not {f"{name} in {module}" for name, module in named if name not in names_in(ROOT / module)}


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_every_link_in_a_document_leads_somewhere(path):
    assert not {link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()}


def test_the_architecture_has_every_package_and_every_folder_on_the_disk():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = {relative(path.parent) for top in ("core", "pages") for path in (ROOT / top).rglob("__init__.py")}
    assert not {each for each in packages - {"core", "pages", "pages/parts"} if f"`{each}/`" not in text}
    kept = {name for path in PROGRAMS if "tests" not in path.parts for name in FOLDER.findall(path.read_text("utf-8"))}
    assert not {name for name in kept if f"| `{name}/` |" not in text}


def test_the_architecture_has_the_floors_that_imports_are_held_to():
    rows = re.findall(r"^\| \d+ \| (.+) \|$", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE)
    assert [set(re.findall(r"`core/(\w+)(?:/|\.py)`", row)) for row in rows] == list(FLOORS)


def test_every_section_that_is_cited_is_there():
    sections = set(re.findall(r"^## (\d+)\. ", SCIENCE.read_text(encoding="utf-8"), re.MULTILINE))
    for path in [*PAGES, *PROGRAMS, *OTHERS]:
        cited = {number for pair in SECTION.findall(prose_of(path)) for number in pair if number}
        assert cited <= sections, relative(path)


@pytest.mark.parametrize(("name", "value", "module"), CONSTANT.findall(SCIENCE.read_text(encoding="utf-8")))
def test_constants_are_what_the_science_page_says(name, value, module):
    found = importlib.import_module(module.removesuffix(".py").replace("/", "."))
    for part in name.split("."):
        found = getattr(found, part)
    assert found == ast.literal_eval(value)


def test_the_science_page_has_constants():
    assert len(CONSTANT.findall(SCIENCE.read_text(encoding="utf-8"))) > 50
