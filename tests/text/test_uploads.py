import pytest

from core.errors import Cancelled, CorpusError
from core.prose.numbers import readable_size
from core.text.reading.uploads import LIMITS, Limits, Upload, limits_from, parsing


def test_limits_are_settings_of_the_deployment():
    assert limits_from({}) == LIMITS
    assert limits_from({"VECTUNE_MAX_FILE_BYTES": "1000"}) == Limits(file_bytes=1000)
    with pytest.raises(ValueError, match="VECTUNE_MAX_ARCHIVE_FILES"):
        limits_from({"VECTUNE_MAX_ARCHIVE_FILES": "-1"})


def test_errors_of_libraries_become_ours_and_cancelling_stays_what_it_is():
    with (
        pytest.raises(CorpusError, match=r"“a\.pdf” cannot be read as a PDF.*\(KeyError\).*Save") as caught,
        parsing("a.pdf", "a PDF", "Save it again."),
    ):
        raise KeyError
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(Cancelled), parsing("a.pdf", "a PDF", "Save it again."):
        raise Cancelled


@pytest.mark.parametrize(
    ("size", "text"),
    [(1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (999_960, "1 MB"), (1_550_000, "1.6 MB"), (2 * 10**9, "2 GB")],
)
def test_sizes_are_written_for_people(size, text):
    assert readable_size(size) == text


def test_the_extension_is_that_of_the_last_folder():
    assert Upload("a.b/C.TXT", b"").extension == ".txt"
    assert Upload("a.b/c", b"").extension == ""
