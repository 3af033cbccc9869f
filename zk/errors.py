"""::

ZkError
├── OutOfRange              a number that is no element of its field, or does not fit its word
├── NotABytes32             bytes that are not 32
├── InputCount              Poseidon takes 1 to 16 inputs
├── ScopeMismatch           a message of one use in the scope of another
├── PrivateKeyMalformed     text that is no exported private key
├── KeystoreError
│   ├── KeystoreExists      a keystore is never overwritten
│   ├── KeystoreUnreadable  no keystore: cut short, altered in its form, or something else
│   ├── KeystoreTooNew      written in a form that this release does not know
│   └── KeystoreLocked      the password is wrong, or what it protects was altered
├── GroupError
│   ├── LeafUnknown         no leaf has that index
│   ├── LeafEmpty           the member was removed, or a member's commitment cannot be 0
│   ├── GroupFull           no tree deeper than the circuits prove for
│   ├── GroupFileDamaged    the file holds no tree, or another one than it says
│   └── GroupFileTooNew     written in a form that this release does not know
└── RegistrationError
    ├── KeyUnusable         no proof can ever be made with this public key
    └── PossessionUnproven  the signature is not this key's, or not for this registration
"""

from __future__ import annotations


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


class GroupFileDamaged(GroupError):
    def __init__(self, path: object, problem: str) -> None:
        super().__init__(f"group file {path}: {problem}")
        self.path = path
        self.problem = problem


class GroupFileTooNew(GroupFileDamaged):
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
