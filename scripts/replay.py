"""Replay a real participatory-budget election as an open poll, on a local test chain.

    ./dev brownie run replay main FILE.pb --network development

Everybody who voted is a founder, with a key of their own and no ETH: a relayer sends what they sign. They
decide to hold the poll as any commune does, then each casts their published points as votes. The poll's
tally has to be the scores that were published. Elections: https://pabulib.org
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brownie import accounts, chain, web3
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount

from scripts import commune as communes
from scripts import demo, local_chain, pabulib

DAY = 86_400
FOR = 1
GENERAL = 1
SPONSORS = 2
# Requests and ballots in one transaction, well below a block's gas limit.
PAGE = 40
REQUEST_GAS = 600_000


class ReplayFailed(Exception):
    """The chain did not come to the published result."""


@dataclass(frozen=True)
class Result:
    """What the chain says, and what it cost."""

    poll: int
    tally: tuple[int, ...]
    ballots: int
    gas_each: int


def main(path: str) -> Result:
    """Found a commune of everyone who voted, hold the poll, and compare its tally with what was published."""
    election = pabulib.read(Path(path))
    started = time.monotonic()
    print(f"{election.title}: {len(election.projects)} projects, {len(election.ballots)} ballots")
    result = replayed(election)
    for project, score, votes in zip(election.projects, election.scores, result.tally, strict=True):
        print(f"  {project:20} published {score:6}   on chain {votes:6}")
    require_published(election, result)
    print(
        f"the tally of poll {result.poll} equals the published scores: {result.ballots} ballots, "
        f"{result.gas_each:,} gas each, {time.monotonic() - started:.0f} s in all"
    )
    return result


def require_published(election: pabulib.Election, result: Result) -> None:
    """Raise unless every ballot counted and the tally is the published one."""
    if result.ballots != len(election.ballots):
        raise ReplayFailed(f"{result.ballots} of {len(election.ballots)} ballots are in the poll")
    if result.tally != election.scores:
        raise ReplayFailed(f"the tally is {result.tally}, published was {election.scores}")


def replayed(election: pabulib.Election) -> Result:
    """Hold the poll; ballots are cast in the file's order."""
    local_chain.require_local()
    voters = [Account.from_key(web3.keccak(text=f"voter {i}")) for i in range(len(election.ballots))]
    commune = _founded(voters)
    poll = _decided(commune, voters, election)
    cast = commune.polls.cast
    gas = [
        _forwarded(commune, [(who, cast.encode_input(poll, word)) for who, word in page], commune.polls)
        for page in _pages([(v, pabulib.word(b)) for v, b in zip(voters, election.ballots, strict=True)])
    ]
    return Result(
        poll,
        tuple(int(votes) for votes in commune.polls.tally(poll)),
        int(commune.polls.ballotCount(poll)),
        sum(gas) // len(voters),
    )


def _founded(voters: Sequence[LocalAccount]) -> communes.Commune:
    deployer = accounts[0]
    commune = communes.deploy(deployer, communes.Constitution.load())
    founders = [voter.address for voter in voters]
    communes.announce(commune, founders, deployer)
    message = communes.founding_message(commune, founders)
    communes.found(commune, founders, [_signed(voter, message) for voter in voters], deployer)
    _wait_until(_now() + DAY)
    return commune


def _decided(commune: communes.Commune, voters: Sequence[LocalAccount], election: pabulib.Election) -> int:
    """Have the members decide to hold the poll, by the ordinary rule; returns its id."""
    author, assembly = voters[0], commune.assembly
    text = communes.text_hash("\n".join((election.title, *election.projects)))
    action = commune.polls.open.encode_input(text, len(election.projects), GENERAL, False, False)
    description = f"Which projects?#nonce=1#proposer={author.address.lower()}"
    draft = ([commune.polls], [0], [action])
    proposal = assembly.getProposalId(*draft, communes.text_hash(description))

    sponsor = commune.docket.sponsor.encode_input(proposal, GENERAL)
    _forwarded(commune, [(voter, sponsor) for voter in voters[:SPONSORS]], commune.docket)
    _wait_until(_now() + 2)
    _forwarded(commune, [(author, assembly.propose.encode_input(*draft, description))], assembly)
    _wait_until(int(assembly.proposalSnapshot(proposal)) + 1)
    quorum = int(assembly.termsOf(proposal)["quorum"])
    for page in _pages(list(enumerate(voters[:quorum], start=1))):
        ballots = [_ballot(commune, proposal, member, voter) for member, voter in page]
        assembly.castBallots(ballots, {"from": accounts[0]}, silent=True)
    _wait_until(int(assembly.followEnd(proposal)) + 1)
    hashed = communes.text_hash(description)
    assembly.queue(*draft, hashed, {"from": accounts[0]}, silent=True)
    _wait_until(int(assembly.proposalEta(proposal)) + 1)
    assembly.execute(*draft, hashed, {"from": accounts[0]}, silent=True)
    return int(commune.polls.pollCount())


def _ballot(
    commune: communes.Commune, proposal: int, member: int, voter: LocalAccount
) -> tuple[int, int, int, int, bytes]:
    """A founder's ballot For; founders have their memberIds in the order in which they signed."""
    ballot = {"proposalId": proposal, "memberId": member, "support": FOR, "votes": 1}
    message = _typed(commune.assembly, "Dual Power Assembly", "MemberBallot", demo.MEMBER_BALLOT, ballot)
    return proposal, member, FOR, 1, _signed(voter, message)


def _forwarded(commune: communes.Commune, calls: Sequence[tuple[LocalAccount, str]], target: Any) -> int:
    """Have the relayer send what members signed; returns the gas, and raises where one did not succeed."""
    requests, signatures = [], []
    for who, data in calls:
        request = {
            "from": who.address,
            "to": target.address,
            "gas": REQUEST_GAS,
            "nonce": int.from_bytes(web3.keccak(text=data)[:8], "big"),
            "deadline": _now() + DAY,
            "data": data,
        }
        message = _typed(
            commune.forwarder, "Dual Power Forwarder", "ForwardRequest", demo.FORWARD_REQUEST, request
        )
        requests.append(tuple(request.values()))
        signatures.append(_signed(who, message))
    tx = commune.forwarder.executeBatch(requests, signatures, {"from": accounts[0]}, silent=True)
    outcomes = [event["success"] for event in tx.events["Forwarded"]]
    if outcomes != [True] * len(calls):
        raise ReplayFailed(f"{sum(outcomes)} of {len(calls)} requests succeeded in {tx.txid}")
    return int(tx.gas_used)


def _typed(
    contract: Any, domain: str, primary: str, types: dict[str, str], message: dict[str, Any]
) -> dict[str, Any]:
    return {
        "types": {
            "EIP712Domain": [{"name": n, "type": t} for n, t in demo.DOMAIN.items()],
            primary: [{"name": n, "type": t} for n, t in types.items()],
        },
        "primaryType": primary,
        "domain": {
            "name": domain,
            "version": "1",
            "chainId": web3.eth.chain_id,
            "verifyingContract": contract.address,
        },
        "message": message,
    }


def _signed(who: LocalAccount, message: dict[str, Any]) -> bytes:
    return bytes(who.sign_message(encode_typed_data(full_message=message)).signature)


def _pages(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + PAGE] for start in range(0, len(items), PAGE))


def _now() -> int:
    return int(web3.eth.get_block("latest").timestamp)


def _wait_until(moment: int) -> None:
    while (now := _now()) < moment:
        chain.sleep(moment - now)
        chain.mine()
