"""Proofs of membership without a name: Semaphore V4 identities, groups, proofs and their verification.

A library of its own: it imports nothing else of this project and knows neither chain nor web.
"""

from zk.errors import (
    GroupError,
    GroupFileDamaged,
    GroupFileTooNew,
    GroupFull,
    InputCount,
    KeystoreError,
    KeystoreExists,
    KeystoreLocked,
    KeystoreTooNew,
    KeystoreUnreadable,
    KeyUnusable,
    LeafEmpty,
    LeafUnknown,
    NotABytes32,
    OutOfRange,
    PossessionUnproven,
    PrivateKeyMalformed,
    RegistrationError,
    ScopeMismatch,
    ZkError,
)
from zk.group import Group, MerkleProof
from zk.identity import Identity, Signature, commitment_of, verify_signature
from zk.message import Message, seal_of
from zk.scope import Scope

__all__ = [
    "Group",
    "GroupError",
    "GroupFileDamaged",
    "GroupFileTooNew",
    "GroupFull",
    "Identity",
    "InputCount",
    "KeyUnusable",
    "KeystoreError",
    "KeystoreExists",
    "KeystoreLocked",
    "KeystoreTooNew",
    "KeystoreUnreadable",
    "LeafEmpty",
    "LeafUnknown",
    "MerkleProof",
    "Message",
    "NotABytes32",
    "OutOfRange",
    "PossessionUnproven",
    "PrivateKeyMalformed",
    "RegistrationError",
    "Scope",
    "ScopeMismatch",
    "Signature",
    "ZkError",
    "commitment_of",
    "seal_of",
    "verify_signature",
]
