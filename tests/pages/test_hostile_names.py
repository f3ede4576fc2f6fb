"""Every page with hostile names in every field, and on a disk without room, without a browser."""

import errno
import os
import re
import tempfile
from dataclasses import replace

import pytest
from app_driver import labels, open_page, press, wait
from hostile_names import WORDS, hostile_workspace
from made_studies import split_workspace
from small_texts import topical_documents, topical_glove
from workspaces import save, saved

from core.system.files import cache_folder

PAGES = (
    *("data", "train", "did_it_help", "maps", "what_changed", "a_word", "models", "study", "sweep"),
    *("storage", "about", "glossary"),
)
UNESCAPED = re.compile(r"(?<!\\)!?\[[xa]\\?\]\(|(?<!\\)<(img|a )|(?<!\\):red\[x|(?<!\\)\$(x|word)\$")
KINDS = (
    *(
        "markdown",
        "caption",
        "info",
        "warning",
        "error",
        "success",
        "header",
        "subheader",
        "title",
        "button",
        "checkbox",
    ),
    *("text_input", "number_input", "selectbox", "toggle", "slider", "tabs", "expander", "metric"),
)


@pytest.fixture
def token(vectors_folder):
    return hostile_workspace(vectors_folder)


def markdown_of(app):
    for kind in KINDS:
        for element in app.get(kind):
            for field in ("value", "label", "help"):
                text = getattr(element, field, None)
                is_input = field == "value" and kind in ("text_input", "selectbox")
                if isinstance(text, str) and not is_input:
                    yield kind, text
    for bar in app.get("progress"):
        yield "progress", bar.proto.text


@pytest.mark.parametrize("page", PAGES)
def test_no_page_reads_a_name_as_markup(token, page):
    app = open_page(page, w=token)
    shown = list(markdown_of(app))
    assert len(shown) > 3
    assert not [each for each in shown if UNESCAPED.search(each[1])]
    html = "".join(each.proto.body for each in app.get("html"))
    assert "<img" not in html
    assert "<a " not in html


def test_a_study_reads_no_name_and_no_word_as_markup(vectors_folder):
    topical_glove(vectors_folder / "tiny.8d.txt")
    names = (":red[x] <img src=x>", "$x$ ![x](//evil.example/a.png)", "[a](javascript:alert(1))")
    parts = {
        name: [f"{document} {' '.join(WORDS)}" for document in topical_documents(12, 200, seed)]
        for seed, name in enumerate(names)
    }
    token = split_workspace("h" * 22, parts, vectors_folder / "tiny.8d.txt", tokeniser="whitespace")
    save(token, replace(saved(token), pins=WORDS))
    app = open_page("study", w=token)
    press(app, "Study these")
    wait(app, lambda app: "Cancel" not in labels(app))
    shown = list(markdown_of(app))
    assert not [each for each in shown if UNESCAPED.search(each[1])]
    html = "".join(each.proto.body for each in app.get("html"))
    assert "&lt;img/src=//evil.example/w.png&gt;" in html
    assert "<img" not in html
    assert "<a " not in html


def fill_the_disk(monkeypatch, number):
    def fail(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    for name in ("mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, fail)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_on_a_disk_without_room(token, monkeypatch, page, number):
    fill_the_disk(monkeypatch, number)
    app = open_page(page, w=token)  # no exception
    shown = " ".join(text for _, text in markdown_of(app))
    assert "Errno" not in shown
    assert str(cache_folder("runs").parent) not in shown
