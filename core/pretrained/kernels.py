"""Compiled scanning and parsing of text rows: the same results as numpy's, faster.

Importing this imports numba; the first call on a machine compiles for some seconds and is kept in the cache folder.
Positions are unsigned: numba then leaves out the code for negative indices.
"""

import core.system.jit  # noqa: F401, I001  (it says where numba keeps compiled code, so it comes first)

import numba
import numpy as np

_ONE = np.uint64(1)
_LANE = np.uint64(64)
_FNV_START = np.uint64(14695981039346656037)
_FNV_PRIME = np.uint64(1099511628211)
_FOLD = np.uint64(29)
_NEWLINE, _RETURN, _TAB, _SPACE = np.uint8(10), np.uint8(13), np.uint8(9), np.uint8(32)
_ZERO, _MINUS, _PLUS, _POINT, _E = (np.uint8(ord(c)) for c in "0-+.E")
_TEN, _NOT_ASCII = np.uint8(10), np.uint8(0x80)
_MARKS = np.uint8(0xCC)  # UTF-8 of U+0300 begins so; all before it is in NFC
_POWERS = 10.0 ** np.arange(23)  # each is exact in float64
_MAX_DIGITS = 15

_kernel = numba.njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")


@_kernel
def _hash(data, start, end):  # type: ignore[no-untyped-def]
    value = _FNV_START
    for i in range(start, end):
        value = (value ^ np.uint64(data[i])) * _FNV_PRIME
    return max(value, _ONE)  # 0 marks a free cell


@_kernel
def build_table(blob, ends, cells):  # type: ignore[no-untyped-def]
    """Open-addressed hash table, uint64 (cells,), of the words that end at `ends` in `blob`; `cells` a power of 2."""
    table = np.zeros(cells, np.uint64)
    mask = np.uint64(cells - 1)
    start = 0
    for k in range(len(ends)):
        value = _hash(blob, start, ends[k])
        cell = (value ^ (value >> _FOLD)) & mask
        while table[cell] != 0 and table[cell] != value:
            cell = (cell + _ONE) & mask
        table[cell] = value
        start = ends[k]
    return table


@_kernel
def find_rows(data, length, separator, table, starts, ends, doubts):  # type: ignore[no-untyped-def]
    """Find the lines of data[:length] whose first field may be in `table` (an empty table: all lines).

    A first field with letters of which Unicode has two forms may be another form of one in `table`: then `doubts`,
    uint8, is 1 and not 0.
    Where they begin and end goes into `starts` and `ends`, uint64. Stops early when these are full. Gives the number of
    lines found, the number of lines passed, and where it stopped. `length` is just after a newline.
    """
    position = np.uint64(0)
    stop = np.uint64(length)
    filtered = len(table) > 0
    mask = np.uint64(max(1, len(table)) - 1)
    found = 0
    lines = 0
    while position < stop and found < len(starts):
        start = position
        wanted = True
        doubt = np.uint8(0)
        if filtered:
            value = _FNV_START
            every = np.uint8(0)
            while data[position] != separator and data[position] != _NEWLINE:
                every |= data[position]
                value = (value ^ np.uint64(data[position])) * _FNV_PRIME
                position += _ONE
            value = max(value, _ONE)
            cell = (value ^ (value >> _FOLD)) & mask
            while table[cell] != 0 and table[cell] != value:
                cell = (cell + _ONE) & mask
            if every >= _NOT_ASCII and table[cell] == 0:
                for i in range(start, position):
                    doubt |= np.uint8(data[i] >= _MARKS)
            wanted = table[cell] != 0 or doubt != 0
        while position + _LANE <= stop:
            seen = np.uint8(0)
            for i in range(64):
                seen |= np.uint8(data[position + np.uint64(i)] == _NEWLINE)
            if seen:
                break
            position += _LANE
        while data[position] != _NEWLINE:
            position += _ONE
        if wanted:
            starts[found] = start
            ends[found] = position
            doubts[found] = doubt
            found += 1
        lines += 1
        position += _ONE
    return found, lines, position


@_kernel
def find_word_ends(data, starts, ends, rows, separator, word_ends):  # type: ignore[no-untyped-def]
    """Where the first field of each line ends."""
    for r in range(rows):
        p = starts[r]
        while p < ends[r] and data[p] != separator:
            p += _ONE
        word_ends[r] = p


