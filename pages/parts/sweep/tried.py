"""What came out, and every setting that was tried, also while others are still being tried."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from core.methods import METHODS
from core.models.runs import has_run
from core.prose.numbers import count, write_share
from core.score.sweep.chosen import describe_choice
from core.score.sweep.figures import describe_figure, draw_tried
from core.score.sweep.plan import all_settings, describe_values, find_varied, setting_of_values
from core.score.sweep.ranges import SettingValue
from core.score.sweep.record import SweepRecord, TestedSetting, TriedSetting
from core.score.sweep.store import find_sweep
from core.text.split import write_units
from core.workspace.asked_runs import identify
from pages.parts.sweep.form import TITLES, Asked
from pages.shared import guards, messages, navigation, presses, progress, runs, scoring, session
from pages.shared.appearance import figures
from pages.shared.cached import server

_LOOK_SECONDS = 2.0


def answer(asked: Asked) -> None:
    """What came out, where it is known."""
    record = find_sweep(asked.order.identity)
    if record is not None and record.chosen is not None and record.test is not None:
        _answer(asked, record, record.chosen, record.test)


def show(asked: Asked, active: bool) -> None:
    """Draw every setting; again and again while it is `active`."""
    if active:
        _watch(asked)
        return
    record = find_sweep(asked.order.identity)
    if record is not None:
        _draw(asked, record)


@guards.fragment(run_every=_LOOK_SECONDS)
def _watch(asked: Asked) -> None:
    record = find_sweep(asked.order.identity)
    if record is not None:
        _draw(asked, record, active=True)


def _answer(asked: Asked, record: SweepRecord, chosen: TriedSetting, test: TestedSetting) -> None:
    file = None if test.reference is None else asked.files[test.reference].name
    said = describe_choice(_named(asked, record), file)
    with st.container(border=True):
        if test.outcome is not None:
            colour, icon = scoring.LOOKS[test.outcome]
            answer, _, rest = said.partition(": ")
            st.header(f":{colour}[{icon} {messages.plain(answer)}]", anchor=False)
            st.markdown(messages.plain(f"{rest[0].upper()}{rest[1:]}"))
        else:
            st.markdown(messages.plain(said))
        st.caption(
            f"From {count('question', test.questions)} about {write_units(test.unit, test.documents)}; the choice from "
            f"{record.questions:,} others. "
            + (
                ""
                if test.placebo is None
                else f"The same setting on the words in random order reaches {write_share(test.placebo.cloze)}."
            )
        )
        _offer(asked, chosen, "chosen", primary=True)


def _draw(asked: Asked, record: SweepRecord, *, active: bool = False) -> None:
    """The figure, the table, and below it what can be done with its row."""
    if not record.settings:
        return
    tried = {repr(each.values): each for each in record.settings}
    planned = _plan(asked, record)
    scores = [tried[key].development if (key := repr(values)) in tried else None for values in planned]
    names = find_varied(planned)
    done = f"{len(tried):,} of {count('setting', record.planned)}"
    st.header("Every setting" if len(tried) == record.planned else f"{done} so far", anchor=False)
    shown = [_name(asked, values, short=True) for values in planned]
    if names and any(score is not None for score in scores):
        figures.show(
            draw_tried(shown, scores, names, TITLES),
            key="sweep-filling-figure" if active else "sweep-figure",
            alt=describe_figure(shown, scores, names),
            table=lambda: pd.DataFrame([_row(asked, each, names) for each in record.settings]),
        )
        st.caption(
            "Score: the share of the alternatives that a hidden word is preferred to, on the development part; "
            "guessing gives 50 %. Small differences may well be chance."
        )
    ranked = sorted(record.settings, key=lambda each: -(each.development or 0.0))
    _tabulate(asked, ranked, names, active, None if record.test is None else record.chosen)


def _plan(asked: Asked, record: SweepRecord) -> list[Mapping[str, SettingValue]]:
    """The values of all settings that are tried, also of those whose turn has not come."""
    if record.search == "optuna":
        return [each.values for each in record.settings]
    return [setting.values for setting in all_settings(asked.order.plan, asked.corpus.n_tokens)]


def _name(asked: Asked, values: Mapping[str, SettingValue], *, short: bool = False) -> dict[str, SettingValue]:
    """`values` with strategy and vectors file called as people know them; without the file, where all have the same."""
    method = METHODS[str(values["strategy"])]
    named = {**values, "strategy": (method.short if short else "") or method.name}
    file = named.pop("vectors", None)
    if file is not None and len(asked.files) > 1:
        named["vectors"] = asked.files[str(file)].name
    return named


def _named(asked: Asked, record: SweepRecord) -> SweepRecord:
    """`record` with all its settings so."""
    settings = tuple(replace(each, values=_quote(asked, each.values)) for each in record.settings)
    chosen = None if record.chosen is None else replace(record.chosen, values=_quote(asked, record.chosen.values))
    return replace(record, settings=settings, chosen=chosen)


def _quote(asked: Asked, values: Mapping[str, SettingValue]) -> dict[str, SettingValue]:
    named = _name(asked, values)
    return {**named, "strategy": f"“{named['strategy']}”"}


def _tabulate(
    asked: Asked, ranked: Sequence[TriedSetting], names: Sequence[str], active: bool, chosen: TriedSetting | None
) -> None:
    """`chosen`: the setting that is offered above as a model, where one is."""
    table = pd.DataFrame([_row(asked, each, names) for each in ranked])
    columns = {
        "Score": st.column_config.NumberColumn(
            format="%.2f %%", help="On the development part, mean over the seeds. The settings are chosen by it."
        ),
        "Dose": st.column_config.NumberColumn(
            format="%.3f", help="Share of the change that is kept, chosen on the development part; of the first seed."
        ),
        "Seconds": st.column_config.NumberColumn(format="%.1f", help="That its trainings took."),
    }
    if active:
        st.dataframe(table, hide_index=True, placeholder="–", column_config=columns, key="sweep-filling")
        return
    picked = st.dataframe(
        table,
        hide_index=True,
        placeholder="–",
        column_config=columns,
        on_select="rerun",
        selection_mode="single-row",
        key=f"sweep-table-{asked.order.identity}",
    )
    rows = picked["selection"]["rows"]
    if not rows or rows[0] >= len(ranked):
        st.caption("Choose a row to have that setting as a model, trained on the whole text.")
        return
    setting = ranked[rows[0]]
    st.markdown(f"**{messages.plain(describe_values(_quote(asked, setting.values), names))}**")
    _offer(asked, setting, "row", primary=False, is_above=chosen is not None and chosen.values == setting.values)


def _row(asked: Asked, tried: TriedSetting, names: Sequence[str]) -> dict[str, Any]:
    values = _name(asked, tried.values)
    found: dict[str, Any] = {TITLES.get(name, name): values.get(name) for name in names}
    found |= {
        "Score": None if tried.development is None else 100 * tried.development,
        "Dose": tried.seeds[0].dose,
        "Seconds": tried.seconds,
    }
    return {**found, "Problem": messages.hide_folders(tried.problem)} if tried.problem else found


def _offer(asked: Asked, tried: TriedSetting, place: str, *, primary: bool, is_above: bool = False) -> None:
    """Have that setting as a model of the whole text: ask for it, see how far it is, or go to it.

    `is_above`: how far it is stands above already, once on the page.
    """
    setting = setting_of_values(asked.order.plan, tried.values, asked.corpus.n_tokens)
    start = asked.files.get(setting.vectors or "") or next(iter(asked.files.values()), None)
    rows, file = (None, None) if start is None else (start.rows, start.file)
    wanted = identify(asked.corpus, rows, [setting.config], session.workspace().runs)
    (identity,) = wanted
    if any(run.id == identity for run in session.workspace().runs):
        jobs, status = server.training_jobs(), None
        if not has_run(identity):
            status = jobs.status(identity) if is_above else progress.follow(jobs, identity)
        if status is None or not status.active:
            navigation.link("models", "It is among your models")
        return
    if presses.button(
        "Make this model of the whole text",
        type="primary" if primary else "secondary",
        icon=":material/model_training:",
        key=f"sweep-open-{place}",
        about=identity,
    ):
        source = session.workspace().text
        assert source is not None
        with messages.shown_here() as failed:
            runs.order(source, asked.corpus, rows, wanted, file)
        if not failed:
            st.rerun()
