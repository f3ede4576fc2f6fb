"""Scoring in the background, and which scorecard is shown meanwhile."""

from dataclasses import dataclass, replace

import streamlit as st

from core.prose.numbers import count, readable_seconds
from core.score.scorecard import Scorecard
from core.score.store import has_score
from core.workspace.workspace import ShownScore
from pages.parts.did_it_help.form import Asked
from pages.shared import messages, presses, progress, scoring, session
from pages.shared.cached import score_cache, server


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A scorecard to show, and its identity in the store."""

    identity: str
    card: Scorecard


def find(asked: Asked) -> Found | None:
    """The scorecard of what is asked for; until it is there the last one shown, named as such, or none.

    Raises:
        RunError: the stored scorecard is damaged.
    """
    identity = asked.request.identity
    if not has_score(identity):
        if _offer(asked, identity):
            return None
        before = session.workspace().score.shown
        if before is None or before.text != asked.request.corpus_folder.name or not has_score(before.identity):
            _explain(asked)
            return None
        identity = before.identity
    card = score_cache.scorecard(identity, tuple(sorted(asked.names.items())))
    if identity != asked.request.identity:
        st.warning(_tell_apart(card), icon=":material/history:")
    shown = ShownScore(identity, asked.request.corpus_folder.name)
    session.update(score=replace(session.workspace().score, shown=shown))
    return Found(identity, card)


def _tell_apart(card: Scorecard) -> str:
    """Why `card` is not what is asked for."""
    if card.is_earlier:
        return "The scores below were made by an earlier version, by other rules. Score the models again."
    return "The scores below were made with other models, roles, seed or word pairs than those chosen now."


def _offer(asked: Asked, identity: str) -> bool:
    """The button, or how far the work is; True while it goes on."""
    jobs = server.training_jobs()
    key = scoring.key_of(identity)
    status = progress.follow(jobs, key)
    if status is not None and status.active:
        st.caption("You may leave this page; the work goes on.")
        return True
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "Scoring failed."), icon=":material/error:")
    elif status is not None and status.state == "cancelled":
        st.caption("Scoring was cancelled. Models that were finished are kept.")
    models = len(asked.request.configs)
    st.caption(messages.plain(_estimate(asked)))
    label = f"Score these {models} models"
    if presses.button(label, about=identity, type="primary", icon=":material/fact_check:"):
        with messages.shown_here() as failed:
            scoring.submit(asked.request, asked.limit)
        if not failed:
            st.rerun()
    return False


def _estimate(asked: Asked) -> str:
    """How long it will take, as busy as the server is now."""
    effort, jobs = asked.effort, server.training_jobs()
    least, most = (
        readable_seconds(jobs.expect_end(session.visitor(), [(scoring.KIND, seconds)]))
        for seconds in (effort.least_seconds, effort.most_seconds)
    )
    if effort.fewest == effort.most:
        return f"Takes about {least}: the text is split {count('time', effort.most)}."
    return (
        f"Takes about {least} where {'one split' if effort.fewest == 1 else f'{effort.fewest} splits'} of the text "
        f"{'tells' if effort.fewest == 1 else 'tell'} enough, and up to {most} where it takes {effort.most}."
    )


def _explain(asked: Asked) -> None:
    st.caption(
        "About 70 % of the text is for learning, 15 % for choices such as the dose, 15 % for the test, "
        f"with other parts again up to {asked.effort.most:d} times, until it is known well enough which is better. One "
        "more model is the placebo: the same training as the judged model's, on your words in random order."
    )
