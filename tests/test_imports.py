"""The import rules of the design: data flows one way, and each capability lives in one place."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
SCRIPTS = [path for path in sorted((ROOT / "pages").glob("*.py")) if path.stem != "__init__"]


def imports_of(path, *, top_level_only=False):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def package_of(name):
    return name.split(".")[0]


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_core_is_a_plain_library(path):
    assert not {"streamlit", "pages", "app"} & {package_of(name) for name in imports_of(path)}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_do_not_import_each_other_or_the_heavy_libraries(path):
    found = set(imports_of(path))
    assert not {"gensim", "umap", "plotly", "numba", "sklearn", "app"} & {package_of(name) for name in found}
    scripts = {f"pages.{page.stem}" for page in SCRIPTS}
    assert not scripts & found


def test_core_has_no_import_cycle():
    modules = {f"core.{path.stem}": path for path in CORE}
    graph = {name: {found for found in imports_of(path) if found in modules} for name, path in modules.items()}
    finished, open_ = set(), []

    def visit(name):
        assert name not in open_, f"cycle: {' -> '.join([*open_, name])}"
        if name in finished:
            return
        open_.append(name)
        for each in graph[name]:
            visit(each)
        open_.pop()
        finished.add(name)

    for name in graph:
        visit(name)


LAYERS = [
    {"errors", "config", "progress", "storage"},
    {"documents", "corpus", "pretrained", "embedding"},
    {"heldout", "strategies"},
    {"training"},
    {"neighbours", "projection", "comparison", "evaluation"},
    {"figures", "export"},
]


def test_layers_look_down_only():
    level = {name: place for place, names in enumerate(LAYERS) for name in names}
    for path in CORE:
        if path.stem in level:
            above = {
                name
                for name in (package.removeprefix("core.") for package in imports_of(path))
                if level.get(name, -1) > level[path.stem]
            }
            # what neighbours, projection and comparison share flows among themselves
            assert not above, f"core/{path.name} imports from above: {above}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_place_for_each_capability(path):
    text = path.read_text(encoding="utf-8")
    if path.name != "cached.py":
        assert "cache_resource" not in text
        assert "cache_data" not in text
    if path.name != "session.py":
        assert "st.session_state" not in text.replace('"""', "")
    if path.name != "messages.py":
        assert "except UserError" not in text


def test_every_page_is_in_the_menu():
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    for page in SCRIPTS:
        assert f'"pages/{page.name}"' in app


@pytest.mark.parametrize("page", SCRIPTS, ids=lambda path: path.name)
def test_every_page_sends_a_visitor_without_a_session_through_the_app(page):
    body = ast.parse(page.read_text(encoding="utf-8")).body
    assert ast.unparse(body[1]) == "from pages.shared import session"
    assert ast.unparse(body[2]) == f"session.require_app('{page.stem}')"


def test_the_first_page_does_not_wait_for_heavy_imports():
    code = (
        "import sys, pages.parts.data.text_panel, pages.parts.data.vectors_panel;"
        "print([m for m in ('gensim', 'umap', 'numba', 'sklearn', 'nltk', 'pypdf', 'docx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_loading_compiled_code_leaves_scipy_for_those_who_use_it(cache):
    code = (
        "import sys, numpy, core.geometry.kernels, numba.np.arraymath\n"
        "assert 'scipy.linalg' not in sys.modules\n"
        "assert numba.np.arraymath._HAVE_BLAS\n"
        "numba.np.linalg.ensure_blas()\n"
        "assert 'scipy.linalg.cython_blas' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_chart_has_alternative_text(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in calls:
        if getattr(call.func, "attr", "") == "plotly_chart":
            assert "alt" in {keyword.arg for keyword in call.keywords}, f"{path.name}:{call.lineno}"
