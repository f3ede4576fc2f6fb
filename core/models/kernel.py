"""Skip-gram and CBOW with negative sampling in compiled code: one thread, the same bits on every machine.

`engine` is the only caller; it checks every shape, type and word id first, as rows are reached by raw addresses here.

The negatives of a centre serve every word of its window, and the words of a window are taken two at a time with the
result of taking them one after the other: the second must see the outputs as the first left them, and as
x2 . (y + g x1) = x2 . y + g (x1 . x2), one more dot product tells that. To use the outputs as they were before the
window (pWord2Vec, Ji et al. 2016, arXiv:1604.04661) is hardly faster and makes worse vectors.

Bits do not depend on the machine because nothing is left to the compiler: vectors of eight floats, multiply-add where
it is asked for and nowhere else, sums in one order, no exponential function (the sigmoid is a fraction), and random
numbers that are hashes of seed, epoch and position. All compiled code stands in this file, as numba's cache of it is
renewed only when this file changes.
"""

from typing import Any

import numpy as np

from core.system import jit  # noqa: F401  (before numba)

import numba  # isort: skip
import numba.core.cgutils  # isort: skip
from llvmlite import ir  # isort: skip
from numba import int64, types, uint64  # isort: skip

cgutils: Any = numba.core.cgutils
intrinsic: Any = numba.extending.intrinsic

LANES = 8
"""Floats in a vector register of AVX2; a row of a table has a multiple of it."""
TILE = 6
"""Outputs that are taken at once: a centre and five negatives."""
LARGEST_DOT = 6.0
"""word2vec passes over a pair whose dot product is larger, in either direction: its sigmoid is 0 or 1."""
CERTAIN = 1 << 32
"""A threshold of 32 random bits that none of them reaches."""

_CHANCE = 0x9E3779B97F4A7C15
_POSITION = 0xD1342543DE82EF95
_FLOAT, _INT32, _INT64 = ir.FloatType(), ir.IntType(32), ir.IntType(64)
_VECTOR = ir.VectorType(_FLOAT, LANES)
_VECTOR_BYTES = 4 * LANES


# The step, in LLVM's own language: numba knows no vectors.


def _index(number: int) -> ir.Constant:
    return ir.Constant(_INT64, number)


def _all(value: float) -> ir.Constant:
    return ir.Constant(_VECTOR, [float(value)] * LANES)


def _call(builder: Any, name: str, *arguments: Any) -> Any:
    kind = ir.FunctionType(_VECTOR, [_VECTOR] * len(arguments))
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")
    return builder.call(function, arguments)


def _shuffle(builder: Any, one: Any, other: Any, places: list[int]) -> Any:
    return builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(_INT32, LANES), places))


def _spread(builder: Any, number: Any) -> Any:
    """`number` in every lane."""
    undefined = ir.Constant(_VECTOR, ir.Undefined)
    return _shuffle(builder, builder.insert_element(undefined, number, _INT32(0)), undefined, [0] * LANES)


def _floats(builder: Any, address: Any) -> Any:
    return builder.inttoptr(address, _FLOAT.as_pointer())


def _part(builder: Any, row: Any, place: Any) -> Any:
    """Pointer to the lanes of `row` that begin at `place`."""
    return builder.bitcast(builder.gep(row, [place]), _VECTOR.as_pointer())


def _load(builder: Any, row: Any, place: Any) -> Any:
    return builder.load(_part(builder, row, place), align=_VECTOR_BYTES)


def _sums(builder: Any, vectors: list[Any]) -> Any:
    """Lane j is the sum of `vectors[j]`; always in the same order."""
    rows = vectors + [_all(0)] * (LANES - len(vectors))
    for first, second in (
        ([0, 8, 1, 9, 4, 12, 5, 13], [2, 10, 3, 11, 6, 14, 7, 15]),
        ([0, 1, 8, 9, 4, 5, 12, 13], [2, 3, 10, 11, 6, 7, 14, 15]),
        ([0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]),
    ):
        rows = [
            builder.fadd(_shuffle(builder, one, other, first), _shuffle(builder, one, other, second))
            for one, other in zip(rows[::2], rows[1::2], strict=True)
        ]
    return rows[0]


