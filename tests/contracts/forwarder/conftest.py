"""The forwarder, a module that trusts it, and members who sign requests and hold no ETH at all."""

from dataclasses import dataclass, replace

import pytest
from brownie import chain
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from tests.contracts.clock import now

REQUEST_TYPE = [
    {"name": "from", "type": "address"},
    {"name": "to", "type": "address"},
    {"name": "gas", "type": "uint256"},
    {"name": "nonce", "type": "uint256"},
    {"name": "deadline", "type": "uint48"},
    {"name": "data", "type": "bytes"},
]


@dataclass(frozen=True)
class Request:
    """A forward request as the contract takes it; `but` gives one that differs in some fields."""

    sender: str
    to: str
    data: str
    gas: int
    nonce: int
    deadline: int

    def but(self, **changes):
        return replace(self, **changes)

    @property
    def struct(self):
        return (self.sender, self.to, self.gas, self.nonce, self.deadline, self.data)

    def signed_by(self, signer, forwarder, **domain):
        """`signer`'s EIP-712 signature; `domain` overrides fields of the forwarder's own domain."""
        message = dict(zip([field["name"] for field in REQUEST_TYPE], self.struct, strict=True))
        return signer.sign(
            {
                "domain": {
                    "name": "Dual Power Forwarder",
                    "version": "1",
                    "chainId": chain.id,
                    "verifyingContract": str(forwarder),
                    **domain,
                },
                "types": {"ForwardRequest": REQUEST_TYPE},
                "primaryType": "ForwardRequest",
                "message": message,
            }
        ).hex()


@dataclass(frozen=True)
class Penniless:
    """Someone with a key and no ETH anywhere: what a member of a co-op is expected to have."""

    name: str

    @property
    def key(self):
        return Account.from_key(keccak(text=self.name))

    @property
    def address(self):
        return self.key.address

    def sign(self, typed_data):
        return bytes(self.key.sign_message(encode_typed_data(full_message=typed_data)).signature)


@pytest.fixture(scope="module")
def alice():
    return Penniless("alice")


@pytest.fixture(scope="module")
def bob():
    return Penniless("bob")


@pytest.fixture(scope="module")
def stranger():
    return Penniless("stranger")


@pytest.fixture(scope="module")
def relayer(accounts):
    """A node that pays for members' requests."""
    return accounts[9]


@pytest.fixture(scope="module")
def forwarder(Forwarder, accounts):
    return Forwarder.deploy({"from": accounts[0]})


@pytest.fixture(scope="module")
def target(ForwardingTarget, forwarder, accounts):
    return ForwardingTarget.deploy(forwarder, {"from": accounts[0]})


@pytest.fixture
def request_of(target):
    """Makes a member's request to act, valid for an hour."""

    def make(signer, nonce=7, value=1, gas=100_000, to=None, data=None):
        return Request(
            sender=getattr(signer, "address", str(signer)),
            to=str(to or target),
            data=data or target.act.encode_input(value),
            gas=gas,
            nonce=nonce,
            deadline=now() + 3600,
        )

    return make
