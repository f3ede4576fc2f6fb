"""The table of what moved: order, filters, download and figures, on made-up numbers."""

import csv
import io

import numpy as np
import pytest

from core.comparison.candidates import Candidates
from core.comparison.figures import draw_histogram, draw_scatter
from core.comparison.movers import Movers, find_movers
from core.comparison.table import MovedTable, between, filter_words, sort_rows, write_moved_csv
from core.prose.cells import plain_cell

WORDS = ("=SUM(A1)", "bank", "<b>tag", "cat", "dog", "rare")


ALL = np.ones(6, bool)


def table(
    movers: Movers | None = None, *, new: np.ndarray = ~ALL, content: np.ndarray = ALL, right: int = 0
) -> MovedTable:
    """`right`: how much more often the right text has every word."""
    share = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], np.float32)
    change = np.array([0.1, 0.9, 0.2, np.nan, 0.3, 0.4], np.float32)
    counts = np.array([60, 50, 40, 30, 20, 5])
    candidates = Candidates(new.copy(), content.copy())
    return MovedTable(WORDS, counts, counts + right, candidates, share, share, share[::-1], share[::-1], change, movers)


@pytest.fixture
def movers() -> Movers:
    noise = np.full((3, 6), 0.2, np.float32) * np.exp(0.1 * np.random.default_rng(0).normal(size=(3, 6)))
    return find_movers(table().change, table().counts, {"seed": noise.astype(np.float32)})


def names(rows: np.ndarray) -> list[str]:
    return [WORDS[row] for row in rows]


def test_orders(movers: Movers) -> None:
    assert names(sort_rows(table(movers), "moved"))[0] == "bank"
    assert set(names(sort_rows(table(movers), "moved"))[-2:]) == {"cat", "rare"}
    assert names(sort_rows(table(movers), "stable"))[0] == "=SUM(A1)"
    assert names(sort_rows(table(), "count")) == list(WORDS)
    assert names(sort_rows(table(), "overlap"))[0] == "rare"
    assert names(sort_rows(table(), "change"))[0] == "bank"
    for order in ("moved", "stable", "count", "overlap", "change"):
        assert sorted(sort_rows(table(), order).tolist()) == list(range(6))  # type: ignore[arg-type]


def test_new_words_and_function_words_are_in_no_ranking(movers: Movers) -> None:
    new, function = np.array([word == "bank" for word in WORDS]), np.array([word == "dog" for word in WORDS])
    plain = table(movers)
    assert names(np.flatnonzero(plain.moved)) == ["bank", "dog"]
    found = table(movers, new=new, content=~function)
    assert not found.moved.any()
    assert not (found.shown & (new | function)).any()
    assert names(np.flatnonzero(found.ranked(with_function_words=True))) == [w for w in WORDS if w != "bank"]
    assert names(np.flatnonzero(found.ranked(with_function_words=False))) == [
        w for w in WORDS if w not in ("bank", "dog")
    ]
    points = [word for trace in draw_scatter(found).data if trace.mode == "markers" for word in trace.text]
    assert not {"bank", "dog"} & set(points)
    assert sum(int(trace.y.sum()) for trace in draw_histogram(found).data) == int(found.shown.sum())
    rows = list(csv.DictReader(io.StringIO(write_moved_csv(found, np.arange(6)).decode("utf-8-sig"))))
    assert [row["moved"] for row in rows if row["word"] in ("bank", "dog")] == ["not judged"] * 2
    assert [row["in_pretrained"] for row in rows] == ["yes", "no", "yes", "yes", "yes", "yes"]


def test_the_line_parts_what_moved_from_what_could_be_noise() -> None:
    """On many words with noise of their own: no grey point is above it, no coloured one below."""
    rng = np.random.default_rng(0)
    own = np.exp(rng.normal(size=400))
    noise = (0.02 * own * np.exp(0.2 * rng.normal(size=(4, 400)))).astype(np.float32)
    change = (0.02 * own * np.exp(0.2 * rng.normal(size=400) + np.where(np.arange(400) % 8, 0, 1.5))).astype(np.float32)
    counts, ones, no = rng.integers(20, 900, 400), np.ones(400, np.float32), np.zeros(400, bool)
    facts = MovedTable(
        tuple(f"w{i}" for i in range(400)), counts, counts, Candidates(no, ~no), ones, ones, ones, ones, change,
        find_movers(change, counts, {"documents": noise}),
    )  # fmt: skip
    figure = draw_scatter(facts)
    height_of = {trace.name.split(" (")[0]: trace.y for trace in figure.data}
    assert len(height_of["moved"]) == facts.moved.sum() > 20
    assert height_of["moved"].min() >= 1
    assert height_of["could be noise"].max() < 1
    assert set(height_of["called moved from here on"]) == {1}
    thresholds = next(trace.customdata[:, 1] for trace in figure.data if trace.name.startswith("moved"))
    assert thresholds.max() > 2 * thresholds.min()  # no line through bare changes would do


def test_the_file_counts_in_both_texts() -> None:
    text = write_moved_csv(table(right=7), np.arange(1), two_texts=True).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["count_left"], row["count_right"]) == ("60", "67")
    assert "count" not in row


def test_ten_thousand_words_are_looked_up() -> None:
    index = {word: row for row, word in enumerate(WORDS)}
    found = filter_words(" ".join([f"x{i}" for i in range(10_000)] + ["Cat", "bank", "cat"]), index)
    assert names(found.rows) == ["cat", "bank"]
    assert len(found.missing) == 10_000


def test_a_brushed_range_keeps_words_that_have_a_value(movers: Movers) -> None:
    assert names(np.flatnonzero(between(table(), 0.15, 0.35))) == ["<b>tag", "dog"]
    assert names(np.flatnonzero(between(table(movers), 3, 99))) == names(np.flatnonzero(movers.above > 3))[:-1]


def test_csv_runs_no_formula(movers: Movers) -> None:
    data = write_moved_csv(table(movers), np.arange(6))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["word"] for row in rows] == ["'=SUM(A1)", *WORDS[1:]]
    assert [row["moved"] for row in rows] == ["no", "yes", "no", "not judged", "yes", "not judged"]
    assert rows[3]["change"] == ""
    assert "moved" not in write_moved_csv(table(), np.arange(2)).decode()
    assert plain_cell("\t=1") == "'\t=1"
    assert plain_cell("-5") == "'-5"


def test_figures_show_every_word_once_and_escape_them(movers: Movers) -> None:
    plain, measured = draw_scatter(table()), draw_scatter(table(movers))
    assert sum(len(trace.x) for trace in plain.data) == 5
    points = [trace for trace in measured.data if trace.mode == "markers"]
    assert sorted(word for trace in points for word in trace.text) == ["&lt;b&gt;tag", "=SUM(A1)", "bank", "dog"]
    assert sum(int(trace.y.sum()) for trace in draw_histogram(table(movers)).data) == int(movers.judged.sum())
    assert sum(int(trace.y.sum()) for trace in draw_histogram(table()).data) == 5