def _gradient(builder: Any, dots: Any, labels: Any, rates: Any, beyond: Any) -> Any:
    """(label - sigmoid(dot)) * rate; where |dot| >= 6 that of 6, times `beyond` (0 as word2vec does, or 1).

    sigmoid(x) = 1/2 + tanh(x/2)/2, and tanh by Lambert's continued fraction, right to 4e-10 for |x| < 6.
    """
    near = builder.fcmp_ordered("<", _call(builder, "fabs", dots), _all(LARGEST_DOT))
    nearest = builder.select(near, dots, _call(builder, "copysign", _all(LARGEST_DOT), dots))
    half = builder.fmul(nearest, _all(0.5))
    square = builder.fmul(half, half)
    numerator, denominator = _all(1), _all(45)
    for above, below in ((990, 13860), (135135, 945945), (4729725, 16216200), (34459425, 34459425)):
        numerator = _call(builder, "fma", square, numerator, _all(above))
        denominator = _call(builder, "fma", square, denominator, _all(below))
    tanh = builder.fdiv(builder.fmul(half, numerator), denominator)
    wrong = _call(builder, "fma", _all(-0.5), tanh, builder.fsub(labels, _all(0.5)))
    return builder.fmul(builder.fmul(wrong, rates), builder.select(near, _all(1), beyond))


def _make_step(inputs: int) -> Any:
    """The step for `inputs` rows, which are taken one after the other."""

    def step(
        context: Any,
        rows: Any,
        targets: Any,
        locks: Any,
        outputs: Any,
        width: Any,
        labels: Any,
        rates: Any,
        bias: Any,
        beyond: Any,
    ) -> Any:
        """For each input x: g = (label - sigmoid(x . y - bias)) * rate of each output y; target += lock g y; y += g x.

        All arguments but width (floats in a row), bias and beyond are addresses: of the inputs' rows and of where
        their changes go (int64 each), of a float lock each, of TILE outputs' rows (int64), of LANES labels and rates.
        """
        address = types.uintp
        signature = types.void(*[address] * 4, types.int64, address, address, types.float32, types.float32)

        def write(compiling: Any, builder: Any, _: Any, arguments: Any) -> Any:
            _write_step(builder, inputs, *arguments)
            return compiling.get_dummy_value()

        return signature, write

    return intrinsic(step)


def _write_step(
    builder: Any,
    inputs: int,
    rows: Any,
    targets: Any,
    locks: Any,
    outputs: Any,
    width: Any,
    labels: Any,
    rates: Any,
    bias: Any,
    beyond: Any,
) -> None:
    def row(table: Any, number: int) -> Any:
        addresses = builder.inttoptr(table, _INT64.as_pointer())
        return _floats(builder, builder.load(builder.gep(addresses, [_index(number)])))

    def variable() -> Any:
        place = cgutils.alloca_once(builder, _VECTOR)
        builder.store(_all(0), place)
        return place

    x = [row(rows, number) for number in range(inputs)]
    into = [row(targets, number) for number in range(inputs)]
    y = [row(outputs, number) for number in range(TILE)]
    earlier = [(number, before) for number in range(inputs) for before in range(number)]
    dots = [[variable() for _ in y] for _ in x]
    between = {pair: variable() for pair in earlier}
    lanes = _index(LANES)
    with cgutils.for_range_slice(builder, _index(0), width, lanes, intp=_INT64) as (place, _):
        xs = [_load(builder, each, place) for each in x]
        for column, each in enumerate(y):
            ys = _load(builder, each, place)
            for number in range(inputs):
                _add_product(builder, xs[number], ys, dots[number][column])
        for number, before in earlier:
            _add_product(builder, xs[number], xs[before], between[number, before])
    wanted = builder.load(_part(builder, _floats(builder, labels), _index(0)), align=_VECTOR_BYTES)
    speed = builder.load(_part(builder, _floats(builder, rates), _index(0)), align=_VECTOR_BYTES)
    minus_bias, beyond = builder.fsub(_all(0), _spread(builder, bias)), _spread(builder, beyond)
    steps: list[Any] = []
    for number in range(inputs):
        parts = [builder.load(each) for each in dots[number]]
        parts += [builder.load(between[number, before]) for before in range(number)]
        found = _sums(builder, parts)
        for before in range(number):  # the outputs have moved by what the inputs before gave them
            together = _shuffle(builder, found, found, [TILE + before] * LANES)
            found = _call(builder, "fma", steps[before], together, found)
        steps.append(_gradient(builder, builder.fadd(found, minus_bias), wanted, speed, beyond))
    spread = [[_shuffle(builder, each, each, [column] * LANES) for column in range(TILE)] for each in steps]
    lock_row = _floats(builder, locks)
    lock = [_spread(builder, builder.load(builder.gep(lock_row, [_index(number)]))) for number in range(inputs)]
    with cgutils.for_range_slice(builder, _index(0), width, lanes, intp=_INT64) as (place, _):
        ys = [_load(builder, each, place) for each in y]
        xs = [_load(builder, each, place) for each in x]
        for number in range(inputs):
            change = [builder.fmul(spread[number][column], ys[column]) for column in (0, 1)]
            for column in range(2, TILE):
                change[column % 2] = _call(builder, "fma", spread[number][column], ys[column], change[column % 2])
            ys = [_call(builder, "fma", spread[number][column], xs[number], ys[column]) for column in range(TILE)]
            total = builder.fadd(*change)
            moved = _call(builder, "fma", lock[number], total, _load(builder, into[number], place))
            builder.store(moved, _part(builder, into[number], place), align=_VECTOR_BYTES)
        for column, each in enumerate(y):
            builder.store(ys[column], _part(builder, each, place), align=_VECTOR_BYTES)


