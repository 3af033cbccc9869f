"""Every function of the prover's WebAssembly computes what Python's integers and py-ecc compute."""

from __future__ import annotations

import random

import pytest
from py_ecc import optimized_bn128 as bn

from zk._arithmetic import SCRATCH, montgomery
from zk._curve import Q, fp2_mul
from zk._field import R
from zk._groth16 import Memory, _powers, _tables
from zk.keys import verification_key

INVERSE = {prime: pow(1 << 256, -1, prime) for prime in (Q, R)}
WIDE = 32


@pytest.fixture
def memory():
    return Memory()


def plain(*values):
    return b"".join(value.to_bytes(WIDE, "little") for value in values)


def numbers(data):
    return [int.from_bytes(data[i : i + WIDE], "little") for i in range(0, len(data), WIDE)]


def edges(prime, seed, count=60):
    """Numbers at the borders of words and of the field, and others."""
    rng = random.Random(seed)
    known = [
        0,
        1,
        2,
        prime - 1,
        prime - 2,
        prime // 2,
        (1 << 64) - 1,
        1 << 64,
        (1 << 192) - 1,
        (1 << 253) + 1,
    ]
    return known + [rng.randrange(prime) for _ in range(count)]


@pytest.mark.parametrize(("field", "prime"), [("q", Q), ("r", R)])
def test_prime_fields(memory, field, prime):
    a, b, o = (memory.room(WIDE) for _ in range(3))
    values = edges(prime, 1)
    for x in values:
        for y in values[:14] + values[-6:]:
            memory._memory.write(memory._store, plain(x), a)
            memory._memory.write(memory._store, plain(y), b)
            expected = {"mul": x * y * INVERSE[prime] % prime, "add": (x + y) % prime, "sub": (x - y) % prime}
            for operation, result in expected.items():
                memory.call(f"{field}_{operation}", o, a, b)
                assert numbers(memory.read(o, WIDE)) == [result], (operation, x, y)


def test_pairs(memory):
    rng = random.Random(2)
    for _ in range(50):
        x, y = ((rng.choice(edges(Q, 3, 5)), rng.randrange(Q)) for _ in range(2))
        a, b = memory.put(plain(*x)), memory.put(plain(*y))
        o = memory.room(2 * WIDE)
        memory.call("q2_mul", o, a, b)
        assert tuple(numbers(memory.read(o, 64))) == tuple(c * INVERSE[Q] % Q for c in fp2_mul(x, y))
        memory.call("q2_sub", o, a, b)
        assert tuple(numbers(memory.read(o, 64))) == tuple((c - d) % Q for c, d in zip(x, y, strict=True))
        memory.call("q2_add", a, a, b)
        assert tuple(numbers(memory.read(a, 64))) == tuple((c + d) % Q for c, d in zip(x, y, strict=True))


def as_key(point):
    """A point of G1 or G2 as proving keys have it."""
    flat = [c for part in point for c in (part if isinstance(part, tuple) else (part,))]
    return plain(*(montgomery(c, Q) for c in flat))


def affine(point):
    if bn.is_inf(point):
        return None
    x, y = bn.normalize(point)
    return (
        (int(x), int(y)) if isinstance(x, bn.FQ) else (tuple(map(int, x.coeffs)), tuple(map(int, y.coeffs)))
    )


def multiple(generator, scalar):
    return affine(bn.multiply(generator, scalar))


@pytest.mark.parametrize(
    ("group", "generator", "nothing"),
    [("g1", bn.G1, (0, 0)), ("g2", bn.G2, ((0, 0), (0, 0)))],
    ids=["G1", "G2"],
)
def test_sums_of_multiples(memory, group, generator, nothing):
    """Among them a point twice in one bucket, opposite points in one, infinity, and scalars 0, 1, R - 1."""
    rng = random.Random(4)
    logs = [rng.randrange(1, R) for _ in range(12)]
    scalars = [rng.randrange(R) for _ in range(9)] + [0, 1, R - 1]
    logs += [logs[0], R - logs[1], logs[2]]
    scalars += [scalars[0], scalars[1], scalars[2] ^ 1]
    points = [multiple(generator, log) for log in logs]
    points.append(nothing)
    scalars.append(rng.randrange(R))
    total = getattr(memory, f"sum_{group}")(
        memory.put(*map(as_key, points)), memory.put(plain(*scalars)), len(scalars)
    )
    expected = sum(log * scalar for log, scalar in zip(logs, scalars, strict=False)) % R
    assert total == multiple(generator, expected)


