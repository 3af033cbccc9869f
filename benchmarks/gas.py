"""What each action of a member costs in gas, beside OpenZeppelin's Governor on the same chain.

A commune of 121 founds itself, carries a resolution through, then another, and lets people join, check in and
recover. Figures are whole transactions: 21,000 gas, calldata and all. Both sides decide by the same steps: a
proposal of one action with a description of the same length, votes self-delegated beforehand on
OpenZeppelin's side. docs/benchmarks.md says how to read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from brownie import SigningWallet, accounts, chain

from benchmarks import _openzeppelin
from benchmarks._results import Row, publish, transcript
from scripts import commune as communes
from scripts import local_chain
from tests.contracts import people
from tests.contracts.people import DAY, FOR, Draft, Person

# The members with an account of the chain's own send their transactions; the others only sign.
SENDING = range(1, 51)
BATCH = range(21, 121)
MEMBERS = range(1, 121)
WALLET = 121
RELAYER, WALLET_OWNER, NEWCOMER, CONTESTED, NEW_PHONE = (Person(i) for i in range(51, 56))

CAST_VOTE = "castVote"
FIRST_VOTER = "castVote, first voter"
TARGETS = {
    "ballot.first": 1.3,
    "ballot.later": 1.1,
    "ballot.batch100": 0.6,
    "propose": 2.5,
    "queue": 1.5,
    "execute": 1.5,
}
HEADLINES = (
    *("ballot.first", "ballot.later", "ballot.signed", "ballot.batch100"),
    *("propose", "queue", "execute"),
)


class Measured:
    """The rows so far, in the order of measuring."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def note(self, name: str, ours: float, reference: str | None = None, theirs: float | None = None) -> None:
        self.rows.append(Row(name, round(ours), "gas", reference, theirs))

    def sorted(self) -> list[Row]:
        """Headlines first, then everything else."""
        by_id = {row.id: row for row in self.rows}
        return [by_id.pop(name) for name in HEADLINES] + list(by_id.values())


def main() -> None:
    """Measure, print and write build/bench/gas.json."""
    measured = Measured()
    with transcript("gas"):
        commune = founded()
        reference = _openzeppelin.deployed(accounts[0], accounts[1:21])
        first_round(measured, commune, reference)
        second_round(measured, commune, reference)
        next_season(measured, commune, reference)
        other_proposals(measured, commune, reference)
        joining(measured, commune)
        presence_and_recovery(measured, commune)
    publish("gas", measured.sorted(), {name: ("ratio", most) for name, most in TARGETS.items()})


# ---------------------------------------------------------------------------------------------- the commune


def signer(member: int) -> Person:
    """A founder by memberId; accounts 51 to 59 are nobody's, so that they can join, relay and recover."""
    return Person(member if member in SENDING else member + 9)


def founded() -> communes.Commune:
    """A commune of 120 accounts and a contract wallet, one day old."""
    deployer = accounts[0]
    commune = communes.deploy(deployer, communes.Constitution.load())
    wallet = SigningWallet.deploy(WALLET_OWNER.address, 0, 32, {"from": deployer})
    signers = [signer(member) for member in MEMBERS]
    founders = [local_chain.key(s.index).address for s in signers] + [wallet.address]
    communes.announce(commune, founders, deployer)
    message = communes.founding_message(commune, founders)
    signatures = [s.sign(message) for s in (*signers, WALLET_OWNER)]
    communes.found(commune, founders, signatures, deployer)
    people.wait(DAY)
    return commune


def cast(commune: communes.Commune, proposal: int, member: int, votes: int = 3) -> int:
    """Gas of a direct ballot."""
    return int(commune.assembly.castBallot(proposal, FOR, votes, signer(member).tx).gas_used)


def batch(commune: communes.Commune, proposal: int, members: Iterable[int], votes: int = 3) -> float:
    """Gas of each ballot of a batch."""
    ballots = [
        people.signed_ballot(commune, proposal, signer(member), votes=votes, member=member)
        for member in members
    ]
    tx = commune.assembly.castBallots(ballots, RELAYER.tx)
    if "BallotSkipped" in tx.events:
        raise RuntimeError(f"the batch skipped a ballot: {tx.events['BallotSkipped']}")
    return float(tx.gas_used / len(ballots))


