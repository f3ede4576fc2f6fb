"""What tests have a confined child do; in a module of its own, which takes it no time to import."""

import os
import unicodedata
from dataclasses import replace

from core.system.confinement import Allowance, Exceeded, allow
from core.text.reading.allowances import hold_text
from core.text.reading.uploads import LIMITS


def compose_slowly():
    """Compiled code that holds Python's lock and that no signal interrupts."""
    with allow("x.txt", Allowance(0.1, 10**9)):
        unicodedata.normalize("NFC", "a" + "\u0301\u0316" * 300_000)


def abort():
    with allow("x.txt", Allowance(1, 10**9)):
        os.abort()


def grow():
    with allow("x.txt", Allowance(9, 50_000_000)):
        return len(b"x" * 10**9)


def swallow():
    with allow("x.txt", Allowance(0.1, 10**9)):
        while True:
            try:
                while True:
                    pass
            except Exception:  # as parsers do
                pass


def caught(work):
    try:
        work()
    except Exceeded as exceeded:
        return exceeded


def cut_slowly():
    with hold_text(10, replace(LIMITS, file_seconds=0)):
        while True:
            pass
