"""The formats in which a model can leave: what each is called, what opens it, whether counts fit in."""

from typing import Literal, NamedTuple, get_args

ExportFormat = Literal["word2vec", "word2vec-binary", "glove", "gensim", "npz", "parquet", "csv", "projector"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


class FormatText(NamedTuple):
    """What the user reads about a format: its name, the file's ending, what opens it, and whether counts fit in."""

    name: str
    ending: str
    opens: str
    holds_counts: bool


FORMAT_TEXTS: dict[ExportFormat, FormatText] = {
    "word2vec": FormatText(
        "word2vec text", ".txt", "gensim: KeyedVectors.load_word2vec_format(path), and most other programs", False
    ),
    "word2vec-binary": FormatText(
        "word2vec binary", ".bin", "gensim: KeyedVectors.load_word2vec_format(path, binary=True)", False
    ),
    "glove": FormatText(
        "GloVe text", ".glove.txt", "whatever reads GloVe files; gensim with no_header=True; Vectune itself", False
    ),
    "gensim": FormatText(
        "gensim KeyedVectors", ".kv", "gensim: KeyedVectors.load(path). A pickle: open only your own", True
    ),
    "npz": FormatText("NumPy", ".npz", "numpy.load(path): arrays words, vectors, counts", True),
    "parquet": FormatText("Parquet", ".parquet", "pandas.read_parquet(path), DuckDB, Polars, Arrow", True),
    "csv": FormatText("CSV", ".csv", "spreadsheets, R, pandas.read_csv(path, keep_default_na=False)", True),
    "projector": FormatText(
        "TensorFlow Projector", ".zip", "unzip, then projector.tensorflow.org: Load; or TensorBoard", True
    ),
}