def forwarded(commune: communes.Commune, member: int, to: Any, data: str, nonce: int) -> int:
    """Gas of a member's action sent by a relayer through the forwarder."""
    sender = signer(member)
    types = {
        "from": "address",
        "to": "address",
        "gas": "uint256",
        "nonce": "uint256",
        "deadline": "uint48",
        "data": "bytes",
    }
    values = [sender.address, to.address, 500_000, nonce, int(chain.time()) + DAY, data]
    message = people.typed_data(
        commune.forwarder,
        "Dual Power Forwarder",
        "ForwardRequest",
        types,
        dict(zip(types, values, strict=True)),
    )
    return int(commune.forwarder.execute(values, sender.sign(message), RELAYER.tx).gas_used)


def open_beside(
    commune: communes.Commune, reference: _openzeppelin.Reference, draft: Draft, author: Person
) -> tuple[int, int, tuple[Any, ...]]:
    """Propose a sponsored draft, and its like to OpenZeppelin; the gas of both, and OpenZeppelin's draft.

    The reference has no proposer in its description, so that OpenZeppelin has none to check.
    """
    theirs = reference.draft(author.account, draft.description.replace("#", "."), len(draft.targets))
    gas = commune.assembly.propose(*draft.arguments, draft.description, author.tx).gas_used
    return gas, reference.propose(theirs, author.account).gas_used, theirs


def carry_out(
    measured: Measured | None,
    commune: communes.Commune,
    reference: _openzeppelin.Reference,
    draft: Draft,
    theirs: tuple[Any, ...],
) -> None:
    """Queue and execute on both sides once voting is over."""
    people.to_end(commune, draft.id(commune))
    sender = signer(1)
    arguments = (*draft.arguments, draft.description_hash)
    their_arguments = (*theirs[:3], communes.text_hash(theirs[3]))
    queued = commune.assembly.queue(*arguments, sender.tx).gas_used
    their_queued = reference.governor.queue(*their_arguments, sender.tx).gas_used
    people.wait(_openzeppelin.QUEUE + 1)
    executed = commune.assembly.execute(*arguments, sender.tx).gas_used
    their_executed = reference.governor.execute(*their_arguments, sender.tx).gas_used
    if measured is not None:
        measured.note("queue", queued, "queue", their_queued)
        measured.note("execute", executed, "execute", their_executed)


# ---------------------------------------------------------------------------------------------- deciding


def first_round(measured: Measured, commune: communes.Commune, reference: _openzeppelin.Reference) -> None:
    """A decision at the start of a season: every ballot with more than one vote opens its member's budget."""
    author = signer(1)
    draft = people.resolution(commune, author, "We buy the mill and run it together")
    measured.note("sponsor.first", commune.docket.sponsor(draft.id(commune), 1, signer(1).tx).gas_used)
    measured.note("sponsor", commune.docket.sponsor(draft.id(commune), 1, signer(2).tx).gas_used)
    gas, their_gas, theirs = open_beside(commune, reference, draft, author)
    measured.note("propose.first_by_author", gas, "propose", their_gas)
    proposal, their_proposal = draft.id(commune), reference.id(theirs)
    people.to_voting(commune, proposal)

    votes = [
        reference.governor.castVote(their_proposal, FOR, {"from": accounts[i]}).gas_used for i in range(1, 6)
    ]
    first_voter, later_voter = votes[0], votes[1]
    signed = reference.governor.castVoteBySig(
        their_proposal, FOR, accounts[6], reference.signature(their_proposal, 6), RELAYER.tx
    )

    measured.note("ballot.first.opens_season", cast(commune, proposal, 1), FIRST_VOTER, first_voter)
    measured.note("ballot.first", cast(commune, proposal, 2), CAST_VOTE, later_voter)
    measured.note("ballot.first.one_vote", cast(commune, proposal, 3, 1), CAST_VOTE, later_voter)
    measured.note("ballot.first.new_slots", cast(commune, proposal, 17), CAST_VOTE, later_voter)
    ballot = people.signed_ballot(commune, proposal, signer(4), votes=3, member=4)
    measured.note(
        "ballot.first.signed",
        commune.assembly.castBallotBySig(ballot, RELAYER.tx).gas_used,
        "castVoteBySig, first",
        signed.gas_used,
    )
    for member in (*range(5, 17), *range(18, 21)):
        cast(commune, proposal, member)
    measured.note("ballot.batch100.all_first", batch(commune, proposal, BATCH), CAST_VOTE, later_voter)
    carry_out(None, commune, reference, draft, theirs)


