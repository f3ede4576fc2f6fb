"""Everything the built-in demo needs, computed beforehand: in front of people the first click shows maps at once."""

from dataclasses import asdict
from itertools import combinations
from typing import Any

from core.config import TrainConfig, default_config
from core.methods import METHODS
from core.models.runs import load_run, train_run
from core.pretrained.vectors import open_pretrained
from core.progress import Progress, portion, silent
from core.score.store import ScoreRequest, score_models
from core.text.corpus import CorpusOptions
from core.workspace.demo_data import DEMO_READING, build_demo_vectors, demo_uploads
from core.workspace.demo_sessions import BUILT_IN, DemoSession, Step, save_demo
from core.workspace.records import choose_sides, identify, inputs, make_records
from core.workspace.texts import keep_uploads, kept_text

DEMO_STRATEGIES = ("tuned", "scratch", "pretrained")
"""What the Train page offers ticked."""


def prepare_demo(progress: Progress = silent, *, score: bool = True) -> str:
    """Build vectors, train the Train page's usual models, lay their maps out, score them; gives the demo's identity.

    What is there already is taken as it is, so that a second call takes seconds.

    Raises:
        UserError: gensim was installed without its test data, or the disk is full.
        Cancelled: out of `progress`.
    """
    vectors_path = build_demo_vectors(portion(progress, 0, 0.1, "vectors: "))
    upload = keep_uploads(demo_uploads())
    corpus = kept_text(upload, DEMO_READING, CorpusOptions()).corpus
    vectors = open_pretrained(vectors_path, corpus.words)
    configs = [default_config(each, corpus.n_tokens, vector_size=vectors.vector_size) for each in DEMO_STRATEGIES]
    wanted = identify(corpus, vectors, configs)
    source = {
        "upload": upload,
        "reading": asdict(DEMO_READING),
        "tokenising": asdict(CorpusOptions()),
        "vectors_path": str(vectors_path),
        "member": None,
    }
    records = make_records(corpus, vectors, wanted, source)
    for number, record in enumerate(records):
        name = METHODS[record["config"]["strategy"]].name
        report = portion(progress, 0.1 + 0.15 * number, 0.25 + 0.15 * number, f"{name}: ")
        train_run(report, *inputs(record), wanted[record["id"]])
    _lay_out(list(wanted), portion(progress, 0.55, 0.75, "maps: "))
    request = _request(records)
    if score:
        score_models(portion(progress, 0.75, 1, "scorecard: "), request)
    fields = {name: source[name] for name in ("upload", "reading", "tokenising", "member")}
    workspace: dict[str, Any] = {
        **fields,
        "vectors": str(vectors_path),
        "settings": {},
        # named, so that no visitor who has looked at it takes the scorecard along when erasing a workspace
        "score": {"shown": {"identity": request.identity, "text": request.corpus_folder.name}},
        "runs": records,
        **choose_sides(wanted),
    }
    demo = DemoSession("News, with vectors from Wikipedia", _steps(records), workspace)
    progress(1.0, "done")
    return save_demo(demo, BUILT_IN)


def _lay_out(runs: list[str], progress: Progress) -> None:
    """Every pair's maps in both orders, as the Compare page draws them first."""
    from core.comparison.pair import match_words
    from core.maps.layout import LayoutSettings
    from core.maps.pair_layout import lay_out_pair

    pairs = [(a, b) for one, other in combinations(runs, 2) for a, b in ((one, other), (other, one))]
    for number, (left, right) in enumerate(pairs):
        sides = load_run(left), load_run(right)
        report = portion(progress, number / len(pairs), (number + 1) / len(pairs))
        lay_out_pair(*sides, match_words(*sides), LayoutSettings(), progress=report)


def _request(records: list[dict[str, Any]]) -> ScoreRequest:
    """What the Scorecard page asks for before anything is changed there."""
    corpus_folder, rows_folder = inputs(records[0])
    by_strategy = {record["config"]["strategy"]: record for record in records}
    configs = tuple(
        (METHODS[strategy].name, TrainConfig(**record["config"])) for strategy, record in by_strategy.items()
    )
    return ScoreRequest(
        corpus_folder=corpus_folder,
        rows_folder=rows_folder,
        configs=configs,
        chosen=METHODS["tuned"].name,
        reference=METHODS["pretrained"].name,
        seed=int(records[0]["config"]["seed"]),
    )


def _steps(records: list[dict[str, Any]]) -> tuple[Step, ...]:
    runs = {record["config"]["strategy"]: record["id"] for record in records}
    scratch, tuned, pretrained = runs["scratch"], runs["tuned"], runs["pretrained"]
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
            "both maps. Orange words are those that the vectors file lacked.",
            left=pretrained,
            right=tuned,
            pins=("australia",),
        ),
        Step(
            "Did fine-tuning help? Models are asked to fill in words in documents that they have not seen.",
            page="scorecard",
        ),
        Step("And this is where your own text goes.", page="data"),
    )
