"""A workspace whose text, words, models and vectors file have names that are Markdown and HTML."""

from dataclasses import replace

from app_driver import trained_workspace
from small_texts import SENTENCES, small_glove
from workspaces import save, saved

IMAGE = "![x](https://evil.example/a.png)"
HOSTILE = f"{IMAGE} <img src=x onerror=alert(1)> :red[x] $x$ [a](javascript:alert(1)) <a href='//evil.example'>a</a>"
WORDS = ("![x](//evil.example/w.png)", "<img/src=//evil.example/w.png>", ":red[word]", "$word$")
TEXT = "\n\n".join([" ".join(["the river", *WORDS, "and the bank"]), *SENTENCES] * 12)


def hostile_workspace(vectors_folder):
    """Its token."""
    glove = small_glove(vectors_folder / "tiny.8d ![x](evil.example) :red[x] <img src=x>.txt")
    token = trained_workspace(TEXT, glove, ("scratch", "preview"), min_count=2)
    kept = saved(token)
    runs = tuple(
        replace(run, title=f"{HOSTILE} {number}", text=HOSTILE, vectors=HOSTILE) for number, run in enumerate(kept.runs)
    )
    save(token, replace(kept, runs=runs, pins=(*WORDS, "river")))
    return token
