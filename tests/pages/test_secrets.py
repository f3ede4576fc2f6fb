"""The secret of a workspace and the folders of a server, looked for in everything that leaves it or is kept."""

import io
import json
import logging
import zipfile
from dataclasses import replace

import pytest
from app_driver import everything, go, open_app, select_rows
from prometheus_client import CollectorRegistry, generate_latest
from small_texts import SENTENCES, small_glove

from core.config import default_config
from core.errors import RunError
from core.export.format_texts import FORMATS
from core.export.formats import write_export
from core.export.orders import ReportOrder, make_report
from core.export.table import merged_table, own_table
from core.models.embedding import describe_run
from core.models.runs import load_run, train_run
from core.pretrained.vectors import open_pretrained
from core.progress import silent
from core.system.files import cache_folder
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ThreadExecutor
from core.system.typed_json import encode_record
from core.system.watching import _Collector, _Lines
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace import store
from core.workspace.asked_runs import choose_sides, identify, make_runs
from core.workspace.demo_sessions import Step, gather_demo, save_demo
from core.workspace.texts import TextChoice, keep_text, keep_uploads, kept_text
from core.workspace.vectors import upload_folder
from core.workspace.workspace import Workspace

PAGES = (
    *("data", "train", "did_it_help", "maps", "what_changed", "a_word", "models", "study", "sweep"),
    *("storage", "about", "glossary"),
)
KINDS = ("code", "json", "table", "dataframe", "text_input", "text_area", "selectbox", "button", "checkbox", "toggle")


@pytest.fixture
def planted(vectors_folder, caplog):
    """A workspace whose text was cut with the words of a vectors file that its visitor uploaded.

    Gives its token, its id, and what may stand nowhere: both, and the folders of this server.
    """
    caplog.set_level(logging.DEBUG, "core")
    identity, token = store.create_workspace()
    glove = small_glove(upload_folder(identity) / "mine.8d.txt", SENTENCES[:3], extra=("sea", "river_bank"))
    options = CorpusOptions(phrases=True, phrase_file=str(glove), phrase_changed=glove.stat().st_mtime_ns)
    upload = keep_uploads([Upload("my text.txt", "\n\n".join(SENTENCES[:3] * 6).encode())])
    source = TextChoice(upload, ReadOptions(unit="paragraph"), options)
    keep_text(silent, source)
    corpus = kept_text(source).corpus
    opened = open_pretrained(glove, corpus.words)
    configs = [default_config(each, vector_size=8, epochs=1, min_count=1) for each in ("pretrained", "preview")]
    wanted = identify(corpus, opened, configs)
    runs = make_runs(corpus, opened, wanted, source=source, vectors_path=glove)
    for asked in runs:
        train_run(silent, *asked.inputs, asked.config)
    left, right = choose_sides(wanted)
    made = Workspace(text=source, vectors=glove, runs=runs, left=left, right=right, pins=("river",))
    store.change_workspace(identity, Workspace(), made)
    return token, identity, (token, identity, str(cache_folder("runs").parent), str(vectors_folder))


def contents(path):
    """The bytes of a file, and of the files in it where it is a zip; with two bytes a letter too, as pickles may."""
    data = path.read_bytes()
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def check_absent(where, data, secrets):
    for secret in secrets:
        for encoding in ("utf-8", "utf-16-le", "utf-32-le"):
            assert secret.encode(encoding) not in data, f"{where} holds {secret}"


def test_no_export_report_or_record_says_where_anything_lies(planted, tmp_path):
    _, identity, secrets = planted
    runs = store.load_workspace(identity).workspace.runs
    for asked in runs:
        embedding = load_run(asked.id)
        check_absent(
            "run.json", encode_record(replace(describe_run(embedding), reading=asked.source.reading)).encode(), secrets
        )
        merged = merged_table(embedding, open_pretrained(asked.vectors_path), None)
        for format in FORMATS:
            for table in (own_table(embedding), merged):
                written = write_export(table, format, tmp_path / "out" / format / "model", counts=True)
                for path in written.files:
                    for data in contents(path):
                        check_absent(format, data, secrets)
    order = ReportOrder(runs[0].id, runs[1].id, ("One", "Two"), ("river",), "1 May 2026")
    for path in make_report(silent, order).iterdir():
        check_absent(path.name, path.read_bytes(), secrets)


def test_no_page_says_where_anything_lies_and_only_the_address_has_the_token(planted):
    token, _, secrets = planted
    app = open_app(w=token)
    for page in PAGES:
        go(app, page)
        if page == "models":
            select_rows(app, [0])
        shown = [everything(app), *(repr(each) for kind in KINDS for each in app.get(kind))]
        shown += [
            str(each.proto)
            for kind in ("download_button", "html", "plotly_chart", "progress")
            for each in app.get(kind)
        ]
        state = {key: app.session_state[key] for key in app.session_state._state.filtered_state}
        own = ("token", "visitor", "workspace")
        shown += [
            repr(value)
            for key, value in state.items()
            if key not in own and isinstance(value, str | bool | int | tuple)
        ]
        assert len(shown) > 4
        check_absent(page, "\n".join(shown).encode(), secrets)


def test_nothing_that_is_kept_or_told_holds_the_token(planted, caplog, cache):
    token, identity, secrets = planted
    workspace = store.load_workspace(identity).workspace
    save_demo(gather_demo("Mine", [Step("Look")], workspace, workspace.runs, identity))
    jobs = Jobs(ThreadExecutor(), 1)

    def fail(progress):
        raise RunError(f"{upload_folder(identity)} is gone")

    jobs.submit("key", f"Reading {token}", fail, watcher=identity)
    while (status := jobs.status("key")) is not None and status.active:
        pass
    for path in cache.rglob("*"):
        if path.is_file():
            for data in contents(path):
                check_absent(path.name, data, (token,))
            assert token not in str(path)
    registry = CollectorRegistry()
    registry.register(_Collector({"training": jobs}))
    check_absent("metrics", generate_latest(registry), secrets)
    records = [*caplog.get_records("setup"), *caplog.records]
    assert len(records) > 3
    lines = [line for each in records for line in (each.getMessage(), json.loads(_Lines().format(each))["message"])]
    check_absent("the log", "\n".join(lines).encode(), secrets)
