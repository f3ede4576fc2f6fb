"""What is installed, under which licence, and what this server stores: facts for the About page."""

from importlib import metadata
from typing import NamedTuple

import core

_PACKAGES = (
    "streamlit", "gensim", "nltk", "numpy", "scipy", "scikit-learn", "umap-learn", "pynndescent", "numba", "plotly",
    "pandas", "py3langid", "pyarrow", "pypdfium2", "python-calamine", "beautifulsoup4", "lxml",
    "charset-normalizer", "rapidfuzz", "requests", "stopwordsiso", "platformdirs", "xxhash",
)  # fmt: skip


class Package(NamedTuple):
    """An installed package."""

    name: str
    version: str
    licence: str


def installed_packages() -> tuple[Package, ...]:
    """Vectune and what it is built on; packages that are not installed are left out."""
    found = [Package("vectune", core.__version__, "MIT")]
    for name in _PACKAGES:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        found.append(Package(name, about["Version"], _licence(about)))
    return tuple(found)


def _field(about: metadata.PackageMetadata, name: str) -> str:
    return str(about[name]) if name in about else ""


def _licence(about: metadata.PackageMetadata) -> str:
    """The short name of the licence: packages say it in one of three places, some with its whole text."""
    if expression := _field(about, "License-Expression"):
        return expression
    classifiers = [line for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    names = [line.rpartition(" :: ")[2] for line in classifiers if line != "License :: OSI Approved"]
    if names:
        return ", ".join(names)
    lines = _field(about, "License").strip().splitlines()
    return lines[0][:60] if lines else "see the package"


PRIVACY: tuple[tuple[str, str], ...] = (
    (
        "What is stored",
        "Uploaded texts as they came and cut into words; vectors files you upload; your models with their words and "
        "vectors; scorecards, which quote sentences of the text; word pairs you upload; where words lie on maps; your "
        "settings, pinned words and the names you gave; demos that you saved. Nothing about you: no name, no "
        "address, no statistics of use. One cookie holds the secret of your workspace, so that you find your work "
        "again. Where you have to log in, a digest of your account takes its place, and cookies hold your login.",
    ),
    (
        "Where",
        "In one folder on the server that runs this page. Nothing is sent to anybody else. The server asks the network "
        "for something only when you press a button that downloads a vectors file.",
    ),
    (
        "Who sees it",
        "Whoever has your address with its secret (`?w=…`), and who runs the server. A demo can be seen by whoever "
        "has its link. Equal texts are stored once: whoever brings the very same text finds its models ready.",
    ),
    (
        "For how long",
        "Until you erase it with the button below, delete a text of it on the Storage page, or the people who run the "
        "server empty the folder. Exported files go after a day. Erasing ends what is being computed and takes "
        "everything above along; what another workspace or a demo of somebody else uses stays theirs, without the "
        "names that your files had.",
    ),
)
"""Headings and paragraphs of the privacy statement."""

_WITH_A_STORE = {
    "Where": "In storage that whoever runs this page has chosen for it, which may be another company's, with copies on "
    "the machines that work for this page. The server asks the rest of the network for something only when you press a "
    "button that downloads a vectors file.",
    "Who sees it": "Whoever has your address with its secret (`?w=…`), who runs the server, and whoever may read that "
    "storage. A demo can be seen by whoever has its link. Equal texts are stored once: whoever brings the very same "
    "text finds its models ready.",
    "For how long": "Until you erase it with the button below, delete a text of it on the Storage page, or the people "
    "who run the server empty the storage. Exported files go after a day. Erasing ends what is being computed and "
    "takes everything above along, at once in the storage and on this machine, within a minute on others that are "
    "running, when they start on those that are not; what another workspace or a demo of somebody else uses stays "
    "theirs, without the names that your files had.",
}
PRIVACY_WITH_A_STORE = tuple((heading, _WITH_A_STORE.get(heading, text)) for heading, text in PRIVACY)
"""The same where the cache folder is a machine's copy of a store (`core.system.store`)."""
