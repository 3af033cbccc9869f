"""::

ZkError
├── OutOfRange              a number that is no element of its field, or does not fit its word
├── NotABytes32             bytes that are not 32
├── InputCount              Poseidon takes 1 to 16 inputs
├── ScopeMismatch           a message of one use in the scope of another
├── PrivateKeyMalformed     text that is no exported private key
├── SignatureMalformed      bytes that are no signature's 96
├── KeystoreError           it cannot be read or written at all, or has no password
│   ├── KeystoreExists      a keystore is never overwritten
│   ├── KeystoreUnreadable  no keystore: cut short, altered in its form, or something else
│   ├── KeystoreTooNew      written in a form that this release does not know
│   └── KeystoreLocked      the password is wrong, or what it protects was altered
├── GroupError
│   ├── LeafUnknown         no leaf has that index
│   ├── LeafEmpty           it stands for nobody: the member was removed, or the commitment would be 0
│   ├── GroupFull           no tree deeper than the circuits prove for
│   └── GroupFileError      it cannot be read or written at all; nothing was changed
│       ├── GroupFileBusy     another process has it open
│       ├── GroupFileDamaged  no group file, or no whole tree in it
│       └── GroupFileTooNew   written in a form that this release does not know
├── RegistrationError
│   ├── KeyUnusable         no proof can ever be made with this public key
│   └── PossessionUnproven  the signature is not this key's, or not for this registration
├── ArtifactError
│   ├── ArtifactsMissing    the package with the proving keys is not installed
│   ├── ArtifactsOutdated   another release of it than the pinned one
│   ├── ArtifactMissing     one of its files is not there
│   ├── ArtifactTruncated   one is shorter than the pinned one
│   ├── ArtifactAltered     one is not the pinned one
│   └── ArtifactMalformed   no Groth16 key over BN254, or no source of the verifier contract
├── ProvingError
│   ├── NotAMember          the identity's commitment is no leaf of the group
│   ├── PathInvalid         a Merkle proof that leads to another root, or to 0
│   ├── DepthTooSmall       the path is longer than the circuit is deep, or no depth was named
│   └── WitnessRefused      the circuit did not accept what it was given
├── BackendFailed           what computes broke off, or is not there: no verdict
└── ProofRefused            in the order in which a verifier looks
    ├── ProofMalformed      JSON that is no SemaphoreProof
    ├── DepthUnknown        there is no key for trees of this depth
    ├── DepthRefused        made at another depth than this purpose has
    ├── CoordinateCount     points are not eight words
    ├── NotAnInteger        text, booleans and the like where a number belongs
    ├── SignalOutOfRange    negative, or a second number for the same element
    ├── CoordinateOutOfRange
    ├── PointRefused
    │   ├── PointAtInfinity
    │   ├── PointOffCurve
    │   └── PointOutsideSubgroup
    ├── RootZero            an empty group, of which anyone can prove membership
    ├── RootRefused         another group, or this one at another time
    ├── OtherScope          made for another purpose
    ├── OtherMessage        says something else
    └── PairingFailed       no proof at all
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path


class ZkError(Exception):
    """Anything this library refuses."""


class OutOfRange(ZkError, ValueError):
    """`limit` is the first value that is too large; 0 is the smallest that is not too small."""

    def __init__(self, what: str, value: object, limit: int) -> None:
        super().__init__(f"{what}: {value!r} is no integer from 0 to {limit - 1}")
        self.what = what
        self.value = value
        self.limit = limit


class NotABytes32(ZkError, ValueError):
    def __init__(self, what: str, length: int) -> None:
        super().__init__(f"{what}: {length} bytes are not 32")
        self.what = what
        self.length = length


class SignatureMalformed(ZkError, ValueError):
    def __init__(self, length: int) -> None:
        super().__init__(f"a signature has 96 bytes, not {length}")
        self.length = length


class InputCount(ZkError, ValueError):
    def __init__(self, inputs: int, most: int) -> None:
        super().__init__(f"{inputs} inputs are not 1 to {most}")
        self.inputs = inputs
        self.most = most


class ScopeMismatch(ZkError, ValueError):
    def __init__(self, kind: str, domain: str, expected: str) -> None:
        super().__init__(f"a {kind} message belongs in a scope of {expected}, not of {domain}")
        self.kind = kind
        self.domain = domain
        self.expected = expected


class PrivateKeyMalformed(ZkError, ValueError):
    """The message never shows the key."""


class KeystoreError(ZkError):
    def __init__(self, path: object, problem: str) -> None:
        super().__init__(f"keystore {path}: {problem}")
        self.path = path
        self.problem = problem


class KeystoreExists(KeystoreError):
    pass


class KeystoreUnreadable(KeystoreError):
    pass


class KeystoreTooNew(KeystoreError):
    pass


class KeystoreLocked(KeystoreError):
    pass


class GroupError(ZkError):
    pass


class LeafUnknown(GroupError, IndexError):
    def __init__(self, index: object, size: int) -> None:
        super().__init__(f"leaf {index!r} of a group of {size}")
        self.index = index
        self.size = size


class LeafEmpty(GroupError):
    def __init__(self, index: int) -> None:
        super().__init__(f"leaf {index} is empty: it stands for no member")
        self.index = index


class GroupFull(GroupError):
    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"{size} leaves are more than the {limit} of the deepest tree")
        self.size = size
        self.limit = limit


class GroupFileError(GroupError):
    def __init__(self, path: object, problem: str) -> None:
        super().__init__(f"group file {path}: {problem}")
        self.path = path
        self.problem = problem


class GroupFileBusy(GroupFileError):
    pass


class GroupFileDamaged(GroupFileError):
    pass


class GroupFileTooNew(GroupFileError):
    pass


class RegistrationError(ZkError):
    pass


class KeyUnusable(RegistrationError):
    def __init__(self, public_key: tuple[int, int], problem: str) -> None:
        super().__init__(f"public key {public_key}: {problem}")
        self.public_key = public_key
        self.problem = problem


class PossessionUnproven(RegistrationError):
    def __init__(self, public_key: tuple[int, int], member_id: int) -> None:
        super().__init__(f"no proof that member {member_id} holds the private key of {public_key}")
        self.public_key = public_key
        self.member_id = member_id


class ArtifactError(ZkError):
    pass


class ArtifactsMissing(ArtifactError):
    def __init__(self, package: str, looked: Sequence[Path]) -> None:
        places = ", ".join(str(path) for path in looked)
        super().__init__(f"{package} is not installed; looked in {places}")
        self.package = package
        self.looked = looked


class ArtifactsOutdated(ArtifactError):
    def __init__(self, folder: Path, package: str, expected: str, found: object) -> None:
        super().__init__(f"{folder} holds {package} {found}; only {expected} is pinned")
        self.folder = folder
        self.expected = expected
        self.found = found


class ArtifactMissing(ArtifactError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} does not exist")
        self.path = path


class ArtifactTruncated(ArtifactError):
    def __init__(self, path: Path, expected: int, found: int) -> None:
        super().__init__(f"{path} is cut short: {found} of {expected} bytes")
        self.path = path
        self.expected = expected
        self.found = found


class ArtifactAltered(ArtifactError):
    def __init__(self, path: Path, expected: str, found: str) -> None:
        super().__init__(f"{path} is not the pinned file: its SHA-256 is {found}, not {expected}")
        self.path = path
        self.expected = expected
        self.found = found


class ArtifactMalformed(ArtifactError):
    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class ProvingError(ZkError):
    pass


class NotAMember(ProvingError):
    def __init__(self, commitment: int, size: int) -> None:
        super().__init__(f"{commitment} is none of the group's {size} leaves")
        self.commitment = commitment
        self.size = size


class PathInvalid(ProvingError):
    def __init__(self, problem: str) -> None:
        super().__init__(f"no proof can be made from this Merkle proof: {problem}")
        self.problem = problem


class DepthTooSmall(ProvingError):
    """`depth` is None where a Merkle proof came without the depth of its group."""

    def __init__(self, depth: int | None, path: int) -> None:
        super().__init__(
            f"a path of {path} levels in a circuit of depth {depth}: name the group's depth, or more"
        )
        self.depth = depth
        self.path = path


class WitnessRefused(ProvingError):
    """The message never shows the inputs."""


class BackendFailed(ZkError):
    """No verdict on any proof: the library that computes broke off. `backend` names it."""

    def __init__(self, backend: str, problem: str) -> None:
        super().__init__(f"{backend}: {problem}")
        self.backend = backend
        self.problem = problem


class ProofRefused(ZkError):
    pass


class ProofMalformed(ProofRefused):
    def __init__(self, problem: str) -> None:
        super().__init__(f"no proof in Semaphore's form: {problem}")
        self.problem = problem


class DepthUnknown(ProofRefused):
    def __init__(self, depth: object, least: int, most: int) -> None:
        super().__init__(f"there is no key for trees of depth {depth!r}, only for {least} to {most}")
        self.depth = depth


class DepthRefused(ProofRefused):
    def __init__(self, depth: int, allowed: Collection[int]) -> None:
        super().__init__(f"made for a tree of depth {depth}; here it must be {_either(allowed)}")
        self.depth = depth
        self.allowed = allowed


class CoordinateCount(ProofRefused):
    def __init__(self, found: int) -> None:
        super().__init__(f"{found} coordinates instead of 8")
        self.found = found


class NotAnInteger(ProofRefused):
    def __init__(self, what: str, value: object) -> None:
        super().__init__(f"{what} is {value!r}, which is no integer")
        self.what = what
        self.value = value


class SignalOutOfRange(ProofRefused):
    """`limit` is the first value that is too large."""

    def __init__(self, what: str, value: int, limit: int) -> None:
        super().__init__(f"{what} {value} is not from 0 to {limit - 1}")
        self.what = what
        self.value = value
        self.limit = limit


class CoordinateOutOfRange(ProofRefused):
    def __init__(self, what: str, value: int, limit: int) -> None:
        super().__init__(f"{what} {value} is not from 0 to {limit - 1}")
        self.what = what
        self.value = value
        self.limit = limit


class PointRefused(ProofRefused):
    """`point` is A, B or C."""

    problem = "is no point of its group"

    def __init__(self, point: str) -> None:
        super().__init__(f"point {point} {self.problem}")
        self.point = point


class PointAtInfinity(PointRefused):
    problem = "is the point at infinity"


class PointOffCurve(PointRefused):
    problem = "does not lie on the curve"


class PointOutsideSubgroup(PointRefused):
    problem = "lies on the curve but outside the group that pairings are defined on"


class RootZero(ProofRefused):
    def __init__(self) -> None:
        super().__init__(
            "the group's root is 0: that is an empty group, and anyone can prove membership of it"
        )


class RootRefused(ProofRefused):
    def __init__(self, root: int) -> None:
        super().__init__(f"{root} is not the root of a group that may act here")
        self.root = root


class OtherScope(ProofRefused):
    def __init__(self, expected: int, found: int) -> None:
        super().__init__(f"made for scope {found}; here the scope is {expected}")
        self.expected = expected
        self.found = found


class OtherMessage(ProofRefused):
    def __init__(self, expected: int, found: int) -> None:
        super().__init__(f"made for message {found}; here the message is {expected}")
        self.expected = expected
        self.found = found


class PairingFailed(ProofRefused):
    def __init__(self) -> None:
        super().__init__("the pairing does not hold: no proof of these signals under this depth's key")


def _either(values: Collection[int]) -> str:
    return " or ".join(str(value) for value in sorted(values)) or "of no depth at all"
