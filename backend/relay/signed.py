"""What members sign, as EIP-712 typed data: ballots and requests to the forwarder."""

from __future__ import annotations

from typing import Any

import msgspec
from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

from backend.relay.fields import Fields

SIGNATURE_BYTES = 4_096
CALL_BYTES = 32_768
POSSESSION_BYTES = 96

_DOMAIN = keccak(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
_BALLOT = keccak(b"MemberBallot(uint256 proposalId,uint32 memberId,uint8 support,uint8 votes)")
_REQUEST = keccak(
    b"ForwardRequest(address from,address to,uint256 gas,uint256 nonce,uint48 deadline,bytes data)"
)
# Higher values of s sign the same with another signature: OpenZeppelin's ECDSA refuses them.
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0

BALLOT_TYPE = "(uint256,uint32,uint8,uint8,bytes)"
REQUEST_TYPE = "(address,address,uint256,uint256,uint48,bytes)"


class Ballot(msgspec.Struct, frozen=True):
    proposal_id: bytes
    member_id: int
    support: int
    votes: int
    signature: bytes

    @property
    def values(self) -> tuple[Any, ...]:
        """As `BALLOT_TYPE`."""
        proposal = int.from_bytes(self.proposal_id, "big")
        return proposal, self.member_id, self.support, self.votes, self.signature

    @property
    def subject(self) -> bytes:
        """A member has one ballot in a vote."""
        return b"ballot" + self.proposal_id + self.member_id.to_bytes(4, "big")

    def digest(self, separator: bytes) -> bytes:
        types = ["bytes32", "uint256", "uint32", "uint8", "uint8"]
        return _digest(separator, keccak(encode(types, [_BALLOT, *self.values[:4]])))


class Request(msgspec.Struct, frozen=True):
    """`from_account` acts on `to` with `data`, until `deadline` in seconds since 1970. `possession` comes
    with the registration of a key: R8 and s of the signature over the `zk.Registration`, three words."""

    from_account: bytes
    to: bytes
    gas: int
    nonce: bytes
    deadline: int
    data: bytes
    signature: bytes
    possession: bytes = b""

    @property
    def values(self) -> tuple[Any, ...]:
        """As `REQUEST_TYPE`."""
        nonce = int.from_bytes(self.nonce, "big")
        return self.from_account, self.to, self.gas, nonce, self.deadline, self.data

    @property
    def subject(self) -> bytes:
        """An account uses a nonce once."""
        return b"request" + self.from_account + self.nonce

    def digest(self, separator: bytes) -> bytes:
        types = ["bytes32", "address", "address", "uint256", "uint256", "uint48", "bytes32"]
        values = [_REQUEST, *self.values[:5], keccak(self.data)]
        return _digest(separator, keccak(encode(types, values)))


def domain_separator(name: str, chain_id: int, contract: bytes) -> bytes:
    """Version 1 of a contract's EIP-712 domain."""
    types = ["bytes32", "bytes32", "bytes32", "uint256", "address"]
    return keccak(encode(types, [_DOMAIN, keccak(name.encode()), keccak(b"1"), chain_id, contract]))


def _digest(separator: bytes, message: bytes) -> bytes:
    return keccak(b"\x19\x01" + separator + message)


def signer_of(digest: bytes, signature: bytes) -> bytes | None:
    """Whose key made the signature, by the same rules as OpenZeppelin's ECDSA; None if nobody's."""
    if len(signature) != 65 or signature[64] not in (27, 28):
        return None
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    if s > _HALF_ORDER:
        return None
    try:
        made = Signature(vrs=(signature[64] - 27, r, s))
        return made.recover_public_key_from_msg_hash(digest).to_canonical_address()
    except (BadSignature, ValidationError):
        return None


def ballot_of(given: Any) -> Ballot:
    """From JSON: `{"proposalId", "memberId", "support", "votes", "signature"}`."""
    fields = Fields(given, {"proposalId", "memberId", "support", "votes", "signature"})
    return Ballot(
        proposal_id=fields.number("proposalId", 256).to_bytes(32, "big"),
        member_id=fields.number("memberId", 32),
        support=fields.number("support", 8),
        votes=fields.number("votes", 8),
        signature=fields.octets("signature", SIGNATURE_BYTES),
    )


def request_of(given: Any) -> Request:
    """From JSON: `{"from", "to", "gas", "nonce", "deadline", "data", "signature"}`, perhaps `possession`."""
    names = {"from", "to", "gas", "nonce", "deadline", "data", "signature"}
    fields = Fields(given, names, frozenset({"possession"}))
    return Request(
        from_account=fields.account("from"),
        to=fields.account("to"),
        gas=fields.number("gas", 63),
        nonce=fields.number("nonce", 256).to_bytes(32, "big"),
        deadline=fields.number("deadline", 48),
        data=fields.octets("data", CALL_BYTES),
        signature=fields.octets("signature", SIGNATURE_BYTES),
        possession=fields.octets("possession", POSSESSION_BYTES) if "possession" in fields else b"",
    )
