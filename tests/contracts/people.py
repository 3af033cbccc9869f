"""The people of the contract tests, and what they do together: sign, sponsor, propose, vote, wait.

A `Person` is an account of the local test chain with its published key. The functions send real transactions;
they cover the steps that many tests need on the way to what they test.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from brownie import accounts, web3
from eth_account.messages import encode_typed_data

from scripts import commune as communes
from scripts import local_chain
from tests.contracts.clock import advance, mine_at, now

DAY = 86_400
AGAINST, FOR, ABSTAIN = range(3)
# OpenZeppelin's IGovernor.ProposalState
PENDING, ACTIVE, CANCELED, DEFEATED, SUCCEEDED, QUEUED, EXPIRED, EXECUTED = range(8)
# Status in contracts/membership/IMembership.sol
NONE, MEMBER_ACTIVE, DORMANT, LEFT, EXPELLED = range(5)
GENERAL, FOOD, HOUSING = 1, 2, 3

_nonces = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """An account of the test chain and its key."""

    index: int

    @property
    def account(self) -> Any:
        return accounts[self.index]

    @property
    def address(self) -> str:
        return str(self.account.address)

    @property
    def tx(self) -> dict[str, Any]:
        """The transaction parameters of something this person sends."""
        return {"from": self.account}

    def sign(self, typed_data: dict[str, Any]) -> bytes:
        """EIP-712 signature over typed data."""
        signed = local_chain.key(self.index).sign_message(encode_typed_data(full_message=typed_data))
        return bytes(signed.signature)


def person(index: int) -> Person:
    return Person(index)


def founded_by(
    founders: Sequence[Person], deployer: Any, constitution: communes.Constitution
) -> communes.Commune:
    """Deploy a commune, found it with these people, and let a day pass."""
    commune = communes.deploy(deployer, constitution)
    addresses = [f.address for f in founders]
    communes.announce(commune, addresses, deployer)
    message = communes.founding_message(commune, addresses)
    communes.found(commune, addresses, [f.sign(message) for f in founders], deployer)
    wait(DAY)
    return commune


def held_by(holder: Any, founders: Sequence[Person], constitution: communes.Constitution) -> communes.Commune:
    """Like `founded_by`, but `holder` keeps all powers, standing in for modules and votes."""
    commune = communes.deploy(holder, constitution)
    for role, _, _ in communes.ROLES.values():
        commune.powers.grantRole(role, holder, 0, {"from": holder})
    for founder in founders:
        commune.membership.admitFounder(founder.address, {"from": holder})
    commune.constitution.constitute(len(founders), {"from": holder})
    wait(DAY)
    return commune


def wait(seconds: int) -> None:
    """Let time pass on the test chain and mine a block."""
    advance(seconds)


def member_id(commune: communes.Commune, who: Person) -> int:
    return int(commune.membership.memberIdOf(who.address))


def typed_data(
    contract: Any, name: str, primary: str, fields: dict[str, str], message: dict[str, Any]
) -> dict[str, Any]:
    """EIP-712 typed data for one of the commune's contracts (domain version "1")."""
    return {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            primary: [{"name": n, "type": t} for n, t in fields.items()],
        },
        "primaryType": primary,
        "domain": {
            "name": name,
            "version": "1",
            "chainId": web3.eth.chain_id,
            "verifyingContract": contract.address,
        },
        "message": message,
    }


# -------------------------------------------------------------------- joining


def joined(commune: communes.Commune, newcomer: Person, vouchers: Iterable[Person]) -> int:
    """Let someone join through application, vouches and the objection window; returns their memberId."""
    application = apply(commune, newcomer)
    for voucher in vouchers:
        commune.admission.vouch(application, voucher.tx)
    wait(3 * DAY + 1)
    commune.admission.admit(application, newcomer.tx)
    return member_id(commune, newcomer)


def apply(commune: communes.Commune, newcomer: Person) -> int:
    """Apply with a profile text; returns the application's id."""
    commune.admission.applyToJoin(communes.text_hash(f"I am person {newcomer.index}"), newcomer.tx)
    return int(commune.admission.applicationOf(newcomer.address))


# -------------------------------------------------------------------- deciding


