"""What members sign (EIP-712): ballots, requests, attestations that somebody lives, what they can do."""

from __future__ import annotations

from typing import Any

from backend.cli.contracts import Contracts
from backend.work.declaration import DECLARATION, DOMAIN, WITHDRAWAL

_DOMAIN = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
_BALLOT = {"proposalId": "uint256", "memberId": "uint32", "support": "uint8", "votes": "uint8"}
_REQUEST = {
    "from": "address",
    "to": "address",
    "gas": "uint256",
    "nonce": "uint256",
    "deadline": "uint48",
    "data": "bytes",
}
_ATTESTATION = {"memberId": "uint32", "attester": "uint32", "checkIn": "uint32", "deadline": "uint48"}


def ballot(contracts: Contracts, **message: int) -> dict[str, Any]:
    """A ballot; `message` has proposalId, memberId, support and votes."""
    return _document(contracts, "assembly", "Dual Power Assembly", "MemberBallot", _BALLOT, message)


def request(contracts: Contracts, message: dict[str, Any]) -> dict[str, Any]:
    """A request to the forwarder: from, to, gas, nonce, deadline and data."""
    return _document(contracts, "forwarder", "Dual Power Forwarder", "ForwardRequest", _REQUEST, message)


def attestation(contracts: Contracts, **message: int) -> dict[str, Any]:
    """An attestation; `message` has memberId, attester, checkIn and deadline."""
    return _document(contracts, "presence", "Dual Power Presence", "Attestation", _ATTESTATION, message)


def declaration(contracts: Contracts, message: dict[str, Any]) -> dict[str, Any]:
    """What a member can do and when: memberId, skills, availability, zone and declaredAt."""
    return _document(contracts, "membership", DOMAIN, "Declaration", DECLARATION, message)


def withdrawal(contracts: Contracts, message: dict[str, Any]) -> dict[str, Any]:
    """The taking back of a declaration: memberId and declaredAt."""
    return _document(contracts, "membership", DOMAIN, "Withdrawal", WITHDRAWAL, message)


def _document(
    contracts: Contracts,
    module: str,
    domain: str,
    primary: str,
    fields: dict[str, str],
    message: dict[str, Any],
) -> dict[str, Any]:
    return {
        "types": {"EIP712Domain": _declared(_DOMAIN), primary: _declared(fields)},
        "primaryType": primary,
        "domain": {
            "name": domain,
            "version": "1",
            "chainId": contracts.chain_id,
            "verifyingContract": contracts.address(module),
        },
        "message": {name: message[name] for name in fields},
    }


def _declared(fields: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in fields.items()]
