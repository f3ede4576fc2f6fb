"""How a text is read and cut into words: documents, columns of tables, encodings, tokens."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from core.pretrained.files import VectorFile
from core.text.reading.code_pages import read_otherwise
from core.text.reading.columns import Table
from core.text.reading.documents import Reading, ReadOptions
from core.text.reading.encodings import ENCODINGS
from core.text.reading.name_labels import LABEL, check_pattern
from core.text.tokens.habits import LETTERS, Habit
from core.text.tokens.segmenters import has_segmenter
from core.text.tokens.tokenisers import CorpusOptions, Hyphens, Tokeniser
from pages.shared import messages

_UNITS = {"auto": "Guess", "file": "A file", "line": "A line", "paragraph": "A paragraph"}
_HEADERS: Mapping[str, bool | None] = {"Guess": None, "Yes": True, "No": False}
_TOKENISERS: Mapping[Tokeniser, tuple[str, str]] = {
    "glove": ("GloVe-like", "Words and numbers as in the texts that GloVe was made from. Right for most files."),
    "nltk": ("NLTK", "sent_tokenize and word_tokenize: punctuation and endings such as n’t become tokens."),
    "whitespace": ("Whitespace", "For a text that is tokenised already: words between spaces, a sentence a line."),
}
_HABITS: Mapping[Habit, str] = {
    "chinese": "Chinese characters joined to words",
    "elision": "l’homme as l’ and homme",
    "arabic": "yeh and kaf as Arabic letters",
    "persian": "yeh and kaf as Persian letters",
    "urdu": "yeh, kaf and heh as Urdu letters",
    "marks": "Arabic vowel signs and Hebrew points left out",
    "forms": "full-width letters and Arabic shapes as plain letters",
    "social": "@name and #tag as <user> and <hashtag>",
}
_ARABIC = re.compile("[\u0620-\u064a\u0671-\u06d3]")
_T = TypeVar("_T")
_ASKED = 2
"""Files whose guessed encoding is shown outright; those of all are in the table."""
_HYPHENS: Mapping[Hyphens, str] = {"split": "Two words", "keep": "One word"}


def choose_reading(reading: Reading, options: ReadOptions) -> ReadOptions:
    """Draw what a document is, and where there are some, the columns of tables and the encodings.

    A guessed encoding is shown above, with other ones to click.
    """
    options = _ask_about_guesses(reading, options)
    with st.expander("How it was read", icon=":material/menu_book:"):
        unit = _choose_one(
            "A document is",
            _UNITS,
            options.unit,
            "Held-out tests, noise estimates and citations count in documents. A row of a table is one, "
            "unless you choose “A file”.",
        )
        options = replace(options, unit=cast(Any, unit))
        if reading.tables:
            options = _choose_columns(list(reading.tables.values()), options)
        else:
            options = replace(options, label_pattern=_choose_pattern(options.label_pattern))
        if reading.encodings:
            options = _choose_encoding(reading, options)
        as_is = st.toggle(
            "Read files as they are",
            options.as_is,
            help="Otherwise words that line ends divide are joined, running heads and page numbers left out, columns "
            "of a page read one after another, HTML in cells and titles above tables taken for what they are. What "
            "was done is said above.",
        )
    return replace(options, as_is=as_is)


def _choose_pattern(chosen: str | None) -> str | None:
    """Where the label is in the names of files; one that says so in no way leaves `chosen`."""
    written = st.text_input(
        "Label in a file's name",
        chosen or "",
        placeholder=f"{LABEL}-*",
        help=f"{LABEL} stands for the label, * for anything: {LABEL}-* takes “poe” of poe-1841.txt, {LABEL}/* the "
        "folder. Leave it empty for no labels.",
    ).strip()
    with messages.shown_here() as failed:
        if written:
            check_pattern(written)
    return chosen if failed else written or None


def _choose_one(label: str, names: Mapping[_T, str], chosen: _T, explanation: str) -> _T:
    """Draw the options side by side, of which one is always chosen."""
    return st.segmented_control(
        label, list(names), format_func=names.__getitem__, default=chosen, required=True, help=explanation
    )


def _choose_columns(tables: list[Table], options: ReadOptions) -> ReadOptions:
    table = tables[0]
    if len(tables) > 1:
        names = [each.name for each in tables]
        shown = st.selectbox("Table", names, help="The columns below are looked for in each of them.")
        table = tables[names.index(shown)]
    text, label, identity = st.columns(3)
    columns = list(table.columns)
    with text:
        text_column = _choose_column("Text column", columns, table.text_column, required=True)
    with label:
        label_column = _choose_column(
            "Label column",
            columns,
            options.label_column,
            "A class of each row, to test whether vectors tell them apart.",
        )
    with identity:
        id_column = _choose_column("Id column", columns, options.id_column, "Names each row when it is cited.")
    answer = st.segmented_control(
        "The first row names the columns",
        list(_HEADERS),
        default=next(each for each, header in _HEADERS.items() if header == options.header),
        required=True,
    )
    header = _HEADERS[answer or "Guess"]
    st.dataframe(
        pd.DataFrame([[cell[:200] for cell in row] for row in table.rows], columns=columns),
        hide_index=True,
        height="content",
    )
    if header != options.header:
        return replace(options, header=header, text_column=None, label_column=None, id_column=None)
    chosen = text_column if options.text_column or text_column != table.text_column else None
    return replace(options, text_column=chosen, label_column=label_column, id_column=id_column)


def _choose_column(
    label: str, columns: list[str], chosen: str | None, explanation: str | None = None, required: bool = False
) -> str | None:
    offered: list[str | None] = [*columns] if required else [None, *columns]
    return st.selectbox(
        label,
        offered,
        index=offered.index(chosen) if chosen in offered else 0,
        format_func=lambda each: "None" if each is None else str(each),
        help=explanation,
    )


def _choose_encoding(reading: Reading, options: ReadOptions) -> ReadOptions:
    file = _choose_file(reading, options)
    given = options.encoding if file is None else dict(options.encodings).get(file)
    offered = [None, *ENCODINGS]
    if given not in offered:
        offered.append(given)
    used = {encoding for name, encoding in reading.encodings.items() if file in (None, name)}
    found = f"Found out: {', '.join(sorted(used))}" if used and not given and not options.encoding else "Find out"
    otherwise = f"As all files: {options.encoding}" if file is not None and options.encoding else found
    chosen = st.selectbox(
        "Encoding",
        offered,
        index=offered.index(given),
        key=f"encoding of {file}",
        format_func=lambda each: each or otherwise,
        help="How bytes stand for letters. Choose another one if letters with accents look wrong.",
    )
    if reading.samples or len(reading.encodings) > 1:
        st.caption("Do these look right? If not, choose the encoding.")
        st.dataframe(
            pd.DataFrame(
                [(name, encoding, reading.samples.get(name, "")) for name, encoding in reading.encodings.items()],
                columns=["File", "Read as", "Around its first special letter"],
            ),
            hide_index=True,
            height="content" if len(reading.encodings) < 6 else 220,
        )
    if file is None:
        return replace(options, encoding=chosen)
    others = {name: encoding for name, encoding in options.encodings if name != file}
    return replace(options, encodings=tuple(({**others, file: chosen} if chosen else others).items()))


def _ask_about_guesses(reading: Reading, options: ReadOptions) -> ReadOptions:
    """Show how the first letters outside ASCII were read where that is a guess, and how others would read them."""
    guessed = [(name, sample) for name, sample in reading.samples.items() if options.encoding_of(name) is None]
    for name, sample in guessed[:_ASKED]:
        used = reading.encodings[name]
        st.markdown(f"{messages.plain(name)} was read as {messages.plain(used)}, a guess: “{messages.plain(sample)}”")
        chosen = _choose_other(name, sample, used)
        if chosen:
            options = replace(options, encodings=(*options.encodings, (name, chosen)))
    return options


def _choose_other(name: str, sample: str, used: str) -> str | None:
    """Draw other encodings of file `name` by what they make of the sample; None while none is chosen."""
    others = dict(read_otherwise(sample, used))
    if not others:
        return None
    return st.radio(
        "If that looks wrong, choose what looks right:",
        list(others),
        index=None,
        format_func=lambda other: messages.plain(f"{others[other]} ({other})"),
        key=f"guess of {name} {used}",
    )


def _choose_file(reading: Reading, options: ReadOptions) -> str | None:
    """Draw the choice of the file whose encoding is set; None stands for all that have none of their own."""
    # Files that could not be read, or not in the encoding chosen for them, are offered too.
    unread = [problem.file for problem in reading.problems if not problem.used]
    names = list(dict.fromkeys([*reading.encodings, *(name for name, _ in options.encodings), *unread]))
    if len(names) < 2:
        return None
    return st.selectbox(
        "Encoding of",
        [None, *names],
        format_func=lambda each: each or "All files",
        help="Choose one file where only that one looks wrong.",
    )


def choose_tokenising(options: CorpusOptions, vectors: VectorFile | None, words: Sequence[str]) -> CorpusOptions:
    """Draw how text is cut into words; `vectors` is the chosen file, whose joined words can be joined too.

    `words` are the most frequent ones of the text, which tell what it may need.
    """
    with st.expander("How it is cut into words", icon=":material/content_cut:"):
        tokeniser = st.radio(
            "Tokeniser",
            list(_TOKENISERS),
            format_func=lambda each: _TOKENISERS[each][0],
            captions=[caption for _, caption in _TOKENISERS.values()],
            index=list(_TOKENISERS).index(options.tokeniser),
        )
        lowercase = st.toggle(
            "Lower-case every word",
            options.lowercase,
            help="GloVe 6B and most other files hold lower-case words only; GloVe 840B and fastText have both.",
        )
        fold = st.toggle(
            "All numbers become 0",
            options.fold_numbers,
            help="1998, 1,000 and 10:30 become one word, which every GloVe file has.",
        )
        phrases = st.toggle(
            "Join words that go together",
            options.phrases,
            help="new york becomes new_york where the two meet far more often than by chance. Most GloVe files have no "
            "joined words, so these start without a vector.",
        )
        options = replace(options, tokeniser=tokeniser, lowercase=lowercase, fold_numbers=fold)
        options = _follow_file(options, phrases, vectors)
        if tokeniser == "glove":
            punctuation = st.toggle(
                "Punctuation marks are words too",
                options.punctuation,
                help="GloVe 6B was made with them; without them more of each window is words.",
            )
            hyphens = _choose_one(
                "well-known is", _HYPHENS, options.hyphens, "GloVe 6B was made with two words: well, known."
            )
            options = replace(options, punctuation=punctuation, hyphens=hyphens)
        habits = st.pills(
            "Read as some vectors files have it",
            [habit for habit in _HABITS if habit in options.habits or _is_offered(habit, words)],
            format_func=_HABITS.__getitem__,
            selection_mode="multi",
            default=options.habits,
            help="Elision is for French, Italian and Catalan. Yeh, kaf and heh look alike in Arabic, Persian and Urdu "
            "and are other characters in each; keyboards mix them up. Names, tags, addresses, numbers and faces become "
            "<user>, <hashtag>, <url>, <number> and <smile>, as in GloVe's Twitter files; with the GloVe-like "
            "tokeniser only.",
        )
        return replace(options, habits=tuple(habits))


def _is_offered(habit: Habit, words: Sequence[str]) -> bool:
    """Whether a text of these words can use it here."""
    if habit in LETTERS:
        return any(_ARABIC.search(word) for word in words)
    return habit != "chinese" or has_segmenter()


def _follow_file(options: CorpusOptions, phrases: bool, vectors: VectorFile | None) -> CorpusOptions:
    """Take the joined words of the chosen file where words are joined, and say so."""
    without_file = replace(options, phrases=phrases, phrase_file="", phrase_member="", phrase_changed=0)
    if not phrases:
        return without_file
    if vectors is None:
        st.caption(
            "No vectors file is chosen: only pairs that meet often in the text are joined. Once you choose one, pairs "
            "that it has as one word, such as new_york, are joined too, however rare they are."
        )
        return without_file
    st.caption(
        f"Pairs that {messages.plain(vectors.name)} has as one word are joined too, however rare they are in the text."
    )
    return replace(
        without_file,
        phrase_file=str(vectors.path),
        phrase_member=vectors.member or "",
        phrase_changed=vectors.path.stat().st_mtime_ns,
    )
