"""Key words: of one text against the other, or of a label's documents against the rest."""

import pandas as pd
import streamlit as st

from core.prose.numbers import count, write_share
from core.text.keywords import KEY_LEVEL, LEAST_DOCUMENTS, KeyWords
from core.text.word_kinds import is_content_of
from pages.shared import guards, messages, side_choice, word_links
from pages.shared.cached import text_cache
from pages.shared.compared import Sides

_LISTED = 500


@guards.fragment()
def show(sides: Sides) -> None:
    """Two lists for two texts, else those of a label that is asked for."""
    left, right = (text_cache.corpus(folder) for folder in side_choice.corpus_folders(sides))
    languages = tuple(text_cache.language(corpus) for corpus in (left, right))
    if sides.has_two_texts:
        found = text_cache.key_words(left, right)
        for group, (column, name) in enumerate(zip(st.columns(2, gap="large"), sides.texts, strict=True)):
            with column:
                st.markdown(f"**{messages.plain(name)}**")
                _show_group(sides, found, group, str(group), languages)
    else:
        labels = text_cache.labels(right)
        if len(labels) < 2:
            st.info(
                "Key words are those that one text has more often than another, or a label than the rest. Compare "
                "models of two texts, or read the text with a column of labels: see Data.",
                icon=":material/key:",
            )
            return
        found = text_cache.label_words(right)
        label = st.selectbox(
            "Label",
            list(labels),
            format_func=lambda each: f"{each} · {count('document', labels[each])}",
            key=f"key-words-label-{right.digest[:8]}",
            width=320,
            persist_state="session",
        )
        _show_group(sides, found, found.groups.index(label), "label", languages, label)
    st.caption(
        "In the order of log odds against the others, in standard deviations, with an informative Dirichlet prior "
        "(Monroe et al. 2008). Words come in bursts: listed is what groups dealt out to the documents at random rarely "
        f"have so much of; about {write_share(KEY_LEVEL, 0)} of these may still be chance."
    )


def _show_group(
    sides: Sides, found: KeyWords, group: int, key: str, languages: tuple[str | None, ...], label: str = ""
) -> None:
    cells = found.cells_of(group)
    documents = int(found.documents[group])
    only_key = bool(len(cells))
    if not only_key:
        st.info(
            f"No word is key beyond chance here: {LEAST_DOCUMENTS} documents at least have to have it, of "
            f"{documents:,}, and more than random ones have. What leans this way most is listed all the same: check it "
            "in the sentences.",
            icon=":material/info:",
        )
        cells = found.cells_of(group, only_key=False)[:20]
    content = is_content_of([found.words[row] for row in found.rows[cells].tolist()], languages)
    if not _with_all_kinds(int((~content).sum()), key):
        cells = cells[content]
    if not len(cells):
        st.caption("Only numbers, single letters and function words are listed here: see them with the switch above.")
        return
    words = [found.words[row] for row in found.rows[cells[:_LISTED]].tolist()]
    cells, number = cells[:_LISTED], st.column_config.NumberColumn
    event = st.dataframe(
        pd.DataFrame(
            {
                "Word": words,
                "z": found.z[cells],
                "Here": found.counts[cells],
                "Elsewhere": found.others[cells],
                "Documents": found.spread[cells],
            }
        ),
        hide_index=True,
        height=min(36 * len(words) + 38, 420),
        on_select="rerun",
        selection_mode="single-row",
        key=f"key-words-{key}-{group}",
        column_config={
            "z": number(format="%.1f", width=60, help="Log odds in standard deviations."),
            "Here": number(width=70, format="localized", help="How often these documents have it."),
            "Elsewhere": number(width=80, format="localized", help="How often all others have it."),
            "Documents": number(width=80, help=f"So many of {documents:,} documents here have it."),
        },
    )
    picked = [row for row in event["selection"]["rows"] if row < len(words)]
    if not picked:
        st.caption("Tick a row to look at its word, in the sentences and on the maps.")
    elif words[picked[0]] in sides.index:
        word_links.offer_word(words[picked[0]], f"key-word-{key}", label=label)
    else:
        st.caption(f"“{messages.plain(words[picked[0]])}” is too rare for one of the two models: it is on no map.")
        word_links.offer_sentences("Its sentences", f"key-word-{key}", words[picked[0]], label=label)


def _with_all_kinds(hidden: int, key: str) -> bool:
    """Whether to list numbers and the like, too, of which there are so many."""
    return bool(hidden) and st.toggle(
        f"Also list {hidden:,} numbers, single letters and function words",
        key=f"key-words-all-{key}",
        help="“1961”, “j.”, “'s”, “the”: that a text has more of them tells of its style.",
        persist_state="session",
    )
