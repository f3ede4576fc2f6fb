"""Texts of a workspace: named, switched, split, renamed, removed; nothing that was made changes by it."""

import json
from dataclasses import replace

import pytest
from making import csv_of

from core.comparison.study.texts import StudyText
from core.config import TrainConfig
from core.errors import CorpusError
from core.progress import silent
from core.system.files import cache_folder
from core.system.typed_json import encode_record, from_values
from core.text.corpus import build_corpus
from core.text.part import LabelSource, TextPart
from core.text.reading.documents import Document, ReadOptions
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.asked_runs import Run
from core.workspace.erasure import plan_text_removal
from core.workspace.named_texts import (
    add_parts,
    find_text,
    list_texts,
    remove_text,
    rename_text,
    runs_of,
    text_in_use,
    use_text,
)
from core.workspace.store import merge_changes
from core.workspace.text_pairs import plan_pair, propose_pair, shares_documents, tell_sizes
from core.workspace.texts import (
    TextChoice,
    TextSize,
    has_text,
    keep_parts,
    keep_texts,
    keep_uploads,
    kept_text,
    measure_text,
)
from core.workspace.uses import named_by
from core.workspace.workspace import NamedText, Workspace


def run_called(identity, source, text="text"):
    return Run(identity, TrainConfig(strategy="counts"), text, cache_folder("texts", "gone"), source=source)


def upload(name, content=b"Some words."):
    return TextChoice(keep_uploads([Upload(name, content)]))


def test_a_text_of_an_early_workspace_is_named_by_its_file():
    choice = upload("mine.txt")
    assert list_texts(Workspace(text=choice)) == (NamedText("mine", choice),)
    assert text_in_use(Workspace(text=choice)).name == "mine"
    assert list_texts(Workspace(text=TextChoice("gone")))[0].name == "text"
    assert list_texts(Workspace()) == ()


def test_texts_come_with_names_of_their_own_and_pins_belong_to_them():
    first, second = upload("mine.txt"), upload("mine.txt", b"Other words.")
    workspace = use_text(Workspace(), first)
    workspace = replace(workspace, pins=("dog",))
    workspace = use_text(workspace, second)
    assert [text.name for text in list_texts(workspace)] == ["mine", "mine 2"]
    assert workspace.pins == ()
    workspace = use_text(replace(workspace, pins=("cat",)), first)
    assert workspace.pins == ("dog",)
    assert workspace.text == first
    assert use_text(workspace, second).pins == ("cat",)


def test_another_way_to_read_it_leaves_it_the_same_text():
    choice = upload("mine.txt")
    workspace = replace(use_text(Workspace(), choice), pins=("dog",))
    cased = replace(choice, tokenising=CorpusOptions(lowercase=False))
    changed = use_text(workspace, cased)
    assert changed.texts == (NamedText("mine", cased),)
    assert changed.pins == ("dog",)


def test_parts_are_texts_and_the_whole_stays_in_use():
    whole = upload("sotu 1790-2018.txt")
    workspace = use_text(Workspace(), whole)
    parts = [
        ("before", TextPart(years=(1790, 1899))),
        ("", TextPart(years=(1900, 2018))),
        ("Before", TextPart(labels=("a",))),
    ]
    split = add_parts(workspace, whole, parts)
    assert [text.name for text in split.texts] == ["sotu 1790-2018", "before", "1900-2018", "Before 2"]
    assert split.text == whole
    assert add_parts(split, whole, parts) == split
    assert from_values(_json(split), Workspace) == split
    uses = named_by(split)
    assert {text.choice.key for text in split.texts} <= uses.opened
    assert uses.uploads == {whole.upload}


def _json(workspace):
    return json.loads(encode_record(workspace))


def test_a_part_is_another_text_when_labels_are_read_otherwise():
    choice = TextChoice("u", ReadOptions(label_column="genre"), part=TextPart(labels=("a",)))
    other = replace(choice, reading=ReadOptions(label_column="author"))
    assert choice.id != other.id
    assert choice.id == replace(choice, tokenising=CorpusOptions(lowercase=False)).id


