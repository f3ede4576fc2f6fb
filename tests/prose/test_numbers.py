"""Shares are written alike everywhere: in per cent, with a space before the sign."""

import re
from pathlib import Path

import pytest

from core.prose.numbers import write_share

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]


def test_a_share_in_per_cent() -> None:
    assert write_share(0.7951) == "79.5 %"
    assert write_share(1, 0) == "100 %"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_module_has_a_way_of_its_own(path: Path) -> None:
    assert not re.search(r":\.\d%\}", path.read_text(encoding="utf-8"))
