"""A circuit's constraints, from the compiler's output and from a proving key, in a form that can be compared.

Each constraint is (A·w)·(B·w) = C·w for rows of three sparse matrices and the witness w. circom writes all
three (`.r1cs`); a proving key has the coefficients of A and B, and C only inside its points, from where it
cannot be read. A key made by snarkjs has one more row for each public signal, which binds it to its place.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from zk._field import R
from zk._zkey import ZKey
from zk.errors import ArtifactMalformed

Matrix = dict[tuple[int, int], int]
"""The coefficients that are not 0, by constraint and signal."""

_WORD = 32
_ENTRY = 4 + _WORD
_UNSCALED = pow(1 << 512, -1, R)


@dataclass(frozen=True)
class Constraints:
    signals: int
    public: int
    count: int
    a: Matrix
    b: Matrix


def of_circuit(path: Path, data: bytes) -> Constraints:
    """From an `.r1cs` file; `ArtifactMalformed` if it is none over BN254's scalars."""
    try:
        return _of_circuit(path, data)
    except struct.error as error:
        raise ArtifactMalformed(path, "it ends too early") from error


def _of_circuit(path: Path, data: bytes) -> Constraints:
    if data[:4] != b"r1cs":
        raise ArtifactMalformed(path, "it does not begin as an r1cs file does")
    (sections,) = struct.unpack_from("<I", data, 8)
    places, at = {}, 12
    for _ in range(sections):
        kind, length = struct.unpack_from("<IQ", data, at)
        places[kind] = at + 12
        at += 12 + length
    if at > len(data) or not {1, 2} <= set(places):
        raise ArtifactMalformed(path, "it is cut short")
    header = places[1]
    if data[header : header + 4 + _WORD] != struct.pack("<I", _WORD) + R.to_bytes(_WORD, "little"):
        raise ArtifactMalformed(path, "it is over another field")
    signals, outputs, inputs, _, _, count = struct.unpack_from("<IIIIQI", data, header + 4 + _WORD)
    a: Matrix = {}
    b: Matrix = {}
    at = places[2]
    for row in range(count):
        for matrix in (a, b, None):
            (entries,) = struct.unpack_from("<I", data, at)
            at += 4
            end = at + _ENTRY * entries
            if matrix is not None:
                for entry in range(at, end, _ENTRY):
                    (signal,) = struct.unpack_from("<I", data, entry)
                    matrix[row, signal] = int.from_bytes(data[entry + 4 : entry + _ENTRY], "little")
            at = end
    return Constraints(signals, outputs + inputs, count, a, b)


def of_key(key: ZKey) -> Constraints:
    """From a proving key, without the rows that bind the public signals; `ArtifactMalformed` if they are not
    there."""
    rows = key.sections[4]
    (entries,) = struct.unpack_from("<I", rows)
    matrices: tuple[Matrix, Matrix] = {}, {}
    for at in range(4, 4 + 44 * entries, 44):
        matrix, row, signal = struct.unpack_from("<III", rows, at)
        # Twice in Montgomery form, so that multiplying with a plain number leaves it in Montgomery form once.
        value = int.from_bytes(rows[at + 12 : at + 44], "little") * _UNSCALED % R
        matrices[matrix][row, signal] = value
    a, b = matrices
    count = max(row for row, _ in a) - key.public
    if any(a.pop((count + i, i), None) != 1 for i in range(key.public + 1)):
        raise ArtifactMalformed(key.path, "its last rows do not bind the public signals")
    return Constraints(key.variables, key.public, count, a, b)
