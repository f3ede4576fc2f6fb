"""Texts and models for the pages on words, and what their tests share."""

from dataclasses import replace

from app_driver import trained_workspace
from small_texts import SENTENCES, small_glove
from workspaces import save, saved

TEXT = "\n\n".join([*SENTENCES * 12, "Once only."])


def word_vectors(folder):
    """A folder with one small vectors file; gives the file."""
    elsewhere = [f"elsewhere{number}" for number in range(30)]
    return small_glove(folder / "tiny.8d.txt", without=("chased", "crown"), extra=elsewhere)


def pretrained_and_classic(glove):
    """Token of a workspace with pretrained vectors on the left, classic fine-tuning on the right."""
    return trained_workspace(TEXT, glove, ("pretrained", "classic"), min_count=2)


def two_texts(glove):
    """Token: the same strategy on two texts that say the same words unequally often, both called alike."""
    first, second = (
        saved(trained_workspace("\n\n".join(SENTENCES * 12 + more * 12), glove, ("tied",), min_count=2))
        for more in (SENTENCES[:6], SENTENCES[6:12])
    )
    ((left,), (right,)) = first.runs, second.runs
    token = "twotextstwotextstwo01"
    save(token, replace(first, runs=(left, right), left=left.id, right=right.id, pins=("river",)))
    return token


def find(app, word):
    app.text_input(key="word-search").set_value(word).run()
    assert not app.exception, app.exception[0].value


def tables(app):
    return [each.value for each in app.dataframe]
