"""A text in three parts; how the parts are made is tested with what is asked of them (tests/models/test_cloze.py)."""

from core.text.split import write_units


def test_what_was_held_out_is_counted_in_words():
    assert [write_units("documents", n) for n in (0, 1, 44, 1200)] == [
        "0 documents", "1 document", "44 documents", "1,200 documents"
    ]  # fmt: skip
    assert write_units("blocks", 1) == "1 stretch of 200 words"
    assert write_units("blocks", 2) == "2 stretches of 200 words"
