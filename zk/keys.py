"""The verification keys of Semaphore V4, and the hashes of the files its proofs are made with, as pinned
here.

Groth16 needs a key for each circuit, and Semaphore has a circuit for each depth of tree from 1 to 32. The
keys come from a public ceremony, in which one honest contributor is enough, and are published as
@zk-kit/semaphore-artifacts. `pins.json` beside this file carries the verification keys themselves, so that a
verifier needs nothing but this package, and the SHA-256 of every proving key, circuit and key file, so that a
prover takes no others. Releases of those files before 4.13.0 admit witnesses that the circuit means to
exclude. `./dev pins` writes the file; a test holds it to the installed package.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from zk._curve import G1, G2
from zk.errors import DepthUnknown

MIN_DEPTH = 1
MAX_DEPTH = 32
KINDS = ("zkey", "wasm", "json")
"""A depth's files: the proving key, the circuit in WebAssembly, the verification key."""


@dataclass(frozen=True)
class VerificationKey:
    """Groth16's, in affine coordinates. `ic` has a point for each public signal, after one that stands
    alone."""

    depth: int
    alpha: G1
    beta: G2
    gamma: G2
    delta: G2
    ic: tuple[G1, ...]


@dataclass(frozen=True)
class Pin:
    """SHA-256 in hex, and size in bytes, of a file."""

    sha256: str
    size: int


def verification_key(depth: int) -> VerificationKey:
    """The pinned key for trees of `depth`; `DepthUnknown` if there is none."""
    return _keys()[_known(depth)]


def pin(depth: int, kind: str) -> Pin:
    """What `semaphore-<depth>.<kind>` must be, `kind` one of `KINDS`; `DepthUnknown` if none is known."""
    return Pin(*_pins()["depths"][str(_known(depth))][kind])


def artifacts_package() -> tuple[str, str]:
    """The name and version of the npm package that the pins are of."""
    return _pins()["package"], _pins()["version"]


def _known(depth: int) -> int:
    if isinstance(depth, bool) or not isinstance(depth, int) or not MIN_DEPTH <= depth <= MAX_DEPTH:
        raise DepthUnknown(depth, MIN_DEPTH, MAX_DEPTH)
    return depth


@cache
def _pins() -> Any:
    return json.loads(resources.files("zk").joinpath("pins.json").read_text(encoding="utf-8"))


@cache
def _keys() -> dict[int, VerificationKey]:
    pins = _pins()
    common = _point(pins["alpha"]), _pair(pins["beta"]), _pair(pins["gamma"])
    return {
        int(depth): VerificationKey(
            int(depth), *common, _pair(entry["delta"]), tuple(_point(point) for point in entry["ic"])
        )
        for depth, entry in pins["depths"].items()
    }


def _point(words: list[str]) -> G1:
    x, y = (int(word, 16) for word in words)
    return x, y


def _pair(words: list[str]) -> G2:
    x0, x1, y0, y1 = (int(word, 16) for word in words)
    return (x0, x1), (y0, y1)
