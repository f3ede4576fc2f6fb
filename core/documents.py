"""Uploaded bytes become documents: names and texts, one per file, line or paragraph."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One document: what held-out splits, noise floors and citations count in."""

    name: str
    text: str
    label: str | None = None