def _add_product(builder: Any, one: Any, other: Any, variable: Any) -> None:
    builder.store(_call(builder, "fma", one, other, builder.load(variable)), variable)


def _write_add_scaled(context: Any, factor: Any, row: Any, width: Any, target: Any) -> Any:
    """target += factor * row; both are addresses of `width` floats."""
    signature = types.void(types.float32, types.uintp, types.int64, types.uintp)

    def write(compiling: Any, builder: Any, _: Any, arguments: Any) -> Any:
        factors, source, into = (
            _spread(builder, arguments[0]),
            _floats(builder, arguments[1]),
            _floats(builder, arguments[3]),
        )
        with cgutils.for_range_slice(builder, _index(0), arguments[2], _index(LANES), intp=_INT64) as (place, _):
            moved = _call(builder, "fma", factors, _load(builder, source, place), _load(builder, into, place))
            builder.store(moved, _part(builder, into, place), align=_VECTOR_BYTES)
        return compiling.get_dummy_value()

    return signature, write


def _write_fetch(context: Any, row: Any, size: Any) -> Any:
    """Bring the `size` bytes at the address `row` nearer, for writing."""
    signature = types.void(types.uintp, types.int64)

    def write(compiling: Any, builder: Any, _: Any, arguments: Any) -> Any:
        byte = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, _INT32, _INT32, _INT32])
        fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        start = builder.inttoptr(arguments[0], byte)
        with cgutils.for_range_slice(builder, _index(0), arguments[1], _index(64), intp=_INT64) as (place, _):
            builder.call(fetch, [builder.gep(start, [place]), _INT32(1), _INT32(3), _INT32(1)])
        return compiling.get_dummy_value()

    return signature, write


_step_one, _step_two = _make_step(1), _make_step(2)
_add_scaled, _fetch = intrinsic(_write_add_scaled), intrinsic(_write_fetch)


# Chance: every draw is a hash, so that none depends on those before it.


@numba.njit(inline="always")
def _mix(bits: Any) -> Any:
    """The finaliser of splitmix64 (Steele, Lea & Flood 2014)."""
    bits = (bits ^ (bits >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> uint64(27))) * uint64(0x94D049BB133111EB)
    return bits ^ (bits >> uint64(31))


@numba.njit(cache=True)
def hash_numbers(numbers: Any) -> Any:
    """One uint64 of several, uint64 (n,): their order matters, and none can stand in for a sum with another."""
    bits = uint64(0)
    for number in numbers:
        bits = _mix((bits + uint64(1)) * uint64(_CHANCE) + number)
    return bits


@numba.njit(cache=True)
def build_alias_table(weights: Any) -> Any:
    """Walker's table for drawing i with a chance in proportion to `weights`, float64 (n,), in constant time.

    uint64 (n,) thresholds of 32 bits and int64 (n,): at a random place, take it if 32 random bits are below its
    threshold, else its alias.
    """
    size = len(weights)
    share = weights * (size / weights.sum())
    thresholds, aliases = np.full(size, uint64(CERTAIN)), np.arange(size)
    small, large = np.empty(size, np.int64), np.empty(size, np.int64)
    n_small = n_large = 0
    for place in range(size):
        if share[place] < 1:
            small[n_small] = place
            n_small += 1
        else:
            large[n_large] = place
            n_large += 1
    while n_small and n_large:
        n_small -= 1
        less, more = small[n_small], large[n_large - 1]
        thresholds[less], aliases[less] = uint64(share[less] * 4294967296.0), more
        share[more] -= 1 - share[less]
        if share[more] < 1:
            n_large -= 1
            small[n_small] = more
            n_small += 1
    return thresholds, aliases


