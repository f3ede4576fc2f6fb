"""Text that says again what came before it: told by the sequences of five tokens that it shares with earlier text.

One rule for the whole house. By it the documents of a text that repeat earlier ones are found, in reading order; and
held-out text that repeats what a model learned from, in the order of the split.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.progress import Progress, silent

SHINGLE_TOKENS = 5
REPEATED_SHARE = 0.5
"""A document or block repeats earlier text when this share of its different sequences of five tokens is there."""

_CHUNK = 2_000_000
_PRIMES = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True, eq=False)
class Repeats:
    """How much of each unit, a document or a block, repeats units before it. Units are counted from 0.

    Attributes:
        shares: float64 (units,), how many of its different sequences have come before, 0 to 1; 0 for an empty one.
        repeated: bool (units,), where that is `REPEATED_SHARE` or more.
        examples: (earlier unit, unit, share of its sequences that are in the earlier one) of some that are repeated,
            the most alike first; the earlier unit is the one that has most of them first.
    """

    shares: np.ndarray
    repeated: np.ndarray
    examples: tuple[tuple[int, int, float], ...] = ()


def find_repeats(
    tokens: np.ndarray,
    starts: np.ndarray,
    order: np.ndarray | None = None,
    *,
    examples: int = 0,
    progress: Progress = silent,
) -> Repeats:
    """How much of each unit has come before.

    Args:
        tokens: int32 (tokens,), word ids.
        starts: int64 (units + 1,), offsets of the units into `tokens`; the last one is len(tokens).
        order: int64 (units,), all units as they come one after the other; None for the order in which they stand.
        examples: the most of them to give.

    Raises:
        Cancelled: out of `progress`.
    """
    n_units = len(starts) - 1
    order = np.arange(n_units) if order is None else order
    place = np.empty(n_units, np.int64)
    place[order] = np.arange(n_units)
    bits = max(1, n_units - 1).bit_length()
    codes = _codes(tokens, starts, place, bits, progress)
    progress(0.6, _SORTING)
    codes.sort()
    different, seen = np.zeros(n_units, np.int64), np.zeros(n_units, np.int64)
    for owners, firsts in _occurrences(codes, bits):
        progress(0.8, _SORTING)
        different += np.bincount(owners, minlength=n_units)
        seen += np.bincount(owners[owners > firsts], minlength=n_units)
    shares = (seen / np.maximum(different, 1))[place]
    repeated = shares >= REPEATED_SHARE
    alike = np.argsort(-shares, kind="stable")[: min(examples, int(repeated.sum()))]
    earlier = _earlier(codes, bits, place[alike], n_units)
    found = [
        (int(order[first]), int(unit), _share(tokens, starts, unit, order[first]))
        for first, unit in zip(earlier, alike, strict=True)
    ]
    return Repeats(shares, repeated, tuple(sorted(found, key=lambda example: -example[2])))


_LOOKING, _SORTING = "Looking for near-duplicate documents", "Comparing near-duplicate documents"


def _shingles(tokens: np.ndarray, left: np.ndarray) -> np.ndarray:
    """A hash of the five tokens from each token on: uint64 (places,).

    Args:
        tokens: int32, those at the places and the few behind the last one.
        left: int64 (places,), how many tokens of its unit there are from each on; fewer than five stand alone.
    """
    # 0 stands for "past the end", so that a unit of fewer tokens is one sequence
    values = np.append(tokens.astype(np.uint64) + np.uint64(1), np.zeros(SHINGLE_TOKENS, np.uint64))
    hashes = np.zeros(len(left), np.uint64)
    for offset in range(SHINGLE_TOKENS):
        hashes ^= np.where(left > offset, values[offset : offset + len(left)], np.uint64(0))
        hashes *= np.uint64(_PRIMES[0])
        hashes ^= hashes >> np.uint64(29)
    return (hashes * np.uint64(_PRIMES[1])) ^ (hashes >> np.uint64(32))


def _codes(tokens: np.ndarray, starts: np.ndarray, place: np.ndarray, bits: int, progress: Progress) -> np.ndarray:
    """A code for each sequence of five tokens: its hash, and in the last `bits` its unit's place. uint64 (sequences,).

    A unit that is shorter has one sequence, all of it.
    """
    codes = np.empty(len(tokens), np.uint64)
    filled = 0
    for begin in range(0, len(tokens), _CHUNK):
        progress(0.6 * begin / len(tokens), _LOOKING)
        end = min(begin + _CHUNK, len(tokens))
        first, last = np.searchsorted(starts, [begin, end - 1], side="right") - 1
        within = np.diff(starts[first : last + 2].clip(begin, end))  # tokens of each unit in this chunk
        at = np.arange(begin, end)
        left = np.repeat(starts[first + 1 : last + 2], within) - at
        whole = (left >= SHINGLE_TOKENS) | (np.repeat(starts[first : last + 1], within) == at)
        hashes = _shingles(tokens[begin : end + SHINGLE_TOKENS - 1], left)[whole]
        owners = np.repeat(place[first : last + 1], within)[whole].astype(np.uint64)
        codes[filled : filled + len(hashes)] = (hashes >> np.uint64(bits) << np.uint64(bits)) | owners
        filled += len(hashes)
    return codes[:filled]


def _occurrences(codes: np.ndarray, bits: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Each different sequence of each unit, some at a time: places of the unit and of the first unit that has it."""
    mask = np.uint64((1 << bits) - 1)
    before, first_before = None, 0
    for begin in range(0, len(codes), _CHUNK):
        part = codes[begin : begin + _CHUNK]
        keys, owners = part >> np.uint64(bits), (part & mask).astype(np.int64)
        new_key, new_code = np.ones(len(part), bool), np.ones(len(part), bool)
        new_key[1:], new_code[1:] = keys[1:] != keys[:-1], part[1:] != part[:-1]
        firsts = owners[np.maximum.accumulate(np.where(new_key, np.arange(len(part)), 0))]
        if before is not None and keys[0] == before >> np.uint64(bits):  # the last sequence goes on in this part
            firsts[: np.argmin(keys == keys[0]) or len(keys)] = first_before
            new_code[0] = part[0] != before
        before, first_before = part[-1], int(firsts[-1])
        yield owners[new_code], firsts[new_code]


def _earlier(codes: np.ndarray, bits: int, places: np.ndarray, n_units: int) -> np.ndarray:
    """For each unit at `places`, the place of the unit that most of its sequences come from: int64 (places,)."""
    if not len(places):
        return np.empty(0, np.int64)
    wanted = np.zeros(n_units, bool)
    wanted[places] = True
    pairs = [np.empty(0, np.int64)]
    for owners, firsts in _occurrences(codes, bits):
        later = wanted[owners] & (owners > firsts)
        pairs.append(owners[later] * n_units + firsts[later])
    found, times = np.unique(np.concatenate(pairs), return_counts=True)
    most = np.argsort(-times, kind="stable")
    of_each, index = np.unique(found[most] // n_units, return_index=True)
    return found[most[index]][np.searchsorted(of_each, places)] % n_units


def _share(tokens: np.ndarray, starts: np.ndarray, unit: int, other: int) -> float:
    """How many of the different sequences of `unit` are in `other`, 0 to 1."""
    one, two = (np.unique(_sequences(tokens[starts[each] : starts[each + 1]])) for each in (unit, other))
    return float(np.isin(one, two, assume_unique=True).mean())


def _sequences(tokens: np.ndarray) -> np.ndarray:
    """Hashes of the sequences of one unit."""
    return _shingles(tokens, np.arange(len(tokens), 0, -1))[: max(1, len(tokens) - SHINGLE_TOKENS + 1)]
