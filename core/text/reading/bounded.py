"""A process of its own for a library that is compiled and reads other people's formats; run as a script, it is that.

Such a library cannot be interrupted, may take all the memory there is, or end the process with it. So it runs in one
that the kernel holds to limits of memory and time: a forged file can end that only. The file goes to standard input;
to standard output go lines of JSON from the reader, then `{"end": kind, "reason": text}`, which says what went
wrong, or `{"end": ""}`.
"""

import ctypes
import importlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

BoundedReader = Literal["core.text.reading.tables.cells.read_cells", "core.text.reading.formats.glyphs.read_glyphs"]

_PR_SET_PDEATHSIG = 1
_KINDS = {"PasswordError": "encrypted", "MemoryError": "too large"}
_BESIDES = 256_000_000


class Ended(Exception):
    """The process ended before it had read the file; its exit code is `exit_code`."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


def read_bounded(
    reader: BoundedReader, data: bytes, limits: tuple[int, ...], memory: int, seconds: int
) -> Iterator[Any]:
    """What `reader` finds in `data`, piece by piece; the last one says how it ended.

    Args:
        limits: that it takes besides the data.
        memory: bytes that the process may take, besides what Python and the library need.
        seconds: of processor time.

    Raises:
        Ended: the kernel ended the process, or the library did.
    """
    command = [sys.executable, "-P", __file__, reader, str(_BESIDES + memory), str(seconds), *map(str, limits)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            try:
                process.stdin.write(data)
                process.stdin.close()
            except BrokenPipeError:  # it was ended already, and the exit code says why
                pass
            for line in process.stdout:
                yield json.loads(line)
        finally:
            process.kill()
    if process.returncode not in (0, -signal.SIGKILL):
        raise Ended(process.returncode)


def _main() -> None:
    """Read what comes from standard input. Arguments: reader, bytes of memory, seconds, the reader's own limits."""
    reader, memory, seconds, *limits = sys.argv[1:]
    sys.path.append(str(Path(__file__).parents[3]))
    _end_with_parent()
    _limit(int(memory), int(seconds))
    try:
        module, _, function = reader.rpartition(".")
        read = getattr(importlib.import_module(module), function)
        for found in read(sys.stdin.buffer.read(), *map(int, limits)):
            _write(found)
    except BaseException as error:  # a panic of a library is no Exception
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        _write({"end": _KINDS.get(type(error).__name__, "damaged"), "reason": reason})


def _end_with_parent() -> None:
    """Have Linux end this process when the one that waits for it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    except (ImportError, ValueError, OSError):  # not on this system; the process is still one of its own
        pass


def _write(line: object) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
