"""The answer: the verdict, every model beside it, and three questions from the text."""

from html import escape

import pandas as pd
import streamlit as st

from core.prose.numbers import count
from core.score.findings import WORTH
from core.score.scorecard import ClozeExample, Pick, Scorecard
from core.score.tables import choice_rows, model_rows, sign_numbers
from core.score.verdict import judge, title
from core.text.split import write_units
from pages.parts.did_it_help import gains
from pages.parts.did_it_help.job import Found
from pages.shared import messages, scoring
from pages.shared.appearance import figures
from pages.shared.cached import score_cache

_PICKED: dict[Pick, str] = {"gained": "Largest gain", "lost": "Largest loss", "drawn": "Drawn at random"}
_BLANK = "<b style='border-bottom:2px solid currentColor;padding:0 .35em'>{}</b>"


def show(found: Found) -> None:
    """Draw it."""
    _answer(found.card)
    st.header("Every model", anchor=False)
    _compare(found)
    gains.show(found)
    _ask(found.card)


def _answer(card: Scorecard) -> None:
    verdict = judge(card)
    colour, icon = scoring.LOOKS[verdict.outcome]
    with st.container(border=True):
        st.header(f":{colour}[{icon} {messages.plain(verdict.answer)}]", anchor=False)
        st.markdown(messages.plain(verdict.headline.removeprefix(f"{verdict.answer}. ")))
        for line in verdict.beside:
            st.markdown(messages.plain(line))
        if verdict.caveats:
            st.markdown("**But mind**")
            st.markdown("\n".join(f"- {messages.plain(caveat)}" for caveat in verdict.caveats))
        st.markdown("**What to do next**")
        st.markdown("\n".join(f"- {messages.plain(advice)}" for advice in verdict.advice))
        st.caption(
            f"From {count('question', card.positions)} about {write_units(card.unit, card.documents)} that the scored "
            "models have not seen. They were trained on the training part only; the models you compare and download "
            "were trained on all of the text."
        )


def _compare(found: Found) -> None:
    card = found.card
    figures.show(
        score_cache.forest(found.identity, tuple(model.name for model in card.models), card),
        "forest",
        f"Gain of {count('model', len(card.models) - 1)} and the placebo over the reference, with 95 % intervals. "
        "The table below has the same.",
        table=lambda: model_rows(card),
    )
    st.caption(
        "Dot: the gain measured. Line: where the true gain probably lies (95 % interval). Left of zero the reference "
        "is better; within the grey band differences are too small to matter. **Placebo**: the same training on "
        "your words in random order. What it gains has nothing to do with what your text says."
    )
    st.dataframe(
        sign_numbers(model_rows(card), {"Gain": 1}),
        hide_index=True,
        placeholder="–",
        column_config={
            "Model": st.column_config.TextColumn(width="medium"),
            "Alternatives beaten": st.column_config.NumberColumn(
                format="%.1f %%",
                help="Share of the alternatives that the hidden word beat, over all questions; guessing gives 50 %.",
            ),
            "Likely between": st.column_config.TextColumn(help="95 % interval, in per cent."),
            "Gain": st.column_config.NumberColumn(help="Over the reference, in points of per cent."),
            "Gain likely between": st.column_config.TextColumn(help="95 % interval of the gain, document by document."),
            "Dose": st.column_config.NumberColumn(
                format="%.3f", help="Share of the change that was kept, chosen on the development part."
            ),
            "Training": st.column_config.NumberColumn(format="%.1f s", help="Of the scored models, all splits."),
        },
    )


def _ask(card: Scorecard) -> None:
    if not card.examples:
        return
    questions = count("question", len(card.examples))
    st.header(f"What was asked: {questions} from your text", anchor=False)
    st.markdown(
        "A word is hidden. The model sees up to five words on each side and rates the hidden word and up to ten "
        "alternatives of about the same frequency by how well they fit (cosine similarity, 1 at best). The score is "
        "the share of the alternatives that the hidden word, marked ✓, beats."
    )
    if all(example.pick for example in card.examples):
        of = " of the first split" if card.splits > 1 else ""
        st.caption(
            f"These were picked by their numbers alone, from the questions{of}: where the judged model gained most on "
            "the reference, where it lost most, and one drawn at random. The first two are extremes; do not judge by "
            "them. "
            f"{WORTH}"
        )
    else:
        st.caption(WORTH)
    columns = st.columns(len(card.examples), gap="medium")
    for place, (column, example) in enumerate(zip(columns, card.examples, strict=True)):
        with column, st.container(border=True, height="stretch"):
            _draw_question(card, example, place)


def _draw_question(card: Scorecard, example: ClozeExample, place: int) -> None:
    ours, theirs = title(card.model(card.chosen)), title(card.model(card.reference))
    if example.pick:
        st.caption(_PICKED[example.pick])
    st.markdown(
        f"The hidden word beats **{example.beaten:g} of {count('alternative', example.alternatives)}** with "
        f"{messages.plain(ours)}; {example.reference_beaten:g} with {messages.plain(theirs)}."
    )
    before, after = (escape(" ".join(part)) for part in (example.before, example.after))
    st.html(f"<p style='line-height:1.6;overflow-wrap:anywhere'>… {before} {_BLANK.format('?')} {after} …</p>")
    st.caption(f"From {messages.plain(example.document)}; the hidden word is **{messages.plain(example.word)}**.")
    rows = pd.DataFrame(choice_rows(card, place))
    fits = {
        "Judged": st.column_config.NumberColumn(format="%.2f", width="small", help=messages.plain(ours)),
        "Reference": st.column_config.NumberColumn(format="%.2f", width="small", help=messages.plain(theirs)),
    }
    st.dataframe(rows, hide_index=True, height="content", column_config=fits)
