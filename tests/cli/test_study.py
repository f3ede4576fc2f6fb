"""`study`: keys, the same bits twice, folders that other commands take, parts of one text, and what can be wrong."""

import csv
import json
import signal
import threading

import pytest
from making import zip_of
from small_texts import topical_documents, topical_glove

from core.cli.main import main
from core.cli.printing import LineProgress, interruptible
from core.models.runs import run_folder

NAMES = ("old", "mid", "new")
FAST = ("--epochs", "1", "--set", "dose=1", "--set", "min_count=1", "--documents", "line")
KEYS = {"texts", "words", "change_from_first", "change_from_previous", "noise", "moved", "sentence", "version"} | {
    "noise_from_first",
    "moved_from_first",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Texts of three names, a table of them with labels, and vectors."""
    folder = tmp_path_factory.mktemp("study")
    topical_glove(folder / "topics.8d.txt")
    rows = []
    for seed, name in enumerate(NAMES):
        documents = topical_documents(12, 300, seed)
        (folder / f"{name}.txt").write_text("\n".join(documents), "utf-8")
        rows += [(name, f"{1910 + seed}-05-01", each, f"{name}{n}") for n, each in enumerate(documents)]
    with open(folder / "all.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("part", "date", "text", "code"), *rows])
    (folder / "empty.txt").write_text("… … …\n", "utf-8")
    (folder / "other.txt").write_text("\n".join(" ".join(f"mot{i}" for i in range(90)) for _ in range(12)), "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(files, tmp_path_factory):
    """The study of the three texts, and a cache folder in which it is made."""
    cache, out = tmp_path_factory.mktemp("cache"), tmp_path_factory.mktemp("out") / "study"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(cache))
        assert study(files, *pairs(files), "--out", out) == 0
    return out, cache


def pairs(files):
    return ("--text", *(f"{name}={files / name}.txt" for name in NAMES))


def study(files, *arguments, fast=FAST):
    return main(["study", "--vectors", str(files / "topics.8d.txt"), *map(str, (*arguments, *fast))])


def error_of(capsys):
    return capsys.readouterr().err.strip().splitlines()[-1]


def test_the_keys_that_others_rely_on(made):
    found = json.loads((made[0] / "study.json").read_text("utf-8"), parse_constant=pytest.fail)
    assert set(found) == KEYS
    assert [(each["name"], each["tokens"], each["documents"]) for each in found["texts"]] == [
        (name, 3600, 12) for name in NAMES
    ]
    for key in ("change_from_first", "change_from_previous"):
        assert [len(row) for row in found[key]] == [len(found["words"])] * 2
    assert found["change_from_first"][0] == found["change_from_previous"][0]
    assert [each["kind"] for each in found["noise_from_first"]] == ["none"] * 2
    assert [each["kind"] for each in found["noise"]] == ["permutation"] * 2
    for each in found["moved"]:
        assert each["word"] in found["words"]
        assert each["when"] in NAMES[1:]


def test_noise_from_the_first_text_where_it_is_asked_for(files, made, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VECTUNE_CACHE", str(made[1]))
    assert study(files, *pairs(files), "--from-first", "--out", tmp_path / "out") == 0
    assert "Farther from old than noise: " in capsys.readouterr().out
    before, found = (json.loads((each / "study.json").read_text("utf-8")) for each in (made[0], tmp_path / "out"))
    assert [(each["left"], each["right"]) for each in found["noise_from_first"]] == [("old", "mid"), ("old", "new")]
    assert [each["kind"] for each in found["noise_from_first"]] == ["permutation"] * 2
    assert found["noise_from_first"][0] == found["noise"][0]
    for key in KEYS - {"noise_from_first", "moved_from_first"}:
        assert found[key] == before[key], key


def test_twice_the_same_bits(files, made, tmp_path, monkeypatch):
    for place, cache in (("again", made[1]), ("anew", tmp_path / "cache")):
        monkeypatch.setenv("VECTUNE_CACHE", str(cache))
        assert study(files, *pairs(files), "--out", tmp_path / place) == 0
        for name in ("study.json", *(f"{name}/vectors.npy" for name in NAMES)):
            assert (tmp_path / place / name).read_bytes() == (made[0] / name).read_bytes(), name


def test_twelve_texts_twice_the_same_bits(files, tmp_path, monkeypatch):
    for number in range(12):
        documents = topical_documents(4, 300, 50 + number)
        (tmp_path / f"t{number}.txt").write_text("\n".join(documents), "utf-8")
    texts = ("--text", *(f"t{number}={tmp_path / f't{number}.txt'}" for number in range(12)))
    for place in ("one", "two"):
        monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / f"cache-{place}"))
        assert study(files, *texts, "--noise", "none", "--out", tmp_path / place) == 0
    for name in ("study.json", *(f"t{number}/vectors.npy" for number in range(12))):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_other_commands_take_its_folders(files, made, tmp_path, monkeypatch, capsys):
    out, cache = made
    monkeypatch.setenv("VECTUNE_CACHE", str(cache))
    assert main(["moved", str(out / "old"), str(out / "mid"), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["noise"] == "permutation"
    assert "retraining" not in told.err  # what the study measured is found
    assert main(["compare", str(out), "--left", "old", "--right", "new", "--json"]) == 0
    compared, found = json.loads(capsys.readouterr().out), json.loads((out / "study.json").read_text("utf-8"))
    change = dict(zip(compared["words"], compared["change"], strict=True))
    assert found["change_from_first"][1] == pytest.approx([change[word] for word in found["words"]], abs=1e-6)
    assert main(["export", str(out), "mid", "--format", "word2vec", "--out", str(tmp_path / "mid.txt")]) == 0
    assert main(["train", "--from", str(out / "new" / "run.json"), "--out", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again/tied/vectors.npy").read_bytes() == (out / "new/vectors.npy").read_bytes()
    capsys.readouterr()
    assert main(["score", str(out)]) == 2
    assert "holds a study, with a text for each model" in error_of(capsys)
    assert main(["train", "--from", str(out / "run.json"), "--out", str(tmp_path / "third")]) == 2
    assert "name the run.json of one, below" in error_of(capsys)


@pytest.mark.parametrize(
    ("by", "label", "names"), [("label", "part", NAMES), ("year", "date", ("1910", "1911", "1912"))]
)
def test_parts_of_one_text_are_the_texts_that_they_would_be_alone(
    by, label, names, files, made, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "cache"))
    columns = ("--column", "text", "--label", label, "--split-by", by, "--noise", "none")
    assert study(files, "--text", f"all={files / 'all.csv'}", *columns, "--out", tmp_path / "out") == 0
    told = capsys.readouterr()
    assert f"Parts by {by}: {names[0]} (12 documents), {names[1]} (12 documents)" in told.err
    if by == "year":
        assert "“1910-05-01 all.csv, row 1” is of 1910" in told.err.replace("row 2", "row 1")
    assert "no noise was measured" in told.out
    found = [json.loads((each / "study.json").read_text("utf-8")) for each in (tmp_path / "out", made[0])]
    assert [each["name"] for each in found[0]["texts"]] == list(names)
    assert found[0]["change_from_first"] == found[1]["change_from_first"]
    assert found[0]["moved"] == []
    again = ("--from", tmp_path / "out" / names[1] / "run.json", "--out", tmp_path / "again")
    assert main(["train", *map(str, again)]) == 0
    third = ("--from", tmp_path / "again" / "tied" / "run.json", "--out", tmp_path / "third")
    assert main(["train", *map(str, third)]) == 0
    assert (tmp_path / "third/tied/vectors.npy").read_bytes() == (made[0] / "mid/vectors.npy").read_bytes()


def test_parts_are_cut_again_and_their_models_made_again(files, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "cache"))
    rows = [
        (part, year, each)
        for seed, (part, year) in enumerate((part, year) for part in ("a", "b") for year in (1910, 1920))
        for each in topical_documents(6, 300, seed)
    ]
    with open(tmp_path / "both.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("part", "date", "text"), *rows])
    columns = ("--column", "text", "--label", "part", "--dates", "date", "--split-by", "label", "year")
    out = tmp_path / "out"
    assert study(files, "--text", tmp_path / "both.csv", *columns, "--noise", "none", "--out", out) == 0
    told = capsys.readouterr().err
    assert "Parts by label and year: a 1910 (6 documents), a 1920 (6 documents), b 1910 (6 documents)" in told
    assert "the first one in the column “date”" in told
    found = json.loads((out / "study.json").read_text("utf-8"))
    assert [each["name"] for each in found["texts"]] == ["a 1910", "a 1920", "b 1910", "b 1920"]
    again = ("--from", out / "b 1910" / "run.json", "--out", tmp_path / "again")
    assert main(["train", *map(str, again)]) == 0
    third = ("--from", tmp_path / "again" / "tied" / "run.json", "--out", tmp_path / "third")
    assert main(["train", *map(str, third)]) == 0
    assert (tmp_path / "third/tied/vectors.npy").read_bytes() == (out / "b 1910/vectors.npy").read_bytes()


def test_labels_in_the_names_of_an_archives_files_are_found(files, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "cache"))
    texts = {f"{name}/{n}.txt": text.encode() for name in ("old", "new") for n, text in enumerate(
        topical_documents(6, 300, len(name + "x") if name == "old" else 9)
    )}  # fmt: skip
    (tmp_path / "tales.zip").write_bytes(zip_of(texts))
    arguments = ("--text", tmp_path / "tales.zip", "--split-by", "label", "--noise", "none", "--out", tmp_path / "out")
    assert study(files, *arguments, fast=(*FAST[:-1], "file")) == 0
    told = capsys.readouterr().err
    assert "The labels are {label}/* of the files' names, a guess (--label overrules it)." in told
    assert "Parts by label: old (6 documents), new (6 documents)" in told
    assert main(["train", "--from", str(tmp_path / "out/old/run.json"), "--out", str(tmp_path / "again")]) == 0


def test_a_later_study_leaves_the_models_of_an_earlier_one_usable(files, made, tmp_path, monkeypatch):
    monkeypatch.setenv("VECTUNE_CACHE", str(made[1]))
    first, second, third = (f"{name}={files / name}.txt" for name in NAMES)
    assert study(files, "--text", first, second, "--noise", "none", "--out", tmp_path / "out") == 0
    assert study(files, "--text", second, third, "--noise", "none", "--out", tmp_path / "out") == 0
    about = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert set(about["texts"]) == set(about["runs"]) == set(NAMES)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--text old={f}/old.txt", "A study needs at least 2 texts. There is one, “old”. Name another one."),
        ("", "A study needs at least 2 texts. There is none"),
        ("--text {f}/old.txt new={f}/new.txt", "has no name. Write NAME=PATH, for example old={f}/old.txt"),
        ("--text old= new={f}/new.txt", "--text old= has no path"),
        ("--text ={f}/old.txt new={f}/new.txt", "it is empty. Choose another one"),
        ("--text a/b={f}/old.txt new={f}/new.txt", "“a/b” cannot be the name of a text"),
        ("--text ..={f}/old.txt new={f}/new.txt", "“..” cannot be the name"),
        ("--text study.json={f}/old.txt new={f}/new.txt", "a file of that name lies there"),
        ("--text old={f}/old.txt old={f}/new.txt", "Two texts are called “old”. Give each a name of its own."),
        ("--text Old={f}/old.txt old={f}/new.txt", "Two texts are called “old”, as “Old”"),
        ("--text old={f}/old.txt none={f}/none.txt", "“none”: {f}/none.txt cannot be read"),
        ("--text old={f}/old.txt empty={f}/empty.txt", "“empty”: “empty.txt”"),
        ("--text old={f}/old.txt again={f}/old.txt", "“old” and “again” are the same text"),
        ("--text old={f}/old.txt other={f}/other.txt", "share 0 words"),
        ("--text old={f}/old.txt new={f}/new.txt --parts old", "Add --split-by"),
        ("--text old={f}/old.txt new={f}/new.txt --dates date", "Add that, or leave it out"),
        ("--text {f}/all.csv --label part --dates date --split-by label", "--dates names a column for --split-by year"),
        ("--text {f}/all.csv --label part --split-by label label", "--split-by names label twice"),
        ("--text {f}/all.csv --column text --dates nope --split-by year", "has no column “nope”"),
        ("--text old={f}/old.txt new={f}/new.txt --split-by year", "--split-by cuts one text into parts, and 2 are"),
        ("--text old={f}/old.txt --split-by year", "No year is found in “old.txt”"),
        ("--text old={f}/old.txt --split-by label", "No document of “old.txt” has a label"),
        ("--text all={f}/all.csv --column text --label part --split-by label --parts old x", "no part called “x”"),
        ("--text all={f}/all.csv --column text --label code --split-by label", "at most 12 texts, and there are 36: "),
        ("--text old={f}/old.txt new={f}/new.txt --strategy nope", "There is no strategy called nope"),
        ("--text old={f}/old.txt new={f}/new.txt --top 0", "--top is 0"),
        ("--text old={f}/old.txt new={f}/new.txt --from-first --noise none", "Leave out one of them"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(arguments, says, files, tmp_path, capsys):
    assert study(files, *arguments.format(f=files).split(), "--out", tmp_path / "out") == 2
    error = error_of(capsys)
    assert error.startswith("error: ")
    assert says.format(f=files) in error
    assert not (tmp_path / "out").exists()


def test_models_of_one_text_and_a_study_do_not_share_a_folder(files, made, tmp_path, capsys):
    text = f"--text {files}/old.txt --documents line --strategy pretrained --vectors {files}/topics.8d.txt"
    assert main(f"train {text} --out {tmp_path}/one".split()) == 0
    assert study(files, *pairs(files), "--out", tmp_path / "one") == 2
    assert "one holds models of one text. Choose another --out." in error_of(capsys)
    assert main(f"train {text} --out {made[0]}".split()) == 2
    assert "holds a study, with a text for each model. Choose another --out." in error_of(capsys)


def test_it_needs_vectors_unless_its_strategy_does_not(files, tmp_path, capsys):
    arguments = ["study", *pairs(files), "--noise", "none", "--documents", "line", "--out", str(tmp_path / "out")]
    assert main(arguments) == 2
    assert "The strategy tied starts from pretrained vectors. Name a file with --vectors." in error_of(capsys)
    assert main([*arguments, "--strategy", "counts", "--set", "vector_size=8", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS
    assert [each["dose"] for each in found["texts"]] == [None] * 3


def test_labels_become_names_that_a_folder_can_have(files, tmp_path, capsys):
    rows = [
        (label, text)
        for n, label in enumerate(["a/b", "a:b", "..", "run.json"])
        for text in topical_documents(3, 400, n)
    ]
    with open(tmp_path / "odd.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("part", "text"), *rows])
    columns = ("--column", "text", "--label", "part", "--split-by", "label", "--noise", "none")
    assert study(files, "--text", tmp_path / "odd.csv", *columns, "--out", tmp_path / "out") == 0
    folders = {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()}
    assert folders == {"a-b", "a-b 2", "part", "run.json 2"}


def test_an_interrupt_ends_it_and_leaves_what_is_finished(files, tmp_path, cache, monkeypatch, capsys):
    monkeypatch.setattr("core.models.beside.available_cores", lambda: 1)
    tell = LineProgress.__call__

    def interrupt(self, fraction, message):
        if message.startswith("mid"):
            signal.raise_signal(signal.SIGINT)
        tell(self, fraction, message)

    monkeypatch.setattr(LineProgress, "__call__", interrupt)
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores it
    try:
        assert study(files, *pairs(files), "--out", tmp_path / "out") == 130
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, usual)
    assert "the same command goes on from there" in capsys.readouterr().err
    assert len(list(run_folder("any").parent.iterdir())) == 1


def test_where_signals_cannot_be_had_nothing_is_installed():
    found = []

    def look():
        with interruptible():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [signal.getsignal(signal.SIGINT)]