@_kernel
def parse_rows(data, starts, ends, rows, separator, out, word_ends):  # type: ignore[no-untyped-def]
    """Parse the lines found by `find_rows` into out[:rows], float32; word_ends[i] = starts[i] where that is refused.

    Takes what can be converted exactly as Python would: a word without white space, then plain decimals of at most 15
    digits whose power of ten is at most 22, so that one division or multiplication of two exact doubles is correctly
    rounded. Everything else is for Python to judge.
    """
    vector_size = out.shape[1]
    refused = 0
    for r in range(rows):
        p = starts[r]
        end = ends[r]
        word_ends[r] = p
        while end > p and (data[end - _ONE] == _RETURN or data[end - _ONE] == _SPACE):
            end -= _ONE
        first = p
        while p < end and data[p] != separator and data[p] != _SPACE and data[p] != _TAB:
            p += _ONE
        if p >= end or p == first or data[p] != separator:
            refused += 1
            continue
        word_end = p
        k = 0
        while p < end and k < vector_size:
            p += _ONE  # the separator
            # What ends the line is no digit, so nothing here goes past it.
            negative = data[p] == _MINUS
            if negative:
                p += _ONE
            mantissa = np.int64(0)
            digits_start = p
            digit = np.uint8(data[p] - _ZERO)
            while digit < _TEN:
                mantissa = mantissa * 10 + np.int64(digit)
                p += _ONE
                digit = np.uint8(data[p] - _ZERO)
            digits = np.int64(p - digits_start)
            exponent = np.int64(0)
            if data[p] == _POINT:
                p += _ONE
                fraction_start = p
                digit = np.uint8(data[p] - _ZERO)
                while digit < _TEN:
                    mantissa = mantissa * 10 + np.int64(digit)
                    p += _ONE
                    digit = np.uint8(data[p] - _ZERO)
                exponent = -np.int64(p - fraction_start)
                digits -= exponent
            if digits < 1 or digits > _MAX_DIGITS:
                break
            if p < end and data[p] & np.uint8(0xDF) == _E:
                p += _ONE
                shrinks = p < end and data[p] == _MINUS
                if p < end and (data[p] == _MINUS or data[p] == _PLUS):
                    p += _ONE
                power = np.int64(0)
                power_start = p
                while p < end and np.uint8(data[p] - _ZERO) < _TEN and power < 1000:
                    power = power * 10 + np.int64(data[p] - _ZERO)
                    p += _ONE
                if p == power_start:
                    break
                exponent += -power if shrinks else power
            if exponent < -22 or exponent > 22 or (p < end and data[p] != separator):
                break
            value = np.float64(mantissa)
            if exponent < 0:
                value /= _POWERS[-exponent]
            elif exponent > 0:
                value *= _POWERS[exponent]
            out[r, k] = np.float32(-value if negative else value)
            k += 1
        if k == vector_size and p == end:
            word_ends[r] = word_end
        else:
            refused += 1
    return refused


@_kernel
def join_words(data, starts, word_ends, rows, out):  # type: ignore[no-untyped-def]
    """Copy the rows' words into `out`, a newline after each; gives the number of bytes."""
    size = np.uint64(0)
    for r in range(rows):
        for i in range(starts[r], word_ends[r]):
            out[size] = data[i]
            size += _ONE
        out[size] = _NEWLINE
        size += _ONE
    return size


@_kernel
def mean_parts(letters, starts, own, matrix, model, out):  # type: ignore[no-untyped-def]
    """Mean of each word's own row and those of its parts into `out`, as fastText computes it.

    letters[starts[w]:starts[w + 1]] is word w between < and >, or nothing; own[w] its row, -1 without one; `model` the
    first row of parts, how many buckets there are, and of how many letters the shortest and longest parts are. The hash
    is FNV-1a of 32 bits, in which a byte above 127 counts as a negative number.
    """
    first, buckets, shortest, longest = model[0], model[1], model[2], model[3]
    for w in range(len(starts) - 1):
        begin, end = starts[w], starts[w + 1]
        rows = 0
        if own[w] >= 0:
            out[w] += matrix[own[w]]
            rows += 1
        for start in range(begin, end):
            if letters[start] & 0xC0 == 0x80:
                continue
            value = np.uint32(2166136261)
            p = start
            for count in range(1, longest + 1):
                if p >= end:
                    break
                while True:  # a character
                    byte = np.uint32(letters[p])
                    if byte >= 128:
                        byte |= np.uint32(0xFFFFFF00)
                    value = np.uint32((value ^ byte) * np.uint32(16777619))
                    p += 1
                    if p >= end or letters[p] & 0xC0 != 0x80:
                        break
                if count >= shortest and not (count == 1 and (start == begin or p == end)):
                    out[w] += matrix[first + np.int64(value) % buckets]
                    rows += 1
        if rows:
            out[w] /= np.float32(rows)
