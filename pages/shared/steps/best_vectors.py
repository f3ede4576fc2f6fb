"""Choosing the vectors that know most of a text."""

from collections.abc import Sequence

from core.models.runs import keep_corpus
from core.pretrained.files import VectorFile
from core.progress import silent
from core.text.corpus import Corpus
from core.text.opened import Text
from core.workspace.demo_data import counted_vectors
from core.workspace.vectors import Fits, estimate_fits_seconds, find_best, known_fit, measure_fits, read_quickly
from core.workspace.workspace import BY_HAND
from pages.shared import inputs, progress, session
from pages.shared.cached import server


def measure(files: Sequence[VectorFile], corpus: Corpus) -> Fits:
    """What is known of each file by now; the rest is found out, in the background where it takes long."""
    unknown = [file for file in files if known_fit(file, corpus.digest) is None]
    if unknown and read_quickly(unknown):
        measure_fits(silent, unknown, keep_corpus(corpus))
    elif unknown:
        jobs, key = server.reading_jobs(), f"coverage {corpus.digest} {[file.name for file in unknown]}"
        if jobs.status(key) is None:
            jobs.submit(
                key,
                "Measuring coverage",
                measure_fits,
                unknown,
                keep_corpus(corpus),
                watcher=session.visitor(),
                kind="coverage",
                seconds=estimate_fits_seconds(unknown),
            )
        progress.follow(jobs, key)
    fits = {(file.path, file.member): known_fit(file, corpus.digest) for file in files}
    return {key: fit for key, fit in fits.items() if fit is not None}


def prefer_best(files: Sequence[VectorFile], fits: Fits) -> bool:
    """Choose the file that knows most of a text that came since vectors were chosen, unless that was done by hand.

    Gives whether another one is chosen now: then the page is to be drawn anew.
    """
    if not is_open_to_better():
        return False
    workspace, best = session.workspace(), find_best(files, fits)
    if best is None or workspace.text is None:
        return False
    session.update(vectors=best.path, member=best.member, vectors_for=workspace.text.id)
    return True


def is_open_to_better() -> bool:
    """Whether vectors are still to be chosen for the text in use."""
    workspace = session.workspace()
    if workspace.text is None or workspace.vectors_for in (BY_HAND, workspace.text.id):
        return False
    # chosen before it was noted how
    return bool(workspace.vectors_for) or workspace.vectors in (None, counted_vectors())


def is_looking(text: Text) -> bool:
    """Whether it is still being found out which vectors know most of the text in use."""
    return is_open_to_better() and any(
        not file.problem and known_fit(file, text.corpus.digest) is None for file in inputs.vectors_files()
    )


def settle(text: Text) -> bool:
    """Where vectors are still to be chosen for the text in use, do so; False while that takes, which is drawn."""
    if not is_open_to_better():
        return True
    usable = [file for file in inputs.vectors_files() if not file.problem]
    fits = measure(usable, text.corpus)
    return prefer_best(usable, fits) or len(fits) == len(usable)
