"""Workspaces whose text was split into several, for tests that study them."""

import csv
import io

from workspaces import save

from core.progress import silent
from core.text.part import TextPart
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.named_texts import add_parts, use_text
from core.workspace.texts import TextChoice, keep_parts, keep_uploads
from core.workspace.workspace import Workspace


def table_of(parts):
    """A table with the documents of each part, (name, documents), under its name."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("part", "text"))
    writer.writerows((name, document) for name, documents in parts.items() for document in documents)
    return file.getvalue()


def split_workspace(token, parts, vectors, **options):
    """Keep a workspace whose text, `table_of(parts)`, was split by label; gives `token`.

    `options`: how it is cut into words.
    """
    upload = keep_uploads([Upload("letters.csv", table_of(parts).encode())])
    whole = TextChoice(upload, ReadOptions(text_column="text", label_column="part"), CorpusOptions(**options))
    chosen = [TextPart(labels=(name,)) for name in parts]
    keep_parts(silent, whole, chosen)
    made = use_text(Workspace(uploads=(upload,), vectors=vectors), whole, "letters")
    save(token, add_parts(made, whole, [(f"letters {name}", part) for name, part in zip(parts, chosen, strict=True)]))
    return token
