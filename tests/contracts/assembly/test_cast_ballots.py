"""`castBallots`: many signed ballots in one transaction, of which a bad one costs nobody else theirs."""

import pytest
from brownie import web3

from scripts import commune as communes
from scripts import local_chain
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import (
    AGAINST,
    DAY,
    FOR,
    draft,
    opened,
    person,
    signed_ballot,
    to_voting,
    typed_data,
    wait,
)

MEMBERS = range(1, 101)
BAD = 50


@pytest.fixture(scope="module")
def commune(deployer, constitution_file):
    """A hundred founders; most of them hold no ETH, only keys."""
    commune = communes.deploy(deployer, constitution_file)
    addresses = [local_chain.key(i).address for i in MEMBERS]
    communes.announce(commune, addresses, deployer)
    message = communes.founding_message(commune, addresses)
    communes.found(commune, addresses, [local_chain.sign(i, message) for i in MEMBERS], deployer)
    wait(DAY)
    return commune


@pytest.fixture(scope="module")
def relayer(accounts):
    return {"from": accounts[0], "gas_limit": 25_000_000}


def signed(commune, proposal, index, support=FOR, votes=1, signer=None):
    """The signed ballot of the member with this number; anyone can sign, it need not be good."""
    fields = {"proposalId": "uint256", "memberId": "uint32", "support": "uint8", "votes": "uint8"}
    message = dict(zip(fields, (proposal, index, support, votes), strict=True))
    data = typed_data(commune.assembly, "Dual Power Assembly", "MemberBallot", fields, message)
    return proposal, index, support, votes, local_chain.sign(signer or index, data)


def selector(text):
    return bytes(web3.keccak(text=text)[:4])


def test_one_bad_ballot_in_a_hundred_is_skipped_and_logged(commune, assembly, voting, relayer):
    ballots = [signed(commune, voting, i, signer=BAD + 1 if i == BAD else None) for i in MEMBERS]
    assert assembly.castBallots.call(ballots, relayer) == 99
    tx = assembly.castBallots(ballots, relayer)
    (skipped,) = tx.events["BallotSkipped"]
    assert (skipped["proposalId"], skipped["memberId"]) == (voting, BAD)
    assert skipped["reason"][:4] == selector("AssemblyBadSignature(uint256,uint32)")
    tally = assembly.tallyOf(voting)
    assert (tally["forVotes"], tally["heads"]) == (99, 99)
    assert [assembly.ballotOf(voting, i)["cast"] for i in MEMBERS] == [i != BAD for i in MEMBERS]


def test_every_kind_of_bad_ballot_is_skipped(commune, assembly, voting, relayer):
    ballots = [
        signed(commune, voting, 1),
        signed(commune, voting, 1),
        signed(commune, voting, 2, support=3),
        signed(commune, voting, 3, votes=32),
        signed(commune, voting, 4, votes=11),
        signed(commune, voting, 101, signer=101),
        signed(commune, 12345, 5),
        signed(commune, voting, 6, AGAINST, 2),
    ]
    assert assembly.castBallots.call(ballots, relayer) == 2
    tx = assembly.castBallots(ballots, relayer)
    assert [bytes(e["reason"][:4]) for e in tx.events["BallotSkipped"]] == [
        selector("AssemblyAlreadyVoted(uint256,uint32)"),
        selector("AssemblyUnknownSupport(uint8)"),
        selector("AssemblyVotesOutOfRange(uint8,uint8)"),
        selector("VoiceCreditsExceeded(uint32,uint32,uint256,uint256)"),
        selector("AssemblyNotInElectorate(uint256,address,uint32)"),
        selector("GovernorNonexistentProposal(uint256)"),
    ]
    assert assembly.proposalVotes(voting) == (2, 1, 0)


def test_an_empty_batch_does_nothing(assembly, relayer):
    assert assembly.castBallots.call([], relayer) == 0


def test_a_batch_may_serve_several_votes(commune, assembly, voting, bob, carol, relayer):
    law = commune.constitution
    d = draft(bob, (law, law.setDaoURI.encode_input("https://commune.example")))
    other = opened(commune, d, bob, [bob, carol])
    to_voting(commune, other)
    tx = assembly.castBallots([signed(commune, voting, 7), signed(commune, other, 7)], relayer)
    assert [e["proposalId"] for e in tx.events["BallotRecorded"]] == [voting, other]


def test_a_hundred_members_quorums(docket, chain):
    """Heads for constitutional, ordinary, person, admission and expulsion votes in a commune of 100."""
    assert [docket.quorumOf(kind, chain[-1].timestamp - 1) for kind in range(5)] == [25, 10, 20, 20, 20]


def test_a_wallet_that_burns_gas_costs_a_batch_a_bounded_amount(
    commune, assembly, SigningWallet, bob, carol, relayer, accounts
):
    owner = person(50)
    wallet = SigningWallet.deploy(owner.address, 10**9, 32, {"from": accounts[0]})
    admit_directly(commune, wallet)
    law = commune.constitution
    d = draft(bob, (law, law.setDaoURI.encode_input("https://commune.example")))
    proposal = opened(commune, d, bob, [bob, carol])
    to_voting(commune, proposal)
    bad = signed_ballot(commune, proposal, owner, member=101)
    tx = assembly.castBallots([bad, bad, *(signed(commune, proposal, i) for i in (1, 2, 3))], relayer)
    assert [e["memberId"] for e in tx.events["BallotRecorded"]] == [1, 2, 3]
    assert [e["memberId"] for e in tx.events["BallotSkipped"]] == [101, 101]
    assert tx.gas_used < 700_000
