"""The import rules of the design: data flows one way, and each capability lives in one place."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from sources import nodes_of, tree_of

from pages.shared.frame import menu

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
SCRIPTS = [path for path in sorted((ROOT / "pages").glob("*.py")) if path.stem != "__init__"]


def imports_of(path, *, top_level_only=False):
    for node in tree_of(path).body if top_level_only else nodes_of(path):
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
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in CORE}
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


FLOORS = (
    {"errors"},
    {"progress", "methods"},
    {"config", "prose", "system"},
    {"geometry", "text", "pretrained"},
    {"models"},
    {"comparison", "score"},
    {"maps"},
    {"export", "workspace"},
    {"cli"},
    {"__main__"},
)
"""The rooms of core from the lowest floor up: a room imports only from floors below its own."""
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
MOST_ENTRIES, MOST_MODULES, MOST_FLOORS = 18, 24, 10


def room_of(module):
    """The package of core, or the module directly in it, that a dotted name lies in; None outside core."""
    first, _, rest = module.partition(".")
    return rest.split(".")[0] or None if first == "core" else None


def test_every_room_of_core_is_on_a_floor():
    entries = {path.stem for path in (ROOT / "core").iterdir() if path.name != "__pycache__"}
    assert entries - {"__init__"} == FLOOR_OF.keys()
    assert len(entries) <= MOST_ENTRIES
    assert len(FLOORS) <= MOST_FLOORS


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_core_imports_from_floors_below_only(path):
    room = path.relative_to(ROOT / "core").with_suffix("").parts[0]
    if room == "__init__":
        assert not [name for name in imports_of(path) if room_of(name)]
        return
    above = {
        name
        for name in imports_of(path)
        if (other := room_of(name)) in FLOOR_OF and other != room and FLOOR_OF[other] >= FLOOR_OF[room]
    }
    assert not above


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_import_from_below_and_never_from_another_page(path):
    parts = path.relative_to(ROOT / "pages").with_suffix("").parts
    own = parts[1] if parts[0] == "parts" and len(parts) > 2 else parts[0] if len(parts) == 1 else None
    others = {name for name in imports_of(path) if name.startswith("pages.parts.") and name.split(".")[2] != own}
    assert not others


@pytest.mark.parametrize("folder", ["core", "pages"])
def test_no_folder_is_crowded_and_every_package_says_what_it_is(folder):
    for package in [ROOT / folder, *(path for path in (ROOT / folder).rglob("*") if path.is_dir())]:
        modules = list(package.glob("*.py"))
        if package.name == "__pycache__" or not modules:
            continue
        assert len(modules) <= MOST_MODULES, package
        tree = tree_of(package / "__init__.py")
        text = ast.get_docstring(tree) or ""
        assert text, package
        if package != ROOT / "core":
            assert len(tree.body) == 1, f"{package} has more than a docstring: nothing is handed on"
        if package.parent == ROOT / "core":
            for part in ("Read", "ay import"):
                assert part in " ".join(text.split()), f"{package}: {part}"


def public_names(path):
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_no_public_name_of_core_has_two_meanings():
    homes = {}
    for path in CORE:
        for name in public_names(path):
            if not name.startswith("_") and name != "logger":
                homes.setdefault(name, set()).add(str(path.relative_to(ROOT)))
    assert not {name: where for name, where in homes.items() if len(where) > 1}


def bound_names(path):
    """What a module says itself at its top level, imports left out."""
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            yield from (
                each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            )


def test_names_are_imported_from_where_they_are_defined():
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (*CORE, *PAGES)}
    own = {name: set(bound_names(path)) for name, path in modules.items()}
    files = [*modules.values(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    handed_on = [
        f"{path.relative_to(ROOT)}: {node.module}.{alias.name}"
        for path in files
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom) and node.module in own
        for alias in node.names
        if alias.name not in own[node.module]
    ]
    assert not handed_on


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_place_for_each_capability(path):
    text = path.read_text(encoding="utf-8")
    if path.parent.name != "cached":
        assert "cache_resource" not in text
        assert "cache_data" not in text
    if path.name != "session.py":
        assert "st.session_state" not in text.replace('"""', "")
    if path.name != "messages.py":
        assert "except UserError" not in text
    if path.name != "downloads.py":
        assert "download_button" not in text


RAW_JSON = {"core/system/typed_json.py", "core/cli/folders.py", "core/cli/score.py"}
"""The records themselves; a run.json that may be somebody else's; score.json, which is not read again."""


@pytest.mark.parametrize("path", [*CORE, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_kept_as_json_is_a_record(path):
    raw = {"core.system.files.read_json", "core.system.files.write_json"}
    assert str(path.relative_to(ROOT)) in RAW_JSON or not raw & set(imports_of(path))


def test_every_page_is_in_the_menu():
    assert sorted(menu.PAGES) == [page.stem for page in SCRIPTS]


@pytest.mark.parametrize("page", SCRIPTS, ids=lambda path: path.name)
def test_every_page_sends_a_visitor_without_a_session_through_the_app(page):
    body = tree_of(page).body
    assert ast.unparse(body[1]) == "from pages.shared import session"
    assert ast.unparse(body[2]) == f"session.require_app('{page.stem}')"


def test_the_first_page_does_not_wait_for_heavy_imports():
    code = (
        "import sys, pages.parts.data.text_panel, pages.parts.data.vectors_panel;"
        "print([m for m in ('gensim', 'umap', 'numba', 'sklearn', 'nltk', 'pypdfium2', 'lxml') if m in sys.modules])"
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
    calls = [node for node in nodes_of(path) if isinstance(node, ast.Call)]
    for call in calls:
        if getattr(call.func, "attr", "") == "plotly_chart":
            assert "alt" in {keyword.arg for keyword in call.keywords}, f"{path.name}:{call.lineno}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_figure_can_be_kept_and_no_heading_is_left_out(path):
    """A figure that a module draws by itself has the menu with which it is kept."""
    called = {getattr(node.func, "attr", "") for node in nodes_of(path) if isinstance(node, ast.Call)}
    if "plotly_chart" in called and path.name != "figures.py":
        assert "figures.offer(" in path.read_text(encoding="utf-8")
    assert "subheader" not in called


def test_what_runs_beside_a_page_is_guarded():
    """Streamlit runs callbacks and fragments outside of what app.py shows as a sentence."""
    trees = {path: tree_of(path) for path in PAGES}
    guarded, used = set(), {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and "guards.callback" in map(ast.unparse, node.decorator_list):
                guarded.add(node.name)
            if isinstance(node, ast.keyword) and node.arg in ("on_click", "on_change", "on_select", "on_submit"):
                name = ast.unparse(node.value)
                if name.startswith("guards.callback(") or name in ("st.login", "st.logout"):
                    continue
                if not isinstance(node.value, ast.Constant):
                    used[name.rpartition(".")[2]] = path.name
            if isinstance(node, ast.Attribute) and node.attr == "fragment" and path.name != "guards.py":
                assert ast.unparse(node) == "guards.fragment", path
    assert len(used) > 10
    assert not used.keys() - guarded
