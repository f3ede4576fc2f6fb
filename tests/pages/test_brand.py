"""What stands left of the menu, whatever a text is called."""

from base64 import b64decode
from xml.etree import ElementTree

import pytest

from pages.shared.frame.brand import _draw, count_columns, shorten


@pytest.mark.parametrize(
    "name",
    [
        "brown",
        "<script>alert(1)</script>&\"'",
        "x" * 300,
        "كتاب الأغاني الكبير لأبي الفرج الأصفهاني",
        "红楼梦" * 20,
        "a\x00b\u202ec\ud800",
    ],
)
def test_any_name_is_a_picture_of_text_that_fits(name):
    head, _, data = _draw(name).partition(",")
    assert head == "data:image/svg+xml;base64"
    root = ElementTree.fromstring(b64decode(data))
    product, below = (each.text for each in root.iter("{http://www.w3.org/2000/svg}text"))
    assert product == "Vectune"
    assert below == f"\u2068{shorten(name)}\u2069"
    assert count_columns(shorten(name)) <= 24
    assert int(root.get("width")) <= 170


def test_a_name_that_fits_is_left_as_it_is():
    assert shorten("Brown  corpus\n1961") == "Brown corpus 1961"
    assert shorten("a" * 30) == "a" * 23 + "…"
