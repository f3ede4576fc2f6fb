"""“Copy as Python”: a short program that makes a model again with this library and checks what comes out."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from core.config import TrainConfig
from core.models.description import settle_dose
from core.models.embedding import Embedding, result_digest
from core.text.part import TextPart
from core.text.reading.documents import ReadOptions
from core.text.tokens.tokenisers import CorpusOptions

_SCRIPT = '''"""Makes the model “{title}” again. Save it in Vectune's folder and run it with .venv/bin/python."""

{imports}

{inputs}


def main():
    reading = {reading}
    corpus = open_uploads(uploads, reading, {tokenising}{part}).corpus
    assert corpus.digest == "{corpus}", "this is another text"
{open_vectors}    config = {config}
    embedding = train(corpus, config{vectors})
    same = result_digest(embedding) == "{result}"
    print(f"{{len(embedding.words):,}} words, {{'the same' if same else 'NOT the same'}} as on the page")
    write_glove(Path("vectors.txt"), embedding.words, embedding.vectors, header=True)


if __name__ == "__main__":
    main()
'''


def write_script(
    embedding: Embedding,
    title: str,
    reading: ReadOptions,
    *,
    part: TextPart | None = None,
    files: Sequence[str] = (),
    vectors: Path | None = None,
    member: str | None = None,
) -> str:
    """The program's text.

    Args:
        embedding: the model.
        title: what it is called.
        reading: how its text was cut into documents.
        part: which of these are the text; None for all.
        files: names of the text's files, which the reader puts beside the program; none for the demo's text.
        vectors: path of the pretrained file; None for the demo's, where the model needs one.
    """
    source_file = embedding.sources.pretrained
    config = settle_dose(embedding.config, embedding.details)
    names = {
        "core.config": ["TrainConfig"],
        "core.text.tokens.tokenisers": ["CorpusOptions"],
        "core.text.reading.documents": ["ReadOptions"],
        "core.models.embedding": ["result_digest"],
        "core.pretrained.vectors": ["write_glove"],
        "core.workspace.texts": ["open_uploads"],
        "core.models.training": ["train"],
    }
    if files:
        names["core.text.reading.uploads"] = ["read_files"]
        listed = "\n".join(f"        Path({name!r})," for name in files)
        inputs = f"uploads = read_files(\n    [\n{listed}\n    ]\n)  # paths of the text's files, in this order"
    else:
        names["core.workspace.demo_data"] = ["demo_uploads"]
        inputs = "uploads = demo_uploads()"
    opened = ""
    if source_file is not None:
        names["core.pretrained.vectors"].append("open_pretrained")
        if vectors is None:
            names.setdefault("core.workspace.demo_data", []).append("build_demo_vectors")
        source = "build_demo_vectors()" if vectors is None else f"Path({str(vectors)!r})"
        inside = f", member={member!r}" if member else ""
        opened = (
            f"    pretrained = open_pretrained({source}, corpus.words{inside})\n"
            f'    assert pretrained.digest == "{source_file.digest}", "these are other vectors"\n'
        )
    if part is not None:
        names["core.text.part"] = ["TextPart", *(["LabelSource"] if part.within or part.by else [])]
    imports = "\n".join(f"from {module} import {', '.join(sorted(each))}" for module, each in sorted(names.items()))
    return _SCRIPT.format(
        title=title.replace("\\", "").replace('"', "'"),
        imports=f"from pathlib import Path\n\n{imports}",
        inputs=inputs,
        reading=_call(reading, ReadOptions()),
        tokenising=_call(embedding.sources.corpus.options, CorpusOptions()),
        part="" if part is None else f", part={_write_part(part)}",
        corpus=embedding.sources.corpus.digest,
        open_vectors=opened,
        config=_call(config, TrainConfig(strategy=config.strategy), "strategy"),
        vectors=", pretrained" if source_file is not None else "",
        result=result_digest(embedding),
    )


def _write_part(part: TextPart) -> str:
    given = [f"{each.name}={value!r}" for each in fields(part) if (value := getattr(part, each.name))]
    return f"TextPart({', '.join(given)})"


def _call(value: Any, default: Any, *always: str) -> str:
    """The expression that makes `value`, naming only what is not usual."""
    usual, actual = asdict(default), asdict(value)
    names = [field.name for field in fields(value)]
    given = [f"{name}={actual[name]!r}" for name in names if name in always or actual[name] != usual[name]]
    return f"{type(value).__name__}({', '.join(given)})"
