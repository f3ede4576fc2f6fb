"""The texts of a workspace on the Data page: how large each is, which is in use, what it is called."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.pretrained.files import VectorFile
from core.prose.numbers import count
from core.system.files import cache_folder, digest_of
from core.text.reading.text_names import LONGEST_NAME
from core.workspace.named_texts import remove_text, rename_text, runs_of
from core.workspace.texts import TextChoice, TextSize, estimate_reading_seconds, has_uploads, keep_texts
from core.workspace.vectors import Fit, estimate_fits_seconds, known_fit, measure_fits_of, needs_index
from core.workspace.workspace import NamedText
from pages.parts.data import text_panel
from pages.shared import guards, index_panel, inputs, messages, navigation, presses, progress, session
from pages.shared.cached import server, text_cache

_READING = "reading-texts"
_ROW, _MOST_ROWS = 35, 9


def choose() -> None:
    """Draw the list of texts where there are several; ticking one has it used."""
    texts = inputs.texts()
    if len(texts) < 2:
        return
    st.header("Your texts", anchor=False)
    sizes = {text.id: size for text in texts if (size := find_size(text)) is not None}
    _read([text.choice for text in texts if text.id not in sizes])
    file = inputs.chosen_file()
    fits = _find_fits(file, list(sizes.values()))
    chosen = _draw(texts, sizes, fits, file)
    navigation.link("study", "Study several of them in a row")
    if chosen is not None:
        with messages.shown_here():
            text_panel.adopt(chosen.choice)
            st.rerun()


def find_size(text: NamedText) -> TextSize | None:
    """How large a text is; None where it is not read yet."""
    with messages.kept_back():
        return text_cache.text_size(text.choice)
    return None


def _read(unread: Sequence[TextChoice]) -> None:
    """Have texts read that are not: the parts of one that was split, and what an earlier version read otherwise."""
    jobs, key = server.text_jobs(), session.recall(_READING)
    status = None if key is None else progress.follow(jobs, key)
    if status is not None and status.active:
        return
    unread = [choice for choice in unread if has_uploads(choice.upload)]
    wanted = f"texts {digest_of(*(choice.key for choice in unread))}"
    if unread and wanted != key:
        session.remember(_READING, wanted)
        jobs.forget(wanted)
        jobs.submit(
            wanted,
            "Reading the texts",
            keep_texts,
            tuple(unread),
            watcher=session.visitor(),
            kind="reading",
            seconds=2 * sum(estimate_reading_seconds(upload) for upload in {choice.upload for choice in unread}),
        )
        progress.follow(jobs, wanted)
    elif unread and status is not None and status.state in ("failed", "cancelled"):
        st.error(messages.plain(status.error or "Reading the texts was cancelled."), icon=":material/error:")
        if presses.button("Read them", icon=":material/refresh:", key="read-texts", about=wanted):
            session.remember(_READING, None)
            st.rerun()


def _draw(
    texts: Sequence[NamedText], sizes: dict[str, TextSize], fits: dict[str, Fit], file: VectorFile | None
) -> NamedText | None:
    """The table; gives the text that was ticked in the place of the one in use."""
    workspace = session.workspace()
    used = next((place for place, text in enumerate(texts) if text.choice == workspace.text), None)
    known = [sizes.get(text.id) for text in texts]
    covered = [None if size is None or size.corpus not in fits else 100 * fits[size.corpus].tokens for size in known]
    columns = {
        "Text": [text.name for text in texts],
        "Documents": [None if size is None else size.documents for size in known],
        "Tokens": [None if size is None else size.tokens for size in known],
        **({} if file is None else {"Covered": covered}),
        "Models": [len(runs_of(workspace, text.id)) for text in texts],
        "In use": ["yes" if place == used else "" for place in range(len(texts))],
    }
    number = st.column_config.NumberColumn
    answer = st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        selection_default=None if used is None else {"selection": {"rows": [used]}},
        key=f"texts-{workspace.text.key if workspace.text else ''}-{len(texts)}",
        placeholder="",
        height=_ROW * min(len(texts), _MOST_ROWS) + 38,
        column_config={
            "Text": st.column_config.TextColumn(width="medium"),
            "Documents": number(format="localized"),
            "Tokens": number(format="localized"),
            "Covered": number(format="%.1f %%", help="Share of the tokens that the chosen vectors file has."),
            "Models": number(help="Models made from it, on the Models page."),
        },
    )
    st.caption("Tick a text to use it: what is below is about that one. Models stay as they were made.")
    ticked = [place for place in answer["selection"]["rows"] if place < len(texts) and place != used]
    return texts[ticked[0]] if ticked else None


def _find_fits(file: VectorFile | None, sizes: Sequence[TextSize]) -> dict[str, Fit]:
    """Corpus digest -> what is known by now of how much the file covers; the rest is found out in the background."""
    if file is None or (needs_index(file) and not index_panel.has_index(file)):
        return {}
    fits = {size.corpus: known_fit(file, size.corpus) for size in sizes}
    unknown = sorted(corpus for corpus, fit in fits.items() if fit is None)
    if unknown:
        jobs, key = server.reading_jobs(), f"coverage {file.name} {file.member} {' '.join(unknown)}"
        if jobs.status(key) is None:
            jobs.submit(
                key,
                "Measuring coverage",
                measure_fits_of,
                file,
                [cache_folder("texts", corpus) for corpus in unknown],
                watcher=session.visitor(),
                kind="coverage",
                seconds=len(unknown) * estimate_fits_seconds([file]),
            )
        progress.follow(jobs, key)
    return {corpus: fit for corpus, fit in fits.items() if fit is not None and not fit.problem}


def name(text: NamedText) -> None:
    """Draw the name of the text in use, to be changed, and where there are several, what removes it."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    typed = row.text_input(
        "Name of this text",
        text.name,
        key=f"text-name-{text.id}-{text.name}",  # a field of its own for a name that another tab changes
        max_chars=LONGEST_NAME,
        help="Models, maps and reports call the text so.",
    )
    if len(inputs.texts()) > 1:
        with row.popover("Remove", icon=":material/delete:", width="content"):
            models = len(runs_of(session.workspace(), text.id))
            stay = f"Its {count('model', models)} stay on Models, and its" if models else "Its"
            st.markdown(f"{stay} files stay until you delete them on Storage.")
            st.button("Remove it from the list", on_click=_remove, args=(text.id,), key="remove-text")
    if typed != text.name:
        with messages.shown_here():
            session.put(rename_text(session.workspace(), text.id, typed))
            st.rerun()


@guards.callback
def _remove(identity: str) -> None:
    session.put(remove_text(session.workspace(), identity))
    session.remember("taken-upload", None)