@dataclass(frozen=True)
class Draft:
    """What `propose`, `queue` and `execute` take."""

    targets: tuple[Any, ...]
    values: tuple[int, ...]
    calldatas: tuple[str, ...]
    description: str

    @property
    def arguments(self) -> tuple[list[Any], list[int], list[str]]:
        return list(self.targets), list(self.values), list(self.calldatas)

    @property
    def description_hash(self) -> str:
        return communes.text_hash(self.description)

    def id(self, commune: communes.Commune) -> int:
        return int(commune.assembly.getProposalId(*self.arguments, self.description_hash))


def draft(
    author: Person | Any, *actions: tuple[Any, str], text: str = "We decide", values: Sequence[int] = ()
) -> Draft:
    """A draft with a fresh nonce. `actions` are (target, calldata) pairs; `author` a person or a contract."""
    return Draft(
        tuple(target for target, _ in actions),
        tuple(values) or (0,) * len(actions),
        tuple(data for _, data in actions),
        f"{text}#nonce={next(_nonces)}#proposer={author.address.lower()}",
    )


def resolution(commune: communes.Commune, author: Person, text: str = "We resolve") -> Draft:
    """A draft under the ordinary rule that records a text."""
    law = commune.constitution
    return draft(author, (law, law.adopt.encode_input(communes.text_hash(text))), text=text)


def parameter_change(commune: communes.Commune, author: Person, name: str, value: int) -> Draft:
    """A draft under the constitutional rule that sets a parameter."""
    law = commune.constitution
    data = law.setParameter.encode_input(communes.bytes32(name), value)
    return draft(author, (law, data), text=f"Set {name}")


def sponsored(commune: communes.Commune, d: Draft, sponsors: Iterable[Person], topic: int = GENERAL) -> Draft:
    """Have a draft sponsored."""
    for s in sponsors:
        commune.docket.sponsor(d.id(commune), topic, s.tx)
    return d


def opened(
    commune: communes.Commune, d: Draft, author: Person, sponsors: Iterable[Person], topic: int = GENERAL
) -> int:
    """Sponsor and propose; returns the proposal's id. Voting has not begun where there is deliberation.

    A second passes before, so that who just joined is in the electorate.
    """
    sponsored(commune, d, sponsors, topic)
    advance(1)
    commune.assembly.propose(*d.arguments, d.description, author.tx)
    return d.id(commune)


def to_voting(commune: communes.Commune, proposal: int) -> None:
    """Wait until voting has begun."""
    mine_at(max(now(), commune.assembly.proposalSnapshot(proposal)) + 1)


def to_end(commune: communes.Commune, proposal: int) -> None:
    """Wait until voting, and following, are over."""
    mine_at(max(now(), commune.assembly.followEnd(proposal)) + 1)


def vote(
    commune: communes.Commune, proposal: int, voters: Iterable[Person], support: int = FOR, votes: int = 1
) -> None:
    for voter in voters:
        commune.assembly.castBallot(proposal, support, votes, voter.tx)


def passed(
    commune: communes.Commune, d: Draft, author: Person, sponsors: Iterable[Person], voters: Iterable[Person]
) -> int:
    """Open a draft and vote it through; returns the proposal's id. It is neither queued nor executed."""
    proposal = opened(commune, d, author, sponsors)
    to_voting(commune, proposal)
    vote(commune, proposal, voters)
    to_end(commune, proposal)
    return proposal


def carried_out(
    commune: communes.Commune, d: Draft, author: Person, sponsors: Iterable[Person], voters: Iterable[Person]
) -> Any:
    """Pass, queue and execute a draft; returns the executing transaction."""
    proposal = passed(commune, d, author, sponsors, voters)
    if commune.assembly.proposalNeedsQueuing(proposal):
        commune.assembly.queue(*d.arguments, d.description_hash, author.tx)
        mine_at(max(now(), commune.assembly.proposalEta(proposal)) + 1)
    return commune.assembly.execute(*d.arguments, d.description_hash, author.tx)


# -------------------------------------------------------------------- signed ballots


def signed_ballot(
    commune: communes.Commune,
    proposal: int,
    who: Person,
    support: int = FOR,
    votes: int = 1,
    member: int | None = None,
) -> tuple[int, int, int, int, bytes]:
    """A `SignedBallot` by `who`, for their own memberId or the one named."""
    member = member_id(commune, who) if member is None else member
    message = typed_data(
        commune.assembly,
        "Dual Power Assembly",
        "MemberBallot",
        {"proposalId": "uint256", "memberId": "uint32", "support": "uint8", "votes": "uint8"},
        {"proposalId": proposal, "memberId": member, "support": support, "votes": votes},
    )
    return proposal, member, support, votes, who.sign(message)
