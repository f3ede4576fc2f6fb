"""Downloads from a local server that stalls, breaks, lies and serves the wrong bytes; and the catalogue."""

import gzip
import hashlib
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.errors import Cancelled, PretrainedError
from core.pretrained import catalogue, download, room
from core.pretrained.catalogue import CATALOGUE, CatalogueEntry, catalogue_entry, download_vectors
from core.pretrained.download import download_file
from core.progress import silent
from core.prose.numbers import readable_seconds

CONTENT = b"".join(b"word%d 0.%d 0.5 -0.25\n" % (i, i) for i in range(20_000))
SIZE = len(CONTENT)
HALF = SIZE // 2
SHA = "sha256:" + hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """The first part of the path says how to behave."""

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        behaviour = self.path.split("/")[1]
        self.server.requests.append((behaviour, self.headers.get("Range"), self.headers.get("If-Range")))
        getattr(self, behaviour)(sum(request[0] == behaviour for request in self.server.requests))

    def send(self, body, *, status=200, length=None, content_range=None, etag='"1"'):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", etag)
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def start(self):
        """First byte asked for; 0 where the file is not the one that was begun."""
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if not match or self.headers.get("If-Range", '"1"') != '"1"':
            return 0
        return int(match[1])

    def send_from(self, start, end=SIZE):
        if start >= SIZE:
            self.send(b"", status=416, content_range=f"bytes */{SIZE}")
        elif start:
            length = SIZE - start
            self.send(CONTENT[start:end], status=206, length=length, content_range=f"bytes {start}-{SIZE - 1}/{SIZE}")
        else:
            self.send(CONTENT[:end], length=SIZE)

    def good(self, count):
        self.send_from(self.start())

    def breaks_once(self, count):
        self.send_from(self.start(), HALF if count == 1 else SIZE)

    def breaks_always(self, count):
        self.send_from(self.start(), HALF)

    def breaks_without_ranges(self, count):
        self.send_from(0, HALF if count == 1 else SIZE)

    def stalls_once(self, count):
        self.send_from(self.start(), HALF if count == 1 else SIZE)
        if count == 1:
            self.server.wake.wait(20)

    def stalls_always(self, count):
        self.send_from(self.start(), HALF)
        self.server.wake.wait(20)

    def changes(self, count):
        other = CONTENT.replace(b"0.5", b"0.6")
        if count == 1:
            self.send(other[:HALF], length=SIZE, etag='"0"')
        else:
            self.good(count)

    def wrong_range(self, count):
        if count == 1:
            self.send(CONTENT[:HALF], length=SIZE)
        elif self.start():
            self.send(CONTENT[5:], status=206, content_range=f"bytes 5-{SIZE - 1}/{SIZE}")
        else:
            self.good(count)

    def claims_less(self, count):
        self.send(CONTENT, length=HALF)

    def claims_more(self, count):
        self.send(CONTENT, length=10**12)

    def wrong_bytes(self, count):
        self.send(CONTENT.replace(b"0.5", b"0.6"))

    def web_page(self, count):
        self.send(b"<!DOCTYPE html><html>Please log in.</html>")

    def without_length(self, count):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(CONTENT)

    def endless(self, count):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(CONTENT)
        except OSError:
            self.server.wake.set()

    def packed(self, count):
        self.send_response(200)
        body = gzip.compress(CONTENT)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def missing(self, count):
        self.send(b"Not here.", status=404)

    def slow(self, count):
        self.send_response(200)
        self.send_header("Content-Length", str(SIZE))
        self.end_headers()
        try:
            for place in range(0, SIZE, SIZE // 100):
                self.wfile.write(CONTENT[place : place + SIZE // 100])
                time.sleep(0.05)
        except OSError:
            pass  # the client has cancelled


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Clients that go away are what these tests are about."""


@pytest.fixture
def server():
    with Server(("127.0.0.1", 0), Handler) as server:
        server.requests = []
        server.wake = threading.Event()
        server.base = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.wake.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch(server, tmp_path):
    """Downloads with the given behaviour of the server to vectors.txt."""

    def download_with(behaviour, progress=silent, **options):
        options = {"size": SIZE, "checksum": SHA, "stall": 0.3, "pause": 0.01, **options}
        download_file(progress, [f"{server.base}/{behaviour}/vectors.txt"], tmp_path / "vectors.txt", **options)
        return (tmp_path / "vectors.txt").read_bytes()

    return download_with


def left_over(tmp_path):
    return sorted(path.name for path in tmp_path.iterdir() if path.name != "cache")


def test_whole_file_with_progress(fetch, tmp_path):
    reports = []
    assert fetch("good", lambda *report: reports.append(report)) == CONTENT
    assert left_over(tmp_path) == ["vectors.txt"]
    messages = [message for _, message in reports]
    assert any(
        re.fullmatch(r"Downloading vectors.txt: [\d.,]+ [kM]B of [\d.]+ [kM]B, [\d.,]+ [kMG]B/s, 1 s left", each)
        for each in messages
    )
    assert [fraction for fraction, _ in reports] == sorted(fraction for fraction, _ in reports)
    assert reports[-1] == (1.0, "Checking vectors.txt")


def test_nothing_to_do_when_it_is_there(fetch, server, tmp_path):
    (tmp_path / "vectors.txt").write_bytes(b"mine")
    assert fetch("good") == b"mine"
    assert server.requests == []


@pytest.mark.parametrize("checksum", [SHA, None])
@pytest.mark.parametrize("behaviour", ["breaks_once", "stalls_once"])
def test_goes_on_after_a_break(behaviour, checksum, fetch, server):
    assert fetch(behaviour, checksum=checksum) == CONTENT
    validator = None if checksum else '"1"'
    assert server.requests == [(behaviour, None, None), (behaviour, f"bytes={HALF}-", validator)]


def test_starts_over_where_the_server_knows_no_ranges(fetch):
    assert fetch("breaks_without_ranges") == CONTENT


def test_file_that_changed_meanwhile_is_not_continued(fetch):
    assert fetch("changes", checksum=None) == CONTENT


def test_wrong_range_is_not_used(fetch):
    assert fetch("wrong_range") == CONTENT


@pytest.mark.parametrize("behaviour", ["breaks_always", "stalls_always"])
def test_gives_up_with_a_sentence_and_keeps_what_came(behaviour, fetch, server, tmp_path):
    with pytest.raises(PretrainedError, match=r"127\.0\.0\.1 does not answer as it should.*goes on where it stopped"):
        fetch(behaviour)
    assert len(server.requests) == 1 + download.ATTEMPTS
    assert (tmp_path / "vectors.txt.part").stat().st_size == HALF
    assert fetch("good") == CONTENT
    assert server.requests[-1][1] == f"bytes={HALF}-"
    assert left_over(tmp_path) == ["vectors.txt"]


@pytest.mark.parametrize(
    ("behaviour", "options", "message"),
    [
        ("claims_less", {}, "offers .* It is not the right file"),
        ("claims_more", {}, "offers 1,000,000,000,000 bytes"),
        ("web_page", {}, "It is not the right file"),
        ("wrong_bytes", {}, "sha256 checksum differs. It was deleted"),
        ("endless", {}, "instead of"),
        ("packed", {"size": None}, "checksum differs"),
        ("missing", {}, "HTTP 404"),
        ("claims_more", {"size": None}, "needs 1,000 GB, and"),
    ],
)
def test_lies_are_refused_with_a_sentence(behaviour, options, message, fetch, tmp_path):
    with pytest.raises(PretrainedError, match=message):
        fetch(behaviour, **options)
    assert not (tmp_path / "vectors.txt").exists()
    assert not (tmp_path / "vectors.txt.part").exists()


def test_server_that_does_not_say_the_length(fetch):
    assert fetch("without_length") == CONTENT


def test_no_network_is_a_sentence(tmp_path):
    with pytest.raises(
        PretrainedError, match=r"no connection.*Check the network.*get http://127.0.0.1:9/a.txt yourself"
    ):
        download_file(silent, ["http://127.0.0.1:9/a.txt"], tmp_path / "a.txt", pause=0.01)
    assert left_over(tmp_path) == [".a.txt.lock"]


def test_mirror_is_tried(server, tmp_path):
    urls = [f"{server.base}/missing/a.txt", f"{server.base}/good/a.txt"]
    download_file(silent, urls, tmp_path / "a.txt", size=SIZE, checksum=SHA, pause=0.01)
    assert (tmp_path / "a.txt").read_bytes() == CONTENT


def test_cancelled_download_goes_on_later(fetch, server, tmp_path):
    def cancel(fraction, message):
        if fraction > 0.1:
            raise Cancelled

    threads = threading.active_count()
    with pytest.raises(Cancelled):
        fetch("slow", cancel)
    kept = (tmp_path / "vectors.txt.part").stat().st_size
    assert 0 < kept < SIZE
    assert fetch("good") == CONTENT
    assert server.requests[-1][1] == f"bytes={kept}-"
    assert threading.active_count() <= threads + 1  # the server's own


def test_complete_part_is_checked_without_a_request(fetch, server, tmp_path):
    (tmp_path / "vectors.txt.part").write_bytes(CONTENT)
    assert fetch("good") == CONTENT
    assert server.requests == []


def test_full_disk_is_told_before_the_first_byte(fetch, monkeypatch, tmp_path):
    usage = room.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda folder: usage._replace(free=SIZE - 1))
    with pytest.raises(PretrainedError, match="Free some space"):
        fetch("good")


def test_two_sessions_download_once(server, tmp_path):
    def fetch_it(_):
        download_file(silent, [f"{server.base}/good/a.txt"], tmp_path / "a.txt", size=SIZE, checksum=SHA)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(fetch_it, range(2)))
    assert len(server.requests) == 1


@pytest.fixture
def entry(server, monkeypatch):
    """A catalogue of one entry, on the local server."""

    def set_entry(behaviour="good", **changes):
        facts = {
            "name": "mine",
            "trained_on": "nothing",
            "vector_sizes": (3,),
            "vocabulary": 20_000,
            "size": SIZE,
            "licence": "none",
            "licence_url": "",
            "urls": (f"{server.base}/{behaviour}/vectors.txt",),
            "checksum": None,
        }
        monkeypatch.setattr(catalogue, "CATALOGUE", (CatalogueEntry(**{**facts, **changes}),))

    return set_entry


def test_download_by_name(entry, tmp_path):
    entry()
    assert download_vectors(silent, "mine", tmp_path) == str(tmp_path / "vectors.txt")
    assert (tmp_path / "vectors.txt").read_bytes() == CONTENT


@pytest.mark.parametrize("changes", [{"vector_sizes": (50,)}, {"vector_sizes": (3, 3)}, {"vocabulary": 400_000}])
def test_other_vectors_than_the_catalogue_says(changes, entry, tmp_path):
    entry(**changes)
    with pytest.raises(PretrainedError, match=r"are not the vectors mine\. It was deleted"):
        download_vectors(silent, "mine", tmp_path)
    assert not (tmp_path / "vectors.txt").exists()


def test_unknown_name(tmp_path):
    with pytest.raises(PretrainedError, match=r"no vectors called “glove”.*glove\.6B"):
        download_vectors(silent, "glove", tmp_path)


def test_catalogue():
    assert len({entry.name for entry in CATALOGUE}) == len({entry.file_name for entry in CATALOGUE}) == len(CATALOGUE)
    for entry in CATALOGUE:
        assert entry.licence
        assert bool(entry.package) != bool(entry.urls)
        assert all(url.startswith("https://") for url in (entry.licence_url, *entry.urls))
        assert all(url.endswith("/" + entry.file_name) for url in entry.urls)
        if entry.checksum is not None:
            method, digest = entry.checksum.split(":")
            assert len(bytes.fromhex(digest)) == hashlib.new(method).digest_size
    glove = catalogue_entry("glove.6B")
    assert (glove.file_name, glove.vector_sizes, glove.memory(100)) == (
        "glove.6B.zip",
        (50, 100, 200, 300),
        160_000_000,
    )
    assert catalogue_entry("glove-twitter-25").vector_sizes == (25,)


def test_format_seconds():
    assert [readable_seconds(s) for s in (4.4, 119, 7900)] == ["4 s", "2 min", "2 h 12 min"]
