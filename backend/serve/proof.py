"""Proofs of membership in requests, and what is said of those that are refused."""

from __future__ import annotations

import re

from pydantic import Field

from backend.proofs import Outcome, PurposeRefused, VerifierFailed
from backend.relay.fields import Malformed
from backend.serve.problem import Problem
from backend.serve.values import NULLIFIER, Model

# Proofs have some 2,000 bytes as JSON.
BODY = 16_384

_WORD = "14062391741033012047239108210934752093847520983475209834752098347520983475209"


class ProofModel(Model):
    """A proof as Semaphore V4 writes it; numbers are decimal text."""

    merkle_tree_depth: int = Field(description="The depth it was made at", examples=[6])
    merkle_tree_root: str = Field(examples=[_WORD])
    nullifier: str = Field(examples=[NULLIFIER])
    message: str = Field(description="Compared with what this node works out", examples=[_WORD])
    scope: str = Field(description="Compared with what this node works out", examples=[_WORD])
    points: list[str] = Field(min_length=8, max_length=8, examples=[[_WORD] * 8])


def proof_refused(outcome: Outcome) -> Problem:
    """`check` is the check that failed, as docs/zk-checks.md names it."""
    assert outcome.refusal is not None
    return Problem(
        422, kebab(outcome.refusal), "The proof does not hold", outcome.words, check=outcome.refusal
    )


def purpose_refused(refused: PurposeRefused) -> Problem:
    status = 404 if refused.kind.startswith(("unknown", "no-")) else 409
    return Problem(status, refused.kind, "Nothing can be proved for this now", str(refused))


def malformed(error: Malformed) -> Problem:
    return Problem(422, "malformed", "The body is not what is asked for", str(error))


def verifier_busy() -> Problem:
    title = "As many proofs wait to be checked as may"
    return Problem(503, "verifier-busy", title, headers={"retry-after": "2"})


def verifier_failed(error: VerifierFailed) -> Problem:
    return Problem(
        503,
        "verifier-failed",
        "The proof could not be checked, which says nothing about it",
        str(error),
        headers={"retry-after": "2"},
    )


def kebab(name: str) -> str:
    """`ScopeMismatch` -> `scope-mismatch`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
