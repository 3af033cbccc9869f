"""Whether what is installed here is what the contracts verify with, shown file by file.

Three things have to be the same for a proof made on one machine to be accepted on chain and by every node:
the keys that proofs are made with, the keys pinned in this package, and the constants in the verifier
contract's source. An auditor can repeat the comparison without trusting this project: `snarkjs zkey export
verificationkey` reads the same points out of a proving key.

Whether the proving keys are of the published circuit is shown by compiling it and comparing the constraints,
as far as a key shows them (`zk._constraints`); `./dev circuits` does that. What cannot be shown is that the
ceremony's contributors forgot their secrets; docs/zk-checks.md says more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

from zk._constraints import Constraints, of_circuit, of_key
from zk._curve import G1, G2
from zk.artifacts import Artifacts
from zk.errors import ArtifactError, ArtifactMalformed, ArtifactMissing
from zk.keys import KINDS, MAX_DEPTH, MIN_DEPTH, VerificationKey, verification_key

CONTRACTS_PACKAGE = "@semaphore-protocol/contracts"
_WORDS_PER_DEPTH = 14


@dataclass(frozen=True)
class Finding:
    """`check`: what was compared. `depth`: of the tree it concerns, None for all. `problem`: None if all is
    well."""

    check: str
    depth: int | None
    problem: str | None = None

    @property
    def good(self) -> bool:
        return self.problem is None


def audit(
    artifacts: Artifacts | None = None,
    contracts: Path | None = None,
    depths: Iterable[int] = range(MIN_DEPTH, MAX_DEPTH + 1),
    circuits: Path | None = None,
) -> list[Finding]:
    """Compares everything for `depths`, and returns all findings, good and bad.

    `contracts` is the folder of the npm package with the verifier's source; by default it is looked for
    beside the artifacts' package. `circuits`, if given, is a folder with each depth's compiled constraints,
    `semaphore-<depth>.r1cs`. Raises `ArtifactsMissing` if there are no artifacts at all.
    """
    artifacts = artifacts or Artifacts.locate()
    contracts = contracts or artifacts.folder.parents[1] / CONTRACTS_PACKAGE
    return list(_findings(artifacts, contracts, list(depths), circuits))


def _findings(
    artifacts: Artifacts, contracts: Path, depths: list[int], circuits: Path | None
) -> Iterator[Finding]:
    yield _finding("version of the package", None, artifacts.require_version)
    for depth in depths:
        for kind in KINDS:
            yield _finding(f"hash of the {kind}", depth, partial(artifacts.read, depth, kind))
        yield _finding("key in the zkey", depth, partial(_key_of_zkey, artifacts, depth))
        yield _finding("key in the json", depth, partial(_key_of_json, artifacts, depth))
    in_source: dict[int, VerificationKey] = {}
    finding = _finding("source of the contract", None, lambda: in_source.update(keys_of_source(contracts)))
    yield finding
    if finding.good:
        for depth in depths:
            yield _finding("key in the contract", depth, partial(in_source.get, depth))
    if circuits:
        for depth in depths:
            yield _finding(
                "constraints of the circuit", depth, partial(_same_constraints, artifacts, circuits, depth)
            )


def _same_constraints(artifacts: Artifacts, circuits: Path, depth: int) -> None:
    """`ArtifactMalformed` unless the proving key is of the circuit compiled into `circuits`."""
    path = circuits / f"semaphore-{depth}.r1cs"
    compiled = of_circuit(path, _bytes(path))
    in_key = of_key(artifacts.zkey(depth))
    names = [field.name for field in fields(Constraints)]
    if other := [name for name in names if getattr(compiled, name) != getattr(in_key, name)]:
        raise ArtifactMalformed(path, f"{', '.join(other)} other than in the proving key")


def _finding(check: str, depth: int | None, attempt: Callable[[], object]) -> Finding:
    """What `attempt` refuses is the problem; a verification key that it returns has to be the pinned one."""
    try:
        result = attempt()
    except ArtifactError as error:
        return Finding(check, depth, str(error))
    if isinstance(result, VerificationKey):
        pinned = verification_key(result.depth)
        names = ("alpha", "beta", "gamma", "delta", "ic")
        if other := [name for name in names if getattr(result, name) != getattr(pinned, name)]:
            return Finding(check, depth, f"{', '.join(other)} other than pinned")
    return Finding(check, depth)


def keys_of_source(contracts: Path) -> dict[int, VerificationKey]:
    """The verification keys in the source of SemaphoreVerifier and SemaphoreVerifierKeyPts, by depth."""
    verifier, points = (
        contracts / "base" / name for name in ("SemaphoreVerifier.sol", "SemaphoreVerifierKeyPts.sol")
    )
    constants = dict(re.findall(r"uint256 constant (\w+) = (\d+);", _source(verifier)))
    try:
        alpha, beta, gamma = _common_of_source({name: int(value) for name, value in constants.items()})
    except KeyError as error:
        raise ArtifactMalformed(verifier, f"it has no constant {error}") from None
    words = [int(word, 16) for word in re.findall(r'hex"([0-9a-f]{64})"', _source(points))]
    if len(words) != _WORDS_PER_DEPTH * MAX_DEPTH:
        raise ArtifactMalformed(points, f"it has {len(words)} words of key points")
    keys = {}
    for depth in range(MIN_DEPTH, MAX_DEPTH + 1):
        x1, x0, y1, y0, *ic = words[_WORDS_PER_DEPTH * (depth - 1) : _WORDS_PER_DEPTH * depth]
        delta = (x0, x1), (y0, y1)
        keys[depth] = VerificationKey(
            depth, alpha, beta, gamma, delta, tuple(zip(ic[::2], ic[1::2], strict=True))
        )
    return keys


def _common_of_source(c: dict[str, int]) -> tuple[G1, G2, G2]:
    # Solidity has the imaginary part first.
    return (
        (c["alphax"], c["alphay"]),
        ((c["betax2"], c["betax1"]), (c["betay2"], c["betay1"])),
        ((c["gammax2"], c["gammax1"]), (c["gammay2"], c["gammay1"])),
    )


def _source(path: Path) -> str:
    return _bytes(path).decode()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ArtifactMissing(path) from error


def _key_of_zkey(artifacts: Artifacts, depth: int) -> VerificationKey:
    key = artifacts.zkey(depth)
    return VerificationKey(depth, key.alpha, key.beta, key.gamma, key.delta, key.ic)


def _key_of_json(artifacts: Artifacts, depth: int) -> VerificationKey:
    key = json.loads(artifacts.read(depth, "json"))

    def g1(words: list[str]) -> G1:
        return int(words[0]), int(words[1])

    def g2(words: list[list[str]]) -> G2:
        return g1(words[0]), g1(words[1])

    return VerificationKey(
        depth,
        g1(key["vk_alpha_1"]),
        g2(key["vk_beta_2"]),
        g2(key["vk_gamma_2"]),
        g2(key["vk_delta_2"]),
        tuple(map(g1, key["IC"])),
    )
