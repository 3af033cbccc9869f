"""What a member says they can do and when they have time, signed (EIP-712) by their account.

The domain is `Dual Power Skills`, version 1, with the membership contract for a contract. Times are the
chain's, in seconds since 1970. A newer declaration takes the place of the one before; `Withdrawal` takes it
back. Lists are signed as they were written::

    Declaration(uint32 memberId,string skills,string availability,string zone,uint48 declaredAt)
    Withdrawal(uint32 memberId,uint48 declaredAt)

An empty `availability` says nothing about when (and then `zone` is empty); `never` says that there is no time
at all. A declaration without skills says that none were meant to be declared: it is not known what they can
do.
"""

from __future__ import annotations

from dataclasses import dataclass

from eth_abi.abi import encode
from eth_hash.auto import keccak

from backend.plan.availability import Availability, AvailabilityInvalid
from backend.work import skills as names
from backend.work.skills import SkillsInvalid

DOMAIN = "Dual Power Skills"
LONGEST_SKILLS = 1_000
DECLARATION = {
    "memberId": "uint32",
    "skills": "string",
    "availability": "string",
    "zone": "string",
    "declaredAt": "uint48",
}
WITHDRAWAL = {"memberId": "uint32", "declaredAt": "uint48"}


class DeclarationInvalid(ValueError):
    """What was declared does not read; the message says which part."""


@dataclass(frozen=True)
class Declaration:
    """As it was written and signed."""

    member_id: int
    skills: str
    availability: str
    zone: str
    declared_at: int

    def check(self) -> None:
        """Raises `DeclarationInvalid`."""
        if len(self.skills) > LONGEST_SKILLS:
            raise DeclarationInvalid(f"skills take at most {LONGEST_SKILLS} letters; got {len(self.skills)}")
        if self.zone and not self.availability.strip():
            raise DeclarationInvalid("there is a time zone and no hours; `never` says that there is no time")
        try:
            names.parse(self.skills)
            if self.availability.strip():
                Availability.parse(self.availability, self.zone)
        except (SkillsInvalid, AvailabilityInvalid) as error:
            raise DeclarationInvalid(str(error)) from None
        if not self.skills.strip() and not self.availability.strip():
            raise DeclarationInvalid("it says nothing; to take back what you declared, withdraw it")

    @property
    def skill_names(self) -> frozenset[str] | None:
        """None where none were declared."""
        return frozenset(names.parse(self.skills)) or None

    @property
    def hours(self) -> Availability | None:
        """None where nothing was said about when."""
        return Availability.parse(self.availability, self.zone) if self.availability.strip() else None

    def digest(self, separator: bytes) -> bytes:
        """What is signed, under the domain of that separator."""
        texts = [keccak(text.encode()) for text in (self.skills, self.availability, self.zone)]
        types = ["bytes32", "uint32", "bytes32", "bytes32", "bytes32", "uint48"]
        values = [_type_hash("Declaration", DECLARATION), self.member_id, *texts, self.declared_at]
        return keccak(b"\x19\x01" + separator + keccak(encode(types, values)))


def withdrawal_digest(member_id: int, declared_at: int, separator: bytes) -> bytes:
    types = ["bytes32", "uint32", "uint48"]
    values = [_type_hash("Withdrawal", WITHDRAWAL), member_id, declared_at]
    return keccak(b"\x19\x01" + separator + keccak(encode(types, values)))


def _type_hash(name: str, fields: dict[str, str]) -> bytes:
    return keccak(f"{name}({','.join(f'{kind} {field}' for field, kind in fields.items())})".encode())
