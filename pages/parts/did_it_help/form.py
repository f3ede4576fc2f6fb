"""What to score: which models of one text, which of them is judged, and against which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.config import SEED, TrainConfig
from core.score.splits import Effort
from core.score.store import ScoreRequest, keep_pairs, load_pairs, model_key
from core.score.word_pairs import read_word_pairs
from core.text.corpus import load_corpus
from core.text.reading.text_names import unique_name
from core.workspace.scores.usual import (
    ScoreGroup,
    find_contenders,
    group_runs,
    name_contenders,
    request_score,
    usual_judged,
    usual_reference,
)
from pages.shared import messages, navigation, presses, runs, scoring, session
from pages.shared.steps import missing

_SHOWN_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for.

    Attributes:
        request: for the job.
        names: title of each model of this text, by `model_key`.
        limit: seconds after which scoring is given up.
        effort: what it will take, by estimate.
    """

    request: ScoreRequest
    names: dict[str, str]
    limit: float
    effort: Effort


def choose() -> Asked | None:
    """Draw the form; None, with the next action on the page, while there is nothing to score.

    Raises:
        RunError: the vectors are no longer there.
    """
    groups = group_runs(runs.finished())
    if not groups:
        missing.offer_models("There is nothing to test yet.")
        return None
    group = _choose_group(groups)
    picked = _choose_models(group)
    if not picked:
        st.info("Choose at least one model to score.", icon=":material/arrow_upward:")
        return None
    configs = find_contenders(group, picked)
    if len(configs) < 2:
        st.info("There is nothing to compare this model with. Train a second one.", icon=":material/info:")
        navigation.offer("train", "Train another model")
        return None
    titles = name_contenders(configs, _titles(group))
    chosen, reference = _choose_roles(picked, titles, configs)
    seed, pairs = _choose_rest(group, configs[chosen])
    request = request_score(group, configs, titles, picked, (chosen, reference), seed, pairs)
    names = {model_key(config): titles[identity] for identity, config in configs.items()}
    return Asked(request, names, scoring.find_limit(group.runs), scoring.find_effort(request))


def _titles(group: ScoreGroup) -> dict[str, str]:
    return runs.names(group.runs, with_text=False)  # all are of one


def _choose_group(groups: Sequence[ScoreGroup]) -> ScoreGroup:
    if len(groups) == 1:
        return groups[0]
    titles: list[str] = []
    for group in groups:
        titles.append(unique_name(_name_group(group), titles))
    used = session.workspace().text
    text = "" if used is None else used.id
    place = st.selectbox(
        "Text and vectors",
        range(len(groups)),
        next((place for place, group in enumerate(groups) if _is_of(group, text)), 0),
        format_func=titles.__getitem__,
        key=f"score-group-{len(groups)}-{text[:6]}",
        help="Scores can be compared only between models of the same text and the same vectors.",
        persist_state="session",
    )
    return groups[place]


def _is_of(group: ScoreGroup, text: str) -> bool:
    return any(run.source is not None and run.source.id == text for run in group.runs)


def _name_group(group: ScoreGroup) -> str:
    first = next((run for run in group.runs if run.rows_folder == group.rows_folder), group.runs[0])
    text = runs.text_names([first])[first.id]
    return f"{text} with {first.vectors}" if group.rows_folder else f"{text}, without vectors"


def _choose_models(group: ScoreGroup) -> list[str]:
    titles = _titles(group)
    left_out = session.workspace().score.left_out
    picked: list[str] = st.multiselect(
        "Models to score",
        list(titles),
        default=[identity for identity in titles if identity not in left_out],
        format_func=titles.__getitem__,
        key=f"score-models-{'-'.join(identity[:4] for identity in titles)}",
    )
    dropped = [identity for identity in titles if identity not in picked]
    _keep(left_out=(*(each for each in left_out if each not in titles), *dropped))
    return picked


def _choose_roles(picked: list[str], titles: dict[str, str], configs: dict[str, TrainConfig]) -> tuple[str, str]:
    """Which model the verdict is about, and which one it is compared with."""
    saved = session.workspace().score
    usual = usual_judged(configs, picked)
    before = saved.chosen
    left, right = st.columns(2)
    chosen = left.selectbox(
        "Judge",
        picked,
        index=picked.index(before if before in picked else usual),
        format_func=titles.__getitem__,
        help="The verdict is about this model.",
    )
    others = [identity for identity in configs if identity != chosen]
    untouched = usual_reference(configs, chosen)
    before = saved.reference
    reference = right.selectbox(
        "Against",
        others,
        index=others.index(before if before in others else untouched),
        format_func=titles.__getitem__,
        help="What it is compared with. The best model without pretrained vectors is always looked at as well.",
    )
    # only what differs from the usual is kept, so that a better model made later becomes the usual one
    _keep(chosen=None if chosen == usual else chosen, reference=None if reference == untouched else reference)
    return str(chosen), str(reference)


def _choose_rest(group: ScoreGroup, config: TrainConfig) -> tuple[int, tuple[str, ...]]:
    with st.expander("Seed and your own word pairs", icon=":material/tune:"):
        left, right = st.columns(2)
        saved = session.workspace().score.seed
        with left:
            seed = st.number_input(
                "seed of the test",
                int(SEED.minimum),
                int(SEED.maximum),
                config.seed if saved is None else saved,
                key=f"score-seed-{config.seed}",
                help="Decides which documents are kept for testing and which words are asked. The same seed gives the "
                "same scores; another one is another, equally fair test.",
                persist_state="session",
            )
            _keep(seed=None if seed == config.seed else int(seed))
        with right:
            pairs = _own_pairs(group)
    return int(seed), pairs


def _own_pairs(group: ScoreGroup) -> tuple[str, ...]:
    """Digest of the uploaded list, if there is one."""
    file = st.file_uploader(
        "Your own word pairs",
        type=["csv", "tsv", "txt"],
        key="score-pairs",
        help="How alike two words are in your field: word, word, score on each line, on any scale (coast, shore, 8.7). "
        "A line of four words is an analogy: a is to b as c is to d.",
    )
    if file is not None and session.recall("taken-pairs") != file.file_id:
        with messages.shown_here():  # a list that cannot be read leaves the one in use where it is
            session.check_own()
            lowercase = load_corpus(group.corpus_folder).options.lowercase
            read = read_word_pairs(file.getvalue(), file.name, lowercase=lowercase)
            _keep(pairs=keep_pairs(read))
            session.remember("taken-pairs", file.file_id)
    digest = session.workspace().score.pairs
    if digest is None:
        return ()
    with messages.shown_here() as gone:
        kept = load_pairs(digest)
    if gone:
        _keep(pairs=None)
        return ()
    analogies = f" and {len(kept.analogies):,} analogies" if kept.analogies else ""
    st.caption(f"**{messages.plain(kept.name)}**: {len(kept.pairs):,} pairs{analogies} will be judged too.")
    for problem in kept.problems[:_SHOWN_PROBLEMS]:
        st.caption(f":material/warning: {messages.plain(problem)}")
    if len(kept.problems) > _SHOWN_PROBLEMS:
        st.caption(f"… and {len(kept.problems) - _SHOWN_PROBLEMS:,} more lines that could not be used.")
    if presses.button("Do without them", about=digest, icon=":material/close:"):
        _keep(pairs=None)
        st.rerun()
    return (digest,)


def _keep(**changes: Any) -> None:
    """Remember fields of the form."""
    session.update(score=replace(session.workspace().score, **changes))