def test_names_are_changed_by_hand():
    workspace = use_text(use_text(Workspace(), upload("a.txt")), upload("b.txt", b"Other words."))
    identity = workspace.texts[0].id
    renamed = rename_text(workspace, identity, "  My   letters ")
    assert find_text(renamed, identity).name == "My letters"
    for name, said in (("", "empty"), ("B", "Another text"), ("x" * 100, "100 characters")):
        with pytest.raises(CorpusError, match=said):
            rename_text(workspace, identity, name)


def test_removing_a_text_leaves_its_models_and_uses_another():
    first, second = upload("a.txt"), upload("b.txt", b"Other words.")
    workspace = use_text(replace(use_text(Workspace(), first), pins=("dog",)), second)
    workspace = replace(workspace, runs=(run_called("r", source=second),))
    left = remove_text(workspace, second.id)
    assert [text.name for text in left.texts] == ["a"]
    assert (left.text, left.pins) == (first, ("dog",))
    assert left.runs == workspace.runs
    assert remove_text(workspace, first.id).text == second
    assert remove_text(left, first.id).text is None


def test_the_models_of_a_text_are_those_made_of_it_however_it_was_cut():
    choice = upload("a.txt")
    early = replace(choice, tokenising=CorpusOptions(lowercase=False))
    runs = (run_called("r", source=early), run_called("s", source=None))
    workspace = replace(use_text(Workspace(), choice), runs=runs)
    assert runs_of(workspace, choice.id) == runs[:1]


def test_what_two_tabs_do_with_texts_is_kept():
    first, second = upload("a.txt"), upload("b.txt", b"Other words.")
    before = replace(use_text(Workspace(), first), pins=("dog",))
    kept = rename_text(before, first.id, "Letters")  # one tab renames it
    merged = merge_changes(kept, before, use_text(before, second))  # the other, which has not seen that, adds one
    assert {text.name for text in list_texts(merged)} == {"Letters", "b"}
    assert merged.text == second
    assert use_text(merged, first).pins == ("dog",)


def test_parts_are_kept_in_one_reading():
    content = b"text,genre\n" + b"".join(b"Some words of it,press\nOther words in it,fiction\n" for _ in range(3))
    choice = replace(upload("t.csv", content), reading=ReadOptions(label_column="genre"))
    parts = [TextPart(labels=(name,)) for name in ("press", "fiction")]
    keep_parts(silent, choice, parts)
    for part, word in zip(parts, ("some", "other"), strict=True):
        wanted = replace(choice, part=part)
        assert has_text(wanted)
        text = kept_text(wanted)
        assert word in text.corpus.words
        assert text.corpus.n_documents == len(text.reading.documents) == 3


def test_erasing_an_upload_takes_its_parts_and_another_text_is_used():
    first, second = upload("a.txt"), upload("b.txt", b"Other words.")
    workspace = use_text(use_text(Workspace(), first), second)
    workspace = add_parts(workspace, second, [("part", TextPart(documents=("b.txt",)))])
    after = plan_text_removal(workspace, second.upload).after
    assert [text.name for text in after.texts] == ["a"]
    assert after.text == first
    assert plan_text_removal(after, first.upload).after.text is None


def test_a_part_is_split_again_by_another_column():
    rows = [("genre", "date", "text"), ("press", "1961", "One."), ("lore", "1961", "Two."), ("press", "1975", "Three.")]
    whole = TextChoice(keep_uploads([Upload("b.csv", csv_of(rows))]), ReadOptions(label_column="genre"))
    workspace = add_parts(use_text(Workspace(), whole, "b"), whole, [("b press", TextPart(labels=("press",)))])
    press = workspace.texts[1].choice
    dated = press.relabelled(LabelSource(column="date"))
    keep_texts(silent, [press, dated])
    assert kept_text(dated).corpus.labels == ("1961", "1975")
    periods = [("b press 1961", TextPart(years=(1961, 1961))), ("b press 1975", TextPart(years=(1975, 1975)))]
    workspace = add_parts(workspace, dated, periods)
    assert [text.name for text in workspace.texts] == ["b", "b press", "b press 1961", "b press 1975"]
    keep_texts(silent, [text.choice for text in workspace.texts])
    assert [measure_text(text.choice).documents for text in workspace.texts] == [3, 2, 1, 1]
    assert kept_text(workspace.texts[3].choice).corpus.words == ("three",)
    assert from_values(_json(workspace), Workspace) == workspace
    assert list_texts(replace(workspace, texts=(), text=workspace.texts[3].choice))[0].name == "b press, 1975"
    both = workspace.texts[2:]
    assert not shares_documents(*both)
    assert all(shares_documents(text, each) for text in workspace.texts[:2] for each in both)


