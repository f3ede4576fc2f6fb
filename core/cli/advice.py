"""What the command line advises on a text and a vectors file that could go together better."""

from collections.abc import Iterator
from dataclasses import replace

from core.pretrained.files import VectorFile
from core.text.opened import Text
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.recommendation import Recommendation, recommend


def find_advice(text: Text, file: VectorFile) -> Recommendation | None:
    """The change of options that would have the file cover more of the text."""
    return recommend(text.reading.documents, text.corpus.options, file.path, file.member)


def say_advice(found: Recommendation | None, used: CorpusOptions) -> Iterator[str]:
    """That, and how to do it here."""
    if found is None:
        return
    better = found.options
    here = replace(used, tokeniser=better.tokeniser, lowercase=better.lowercase, habits=better.habits)
    if here != found.options:
        yield f"{found.sentence} The Data page has that option."
        return
    ways = [f"use --tokeniser {here.tokeniser}"] if here.tokeniser != used.tokeniser else []
    ways += [f"use --read {' '.join(here.habits)}"] if here.habits != used.habits else []
    if here.lowercase != used.lowercase:
        ways.append("leave out --keep-case" if here.lowercase else "use --keep-case")
    yield f"{found.sentence} To do that, {' and '.join(ways)}."
