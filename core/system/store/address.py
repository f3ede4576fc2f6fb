"""Where the store is, if there is one beside the cache folder. Imports nothing of what talks to it."""

import os
import re

from core.errors import StoreError

STORE_VARIABLE = "VECTUNE_STORE"
"""`s3://BUCKET/FOLDER`, or any other address that fsspec knows; empty where the cache folder is the store."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+")
_SECRET = re.compile(r"(?<=://)[^/@]*@")


def find_store() -> str | None:
    """The address of the store; None where the cache folder is the store.

    Raises:
        StoreError: the variable holds no address.
    """
    given = os.environ.get(STORE_VARIABLE, "").strip()
    if given and not _ADDRESS.fullmatch(given):
        raise StoreError(f"{STORE_VARIABLE} is no address. Write s3://BUCKET/FOLDER, or any other that fsspec knows.")
    return given or None


def show_address(address: str) -> str:
    """The address without a name and password in it."""
    return _SECRET.sub("", address)