def test_the_two_that_are_proposed_share_no_documents():
    whole, other = upload("a.txt"), upload("b.txt", b"Other words.")
    parts = [(name, TextPart(labels=(name,))) for name in ("press", "fiction", "lore")]
    workspace = add_parts(use_text(Workspace(), whole), whole, parts)
    assert propose_pair(Workspace()) is None
    assert [text.name for text in propose_pair(workspace)] == ["press", "fiction"]
    assert [text.name for text in propose_pair(use_text(workspace, other))] == ["lore", "b"]
    assert [text.name for text in propose_pair(use_text(workspace, workspace.texts[3].choice))] == ["fiction", "lore"]


def test_the_two_that_were_compared_last_are_proposed_again():
    whole = upload("a.txt")
    parts = [(name, TextPart(labels=(name,))) for name in ("press", "fiction", "lore")]
    workspace = add_parts(use_text(Workspace(), whole), whole, parts)
    press, lore = (find.choice for find in (workspace.texts[1], workspace.texts[3]))
    workspace = replace(workspace, runs=(run_called("p", press), run_called("l", lore)), left="l", right="p")
    assert [text.name for text in propose_pair(workspace)] == ["lore", "press"]
    assert [text.name for text in propose_pair(use_text(workspace, press))] == ["lore", "press"]
    assert [text.name for text in propose_pair(use_text(workspace, upload("b.txt", b"Other words.")))] == ["lore", "b"]


def test_what_a_comparison_rests_on_is_said():
    small, large = TextSize("x", 3, 1_000), TextSize("y", 40, 6_000)
    (unequal,) = tell_sizes(("small", small), ("large", large))
    assert "“large” has 6,000 tokens, “small” 1,000" in unequal
    (few,) = tell_sizes(("small", small), ("other", TextSize("y", 3, 1_200)))
    assert "has 3 documents" in few
    assert not list(tell_sizes(("large", large), ("other", TextSize("z", 30, 5_000))))


def corpus_of(name, words, times=8):
    return StudyText(name, build_corpus([Document(f"{name} {n}", " ".join(words)) for n in range(times)], name=name))


def test_both_models_are_made_alike_and_bad_pairs_are_refused():
    words = [f"{first}{second}n" for first in "bdfgklmnpr" for second in "aeiouy"]
    left, right = corpus_of("left", words), corpus_of("right", [*words, "more"], 20)
    plan = plan_pair(left, right)
    assert (plan.config.strategy, plan.config.seed, plan.config.min_count) == ("scratch", 1, 2)
    assert plan_pair(right, left).config == plan.config
    with pytest.raises(CorpusError, match="are the same text"):
        plan_pair(left, corpus_of("copy", words))
    english = "the of and to in is it that was he for on are with as his they at be this from or had by not".split()  # noqa: SIM905
    german = "der die und das in den von zu mit ist im auf für nicht ein sich des dem als auch es an werden aus".split()  # noqa: SIM905
    with pytest.raises(CorpusError, match=r"share 1 word .* takes 50\. The first looks English, the second German"):
        plan_pair(corpus_of("one", english, 20), corpus_of("two", german, 20))


def test_texts_that_are_not_read_are_read_together():
    one, other = upload("a.txt", b"Some words.\n\nOther words."), upload("b.txt", b"Words of b.")
    reading = ReadOptions(unit="paragraph")
    part = TextPart(documents=("a.txt, paragraph 1",))
    choices = [replace(one, reading=reading, part=part), replace(one, reading=reading), other]
    keep_texts(silent, choices)
    assert [measure_text(choice).tokens for choice in choices] == [2, 4, 3]
    with pytest.raises(CorpusError, match="not read yet"):
        measure_text(one)