@numba.njit(cache=True, nogil=True)
def thin(tokens: Any, starts: Any, keep: Any, key: Any, kept: Any, kept_starts: Any) -> None:
    """Write the tokens of the vocabulary that are kept in this epoch into `kept`, and where passages begin there.

    `keep`: uint64 (vocabulary,), thresholds of 32 bits.
    """
    size = 0
    for passage in range(len(starts) - 1):
        kept_starts[passage] = size
        for place in range(starts[passage], starts[passage + 1]):
            word = tokens[place]
            if word < len(keep) and (
                keep[word] >= uint64(CERTAIN)
                or (_mix(key + uint64(place) * uint64(_CHANCE)) >> uint64(32)) < keep[word]
            ):
                kept[size] = word
                size += 1
    kept_starts[len(starts) - 1] = size


@numba.njit(inline="always")
def _scale(bits: Any, size: Any) -> Any:
    """A number from 0 to size - 1, by the upper half of `bits`."""
    return int64(((bits >> uint64(32)) * uint64(size)) >> uint64(32))


@numba.njit(cache=True, nogil=True)
def _choose_outputs(
    outputs: Any,
    rates: Any,
    centre: Any,
    chance: Any,
    negative: Any,
    thresholds: Any,
    aliases: Any,
    alpha: Any,
    table: Any,
    row: Any,
) -> None:
    """Addresses of the rows of a centre and its negatives, in tiles of TILE, and the rate of each.

    Rows of a step must be different ones, or one change is lost: a negative drawn twice stands once at twice the rate,
    one that is the centre not at all. In their place stands the row behind the last word, at rate 0.
    """
    spare = table + len(thresholds) * row
    outputs[0], rates[0] = table + centre * row, alpha
    place, lane = 1, 1
    for number in range(1, negative + 1):
        bits = _mix(chance + uint64(number) * uint64(_CHANCE))
        word = _scale(bits, len(thresholds))
        if (bits & uint64(0xFFFFFFFF)) >= thresholds[word]:
            word = aliases[word]
        address = table + word * row
        if place % TILE == 0:
            lane = place // TILE * LANES
        outputs[place], rates[lane] = spare, np.float32(0)
        if word != centre:
            before = _find(outputs, place, address)
            if before < 0:
                outputs[place], rates[lane] = address, alpha
                _fetch(address, row)
            else:
                rates[before // TILE * LANES + before % TILE] += alpha
        place, lane = place + 1, lane + 1


@numba.njit(inline="always")
def _find(addresses: Any, size: Any, address: Any) -> Any:
    """Where `address` stands among the first `size`, or -1."""
    for place in range(size):
        if addresses[place] == address:
            return place
    return -1


@numba.njit(inline="always")
def _floats_in_line(size: Any) -> Any:
    """Zeros that begin at a multiple of 64 bytes."""
    room = np.zeros(size + 16, np.float32)
    first = (-room.ctypes.data // 4) % 16
    return room[first : first + size]


@numba.njit(cache=True, nogil=True)
def train_passages(
    inputs: Any,
    outputs: Any,
    lockf: Any,
    tokens: Any,
    starts: Any,
    first: Any,
    last: Any,
    key: Any,
    alpha_first: Any,
    alpha_last: Any,
    window: Any,
    negative: Any,
    thresholds: Any,
    aliases: Any,
    skip: Any,
    bias: Any,
    beyond: Any,
) -> None:
    """Train on the passages from `first` up to `last`, in place.

    Args:
        inputs, outputs: float32 (vocabulary + 1, width), in line with 64 bytes, width a multiple of LANES, the last
            row zeros; one and the same table where a word has one vector (skip-gram only).
        lockf: float32 (vocabulary,), how far a row of `inputs` may move; not looked at where there is one table.
        tokens, starts: what `thin` wrote: int32 and int64.
        key: uint64, the chance of this epoch.
        alpha_first, alpha_last: learning rate where `tokens` begin and end; between them it falls evenly.
        thresholds, aliases: of the negatives (`build_alias_table`).
        skip: skip-gram, else CBOW.
        bias: what is taken off every dot product.
        beyond: 0 if dot products of more than 6 teach nothing, as in word2vec, 1 if they do.
    """
    width = inputs.shape[1]
    row, tiles = width * 4, negative // TILE + 1
    x_table, y_table = inputs.ctypes.data, outputs.ctypes.data
    tied = x_table == y_table
    spare = y_table + len(thresholds) * row
    # Two of each: while one centre is trained the rows of the next are on their way.
    both_rows, both_rates = np.full((2, tiles * TILE), spare, np.int64), _floats_in_line(2 * tiles * LANES)
    own_rows, own_rates = np.empty(tiles * TILE, np.int64), _floats_in_line(tiles * LANES)
    labels, sums = _floats_in_line(2 * LANES), _floats_in_line(3 * width)
    labels[0] = 1
    source, target, locks = np.zeros(2, np.int64), np.zeros(2, np.int64), np.ones(2, np.float32)
    sources, targets, lock, label = source.ctypes.data, target.ctypes.data, locks.ctypes.data, labels.ctypes.data
    total, first_sum = sums.ctypes.data, np.int64(sums.ctypes.data)
    around = np.empty(2 * window, np.int64)
    whole = max(starts[-1], 1)
    for passage in range(first, last):
        begin, end = starts[passage], starts[passage + 1]
        if begin == end:
            continue
        alpha = np.float32(alpha_first + (alpha_last - alpha_first) * (begin / whole))
        for ahead in range(begin, end + 1):
            if ahead < end:
                half = ahead & 1
                _choose_outputs(
                    both_rows[half],
                    both_rates[half * tiles * LANES :],
                    tokens[ahead],
                    key + uint64(ahead) * uint64(_POSITION),
                    negative,
                    thresholds,
                    aliases,
                    alpha,
                    y_table,
                    row,
                )
            if ahead == begin:
                continue
            centre = ahead - 1
            half = centre & 1
            rows, rates = both_rows[half], both_rates[half * tiles * LANES : (half + 1) * tiles * LANES]
            shrunk = _scale(_mix(key + uint64(centre) * uint64(_POSITION)), window)
            size = 0
            for place in range(max(begin, centre - window + shrunk), min(end, centre + window + 1 - shrunk)):
                if place != centre and not (tied and tokens[place] == tokens[centre]):
                    around[size] = tokens[place]
                    size += 1
            if not size:
                continue
            if not skip:
                sums[:] = 0
                source[0], target[0], locks[0] = first_sum, first_sum + row, 1
                share = np.float32(1) / np.float32(size)
                for number in range(size):
                    _add_scaled(share, x_table + around[number] * row, width, total)
                for tile in range(tiles):
                    _step_one(
                        sources,
                        targets,
                        lock,
                        rows.ctypes.data + 8 * TILE * tile,
                        width,
                        label + (4 * LANES if tile else 0),
                        rates.ctypes.data + 4 * LANES * tile,
                        bias,
                        beyond,
                    )
                for number in range(size):
                    _add_scaled(lockf[around[number]], total + row, width, x_table + around[number] * row)
                continue
            number = 0
            while number < size:
                one = around[number]
                two = around[number + 1] if number + 1 < size else one
                y_rows, y_rates = rows.ctypes.data, rates.ctypes.data
                if tied:
                    at = _find(rows, negative + 1, x_table + one * row)
                    if at >= 0:  # a negative that is the input: not for this one
                        own_rows[:], own_rates[:] = rows, rates
                        own_rows[at], own_rates[at // TILE * LANES + at % TILE] = spare, 0
                        y_rows, y_rates, two = own_rows.ctypes.data, own_rates.ctypes.data, one
                    elif _find(rows, negative + 1, x_table + two * row) >= 0:
                        two = one
                source[0], source[1] = x_table + one * row, x_table + two * row
                if tiles == 1:
                    target[0], target[1] = source[0], source[1]
                    if not tied:
                        locks[0], locks[1] = lockf[one], lockf[two]
                else:  # what changes an input is added up first: all outputs see it as it was
                    sums[:] = 0
                    target[0], target[1] = first_sum, first_sum + row
                    locks[0] = locks[1] = 1
                for tile in range(tiles):
                    y_at, rate_at = y_rows + 8 * TILE * tile, y_rates + 4 * LANES * tile
                    label_at = label + (4 * LANES if tile else 0)
                    if one == two:
                        _step_one(sources, targets, lock, y_at, width, label_at, rate_at, bias, beyond)
                    else:
                        _step_two(sources, targets, lock, y_at, width, label_at, rate_at, bias, beyond)
                if tiles > 1:
                    _add_scaled(np.float32(1) if tied else lockf[one], total, width, source[0])
                    if one != two:
                        _add_scaled(np.float32(1) if tied else lockf[two], total + row, width, source[1])
                number += 1 if one == two else 2
