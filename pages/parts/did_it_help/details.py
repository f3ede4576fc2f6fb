"""What else was measured: general meaning, forgetting, stability, collapse, classes, and how."""

from typing import Any

import streamlit as st

from core.prose.numbers import count, write_share
from core.score.as_json import as_json
from core.score.few_examples import MAX_CLASSES
from core.score.scorecard import Labels, Scorecard
from core.score.tables import (
    Row,
    class_rows,
    health_rows,
    kept_rows,
    meaning_rows,
    new_word_rows,
    sign_numbers,
    too_few_pairs,
)
from core.score.verdict import judge, title
from core.system.files import to_json
from pages.parts.did_it_help import stability_panel
from pages.parts.did_it_help.form import Asked
from pages.parts.did_it_help.job import Found
from pages.shared import downloads, messages

_SHOWN_WORDS = 30
_PERCENT = st.column_config.NumberColumn(format="%.1f %%")
_GAIN = st.column_config.NumberColumn(help="Over the reference, in points of per cent.")
_CORRELATION = st.column_config.NumberColumn(format="%.2f")


def show(asked: Asked, found: Found) -> None:
    """Draw it, in tabs."""
    card = found.card
    st.header("Looking closer", anchor=False)
    names = ["Labels", "General meaning", "Forgetting", "Stability", "Collapse alarm", "How it was computed"]
    classes, meaning, forgetting, stability, collapse, method = st.tabs(
        names, default=names[1 if card.labels.problem else 0]
    )
    with meaning:
        _general_meaning(card)
    with forgetting:
        _forgetting(card)
    with stability:
        stability_panel.show(asked, card)
    with collapse:
        _collapse(card)
    with classes:
        show_labels(card)
    with method:
        _how(card, found)


def _table(rows: list[Row], **columns: Any) -> None:
    st.dataframe(
        sign_numbers(rows, {"Gain": 1, "Change": 2}),
        hide_index=True,
        placeholder="–",
        height="content",
        column_config={"Model": st.column_config.TextColumn(width="medium"), **columns},
    )


def _general_meaning(card: Scorecard) -> None:
    st.markdown(
        "Fine-tuning must not cost what words mean elsewhere. People rated how alike two words are; a model agrees "
        "with them as far as its similarities put the pairs in the same order (Spearman's correlation: 1 perfect, 0 "
        "none). WordSim-353 asks what is related, SimLex-999 what is similar. Only pairs of words that all models have "
        "count."
    )
    few = too_few_pairs(card)
    if few:
        st.info(
            f"Fewer than 30 pairs of {messages.plain(', '.join(few))} are in your text and the vectors: too few to say "
            "whether general meaning was kept.",
            icon=":material/info:",
        )
    _table(
        meaning_rows(card),
        Agreement=_CORRELATION,
        Change=st.column_config.NumberColumn(help="Of the agreement, over the reference."),
    )
    for name, words in card.missing.items():
        if words:
            listed = ", ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else "")
            st.caption(f"Words of {messages.plain(name)} that the models do not have: {messages.plain(listed)}")


def _forgetting(card: Scorecard) -> None:
    models = {title(model): model for model in card.models if model.bands}
    usual = list(models).index(title(card.model(card.chosen)))
    wanted = st.selectbox("Model", list(models), index=usual, key=f"bands-of-{'-'.join(models)}")
    st.markdown(
        f"How many neighbours words kept under **{messages.plain(wanted)}**, compared with "
        f"{messages.plain(title(card.model(card.reference)))}, by how often they occur in the training part. "
        "This tells how much changed, not whether that was good: random text changes as many."
    )
    _table(
        kept_rows(models[wanted]),
        **{
            "Neighbours kept": st.column_config.NumberColumn(
                format="%.0f %%", help="Of a word's ten nearest neighbours in the reference, still among its ten."
            ),
        },
    )
    st.markdown("**New words**: questions whose hidden word is in your text but not in the pretrained vectors.")
    rows = new_word_rows(card)
    if rows:
        _table(rows, **{"Alternatives beaten": _PERCENT})
    else:
        st.caption("There are fewer than 30 such questions, too few for a score.")


def _collapse(card: Scorecard) -> None:
    broken = [model for model in card.models if model.health.alarms]
    for model in broken:
        for alarm in model.health.alarms:
            st.error(f"{messages.plain(title(model))}: {messages.plain(alarm)}", icon=":material/warning:")
    if not broken:
        st.success("No model has collapsed.", icon=":material/check:")
    _table(
        health_rows(card),
        **{
            "Hub skewness": st.column_config.NumberColumn(
                format="%.1f", help="Whether a few words are everybody's neighbour. Usually below 2; alarm above 3."
            ),
            "Median length": _CORRELATION,
            "Longest vector": st.column_config.NumberColumn(
                format="%.1f ×",
                help="Length of the longest vector, in medians. Usually below 3; alarm above 10.",
            ),
            "Vanished": st.column_config.NumberColumn(
                format="%.1f %%", help="Share of words with almost no vector. Alarm above 1 %."
            ),
        },
    )


def show_labels(card: Scorecard) -> None:
    """How well documents are told apart, or why that cannot be said."""
    labels = card.labels
    if labels.problem:
        st.info(
            f"{messages.plain(labels.problem)} With labelled documents (a CSV with a column of classes) this shows how "
            "well each model's vectors tell the classes apart.",
            icon=":material/label:",
        )
        return
    left_out = f" Too few documents: {', '.join(labels.left_out)}." if labels.left_out else ""
    listed = f"{', '.join(labels.classes[:10])}{' …' if len(labels.classes) > 10 else ''}"
    st.markdown(
        f"Do the vectors help to tell your {len(labels.classes)} labels apart ({messages.plain(listed)})? A document "
        "is the average of its words' vectors; a logistic regression guesses its label. "
        f"{messages.plain(_few_examples(labels))}With four fifths as examples: five-fold cross-validation over "
        f"{count('document', labels.documents)}. Always guessing the most frequent label puts "
        f"{write_share(labels.majority)} under their own.{messages.plain(left_out)}"
    )
    _table(class_rows(card), **{"Own label": _PERCENT, "Gain": _GAIN})


def _few_examples(labels: Labels) -> str:
    if not labels.held_out:
        return ""
    largest = f" of the {MAX_CLASSES} most frequent labels" if len(labels.classes) > MAX_CLASSES else ""
    return (
        f"With few examples: these are drawn {labels.draws:,} times from the training part; the documents to tell "
        f"apart, {labels.held_out:,}{largest}, were set aside. "
    )


def _how(card: Scorecard, found: Found) -> None:
    st.markdown("\n".join(f"- {messages.plain(each)}" for each in judge(card).method))
    configs = {name: config.as_dict() for name, config in card.configs.items()}
    downloads.offer(
        "Download the scorecard (JSON)",
        lambda: to_json({**as_json(card), "configs": configs}, indent=1),
        f"scorecard-{found.identity[:8]}.json",
        "application/json",
        "scorecard-file",
    )
