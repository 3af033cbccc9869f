"""snarkjs' proving keys: the binary form `zkey` of Groth16 keys, read where this library needs it.

A file is `zkey`, a version, a number of sections, and the sections: each a type, a length, its bytes (little
endian). Field elements are written in Montgomery form (times 2**256 modulo their prime), which is also how a
prover wants them. Section 2 is the header with the key's common points, 3 the points of the public signals, 4
the constraints' matrices A and B, 5 to 9 the points for A, B in G1, B in G2, C and H.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from zk._curve import G1, G2, Q
from zk._field import R
from zk.errors import ArtifactMalformed

_GROTH16 = 1
_HEADER_LENGTH = 4 + 32 + 4 + 32 + 12 + 2 * 64 + 2 * 128 + 64 + 128
_FROM_MONTGOMERY = pow(1 << 256, -1, Q)


@dataclass(frozen=True)
class ZKey:
    """`sections` are views into the file's bytes, by type. `domain` is the size of the FFTs."""

    path: Path
    sections: dict[int, memoryview]
    variables: int
    public: int
    domain: int

    @classmethod
    def parse(cls, path: Path, data: bytes) -> ZKey:
        """The sections of a file's bytes; `ArtifactMalformed` unless it is a Groth16 key over BN254."""
        if len(data) < 12 or data[:4] != b"zkey":
            raise ArtifactMalformed(path, "it does not begin as a zkey does")
        version, count = struct.unpack_from("<II", data, 4)
        if version != 1:
            raise ArtifactMalformed(path, f"its version is {version}, not 1")
        sections: dict[int, memoryview] = {}
        view, at = memoryview(data), 12
        for _ in range(count):
            if at + 12 > len(data):
                raise ArtifactMalformed(path, "it ends where a section should begin")
            kind, length = struct.unpack_from("<IQ", data, at)
            at += 12
            if at + length > len(data):
                raise ArtifactMalformed(path, f"section {kind} is cut short")
            sections[kind] = view[at : at + length]
            at += length
        if missing := set(range(1, 10)) - set(sections):
            raise ArtifactMalformed(path, f"it has no sections {sorted(missing)}")
        header = sections[2]
        if sections[1] != struct.pack("<I", _GROTH16) or len(header) != _HEADER_LENGTH:
            raise ArtifactMalformed(path, "it is no Groth16 key over a curve of 256 bits")
        if header[4:36] != Q.to_bytes(32, "little") or header[40:72] != R.to_bytes(32, "little"):
            raise ArtifactMalformed(path, "it is a key over another curve than BN254")
        variables, public, domain = struct.unpack_from("<III", header, 72)
        key = cls(path, sections, variables, public, domain)
        key._require_lengths()
        return key

    def _require_lengths(self) -> None:
        private = self.variables - self.public - 1
        lengths = {
            3: 64 * (self.public + 1),
            5: 64 * self.variables,
            6: 64 * self.variables,
            7: 128 * self.variables,
            8: 64 * private,
            9: 64 * self.domain,
        }
        for kind, length in lengths.items():
            if len(self.sections[kind]) != length:
                found = len(self.sections[kind])
                raise ArtifactMalformed(self.path, f"section {kind} has {found} bytes instead of {length}")

    @property
    def alpha(self) -> G1:
        return g1_at(self.sections[2], 84)

    @property
    def beta(self) -> G2:
        return g2_at(self.sections[2], 84 + 2 * 64)

    @property
    def gamma(self) -> G2:
        return g2_at(self.sections[2], 84 + 2 * 64 + 128)

    @property
    def delta(self) -> G2:
        return g2_at(self.sections[2], 84 + 2 * 64 + 2 * 128 + 64)

    @property
    def ic(self) -> tuple[G1, ...]:
        return tuple(g1_at(self.sections[3], 64 * i) for i in range(self.public + 1))


def g1_at(data: memoryview, offset: int) -> G1:
    """The point of G1 in Montgomery form at `offset`; (0, 0) stands for infinity."""
    return _element(data, offset), _element(data, offset + 32)


def g2_at(data: memoryview, offset: int) -> G2:
    x, y = g1_at(data, offset), g1_at(data, offset + 64)
    return x, y


def _element(data: memoryview, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 32], "little") * _FROM_MONTGOMERY % Q
