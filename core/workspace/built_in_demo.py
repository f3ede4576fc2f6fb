"""Everything the built-in demo needs, computed beforehand: in front of people the first click shows maps at once."""

from collections.abc import Sequence
from itertools import combinations

from core.config import default_config
from core.methods import METHODS
from core.models.runs import train_run
from core.pretrained.index import build_index
from core.pretrained.vectors import open_pretrained
from core.progress import Progress, portion, silent
from core.score.store import ScoreRequest, score_models
from core.workspace.asked_runs import Run, choose_sides, identify, make_runs
from core.workspace.demo_data import (
    DEMO_NAME,
    DEMO_READING,
    build_demo_vectors,
    counted_vectors,
    demo_uploads,
    demo_vectors,
)
from core.workspace.demo_sessions import BUILT_IN, DemoSession, Step, save_demo
from core.workspace.scores.usual import group_runs, plan_score
from core.workspace.texts import TextChoice, keep_uploads, kept_text
from core.workspace.workspace import NamedText, ScoreForm, ShownScore, Workspace

DEMO_STRATEGIES = ("tied", "scratch", "pretrained")
"""What the Train page offers ticked."""


def prepare_demo(progress: Progress = silent, *, score: bool = True) -> str:
    """Build vectors, train the Train page's usual models, lay their maps out, score them; gives the demo's identity.

    What is there already is taken as it is, so that a second call takes seconds.

    Raises:
        UserError: gensim was installed without its test data, or the disk is full.
        Cancelled: out of `progress`.
    """
    vectors_path = demo_vectors()
    report = portion(progress, 0, 0.1, "vectors: ")
    if vectors_path == counted_vectors():
        build_demo_vectors(report)
    else:
        build_index(report, vectors_path)
    text = TextChoice(keep_uploads(demo_uploads()), DEMO_READING)
    corpus = kept_text(text).corpus
    vectors = open_pretrained(vectors_path, corpus.words)
    configs = [default_config(each, corpus.n_tokens, vector_size=vectors.vector_size) for each in DEMO_STRATEGIES]
    wanted = identify(corpus, vectors, configs)
    runs = make_runs(corpus, vectors, wanted, source=text, vectors_path=vectors_path)
    for number, run in enumerate(runs):
        name = METHODS[run.config.strategy].name
        report = portion(progress, 0.1 + 0.15 * number, 0.25 + 0.15 * number, f"{name}: ")
        train_run(report, *run.inputs, run.config)
    _lay_out(list(wanted), portion(progress, 0.55, 0.75, "maps: "))
    request = _request(runs)
    if score:
        score_models(portion(progress, 0.75, 1, "scorecard: "), request)
    left, right = choose_sides(wanted)
    workspace = Workspace(
        text=text,
        texts=(NamedText(DEMO_NAME, text),),
        vectors=vectors_path,
        # named, so that no visitor who has looked at it takes the scorecard along when erasing a workspace
        score=ScoreForm(shown=ShownScore(request.identity, request.corpus_folder.name)),
        runs=runs,
        left=left,
        right=right,
    )
    from_what = "vectors from Wikipedia" if vectors_path == counted_vectors() else "GloVe"
    demo = DemoSession(f"News, with {from_what}", _steps(runs), workspace)
    progress(1.0, "done")
    return save_demo(demo, BUILT_IN)


def _lay_out(runs: list[str], progress: Progress) -> None:
    """Every pair's maps, as the Maps page draws them first."""
    from core.maps.layout import LayoutSettings
    from core.maps.pair_store import LayoutOrder, PairOrder, keep_layout
    from core.maps.word_sample import MOST_MAPPED_WORDS

    pairs = list(combinations(sorted(runs), 2))  # the page asks for either order as for this one
    for number, pair in enumerate(pairs):
        report = portion(progress, number / len(pairs), (number + 1) / len(pairs))
        keep_layout(report, LayoutOrder(PairOrder(*pair, MOST_MAPPED_WORDS), LayoutSettings(), "joint"))


def _request(runs: Sequence[Run]) -> ScoreRequest:
    """What the page Did it help? asks for before anything is changed there."""
    titles = {run.id: METHODS[run.config.strategy].name for run in runs}
    request = plan_score(group_runs(runs)[0], titles, ScoreForm())
    assert request is not None
    return request


def _steps(asked: Sequence[Run]) -> tuple[Step, ...]:
    runs = {run.config.strategy: run.id for run in asked}
    scratch, tuned, pretrained = runs["scratch"], runs["tied"], runs["pretrained"]
    return (
        Step(
            "300 news documents. On the left, vectors learned from them alone; on the right, vectors that had read "
            "Wikipedia first and were then fine-tuned. Hover any word: it lights up on both maps.",
            left=scratch,
            right=tuned,
        ),
        Step(
            "“australia” is pinned: the rings show which neighbours the two models share and which only one has; the "
            "lists are below the maps.",
            left=scratch,
            right=tuned,
            pins=("australia",),
        ),
        Step(
            "Now the vectors before fine-tuning on the left: a word that did not change stands in the same place on "
            "both maps, and a region has one colour and one name. Zoom in: its parts have names, too.",
            left=pretrained,
            right=tuned,
            pins=("australia",),
        ),
        Step(
            "Did fine-tuning help? Models are asked to fill in words in documents that they have not seen.",
            page="did_it_help",
        ),
        Step("And this is where your own text goes.", page="data"),
    )
