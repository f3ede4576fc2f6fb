"""Names in what several workspaces share: when one erases, what stays is called as the others call it.

What has the same words is kept once, under the names that its first visitor's files had: in the text, in models of it
and in scorecards of it.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from core.errors import UserError
from core.models.runs import RUNS, rename_inputs, rows_of
from core.pretrained.vectors import rename_rows
from core.score.scorecard import load_scorecard, save_scorecard
from core.score.store import SCORES
from core.system.files import cache_folder
from core.system.inventory import take_inventory
from core.system.shelves import Shelf
from core.text.corpus import kept_names, rename_corpus
from core.workspace.texts import opened_names

_UNKNOWN_TEXT, _UNKNOWN_VECTORS = "text", "vectors"


def forget_text_names(text: str, opened: Collection[str]) -> None:
    """Let the text of this digest, and what was made of it, have the names under which `opened` (keys) know it.

    Raises:
        OSError: they cannot be written.
    """
    folder = cache_folder("texts", text)
    try:
        name, documents = kept_names(folder)
    except (FileNotFoundError, ValueError):
        return
    found = filter(None, map(opened_names, sorted(opened)))
    known = [(name, documents) for corpus, name, documents in found if corpus == text]
    if (name, documents) in known:
        return
    unknown = (_UNKNOWN_TEXT, tuple(str(number + 1) for number in range(len(documents))))
    new_name, new_documents = known[0] if known else unknown
    rename_corpus(folder, new_name, new_documents)
    for run in _made_of(RUNS, [text]):
        rename_inputs(run, {name: new_name}, {})
    documents_now = dict(zip(documents, new_documents, strict=False))
    for path in (folder / "scorecard.json" for folder in _made_of(SCORES, [text])):
        with suppress(FileNotFoundError, ValueError, UserError):  # what this version cannot read stays
            card = load_scorecard(path)
            examples = (replace(each, document=documents_now.get(each.document, "")) for each in card.examples)
            save_scorecard(replace(card, examples=tuple(examples)), path)


def forget_vectors_names(texts: Collection[str], names: Collection[str]) -> None:
    """Let nothing that was made of these texts say that its vectors file was called by one of `names`.

    Raises:
        OSError: it cannot be written.
    """
    unknown = dict.fromkeys(names, _UNKNOWN_VECTORS)
    for run in _made_of(RUNS, texts):
        rename_inputs(run, {}, unknown)
    for rows in rows_of(texts):
        rename_rows(rows, unknown)


def _made_of(shelf: Shelf, texts: Collection[str]) -> list[Path]:
    return [shelf.path_of(entry.name) for entry in take_inventory([shelf]) if entry.is_made_of(texts)]
