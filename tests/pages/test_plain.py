"""Words and names of users, written for Markdown so that it shows them as they are."""

import pytest

from core.errors import RunError
from core.pretrained.files import vectors_folder
from core.system.files import cache_folder
from pages.shared.messages import hide_folders, plain, shown_here

JOINER = "\N{WORD JOINER}"


@pytest.mark.parametrize("text", ["river", "state-of-the-art", "don’t", "3.5 GB, at 14.30", "a (b) c", "café & co"])
def test_what_is_no_markup_stays(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("**b**", r"\*\*b\*\*"),
        ("$x$", r"\$x\$"),
        ("[a](javascript:alert(1))", r"\[a\](javascript\:alert(1))"),
        ("<img src=x>", r"\<img src=x\>"),
        (":red[x]", r"\:red\[x\]"),
        ("# big", r"\# big"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("12) item", r"12\) item"),
    ],
)
def test_marks_are_escaped(text, written):
    assert plain(text) == written


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://evil.example", [r"https\:", "//evil.example"]),
        ("see WWW.evil.example", ["see WWW", ".evil.example"]),
        ("me@evil.example", ["me@", "evil.example"]),
        (":material/close:", [r"\:", r"material/close\:"]),
        (":streamlit:", [r"\:", r"streamlit\:"]),
        ("a -- b", ["a -", "- b"]),
        ("->", [r"\-", r"\>"]),
    ],
)
def test_what_streamlit_finds_by_its_looks_is_parted_by_an_invisible_letter(text, parts):
    assert plain(text) == JOINER.join(parts)


def test_a_name_of_several_lines_is_one_line():
    assert plain("a\n\n    code\r\n===\tb") == "a code === b"
    assert plain("   indented") == " indented"


def test_an_error_shows_no_path_of_the_server_and_no_markup(monkeypatch):
    shown = []
    monkeypatch.setattr("streamlit.error", lambda text, icon: shown.append(text))
    with shown_here() as failed:
        raise RunError(f"The model in {cache_folder('runs', 'x')} of ![x](//evil) is damaged.")
    assert failed
    assert shown == [r"The model in this server's storage of \!\[x\](//evil) is damaged."]


def test_no_folder_of_the_server_is_in_what_is_shown(monkeypatch, tmp_path):
    """Downloads, indexes, trainings: what a job says comes as it was written, and for the command line too."""
    monkeypatch.setenv("VECTUNE_VECTORS", str(tmp_path / "vectors"))
    said = f"Or get it yourself and put it into {vectors_folder()}. '{vectors_folder()}/.package-x/wanted.txt' is gone."
    assert plain(said) == (
        "Or get it yourself and put it into the vectors folder of this server. 'the vectors folder of this server' is "
        "gone."
    )
    assert hide_folders(f"{tmp_path}/vectors-of-mine") == f"{tmp_path}/vectors-of-mine"
    monkeypatch.setenv("VECTUNE_VECTORS", "vectors")
    assert plain("vectors and/or words") == "vectors and/or words"