def second_round(measured: Measured, commune: communes.Commune, reference: _openzeppelin.Reference) -> None:
    """A decision later in the season."""
    author = signer(1)
    draft = people.sponsored(
        commune, people.resolution(commune, author, "We buy an oven and bake in it"), [author, signer(2)]
    )
    gas, their_gas, theirs = open_beside(commune, reference, draft, author)
    measured.note("propose", gas, "propose", their_gas)
    proposal, their_proposal = draft.id(commune), reference.id(theirs)

    other_author = signer(2)
    turnout = people.opened(
        commune,
        people.resolution(commune, other_author, "We lend the oven"),
        other_author,
        [author, other_author],
    )
    people.to_voting(commune, proposal)

    first_voter, later_voter = (
        reference.governor.castVote(their_proposal, FOR, {"from": accounts[i]}).gas_used for i in (1, 2)
    )
    signed = reference.governor.castVoteBySig(
        their_proposal, FOR, accounts[6], reference.signature(their_proposal, 6), RELAYER.tx
    )

    measured.note("ballot.later.first_voter", cast(commune, proposal, 5), FIRST_VOTER, first_voter)
    measured.note("ballot.later", cast(commune, proposal, 6), CAST_VOTE, later_voter)
    measured.note("ballot.later.one_vote", cast(commune, proposal, 7, 1), CAST_VOTE, later_voter)
    measured.note("ballot.later.new_slot", cast(commune, proposal, 18), CAST_VOTE, later_voter)
    ballot = people.signed_ballot(commune, proposal, signer(8), votes=3, member=8)
    measured.note(
        "ballot.signed",
        commune.assembly.castBallotBySig(ballot, RELAYER.tx).gas_used,
        "castVoteBySig",
        signed.gas_used,
    )
    ballot = people.signed_ballot(commune, proposal, WALLET_OWNER, votes=3, member=WALLET)
    measured.note(
        "ballot.first.signed_by_wallet", commune.assembly.castBallotBySig(ballot, RELAYER.tx).gas_used
    )
    data = commune.assembly.castBallot.encode_input(proposal, FOR, 3)
    measured.note(
        "ballot.forwarded", forwarded(commune, 9, commune.assembly, data, 1), CAST_VOTE, later_voter
    )
    measured.note("ballot.batch100", batch(commune, proposal, BATCH), CAST_VOTE, later_voter)

    # Two in five of fifty members vote, one of them so late that the quorum extends the vote.
    voters = [member for i, member in enumerate(range(1, 51)) if i % 5 in (0, 3)]
    gas_used = [cast(commune, turnout, member, 2) for member in voters[:12]]
    people.wait(int(commune.assembly.proposalDeadline(turnout)) - int(chain.time()) - 3600)
    gas_used += [cast(commune, turnout, voters[12], 2)]
    measured.note("ballot.later.extends_vote", gas_used.pop(), CAST_VOTE, later_voter)
    gas_used += [cast(commune, turnout, member, 2) for member in voters[13:]]
    measured.note("ballot.later.mean_turnout40", sum(gas_used) / len(gas_used), CAST_VOTE, later_voter)
    carry_out(measured, commune, reference, draft, theirs)


def next_season(measured: Measured, commune: communes.Commune, reference: _openzeppelin.Reference) -> None:
    """A first ballot by someone whose reputation adds to their budget."""
    author = signer(1)
    data = commune.reputation.award.encode_input(2, 1, 100_000_000, 0, b"\1" * 32, 0)
    award = people.draft(author, (commune.reputation, data), text="Member 2 mended the roof")
    people.carried_out(
        commune, award, author, [author, signer(2)], [signer(member) for member in range(1, 14)]
    )
    start, length = commune.constitution.seasonBounds(1)
    people.wait(start + length - int(chain.time()) + 1)

    draft = people.sponsored(
        commune, people.resolution(commune, author, "We mend the road"), [author, signer(2)]
    )
    _, _, theirs = open_beside(commune, reference, draft, author)
    proposal = draft.id(commune)
    people.to_voting(commune, proposal)
    cast(commune, proposal, 1)
    reference.governor.castVote(reference.id(theirs), FOR, {"from": accounts[1]})
    vote = reference.governor.castVote(reference.id(theirs), FOR, {"from": accounts[2]}).gas_used
    measured.note("ballot.first.with_reputation", cast(commune, proposal, 2), CAST_VOTE, vote)
    people.to_end(commune, proposal)


