"""Groth16's prover (Groth, "On the Size of Pairing-based Non-interactive Arguments", 2016/260 on eprint), as
snarkjs lays out its keys.

With w the witness, and r and s fresh and random so that no two proofs of a statement look alike:

    A = alpha + Σ wᵢ·Aᵢ + r·delta
    B = beta + Σ wᵢ·Bᵢ + s·delta           in G2, and once more in G1
    C = Σ wᵢ·Cᵢ + Σ hⱼ·Hⱼ + s·A + r·B - r·s·delta

where h are the values of (a·b - c)/z beside the domain: a, b and c are the polynomials whose values on it are
the constraints' sides, and the key's H are made for the domain's odd neighbours, on which z is constant.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import wasmtime

from zk._arithmetic import SCRATCH, montgomery, source
from zk._curve import G1, G2, Q, fp2_inverse, fp2_mul
from zk._field import R
from zk._wasm import compiled, engine
from zk._zkey import ZKey

_PAGE = 1 << 16
_FROM_MONTGOMERY = pow(1 << 256, -1, Q)
_GENERATOR = 5
_Points = tuple[int, int, int, int, int, int, int, int]


class Memory:
    """An instance of the arithmetic, and what was put into its memory, piece after piece."""

    def __init__(self) -> None:
        self._store = wasmtime.Store(engine())
        instance = wasmtime.Instance(self._store, compiled(source()), [])
        self._exports: Any = instance.exports(self._store)
        self._memory: Any = self._exports["memory"]
        self._next = SCRATCH

    def put(self, *pieces: bytes | memoryview) -> int:
        """The address of the pieces, one behind the other."""
        address = self.room(sum(map(len, pieces)))
        at = address
        for piece in pieces:
            self._memory.write(self._store, piece, at)
            at += len(piece)
        return address

    def room(self, length: int) -> int:
        """The address of `length` zero bytes."""
        address, self._next = self._next, self._next + -(-length // 8) * 8
        if (missing := self._next - self._memory.data_len(self._store)) > 0:
            self._memory.grow(self._store, -(-missing // _PAGE))
        return address

    def call(self, name: str, *arguments: int) -> None:
        self._exports[name](self._store, *arguments)

    def read(self, address: int, length: int) -> bytes:
        return bytes(self._memory.read(self._store, address, address + length))

    def sum_g1(self, points: int, scalars: int, count: int) -> G1:
        """Σ scalar·point, which is infinity for random scalars only with the chance of guessing a key."""
        x, y, zz, zzz = self._sum("g1_msm", 4, points, scalars, count)
        return x * pow(zz, -1, Q) % Q, y * pow(zzz, -1, Q) % Q

    def sum_g2(self, points: int, scalars: int, count: int) -> G2:
        words = self._sum("g2_msm", 8, points, scalars, count)
        x, y, zz, zzz = ((words[i], words[i + 1]) for i in (0, 2, 4, 6))
        return fp2_mul(x, fp2_inverse(zz)), fp2_mul(y, fp2_inverse(zzz))

    def _sum(self, name: str, words: int, points: int, scalars: int, count: int) -> list[int]:
        total = self.room(32 * words)
        self.call(name, total, points, scalars, count)
        data = self.read(total, 32 * words)
        return [_int(data[i : i + 32]) * _FROM_MONTGOMERY % Q for i in range(0, 32 * words, 32)]


def prove(key: ZKey, witness: bytes) -> _Points:
    """A proof for a witness of the key's circuit, as its eight coordinates: A, B with each pair reversed,
    C."""
    r, s = secrets.randbelow(R), secrets.randbelow(R)
    # wasmtime computes without Python's lock, so two processors share the work.
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(_b, key, witness, s)
        memory, a, rest = _a_and_c(key, witness, r)
        b2, b1 = waiting.result()
    delta = bytes(key.sections[2][_DELTA_1])
    points = memory.put(_plain_g1(a), _plain_g1(b1), delta, _plain_g1(rest))
    scalars = memory.put(*(_bytes(scalar) for scalar in (s, r, -r * s % R, 1)))
    c = memory.sum_g1(points, scalars, 4)
    (x0, x1), (y0, y1) = b2
    return *a, x1, x0, y1, y0, *c


_ALPHA_1 = slice(84, 148)
_BETA_1 = slice(148, 212)
_BETA_2 = slice(212, 340)
_DELTA_1 = slice(468, 532)
_DELTA_2 = slice(532, 660)


def _b(key: ZKey, witness: bytes, s: int) -> tuple[G2, G1]:
    memory, header = Memory(), key.sections[2]
    scalars = memory.put(witness, _bytes(1), _bytes(s))
    in_g2 = memory.put(key.sections[7], header[_BETA_2], header[_DELTA_2])
    in_g1 = memory.put(key.sections[6], header[_BETA_1], header[_DELTA_1])
    count = key.variables + 2
    return memory.sum_g2(in_g2, scalars, count), memory.sum_g1(in_g1, scalars, count)


def _a_and_c(key: ZKey, witness: bytes, r: int) -> tuple[Memory, G1, G1]:
    """A, and of C what needs neither A nor B; with the memory they were computed in."""
    memory, header = Memory(), key.sections[2]
    scalars = memory.put(witness, _bytes(1), _bytes(r))
    points = memory.put(key.sections[5], header[_ALPHA_1], header[_DELTA_1])
    a = memory.sum_g1(points, scalars, key.variables + 2)
    private = key.public + 1
    h = _quotient(memory, key, scalars)
    both = memory.put(key.sections[8], key.sections[9])
    weights = memory.put(witness[32 * private :], memory.read(h, 32 * key.domain))
    return memory, a, memory.sum_g1(both, weights, key.variables - private + key.domain)


def _quotient(memory: Memory, key: ZKey, witness: int) -> int:
    """Where the values h are, in plain form."""
    n = key.domain
    inverse_roots, roots, shift = (memory.put(table) for table in _tables(n))
    a, b, c = (memory.room(32 * n) for _ in range(3))
    rows = memory.put(key.sections[4])
    memory.call("r_rows", a, b, rows + 4, witness, _int(key.sections[4][:4]))
    memory.call("r_mul_each", c, a, b, n)
    for values in (a, b, c):
        memory.call("r_interpolate", values, inverse_roots, n)
        memory.call("r_mul_each", values, values, shift, n)
        memory.call("r_evaluate", values, roots, n)
    memory.call("r_join", a, a, b, c, n)
    return a


@cache
def _tables(n: int) -> tuple[bytes, bytes, bytes]:
    """Half the powers of the inverse root of unity and of the root, for a domain of `n`; and the factors that
    move coefficients, in bit-reversed order, from the domain to its odd neighbours, divided by `n`."""
    neighbour = pow(_GENERATOR, (R - 1) // (2 * n), R)
    root = neighbour * neighbour % R
    factors = _powers(neighbour, n, pow(n, -1, R))
    bits = n.bit_length() - 1
    shift = [factors[int(format(i, f"0{bits}b")[::-1], 2)] for i in range(n)]
    halves = (_powers(pow(root, -1, R), n // 2, 1), _powers(root, n // 2, 1), shift)
    inverse_roots, roots, shifts = (b"".join(_bytes(montgomery(v, R)) for v in table) for table in halves)
    return inverse_roots, roots, shifts


def _powers(base: int, count: int, first: int) -> list[int]:
    values = [first]
    for _ in range(count - 1):
        values.append(values[-1] * base % R)
    return values


def _plain_g1(point: G1) -> bytes:
    """As keys have points."""
    return b"".join(_bytes(montgomery(coordinate, Q)) for coordinate in point)


def _bytes(value: int) -> bytes:
    return value.to_bytes(32, "little")


def _int(data: bytes | memoryview) -> int:
    return int.from_bytes(data, "little")
