"""How much a workspace keeps, and whether there is room for more."""

import pytest

from core.config import default_config
from core.errors import LimitError
from core.models.estimates import estimate_stored_bytes
from core.system.files import cache_folder
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.text.reading.uploads import Upload
from core.workspace.room import check_kept, check_retrainings, measure_workspace
from core.workspace.texts import TextChoice, keep_uploads
from core.workspace.vectors import upload_folder
from core.workspace.workspace import Workspace


@pytest.fixture
def workspace():
    """Its text takes a little more than 5,000 bytes, its uploaded vectors 700; another's text lies beside it."""
    keep_uploads([Upload("another's.txt", bytes(100_000))])
    folder = upload_folder("mine")
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_bytes(bytes(700))
    return Workspace(text=TextChoice(keep_uploads([Upload("mine.txt", bytes(5_000))])))


def test_a_workspaces_size_is_that_of_what_it_refers_to(workspace):
    assert 5_700 < measure_workspace("mine", workspace) < 6_000
    assert measure_workspace("empty", Workspace()) == 0


def test_above_its_limit_the_sentence_says_which_what_there_is_and_what_to_do(workspace, monkeypatch):
    monkeypatch.setenv("VECTUNE_BYTES_PER_WORKSPACE", "10000")
    check_kept("mine", workspace, 4_000)
    with pytest.raises(LimitError, match=r"You keep 5\.\d kB .* 5 kB more .* 10 kB.*Storage page.*BYTES_PER_WORKSPACE"):
        check_kept("mine", workspace, 5_000)
    assert cache_folder("uploads", workspace.text.upload).is_dir()


def test_models_that_scoring_and_noise_make_count_before_they_are_made(workspace, monkeypatch):
    corpus, config = build_corpus([Document("a", "some words of a text")]), default_config("scratch", min_count=1)
    each = estimate_stored_bytes(corpus, config)
    monkeypatch.setenv("VECTUNE_BYTES_PER_WORKSPACE", f"{6_000 + 5 * each}")
    check_retrainings("mine", workspace, [(corpus, config, 2), (corpus, config, 3)])
    with pytest.raises(LimitError, match="BYTES_PER_WORKSPACE"):
        check_retrainings("mine", workspace, [(corpus, config, 3), (corpus, config, 3)])


def test_all_together_have_a_limit_too(workspace, monkeypatch):
    monkeypatch.setenv("VECTUNE_BYTES_ON_SERVER", "150000")
    check_kept("mine", workspace, 4_000)
    with pytest.raises(LimitError, match=r"105\.\d kB are kept on this server.*VECTUNE_BYTES_ON_SERVER"):
        check_kept("mine", workspace, 50_000)