@pytest.mark.parametrize("group", ["g1", "g2"])
def test_a_sum_that_cancels_out_is_infinity(memory, group):
    generator = bn.G1 if group == "g1" else bn.G2
    point, opposite = multiple(generator, 7), multiple(generator, R - 7)
    size = 128 if group == "g1" else 256
    total = memory.room(size)
    points, scalars = memory.put(as_key(point), as_key(opposite)), memory.put(plain(3, 3))
    memory.call(f"{group}_msm", total, points, scalars, 2)
    assert memory.read(total + size // 2, size // 4) == bytes(size // 4)
    memory.call(f"{group}_msm", total, points, scalars, 0)
    assert memory.read(total, size) == bytes(size)


def test_points_of_the_pinned_keys_add_up(memory):
    key = verification_key(3)
    total = memory.sum_g1(memory.put(*map(as_key, key.ic)), memory.put(plain(1, 2, 3, 4, 5)), 5)
    expected = bn.Z1
    for weight, (x, y) in enumerate(key.ic, 1):
        expected = bn.add(expected, bn.multiply((bn.FQ(x), bn.FQ(y), bn.FQ(1)), weight))
    assert total == affine(expected)


@pytest.mark.parametrize("n", [2, 4, 64])
def test_polynomials_move_to_the_odd_neighbours_of_their_domain(memory, n):
    rng = random.Random(n)
    coefficients = [rng.randrange(R) for _ in range(n)]
    neighbour = pow(5, (R - 1) // (2 * n), R)

    def values(first):
        points = [first * power % R for power in _powers(neighbour * neighbour % R, n, 1)]
        return [sum(c * pow(x, i, R) for i, c in enumerate(coefficients)) % R for x in points]

    inverse_roots, roots, shift = (memory.put(table) for table in _tables(n))
    data = memory.put(plain(*values(1)))
    memory.call("r_interpolate", data, inverse_roots, n)
    memory.call("r_mul_each", data, data, shift, n)
    memory.call("r_evaluate", data, roots, n)
    assert numbers(memory.read(data, WIDE * n)) == values(neighbour)


def test_rows_of_the_constraints(memory):
    """Matrix, row, column and coefficient, as a zkey lists them."""
    witness = [1, 5, R - 3]
    entries = [(0, 0, 1, 7), (0, 0, 2, 2), (1, 1, 0, R - 1), (0, 1, 2, 1)]
    rows = b"".join(
        b"".join(word.to_bytes(4, "little") for word in entry[:3]) + plain(entry[3] * (1 << 512) % R)
        for entry in entries
    )
    a, b = memory.room(2 * WIDE), memory.room(2 * WIDE)
    memory.call("r_rows", a, b, memory.put(rows), memory.put(plain(*witness)), len(entries))
    assert numbers(memory.read(a, 64)) == [montgomery(7 * 5 + 2 * -3, R), montgomery(-3, R)]
    assert numbers(memory.read(b, 64)) == [0, montgomery(-1, R)]


def test_join(memory):
    a, b, c = ([3, R - 1], [5, R - 1], [4, 2])
    addresses = [memory.put(plain(*(montgomery(v, R) for v in values))) for values in (a, b, c)]
    memory.call("r_join", addresses[0], *addresses, 2)
    assert numbers(memory.read(addresses[0], 64)) == [11, R - 1]


def test_a_memory_grows_by_what_is_put_into_it(memory):
    data = bytes(range(256)) * 4096
    first, second = memory.put(data[:7]), memory.put(data, data)
    assert (first, second % 8) == (SCRATCH, 0)
    assert memory.read(second, len(data) * 2) == data * 2
