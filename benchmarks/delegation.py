"""What a followed ballot costs in gas in pages of a hundred, beside OpenZeppelin's `castVote`.

A commune of 900 delegates in three ways, one a topic: a hundred members to one delegate; the same hundred
through one chain of eight hops; each of them through a chain of eight of their own. Figures are whole
transactions divided by the members of the page. docs/benchmarks.md says how to read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from brownie import accounts, chain

from benchmarks import _openzeppelin
from benchmarks._results import Row, publish, transcript
from scripts import commune as communes
from scripts import local_chain
from tests.contracts import people
from tests.contracts.clock import mine_at, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, FOR, Person
from tests.contracts.polls.conftest import votes

PAGE = 100
HOPS = 8
# Member m follows through m + 100, m + 200, ... to m + 800.
MEMBERS = range(1, PAGE * (HOPS + 1) + 1)
FOLLOWERS = range(1, PAGE + 1)
DELEGATE = HOPS * PAGE + 1
DELEGATES = range(DELEGATE, DELEGATE + PAGE)
ONE_DELEGATE, ONE_CHAIN, OWN_CHAINS = range(1, 4)
TOPICS = ("one delegate", "one chain", "chains of their own")
# What the interfaces propose to members: two votes, as many credits as a season has.
CAPS = (2, 100)
BATCH = 50
RELAYER = Person(0)

CAST_VOTE = "castVote"
DEPTH_1 = "follow.batch100"
LIMITS = {"follow.batch100": 0.7, "follow.depth8": 1.5, "follow.depth8.disjoint": 1.2}


def main() -> None:
    """Measure, print and write build/bench/delegation.json."""
    with transcript("delegation"):
        commune = founded()
        delegate(commune)
        rows = measured(commune)
    publish("delegation", rows, {name: ("ratio", most) for name, most in LIMITS.items()})


# ---------------------------------------------------------------------------------------------- the commune


def founded() -> communes.Commune:
    """A commune whose members are the test chain's accounts 1 to 900, most of whom only sign."""
    deployer = accounts[0]
    commune = communes.deploy(deployer, communes.Constitution.load(topics=TOPICS))
    founders = [local_chain.key(member).address for member in MEMBERS]
    communes.announce(commune, founders, deployer)
    message = communes.founding_message(commune, founders)
    signatures = [Person(member).sign(message) for member in MEMBERS]
    communes.found(commune, founders, signatures, deployer)
    people.wait(DAY)
    return commune


def delegate(commune: communes.Commune) -> None:
    """Everyone's delegations, relayed in batches."""
    chosen = [(ONE_DELEGATE, member, DELEGATE) for member in FOLLOWERS]
    chosen += [(ONE_CHAIN, member, PAGE + 1) for member in FOLLOWERS]
    chosen += [(ONE_CHAIN, hop * PAGE + 1, (hop + 1) * PAGE + 1) for hop in range(1, HOPS)]
    chosen += [(OWN_CHAINS, member, member + PAGE) for member in range(1, HOPS * PAGE + 1)]
    fields = {
        "from": "address",
        "to": "address",
        "gas": "uint256",
        "nonce": "uint256",
        "deadline": "uint48",
        "data": "bytes",
    }
    requests, signatures = [], []
    for topic, member, to in chosen:
        data = commune.delegation.delegate.encode_input(topic, to, *CAPS)
        sender = local_chain.key(member).address
        values = [sender, commune.delegation.address, 200_000, topic, int(chain.time()) + DAY, data]
        message = people.typed_data(
            commune.forwarder,
            "Dual Power Forwarder",
            "ForwardRequest",
            fields,
            dict(zip(fields, values, strict=True)),
        )
        requests.append(values)
        signatures.append(Person(member).sign(message))
    for start in range(0, len(requests), BATCH):
        page = slice(start, start + BATCH)
        commune.forwarder.executeBatch(requests[page], signatures[page], RELAYER.tx)
    for topic, member, to in chosen:
        if commune.delegation.delegationOf(member, topic)["delegate"] != to:
            raise RuntimeError(f"member {member} does not delegate to {to} in topic {topic}")
    people.wait(1)


# ---------------------------------------------------------------------------------------------- following


