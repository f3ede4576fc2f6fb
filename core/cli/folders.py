"""Folders of models as the command line makes them: DIR/NAME for each model, and DIR/run.json for all of them."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.cli.recipes import Inputs
from core.errors import RunError
from core.models.embedding import Embedding, describe_run, load_embedding, save_embedding
from core.pretrained.vectors import write_glove
from core.system.files import check_place, read_json, write_json, writing_to
from core.system.typed_json import as_values
from core.text.corpus import CorpusOptions

_CHOOSE = "another --out"


def check_out(out: Path, names: Sequence[str]) -> None:
    """Raise `RunError` unless models could be saved as `names` below `out`: better now than after the training."""
    check_place(out, _CHOOSE)
    record = out / "run.json"
    if record.exists() and _runs_in(record) is None:
        raise RunError(f"{record} exists and is not Vectune's. Choose another --out.")
    for name in names:
        _check_replaceable(out / name)


def _runs_in(path: Path) -> Any:
    """What a DIR/run.json says of its models; None if it is none."""
    try:
        return read_json(path)["runs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _check_replaceable(folder: Path) -> None:
    """A folder that an earlier training wrote is replaced; anything else is left alone."""
    if folder.exists() and not (folder / "run.json").exists():
        raise RunError(f"{folder} exists and is not a run of Vectune. Choose another --out.")


def save_model(embedding: Embedding, folder: Path) -> dict[str, Any]:
    """Write a model with its vectors.txt, whole or not at all, in the place of an earlier one; gives its run.json.

    Raises:
        RunError: it cannot be written there.
    """
    _check_replaceable(folder)
    with writing_to(folder, _CHOOSE):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
            new = Path(temporary, "new")
            save_embedding(embedding, new)
            write_glove(new / "vectors.txt", embedding.words, embedding.vectors, header=True)
            if folder.exists():
                folder.rename(Path(temporary, "old"))
            new.rename(folder)
    return as_values(describe_run(embedding))


def write_record(out: Path, records: Mapping[str, Any], inputs: Inputs, tokenising: CorpusOptions) -> dict[str, Any]:
    """Write DIR/run.json, which tells where the inputs of its models are; gives what it says of `records`.

    Models that an earlier training on the same inputs left in the folder stay in it.
    """
    whole = {
        "text": [str(path.resolve()) for path in inputs.text],
        "documents": inputs.reading["unit"] if inputs.reading else "auto",
        "reading": dict(inputs.reading or {}),
        "tokenising": asdict(tokenising),
        "vectors": None if inputs.vectors is None else str(inputs.vectors.resolve()),
        "member": inputs.member,
        "runs": dict(records),
    }
    with writing_to(out, _CHOOSE):
        write_json(out / "run.json", _with_earlier(out, whole))
    return whole


def _with_earlier(out: Path, whole: dict[str, Any]) -> dict[str, Any]:
    """`whole`, and the models of the DIR/run.json that it replaces, where their inputs are the same."""
    try:
        old = read_json(out / "run.json")
        if any(old[key] != whole[key] for key in ("text", "documents", "reading")):
            return whole
        used = [_digests(record) for record in whole["runs"].values()]
        vectors = {pretrained for _, pretrained in used if pretrained}
        kept = {
            name: record
            for name, record in old["runs"].items()
            if name not in whole["runs"] and (out / name / "run.json").exists() and _digests(record)[0] == used[0][0]
        }
        if not vectors and old["vectors"] and any(_digests(record)[1] for record in kept.values()):
            whole = {**whole, "vectors": old["vectors"], "member": old["member"]}
        elif whole["vectors"] != old["vectors"] or whole["member"] != old["member"]:
            kept = {name: record for name, record in kept.items() if _digests(record)[1] in (None, *vectors)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return whole  # there is none, or it is of another program
    return {**whole, "runs": {**kept, **whole["runs"]}}


def _digests(record: Mapping[str, Any]) -> tuple[str, str | None]:
    """What a model was made from: its text, its pretrained vectors."""
    inputs = record["inputs"]
    return inputs["corpus"]["digest"], inputs["pretrained"] and inputs["pretrained"]["digest"]


def load_model(folder: Path, name: str) -> Embedding:
    """The model called `name` in `folder`.

    Raises:
        RunError: there is none, or it is damaged.
    """
    there = sorted(path.parent.name for path in folder.glob("*/run.json") if not path.parent.name.startswith("."))
    if name not in there:
        listed = f"It has: {', '.join(there)}." if there else "It has no models; make some with the train command."
        raise RunError(f"There is no model {name} in {folder}. {listed}")
    try:
        return load_embedding(folder / name)
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise RunError(f"The model in {folder / name} is damaged ({error}). Train it again.") from error
