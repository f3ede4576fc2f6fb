"""After each way to erase, a marker word is nowhere in the cache folder: in no name and no byte, packed or not."""

import gzip
import io
import os
import shutil
import sqlite3
import tempfile
import time
import zipfile
from concurrent.futures import wait
from dataclasses import replace

import numpy as np
import pytest
from cluster_machine import require_cluster
from workspaces import id_of, save, saved

from core.cli.main import main
from core.comparison.noise import measure_movers
from core.comparison.noise_plan import plan_noise
from core.comparison.retrainings import NoiseSide
from core.comparison.study.store import StudyOrder, StudySource, keep_study
from core.config import default_config
from core.errors import UserError
from core.export.orders import ExportOrder, make_export
from core.maps.layout import LayoutSettings
from core.maps.pair_layout import lay_out_pair
from core.maps.pair_store import LayoutOrder, NeighboursOrder, PairOrder, keep_layout, keep_neighbours
from core.maps.study_layout import keep_study_layout
from core.models.runs import has_run, keep_corpus, keep_pretrained, train_run
from core.pretrained.files import list_vector_files
from core.pretrained.index import build_index, clear_indexes, list_indexes
from core.pretrained.vectors import open_pretrained, write_glove
from core.progress import silent
from core.score.store import ScoreRequest, keep_pairs, score_models, stability_of
from core.score.word_pairs import WordPairs
from core.system import database
from core.system.files import cache_folder
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ProcessExecutor, ThreadExecutor
from core.system.store.upkeep import settle_copies
from core.text.part import TextPart
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace import erasure, store
from core.workspace.asked_runs import choose_sides, identify, make_runs
from core.workspace.demo_sessions import Step, gather_demo, open_demo, save_demo
from core.workspace.erasure import (
    Erased,
    erase_runs,
    erase_text,
    erase_unlisted,
    erase_vectors_file,
    erase_workspace,
    finish_erasures,
    forget_copy,
    plan_text_removal,
)
from core.workspace.housekeeping import clear_remakeable, clear_unused
from core.workspace.texts import TextChoice, keep_parts, keep_text, keep_uploads, kept_text, name_uploads
from core.workspace.vectors import keep_vectors_upload, measure_fits, upload_folder
from core.workspace.workspace import NamedText, ScoreForm, ShownScore, Workspace, remove_runs

MARKER = "zebrafink"
TOKEN = "m" * 22
_RANDOM = np.random.default_rng(0)
_WORDS = ["".join(_RANDOM.choice(list("abcdefgh"), 4)) for _ in range(90)]
TEXT = "\n\n".join(" ".join([MARKER, *_RANDOM.choice(_WORDS, 40)]) + "." for _ in range(32))
READING = ReadOptions(unit="paragraph")
PCA = LayoutSettings(method="pca")


def traces(*folders):
    """Every place that has the marker: names, bytes, and what is packed in them."""
    return [
        str(path.relative_to(folder))
        for folder in folders
        for path in folder.rglob("*")
        if MARKER in path.name.lower() or (path.is_file() and _has_marker(path.read_bytes()))
    ]


def _has_marker(data):
    if MARKER.encode() in data.lower() or any(MARKER.encode(each) in data for each in ("utf-16-le", "utf-32-le")):
        return True
    if data.startswith(b"\x1f\x8b"):
        return _has_marker(gzip.decompress(data))
    if data.startswith(b"PK"):  # npz, zip and spreadsheets
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(MARKER in each.lower() or _has_marker(archive.read(each)) for each in archive.namelist())
    if data.startswith(b"PAR1"):
        from pyarrow import parquet

        return MARKER in str(parquet.read_table(io.BytesIO(data)).to_pydict())
    return False


