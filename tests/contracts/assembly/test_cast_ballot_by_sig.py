"""`castBallotBySig`: a signed ballot, sent by anyone, counts once and only as it was signed."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import admit_directly, move_directly
from tests.contracts.people import (
    AGAINST,
    FOR,
    member_id,
    opened,
    person,
    resolution,
    signed_ballot,
    to_voting,
    typed_data,
)


@pytest.fixture(scope="module")
def relayer(accounts):
    """Whoever sends signed ballots; no member."""
    return {"from": accounts[40]}


@pytest.fixture(scope="module")
def ballot(commune, voting, alice):
    """Alice's, For with 4 votes."""
    return signed_ballot(commune, voting, alice, FOR, 4)


def test_anyone_sends_a_members_ballot(assembly, voting, ballot, alice, relayer):
    tx = assembly.castBallotBySig(ballot, relayer)
    assert tx.events["VoteCast"]["voter"] == alice.address
    assert tx.events["BallotRecorded"]["cost"] == 15
    assert assembly.ballotOf(voting, 1)["votes"] == 4


def test_a_signed_ballot_counts_once(assembly, voting, ballot, relayer):
    assembly.castBallotBySig(ballot, relayer)
    with reverts(error("AssemblyAlreadyVoted", voting, 1)):
        assembly.castBallotBySig(ballot, relayer)


def test_a_direct_ballot_makes_the_signed_one_void(assembly, voting, ballot, alice, relayer):
    assembly.castBallot(voting, AGAINST, 1, alice.tx)
    with reverts(error("AssemblyAlreadyVoted", voting, 1)):
        assembly.castBallotBySig(ballot, relayer)


@pytest.mark.parametrize(("position", "value"), [(2, AGAINST), (3, 5)], ids=["choice", "votes"])
def test_nobody_alters_a_signed_ballot(assembly, voting, ballot, relayer, position, value):
    altered = (*ballot[:position], value, *ballot[position + 1 :])
    with reverts(error("AssemblyBadSignature", voting, 1)):
        assembly.castBallotBySig(altered, relayer)


def test_a_signature_is_good_for_one_proposal(commune, assembly, ballot, bob, carol, relayer):
    other = opened(commune, resolution(commune, bob), bob, [bob, carol])
    to_voting(commune, other)
    with reverts(error("AssemblyBadSignature", other, 1)):
        assembly.castBallotBySig((other, *ballot[1:]), relayer)


def test_nobody_signs_for_another_member(commune, assembly, voting, bob, stranger, relayer):
    for signer in (bob, stranger):
        with reverts(error("AssemblyBadSignature", voting, 1)):
            assembly.castBallotBySig(signed_ballot(commune, voting, signer, member=1), relayer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("chainId", 1),
        ("verifyingContract", "0x" + "11" * 20),
        ("name", "Some other assembly"),
        ("version", "2"),
    ],
)
def test_a_signature_for_another_contract_is_none(commune, assembly, voting, alice, relayer, field, value):
    fields = {"proposalId": "uint256", "memberId": "uint32", "support": "uint8", "votes": "uint8"}
    message = dict(zip(fields, (voting, 1, FOR, 1), strict=True))
    data = typed_data(assembly, "Dual Power Assembly", "MemberBallot", fields, message)
    assembly.castBallotBySig.call((voting, 1, FOR, 1, alice.sign(data)), relayer)
    data["domain"][field] = value
    with reverts(error("AssemblyBadSignature", voting, 1)):
        assembly.castBallotBySig((voting, 1, FOR, 1, alice.sign(data)), relayer)


@pytest.mark.parametrize("length", [0, 1, 64, 66])
def test_a_signature_of_the_wrong_length_is_none(assembly, voting, ballot, relayer, length):
    signature = (ballot[4] + b"\0")[:length]
    with reverts(error("AssemblyBadSignature", voting, 1)):
        assembly.castBallotBySig((*ballot[:4], signature), relayer)


@pytest.mark.parametrize("member", [0, 6, 4_000_000_000])
def test_nobody_signs_for_a_member_who_does_not_exist(commune, assembly, voting, alice, relayer, member):
    with reverts(error("AssemblyNotInElectorate", voting, ZERO_ADDRESS, member)):
        assembly.castBallotBySig(signed_ballot(commune, voting, alice, member=member), relayer)


