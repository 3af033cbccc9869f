"""Every module takes members' actions through the forwarder, and no power can be used through it."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import advance, now
from tests.contracts.errors import error
from tests.contracts.forwarder.conftest import Request
from tests.contracts.membership.semaphore import identities
from tests.contracts.people import (
    DAY,
    FOR,
    GENERAL,
    LEFT,
    held_by,
    member_id,
    opened,
    person,
    resolution,
    to_voting,
)


@pytest.fixture(scope="module")
def commune(deployer, founders, constitution_file):
    """One whose powers the deployer still holds, so that it can try to use them through the forwarder."""
    return held_by(deployer, founders, constitution_file)


@pytest.fixture(scope="module")
def relay(commune, relayer):
    """Has a relayer carry out people's signed calls, given as (person, contract, call), in one batch."""

    def send(*calls):
        requests = [
            Request(who.address, contract.address, data, 3_000_000, nonce, now() + DAY)
            for nonce, (who, contract, data) in enumerate(calls, start=now())
        ]
        signatures = [
            request.signed_by(who, commune.forwarder)
            for request, (who, _, _) in zip(requests, calls, strict=True)
        ]
        return commune.forwarder.executeBatch(
            [request.struct for request in requests], signatures, {"from": relayer}
        )

    return send


def test_a_newcomer_joins_without_anyone_but_the_relayer_paying(commune, founders, newcomer, relay):
    admission, membership = commune.admission, commune.membership
    profile = communes.text_hash("I bake")
    relay((newcomer, admission, admission.applyToJoin.encode_input(profile)))
    application = admission.applicationOf(newcomer.address)
    vouch = admission.vouch.encode_input(application)
    assert relay(*[(voucher, admission, vouch) for voucher in founders[:2]]).return_value == 2
    advance(3 * DAY + 1)
    relay((newcomer, admission, admission.admit.encode_input(application)))
    assert membership.requireActive(newcomer.address) == len(founders) + 1


def test_members_sponsor_propose_and_vote_in_batches(commune, founders, relay):
    alice, bob, carol = founders[:3]
    assembly, docket = commune.assembly, commune.docket
    draft = resolution(commune, alice)
    proposal = draft.id(commune)
    sponsor = docket.sponsor.encode_input(proposal, GENERAL)
    propose = assembly.propose.encode_input(*draft.arguments, draft.description)
    tx = relay((alice, docket, sponsor), (bob, docket, sponsor), (alice, assembly, propose))
    assert tx.return_value == 3
    assert tx.events["ProposalOpened"]["author"] == member_id(commune, alice)

    to_voting(commune, proposal)
    ballots = [assembly.castBallot.encode_input(proposal, FOR, votes) for votes in (3, 2)]
    tx = relay((bob, assembly, ballots[0]), (carol, assembly, ballots[1]))
    assert [event["memberId"] for event in tx.events["BallotRecorded"]] == [
        member_id(commune, bob),
        member_id(commune, carol),
    ]


def test_one_members_failing_action_leaves_the_others_alone(commune, founders, stranger, relay):
    alice, bob = founders[:2]
    assembly = commune.assembly
    proposal = opened(commune, resolution(commune, alice), alice, [alice, bob])
    to_voting(commune, proposal)
    ballot = assembly.castBallot.encode_input(proposal, FOR, 1)
    tx = relay((alice, assembly, ballot), (stranger, assembly, ballot), (bob, assembly, ballot))
    assert tx.return_value == 2
    assert [event["success"] for event in tx.events["Forwarded"]] == [True, False, True]


def test_a_member_leaves_without_gas(commune, founders, relay):
    erin = founders[4]
    relay((erin, commune.membership, commune.membership.leave.encode_input()))
    assert commune.membership.statusOf(5) == LEFT


def test_a_member_lists_an_identity_without_gas(commune, founders, relay):
    [key] = identities("a secret")
    relay((founders[3], commune.group, commune.group.register.encode_input(*key.key)))
    assert commune.group.identityOf(4) == (key.commitment, 0, True)


POWERS = {
    "membership.admitFounder": ["0x" + "77" * 20],
    "membership.admit": ["0x" + "77" * 20],
    "membership.setDormant": [1],
    "membership.wake": [1],
    "membership.expel": [1],
    "membership.moveAccount": [1, "0x" + "77" * 20],
    "membership.setObserver": [3, "0x" + "77" * 20],
    "admission.admitByVote": [1],
    "recovery.recoverByVote": [1, "0x" + "77" * 20],
    "assembly.setOpener": ["0x" + "77" * 20, True],
    "assembly.setFollower": ["0x" + "77" * 20],
}


@pytest.mark.parametrize("power", POWERS)
def test_a_power_cannot_be_used_through_the_forwarder_by_its_holder(commune, deployer, relayer, power):
    module, function = power.split(".")
    contract = commune.modules()[module]
    holder = person(0)
    assert holder.address == deployer.address
    data = getattr(contract, function).encode_input(*POWERS[power])
    request = Request(holder.address, contract.address, data, 1_000_000, 1, now() + DAY)
    with reverts(error("AccessManagedUnauthorized", commune.forwarder)):
        commune.forwarder.execute(
            request.struct, request.signed_by(holder, commune.forwarder), {"from": relayer}
        )


@pytest.mark.parametrize(
    "module",
    [
        *("constitution", "reputation", "credits", "founding", "timelock", "powers", "forwarder"),
        *("poseidon", "verifier"),
    ],
)
def test_modules_without_member_actions_take_nothing_through_the_forwarder(
    commune, founders, relayer, module
):
    contract = commune.modules()[module]
    request = Request(founders[0].address, contract.address, "0x", 1_000_000, 1, now() + DAY)
    with reverts(error("ForwarderUntrustfulTarget", contract)):
        commune.forwarder.execute(
            request.struct, request.signed_by(founders[0], commune.forwarder), {"from": relayer}
        )