def test_the_search_finds_what_is_packed_and_what_is_a_name(tmp_path):
    import pyarrow
    from pyarrow import parquet

    (tmp_path / "a.gz").write_bytes(gzip.compress(f"the {MARKER} sings".encode()))
    np.savez_compressed(tmp_path / "b.npz", words=np.array([MARKER]))
    parquet.write_table(pyarrow.table({"word": [MARKER] * 9}), tmp_path / "c.parquet", compression="zstd")
    with sqlite3.connect(tmp_path / "d.db") as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (?)", [MARKER])
    (tmp_path / f"my {MARKER}.txt").touch()
    (tmp_path / "nothing.txt").write_text("zebra", "utf-8")
    assert sorted(traces(tmp_path)) == ["a.gz", "b.npz", "c.parquet", "d.db", f"my {MARKER}.txt"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A cache folder with everything that a visitor can leave there, of whom every text and name has the marker."""
    root = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(root / "cache"))
        patch.setenv("VECTUNE_VECTORS", str(root / "vectors"))
        patch.setattr("core.score.splits.MAX_SPLITS", 1)
        patch.setattr("core.score.store.STABILITY_RUNS", 2)
        (root / "vectors").mkdir()
        vectors = [path for name in ("glove", "glove.8d.txt") if (path := root / "vectors" / name)]
        for path in vectors:
            write_glove(path, _WORDS[:80], _RANDOM.normal(size=(80, 8)).astype(np.float32))
        _fill(vectors[0])
        for path in vectors:
            build_index(silent, path)
    return root


def _fill(vectors):
    uploads = [Upload(f"my {MARKER}.txt", TEXT.encode())]
    text = TextChoice(keep_uploads(uploads), READING)
    for unit in ("line", "paragraph"):
        corpus = kept_text(TextChoice(text.upload, ReadOptions(unit=unit))).corpus
    save(TOKEN, Workspace(text=text, uploads=(text.upload,)))
    uploaded = keep_vectors_upload(id_of(TOKEN), f"{MARKER}.txt", f"{MARKER} 1 2\n{_WORDS[0]} 3 4\n".encode())
    opened = open_pretrained(vectors, corpus.words)
    configs = [default_config(each, vector_size=8, epochs=1, min_count=1) for each in ("scratch", "pretrained")]
    wanted = identify(corpus, opened, configs)
    runs = make_runs(corpus, opened, wanted, source=text, vectors_path=vectors)
    for run in runs:
        train_run(silent, *run.inputs, run.config)
    left, right = choose_sides(wanted)
    inputs, named = runs[0].inputs, tuple((run.id, run.config) for run in runs)
    score = ScoreRequest(*inputs, named, left, right, 1)
    score_models(silent, score)
    stability_of(silent, *inputs, runs[0].config)
    measure_movers(silent, _noise(runs))
    other = TextChoice(text.upload, ReadOptions(), CorpusOptions(punctuation=True))
    _study([corpus, kept_text(other).corpus], vectors)
    pair = PairOrder(left, right, 50)
    keep_layout(silent, LayoutOrder(pair, PCA, "joint"))
    keep_neighbours(silent, (NeighboursOrder(pair, left, None, 3),))
    make_export(silent, ExportOrder(left, f"my-{MARKER}", "parquet", counts=True))
    measure_fits(silent, [*uploaded, *list_vector_files(vectors.parent)], inputs[0])
    build_index(silent, uploaded[0].path)
    part = TextPart(documents=kept_text(text).corpus.document_names[:3])
    keep_parts(silent, text, [part])
    workspace = Workspace(
        text=text,
        texts=(
            NamedText(f"all of {MARKER}", text),
            NamedText(f"some of {MARKER}", replace(text, part=part), (MARKER,)),
        ),
        uploads=(text.upload,),
        vectors=vectors,
        runs=tuple(replace(run, title=f"a {MARKER}") for run in runs),
        left=left,
        right=right,
        pins=(MARKER,),
        score=ScoreForm(
            pairs=keep_pairs(WordPairs(MARKER, ((MARKER, _WORDS[0], 3.0),))),
            shown=ShownScore(score.identity, inputs[0].name),
        ),
    )
    save(TOKEN, workspace)
    save_demo(gather_demo(f"of {MARKER}", [Step("See")], workspace, runs, id_of(TOKEN)))


def _study(corpora, vectors):
    """One text read in two ways, as two texts in a row, with their map."""
    opened = open_pretrained(vectors, corpora[0].words)
    texts = (
        StudySource(f"{MARKER} {number}", keep_corpus(corpus), keep_pretrained(opened, corpus))
        for number, corpus in enumerate(corpora)
    )
    config = default_config("tied", vector_size=8, epochs=1, min_count=1, dose=1.0)
    order = StudyOrder(tuple(texts), config)
    keep_study(silent, order)
    keep_study_layout(silent, order)


def _noise(runs):
    return plan_noise(*(NoiseSide(run.id, *run.inputs, run.config) for run in runs), documents=32)


@pytest.fixture
def folder(filled, cache, tmp_path, monkeypatch):
    """A copy of `filled`, in use; temporary files come into it too."""
    database.close()
    shutil.copytree(filled / "cache", cache)
    monkeypatch.setenv("VECTUNE_VECTORS", str(filled / "vectors"))
    (cache / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(cache / "temporary"))
    assert len(traces(cache)) > 20
    yield cache
    assert len(list_vector_files(filled / "vectors")) == 2
    database.close()


def held(progress, said, fn, *args):
    """Call `fn` with a progress that gets no further than its first report, until the job is asked to stop."""

    def report(fraction, message):
        while True:
            progress(fraction, f"{message} {said}")
            time.sleep(0.01)

    return fn(report, *args)


def erase_during(fn, *args, executor=None, runs=True):
    """Erase while `fn(progress, *args)` is at work, or waits for that; its title and its progress have the marker."""
    jobs = Jobs(executor or ThreadExecutor(), workers=1)
    identity = id_of(TOKEN)
    if not runs:
        jobs.submit("first", "first", held, "", idle, watcher="somebody else", seconds=99)
    jobs.submit("mine", f"about {MARKER}", held, MARKER, fn, *args, watcher=identity)
    deadline = time.monotonic() + 60
    while runs and not traces(cache_folder("progress")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    wait(jobs.leave(identity), 10)
    erase_workspace(identity)
    assert jobs.status("mine") is None
    wait(jobs.leave("somebody else"), 10)


def idle(progress):
    progress(0.5, "idle")


def another_run():
    run = saved(TOKEN).runs[-1]
    return (*run.inputs, default_config("scratch", vector_size=8, epochs=1, min_count=1, seed=77))


def erase_idle():
    found = erase_workspace(id_of(TOKEN))
    assert found == Erased(texts=1, models=2, scorecards=1, vectors_files=1, demos=1)


def erase_while_reading():
    erase_during(keep_text, replace(saved(TOKEN).text, tokenising=CorpusOptions(lowercase=False)))


def erase_while_training_in_a_child():
    erase_during(train_run, *another_run(), executor=ProcessExecutor())


def erase_while_queued():
    erase_during(train_run, *another_run(), runs=False)


def erase_while_scoring():
    runs = saved(TOKEN).runs
    named = tuple((run.id, run.config) for run in runs)
    erase_during(score_models, ScoreRequest(*runs[0].inputs, named, runs[0].id, runs[1].id, 2))


def erase_while_a_layout_is_made():
    def lay_out(*args, progress, **options):
        progress(0.5, "half of it")  # which this method does not tell
        return lay_out_pair(*args, **options)

    runs = saved(TOKEN).runs
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.maps.pair_store.lay_out_pair", lay_out)
        erase_during(keep_layout, LayoutOrder(PairOrder(runs[1].id, runs[0].id, 50), PCA, "joint"))


def erase_while_noise_is_measured():
    left, right = saved(TOKEN).runs
    config = replace(left.config, seed=78)
    erase_during(measure_movers, _noise([replace(left, config=config), right]))


def erase_while_an_export_is_written():
    erase_during(make_export, ExportOrder(saved(TOKEN).runs[0].id, MARKER, "csv", counts=False))


def erase_after_a_kill_in_each_write():
    """What a kill leaves there: tests/system/test_unfinished.py looks."""
    for kind in (
        "uploads",
        "opened",
        "texts",
        "rows",
        "runs",
        "scores",
        "noise",
        "studies",
        "sweeps",
        "layouts",
        "exports",
        "indexes",
        "demos",
    ):
        leftover = cache_folder(kind, f".{kind}.x1y2")
        leftover.mkdir()
        (leftover / "words.txt").write_text(MARKER, "utf-8")
    for path in (("scores", "models", ".a.json"), ("uploaded-vectors", id_of(TOKEN), f".{MARKER}.txt")):
        cache_folder(*path).write_text(MARKER, "utf-8")
    for dead in (cache_folder("progress", "dead", "job.json"), cache_folder("progress", "of-an-early-version.json")):
        dead.write_text(MARKER, "utf-8")
    erase_workspace(id_of(TOKEN))


def erase_killed_half_way_and_started_again():
    class Killed(BaseException):
        pass

    left = iter(range(7))

    def die(path):
        if next(left, None) is None:
            raise Killed
        return remove_entry(path)

    remove_entry = erasure.remove_entry
    identity = id_of(TOKEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erasure, "remove_entry", die)
        with pytest.raises(Killed):
            erase_workspace(identity)
    assert traces(cache_folder())
    database.close()
    assert finish_erasures() == 0
    assert store.unfinished_erasures() == {}


def erase_after_a_restart():
    database.close()
    finish_erasures()
    erase_workspace(id_of(TOKEN))


def erase_by_another_link():
    token = store.make_token(id_of(TOKEN), may_write=True)
    erase_workspace(id_of(token))
    assert store.find_workspace(TOKEN) is None


def erase_while_another_tab_goes_on():
    identity, workspace = id_of(TOKEN), saved(TOKEN)
    erase_workspace(identity)
    upload = keep_uploads([Upload(f"{MARKER} again.txt", TEXT.encode())])
    kept_text(TextChoice(upload))
    after = replace(workspace, text=TextChoice(upload), pins=(MARKER,))
    with pytest.raises(store.WorkspaceErased):
        store.change_workspace(identity, workspace, after)
    erase_unlisted(identity, after)


def delete_the_text_and_what_else_has_the_name():
    """The rest of the workspace stays: a list of word pairs and a vectors file of the same name have buttons too."""
    identity, workspace = id_of(TOKEN), saved(TOKEN)
    _end_demos(identity)
    removal = plan_text_removal(workspace, workspace.text.upload)
    assert removal.runs == {run.id for run in workspace.runs}
    store.change_workspace(identity, workspace, removal.after)
    assert erase_text(identity, removal).models == 2
    assert [
        each for each in traces(cache_folder()) if not each.startswith(("uploaded-vectors", "pairs", "index", "cov"))
    ] == []
    assert erase_vectors_file(identity, f"{MARKER}.txt") == 0
    assert [each for each in traces(cache_folder()) if not each.startswith("pairs")] == []
    assert saved(TOKEN).vectors == workspace.vectors
    erase_workspace(identity)


def remove_the_last_model_and_erase():
    workspace = saved(TOKEN)
    save(TOKEN, remove_runs(workspace, {run.id for run in workspace.runs}))
    erase_workspace(id_of(TOKEN))


def delete_removed_models_for_good_and_erase():
    workspace = saved(TOKEN)
    _end_demos(id_of(TOKEN))
    ids = frozenset(run.id for run in workspace.runs)
    save(TOKEN, replace(workspace, runs=(), left=None, right=None))
    assert erase_runs(ids).models == 2
    assert not any(map(has_run, ids))
    erase_workspace(id_of(TOKEN))


def erase_after_another_text_took_its_place():
    uploads = [Upload("other.txt", TEXT.replace(MARKER, "sparrow").encode())]
    other = TextChoice(keep_uploads(uploads), READING)
    kept_text(other)
    workspace = saved(TOKEN)
    _end_demos(id_of(TOKEN))
    after = replace(workspace, text=other, uploads=(*workspace.uploads, other.upload), runs=(), pins=())
    save(TOKEN, after)
    erase_workspace(id_of(TOKEN))
    assert not cache_folder("uploads", other.upload).exists()
    assert not any(cache_folder("rows").iterdir())  # which nobody lists any more


def erase_after_an_upload_that_could_not_be_read():
    uploads = [Upload(f"{MARKER}.bin", MARKER.encode() + bytes(range(256)))]
    workspace = saved(TOKEN)
    save(TOKEN, replace(workspace, uploads=(*workspace.uploads, name_uploads(uploads))))
    with pytest.raises(UserError):
        kept_text(TextChoice(keep_uploads(uploads)))
    erase_workspace(id_of(TOKEN))


def tidy_up_by_age():
    """A workspace that an earlier version erased had left what it did not list."""
    identity = id_of(TOKEN)
    _end_demos(identity)
    shutil.rmtree(upload_folder(identity))
    store.erase_from_store(identity)
    for path in cache_folder("pairs").iterdir():
        path.unlink()
    clear_indexes()
    clear_remakeable()
    clear_unused()
    assert traces(cache_folder())  # it is young: a job may just have written it
    for path in cache_folder().rglob("*"):
        os.utime(path, (0, 0))
    clear_unused()


def clear_caches_and_erase():
    clear_indexes()
    clear_remakeable()
    clear_unused()
    erase_workspace(id_of(TOKEN))
    assert list_indexes() == ()


def erase_both_workspaces_of_one_text_under_two_names():
    other = "o" * 22
    upload = keep_uploads([Upload("theirs.txt", TEXT.encode())])
    text = TextChoice(upload, READING)
    digest = kept_text(text).corpus.digest
    mine = saved(TOKEN)
    theirs = tuple(replace(run, text="theirs.txt", source=text, title="") for run in mine.runs)
    save(other, Workspace(text=text, uploads=(upload,), runs=theirs, score=replace(mine.score, pairs=None)))
    erase_workspace(id_of(TOKEN))
    assert kept_text(text).corpus.name == "theirs.txt"
    assert cache_folder("texts", digest).is_dir()
    assert all(has_run(run.id) for run in theirs)
    name = f"my {MARKER}"
    assert [path for path in cache_folder().rglob("*") if path.is_file() and name.encode() in path.read_bytes()] == []
    erase_workspace(id_of(other))


def erase_a_demo_that_somebody_opened():
    identity = id_of(TOKEN)
    (demo,) = cache_folder("demos").glob("*.json")
    audience = "a" * 22
    save(audience, open_demo(Workspace(), demo.stem))
    erase_workspace(identity)
    assert all(has_run(run.id) for run in saved(audience).runs)
    erase_workspace(id_of(audience))


def erase_an_upload_called_as_everybodys_file():
    identity = id_of(TOKEN)
    (uploaded,) = keep_vectors_upload(identity, "glove", f"{MARKER} 1 2\n{_WORDS[0]} 3 4\n".encode())
    build_index(silent, uploaded.path)
    assert sorted(index.name for index in list_indexes()) == ["glove", "glove", "glove.8d.txt", f"{MARKER}.txt"]
    erase_workspace(identity)
    assert sorted(index.name for index in list_indexes()) == ["glove", "glove.8d.txt"]


def erase_after_its_vectors_file_was_uploaded_anew():
    identity = id_of(TOKEN)
    keep_vectors_upload(identity, f"{MARKER}.txt", f"{_WORDS[1]} 1 2\n{_WORDS[0]} 3 4\n".encode())
    erase_workspace(identity)
    assert len(list_indexes()) == 2


def erase_after_the_command_line_was_used():
    source = cache_folder("temporary", "mine.txt")
    source.write_text(TEXT, "utf-8")
    out = cache_folder("temporary", "out")
    made = ["--strategy", "counts", "--out", str(out), "--set", "vector_size=8", "--set", "min_count=1"]
    assert main(["train", "--text", str(source), "--documents", "paragraph", *made]) == 0
    shutil.rmtree(out)
    source.unlink()
    erase_workspace(id_of(TOKEN))


def _end_demos(identity):
    for path in cache_folder("demos").glob("*.json"):
        path.unlink()


WAYS = (
    erase_idle,
    erase_while_reading,
    erase_while_training_in_a_child,
    erase_while_queued,
    erase_while_scoring,
    erase_while_a_layout_is_made,
    erase_while_noise_is_measured,
    erase_while_an_export_is_written,
    erase_after_a_kill_in_each_write,
    erase_killed_half_way_and_started_again,
    erase_after_a_restart,
    erase_by_another_link,
    erase_while_another_tab_goes_on,
    delete_the_text_and_what_else_has_the_name,
    remove_the_last_model_and_erase,
    delete_removed_models_for_good_and_erase,
    erase_after_another_text_took_its_place,
    erase_after_an_upload_that_could_not_be_read,
    tidy_up_by_age,
    clear_caches_and_erase,
    erase_both_workspaces_of_one_text_under_two_names,
    erase_a_demo_that_somebody_opened,
    erase_an_upload_called_as_everybodys_file,
    erase_after_its_vectors_file_was_uploaded_anew,
    erase_after_the_command_line_was_used,
)
"""Each erases the workspace of `TOKEN` at the latest at its end."""


def test_a_deleted_vectors_file_has_no_name_in_the_database(folder):
    identity, before = id_of(TOKEN), saved(TOKEN)
    name = "nachtigall.txt"
    (uploaded,) = keep_vectors_upload(identity, name, f"{_WORDS[0]} 3 4\n{_WORDS[1]} 1 2\n".encode())
    save(TOKEN, replace(before, vectors=uploaded.path))
    save(TOKEN, replace(before, vectors=None))
    assert erase_vectors_file(identity, name) == 0
    assert not [path for path in folder.rglob("*") if path.is_file() and b"nachtigall" in path.read_bytes()]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_is_left(way, folder):
    way()
    assert traces(folder) == []


@pytest.mark.parametrize(
    "way", [erase_idle, erase_both_workspaces_of_one_text_under_two_names], ids=lambda way: way.__name__
)
def test_nothing_is_left_in_a_store_nor_in_copies_of_it(way, folder, tmp_path, monkeypatch):
    """It is erased on a machine that has copies of nothing; another one has copies of all."""
    require_cluster()  # fsspec comes with Dask
    bucket, other = tmp_path / "bucket", tmp_path / "other"
    monkeypatch.setenv("VECTUNE_DATABASE", f"sqlite:///{folder / 'vectune.db'}")
    monkeypatch.setenv("VECTUNE_STORE", f"file://{bucket}")
    settle_copies(adopt=True)
    assert len(traces(bucket)) > 20
    assert TOKEN.encode() not in b"".join(path.read_bytes() for path in bucket.rglob("*") if path.is_file())
    monkeypatch.setenv("VECTUNE_CACHE", str(other))
    way()
    assert traces(bucket, other) == []
    monkeypatch.setenv("VECTUNE_CACHE", str(folder))
    settle_copies(before_removal=forget_copy)
    assert traces(folder) == []
