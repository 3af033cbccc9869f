"""What a member declares is signed as wallets show it."""

from __future__ import annotations

from eth_account import Account
from eth_account.messages import encode_typed_data

from backend.relay.signed import domain_separator, signer_of
from backend.work.declaration import (
    DECLARATION,
    DOMAIN,
    WITHDRAWAL,
    Declaration,
    withdrawal_digest,
)

CONTRACT = bytes.fromhex("5fbdb2315678afecb367f032d93f642f64180aa3")
SEPARATOR = domain_separator(DOMAIN, 31337, CONTRACT)


def signature(kind: str, fields: dict[str, str], message: dict[str, object]) -> tuple[bytes, bytes]:
    """Of a wallet, by the typed data alone; and whose it is."""
    wallet = Account.create()
    domain = {"name": DOMAIN, "version": "1", "chainId": 31337, "verifyingContract": f"0x{CONTRACT.hex()}"}
    document = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            kind: [{"name": name, "type": type_} for name, type_ in fields.items()],
        },
        "primaryType": kind,
        "domain": domain,
        "message": message,
    }
    signed = wallet.sign_message(encode_typed_data(full_message=document))
    return bytes(signed.signature), bytes.fromhex(wallet.address[2:])


def test_a_declaration_is_signed_as_a_wallet_does():
    declared = Declaration(7, "cooking, Café", "mon 18:00-22:00", "Europe/Berlin", 1_795_435_200)
    message = {
        "memberId": 7,
        "skills": declared.skills,
        "availability": declared.availability,
        "zone": declared.zone,
        "declaredAt": declared.declared_at,
    }
    given, wallet = signature("Declaration", DECLARATION, message)
    assert signer_of(declared.digest(SEPARATOR), given) == wallet
    elsewhere = domain_separator(DOMAIN, 1, CONTRACT)
    assert signer_of(declared.digest(elsewhere), given) != wallet


def test_a_withdrawal_is_signed_as_a_wallet_does():
    given, wallet = signature("Withdrawal", WITHDRAWAL, {"memberId": 7, "declaredAt": 9})
    assert signer_of(withdrawal_digest(7, 9, SEPARATOR), given) == wallet
    assert signer_of(withdrawal_digest(8, 9, SEPARATOR), given) != wallet


def test_what_was_not_said_is_not_known():
    hours_only = Declaration(7, " ", "never", "UTC", 1)
    hours_only.check()
    assert hours_only.skill_names is None
    assert hours_only.hours is not None
    assert hours_only.hours.windows == ()
    skills_only = Declaration(7, "b, a", "", "", 1)
    skills_only.check()
    assert (skills_only.skill_names, skills_only.hours) == ({"a", "b"}, None)