def test_a_signature_of_who_joined_later_is_refused(commune, assembly, voting, newcomer, relayer):
    admit_directly(commune, newcomer)
    with reverts(error("AssemblyNotInElectorate", voting, ZERO_ADDRESS, 6)):
        assembly.castBallotBySig(signed_ballot(commune, voting, newcomer), relayer)


def test_a_signature_from_before_a_recovery_is_void(commune, assembly, voting, ballot, relayer):
    new_account = person(9)
    move_directly(commune, 1, new_account)
    with reverts(error("AssemblyBadSignature", voting, 1)):
        assembly.castBallotBySig(ballot, relayer)
    assembly.castBallotBySig(signed_ballot(commune, voting, new_account), relayer)


def test_a_recovery_after_a_signed_ballot_gives_no_second_one(commune, assembly, voting, ballot, relayer):
    new_account = person(9)
    assembly.castBallotBySig(ballot, relayer)
    move_directly(commune, 1, new_account)
    with reverts(error("AssemblyAlreadyVoted", voting, 1)):
        assembly.castBallotBySig(signed_ballot(commune, voting, new_account), relayer)


def test_the_inherited_ballots_by_signature_are_closed(assembly, voting, alice, relayer):
    with reverts("AssemblyUseMemberBallot: "):
        assembly.castVoteBySig(voting, FOR, alice.address, b"\1" * 65, relayer)
    with reverts("AssemblyUseMemberBallot: "):
        assembly.castVoteWithReasonAndParamsBySig(voting, FOR, alice.address, "", b"", b"\1" * 65, relayer)


# ------------------------------------------------------------------ contract wallets


@pytest.fixture
def wallet_of(commune, alice, bob, carol, SigningWallet, newcomer, accounts):
    """Makes a wallet of the newcomer's a member, opens a vote, and returns the wallet and the proposal."""

    def make(gas_to_use=0, answer_length=32):
        wallet = SigningWallet.deploy(newcomer.address, gas_to_use, answer_length, {"from": accounts[0]})
        admit_directly(commune, wallet)
        proposal = opened(commune, resolution(commune, bob), bob, [bob, carol])
        to_voting(commune, proposal)
        return wallet, proposal

    return make


def test_a_contract_wallet_signs_by_erc_1271(commune, assembly, wallet_of, newcomer, stranger, relayer):
    wallet, proposal = wallet_of()
    with reverts(error("AssemblyBadSignature", proposal, 6)):
        assembly.castBallotBySig(signed_ballot(commune, proposal, stranger, member=6), relayer)
    tx = assembly.castBallotBySig(signed_ballot(commune, proposal, newcomer, member=6), relayer)
    assert tx.events["VoteCast"]["voter"] == wallet.address


@pytest.mark.skip_coverage  # a trace of all that gas would be millions of steps long
def test_a_wallet_that_burns_gas_burns_no_more_than_the_constitution_allows(
    commune, assembly, wallet_of, newcomer, relayer
):
    wallet, proposal = wallet_of(gas_to_use=10**9)
    ballot = signed_ballot(commune, proposal, newcomer, member=6)
    with reverts(error("AssemblyBadSignature", proposal, 6)):
        assembly.castBallotBySig(ballot, {**relayer, "gas_limit": 5_000_000})
    tx = assembly.castBallots([ballot], {**relayer, "gas_limit": 5_000_000})
    assert tx.events["BallotSkipped"]["memberId"] == member_id(commune, wallet)
    assert tx.gas_used < 250_000


def test_a_relayer_cannot_make_a_good_signature_look_bad_by_giving_little_gas(
    commune, assembly, wallet_of, newcomer, relayer
):
    _, proposal = wallet_of(gas_to_use=60_000)
    ballot = signed_ballot(commune, proposal, newcomer, member=6)
    with reverts(revert_pattern="SignaturesTooLittleGas: .*"):
        assembly.castBallotBySig(ballot, {**relayer, "gas_limit": 150_000})
    assembly.castBallotBySig(ballot, relayer)


def test_a_wallet_with_an_endless_answer_is_read_no_further_than_its_first_word(
    commune, assembly, wallet_of, newcomer, relayer
):
    _, proposal = wallet_of(answer_length=2_000)
    assembly.castBallotBySig(signed_ballot(commune, proposal, newcomer, member=6), relayer)
    assert assembly.ballotOf(proposal, 6)["cast"]
