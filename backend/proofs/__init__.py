"""What a node asks of a proof of membership, and the process in which it is checked."""

from backend.proofs.purpose import Purpose, PurposeRefused, ballot_purpose, sign_in_purpose
from backend.proofs.verifier import Outcome, Verifier, VerifierBusy, VerifierFailed

__all__ = [
    "Outcome",
    "Purpose",
    "PurposeRefused",
    "Verifier",
    "VerifierBusy",
    "VerifierFailed",
    "ballot_purpose",
    "sign_in_purpose",
]