def measured(commune: communes.Commune) -> list[Row]:
    """Every vote opens at once; what is followed first opens budgets for what comes later."""
    castings = {
        "one_vote": opened(commune, 1, ONE_DELEGATE),
        "opens_budgets": opened(commune, 2, ONE_DELEGATE),
        "depth1": opened(commune, 3, ONE_DELEGATE),
        "single": opened(commune, 4, ONE_DELEGATE),
        "depth8.first_in_topic": opened(commune, 5, ONE_CHAIN),
        "depth8": opened(commune, 6, ONE_CHAIN),
        "depth8.disjoint.first_in_topic": opened(commune, 7, OWN_CHAINS),
        "depth8.disjoint": opened(commune, 8, OWN_CHAINS),
    }
    reference = _openzeppelin.deployed(accounts[0], accounts[1:3])
    theirs = reference.draft(accounts[1], "We decide together.nonce=1")
    reference.propose(theirs, accounts[1])
    for proposal in castings.values():
        people.to_voting(commune, proposal)
    mine_at(now() + DAY)
    vote, later_vote = (
        reference.governor.castVote(reference.id(theirs), FOR, {"from": accounts[index]}).gas_used
        for index in (1, 2)
    )
    poll = opened_poll(commune)
    for name, proposal in castings.items():
        voters = DELEGATES if "disjoint" in name else (DELEGATE,)
        cast(commune, proposal, voters, 1 if name == "one_vote" else 2)
    mine_at(max(commune.assembly.proposalDeadline(proposal) for proposal in castings.values()) + 1)

    gas = {name: follow(commune, castings[name]) for name in castings if name != "single"}
    single = commune.delegation.follow(castings["single"], [FOLLOWERS[0]], RELAYER.tx).gas_used
    mine_at(max(now(), commune.polls.poll(poll)["votingEnd"]) + 1)
    in_poll = commune.delegation.followPoll(poll, list(FOLLOWERS), RELAYER.tx)
    require(in_poll, "PollFollowed", PAGE)

    depth1 = gas["depth1"]
    return [
        Row("follow.batch100", depth1, "gas", CAST_VOTE, later_vote),
        Row("follow.depth8", gas["depth8"], "gas", DEPTH_1, depth1),
        Row("follow.depth8.disjoint", gas["depth8.disjoint"], "gas", CAST_VOTE, later_vote),
        Row("follow.batch100.one_vote", gas["one_vote"], "gas", CAST_VOTE, later_vote),
        Row("follow.batch100.opens_budgets", gas["opens_budgets"], "gas", CAST_VOTE, later_vote),
        Row("follow.single", single, "gas", CAST_VOTE, later_vote),
        Row("follow.poll.batch100", round(in_poll.gas_used / PAGE), "gas", CAST_VOTE, later_vote),
        Row("castVote.first_voter", vote, "gas"),
    ]


def opened(commune: communes.Commune, author: int, topic: int) -> int:
    """A proposal in a topic by one of the members who send their own transactions."""
    draft = people.resolution(commune, Person(author), "We decide together")
    return people.opened(commune, draft, Person(author), [Person(9), Person(10)], topic)


def opened_poll(commune: communes.Commune) -> int:
    """A poll of five options in which the delegate has voted for three."""
    text = communes.text_hash("What do we plant?")
    tx = commune.polls.open(text, 5, ONE_DELEGATE, False, False, acting_as(commune.timelock))
    poll = int(tx.events["PollOpened"]["pollId"])
    data = commune.polls.cast.encode_input(poll, votes(2, 0, 1, 0, 2))
    holder = accounts.at(local_chain.key(DELEGATE).address, force=True)
    accounts[0].transfer(holder, 10**18)
    holder.transfer(commune.polls, 0, data=data)
    return poll


def cast(commune: communes.Commune, proposal: int, voters: Iterable[int], given: int) -> None:
    """Signed direct ballots, relayed together."""
    ballots = [
        people.signed_ballot(commune, proposal, Person(member), FOR, given, member) for member in voters
    ]
    tx = commune.assembly.castBallots(ballots, RELAYER.tx)
    require(tx, "BallotRecorded", len(ballots))


def follow(commune: communes.Commune, proposal: int) -> int:
    """Gas of each followed ballot of the page."""
    tx = commune.delegation.follow(proposal, list(FOLLOWERS), RELAYER.tx)
    require(tx, "Followed", PAGE)
    return round(tx.gas_used / PAGE)


def require(tx: Any, event: str, expected: int) -> None:
    """Fail unless a transaction told so many of an event."""
    found = tx.events.count(event)
    if found != expected:
        raise RuntimeError(f"{found} times {event}, where {expected} were to be")