def other_proposals(
    measured: Measured, commune: communes.Commune, reference: _openzeppelin.Reference
) -> None:
    """Proposals that cost more, or that OpenZeppelin charges more for."""
    author = signer(3)
    law = commune.constitution
    adopt = (law, law.adopt.encode_input(communes.text_hash("We bake bread")))

    lost = people.opened(commune, people.resolution(commune, author), author, [author, signer(4)])
    people.to_end(commune, lost)
    draft = people.sponsored(
        commune, people.resolution(commune, author, "We try once more"), [author, signer(4)]
    )
    gas, their_gas, _ = open_beside(commune, reference, draft, author)
    measured.note("propose.after_defeat", gas, "propose", their_gas)

    author = signer(4)
    draft = people.sponsored(
        commune, people.draft(author, *[adopt] * 10, text="We decide ten things"), [author, signer(5)]
    )
    gas, their_gas, _ = open_beside(commune, reference, draft, author)
    measured.note("propose.ten_actions", gas, "propose", their_gas)

    author = signer(5)
    draft = people.sponsored(
        commune, people.parameter_change(commune, author, "assembly.sponsors", 3), [author, signer(6)]
    )
    gas, their_gas, _ = open_beside(commune, reference, draft, author)
    measured.note("propose.constitutional", gas, "propose", their_gas)

    author = signer(1)
    draft = people.sponsored(
        commune, people.resolution(commune, author, "We bake cakes as well as bread"), [author, signer(2)]
    )
    gas = commune.assembly.propose(*draft.arguments, draft.description, author.tx).gas_used
    theirs = reference.draft(author.account, draft.description)
    protected = reference.governor.propose(*theirs, author.tx).gas_used
    measured.note("propose.beside_proposer_check", gas, "propose, #proposer= checked", protected)
    threshold = reference.strict_governor.propose(*theirs, author.tx).gas_used
    measured.note("propose.beside_threshold", gas, "propose, with a threshold too", threshold)


# ---------------------------------------------------------------------------------------------- membership


def joining(measured: Measured, commune: communes.Commune) -> None:
    """From an application to the vote on a contested one."""
    profile = communes.text_hash("I bake")
    admission = commune.admission
    measured.note("apply", admission.applyToJoin(profile, NEWCOMER.tx).gas_used)
    application = admission.applicationOf(NEWCOMER.address)
    measured.note("vouch", admission.vouch(application, signer(1).tx).gas_used)
    measured.note("vouch.completes", admission.vouch(application, signer(2).tx).gas_used)

    admission.applyToJoin(profile, CONTESTED.tx)
    contested = admission.applicationOf(CONTESTED.address)
    for voucher in (signer(3), signer(4)):
        admission.vouch(contested, voucher.tx)
    reason = communes.text_hash("They closed the last bakery")
    measured.note("object", admission.object(contested, reason, signer(5).tx).gas_used)
    measured.note("object.opens_vote", admission.object(contested, reason, signer(6).tx).gas_used)
    people.wait(1)
    vote = admission.application(contested)["proposalId"]
    cast(commune, vote, 1, 1)
    measured.note("ballot.person_vote", cast(commune, vote, 2, 1))

    people.wait(3 * DAY + 1)
    measured.note("admit", admission.admit(application, NEWCOMER.tx).gas_used)


def presence_and_recovery(measured: Measured, commune: communes.Commune) -> None:
    """A check-in, and a membership that moves to a new account; then its holder leaves."""
    deadline = int(chain.time()) + DAY
    fields = {"memberId": "uint32", "attester": "uint32", "checkIn": "uint32", "deadline": "uint48"}
    message = {"memberId": 7, "attester": 8, "checkIn": 0, "deadline": deadline}
    attestation = signer(8).sign(
        people.typed_data(commune.presence, "Dual Power Presence", "Attestation", fields, message)
    )
    measured.note("check_in", commune.presence.checkIn(8, deadline, attestation, signer(7).tx).gas_used)

    recovery = commune.recovery
    measured.note("guardians", recovery.setGuardians([8, 9, 10], 2, signer(7).tx).gas_used)
    people.wait(7 * DAY + 1)
    moved = (7, NEW_PHONE.address)
    measured.note("support", recovery.support(*moved, signer(8).tx).gas_used)
    measured.note("support.completes", recovery.support(*moved, signer(9).tx).gas_used)
    people.wait(7 * DAY + 1)
    measured.note("recover", recovery.recover(7, RELAYER.tx).gas_used)
    measured.note("leave", commune.membership.leave(NEW_PHONE.tx).gas_used)
