"""Decimal numbers in text become float32 in bulk, with numpy alone: each is the one that `float()` would give."""

import numpy as np

_ZEROS = np.uint64(0x3030303030303030)
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIXES = np.uint64(0x0606060606060606)
_UNUSED_BITS = np.array([0, *range(56, -1, -8)], np.uint64)  # of eight characters, when 1 to 8 of them are digits
_FILL = np.array([int(_ZEROS) >> (64 - int(unused)) for unused in _UNUSED_BITS], np.uint64)
_JOINS = tuple(
    (np.uint64(factor), np.uint64(bits), np.uint64(mask))
    for factor, bits, mask in ((10, 8, 0x00FF00FF00FF00FF), (100, 16, 0x0000FFFF0000FFFF), (10_000, 32, 0xFFFFFFFF))
)
_MAX_PLACES = 14
_POWERS = 10.0 ** np.arange(_MAX_PLACES + 1)
_PADDING = bytes(16)


def parse_decimals(text: bytes, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The numbers at text[starts[i] : ends[i]], starts and ends int64 (n,): float32 (n,), nan where there is none.

    One digit, a point and 1 to 14 digits, as nearly all values in vector files are, are taken eight bytes at a time:
    their digits are an integer that is exact in float64, so is the power of ten, and one division rounds correctly.
    `float()` reads the rest.
    """
    data = np.frombuffer(text + _PADDING, np.uint8)
    negative = data[starts] == np.uint8(ord("-"))
    first = starts + negative
    places = ends - first
    places -= 2
    whole = data[first] - np.uint8(ord("0"))  # wraps below "0"
    first += 1
    plain = data[first] == np.uint8(ord("."))
    plain &= whole < 10
    plain &= (places >= 1) & (places <= _MAX_PLACES)
    places[~plain] = 1
    first += 1
    eights = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))  # the eight bytes from every place on
    digits, valid = _parse_eight(eights[first], np.minimum(places, 8))
    plain &= valid
    values = digits.astype(np.float64)
    long = np.flatnonzero(places > 8)
    more, valid = _parse_eight(eights[first[long] + 8], places[long] - 8)
    plain[long] &= valid
    values[long] = values[long] * _POWERS[places[long] - 8] + more
    power = _POWERS[places]
    values += whole * power
    values /= power
    np.negative(values, out=values, where=negative)
    others = np.flatnonzero(~plain)
    for i, start, end in zip(others.tolist(), starts[others].tolist(), ends[others].tolist(), strict=True):
        try:
            values[i] = float(text[start:end])
        except ValueError:
            values[i] = np.nan
    with np.errstate(over="ignore"):
        floats: np.ndarray = values.astype(np.float32)
    return floats


def _parse_eight(characters: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The integers that the first `count` of each eight characters (uint64, little-endian) spell, and whether they do.

    The digits move to the end of the eight and zeros fill the front; then neighbours are joined to pairs, fours, eight.
    Works in place: `characters` is overwritten.
    """
    characters <<= _UNUSED_BITS[count]
    characters |= _FILL[count]
    digits = characters - _ZEROS
    spare = digits + _SIXES
    spare |= characters ^ _ZEROS
    spare &= _HIGH
    valid = spare == 0
    for factor, bits, mask in _JOINS:
        np.right_shift(digits, bits, out=spare)
        digits *= factor
        digits += spare
        digits &= mask
    return digits, valid
