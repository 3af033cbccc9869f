"""Every module takes members' actions through the forwarder, and no power can be used through it."""

import itertools

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.clock import advance, now
from tests.contracts.errors import error
from tests.contracts.forwarder.conftest import Request
from tests.contracts.mediation.steps import EVIDENCE, OUTCOME, mediator_asked
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
from tests.contracts.work.steps import Brief, volunteering_over


@pytest.fixture(scope="module")
def commune(deployer, founders, constitution_file):
    """One whose powers the deployer still holds, so that it can try to use them through the forwarder."""
    return held_by(deployer, founders, constitution_file)


@pytest.fixture(scope="module")
def relay(commune, relayer):
    """Has a relayer carry out people's signed calls, given as (person, contract, call), in one batch."""

    nonces = itertools.count(1)

    def send(*calls):
        requests = [
            Request(who.address, contract.address, data, 3_000_000, next(nonces), now() + DAY)
            for who, contract, data in calls
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


def test_members_sign_a_petition_off_chain(commune, deployer, founders, stranger, relay):
    """Three of five sign at home. In one transaction the holder pays before the last signature, not after."""
    offices, recall, commons, holder = commune.offices, commune.recall, commune.commons, {"from": deployer}
    text = communes.text_hash("Keeps the key of the shop")
    offices.create((text, GENERAL, 1, 0, 90 * DAY, 0, False), [], holder)
    offices.appoint(1, 5, now() + 60, holder)
    advance(100)
    deployer.transfer(commons, 1_000)
    commons.openPurse(offices, 1, ZERO_ADDRESS, 100, text, holder)
    pay = commons.payFromPurse.encode_input(1, stranger.address, 1, text)
    sign = recall.sign.encode_input(1)
    relay((founders[0], recall, recall.petition.encode_input(1, 5, communes.text_hash("The shop is locked"))))
    tx = relay(
        (founders[0], recall, sign),
        (founders[1], recall, sign),
        (founders[4], commons, pay),
        (founders[2], recall, sign),
        (founders[4], commons, pay),
    )
    assert [event["success"] for event in tx.events["Forwarded"]] == [False, True, True, True, False]
    assert tx.events["RecalledByPetition"]["petitionId"] == 1
    assert tx.events.count("Paid") == 1
    assert offices.holdersOf(1) == ()


def test_a_holder_exercises_an_office_without_gas_and_not_once_recalled(commune, deployer, founders, relay):
    """What they signed before counts when it is carried out."""
    offices, law, holder = commune.offices, commune.constitution, {"from": deployer}
    text = communes.text_hash("Keeps the minutes")
    adopt = (law.address, law.signatures["adopt"], 5, 0, 0)
    offices.create((text, GENERAL, 1, 0, 90 * DAY, 0, False), [adopt], holder)
    office = offices.officeCount()
    offices.appoint(office, 4, now() + 60, holder)
    advance(100)
    exercise = offices.exercise.encode_input(office, law, law.adopt.encode_input(text))
    tx = relay((founders[3], offices, exercise))
    assert tx.events["Exercised"]["memberId"] == 4
    offices.recall(office, 4, holder)
    tx = relay((founders[3], offices, exercise))
    assert tx.events["Forwarded"]["success"] is False


def test_members_take_work_and_show_progress_without_gas(commune, deployer, founders, stranger, relay):
    """Whoever has no seat, or is no member, gets nowhere; and nothing stops the others."""
    work, holder, note = commune.assignments, {"from": deployer}, communes.text_hash("One wall is done")
    first = work.create([Brief(heartbeat=DAY).struct] * 2, holder).return_value
    volunteering_over(commune, first)
    volunteer, heartbeat = work.volunteer.encode_input(first), work.heartbeat.encode_input(first, 1, note)
    tx = relay(
        (stranger, work, volunteer),
        (founders[0], work, volunteer),
        (founders[1], work, heartbeat),
        (founders[0], work, heartbeat),
        (founders[1], work, work.volunteer.encode_input(first + 1)),
        (founders[1], work, work.withdraw.encode_input(first + 1)),
    )
    succeeded = [event["success"] for event in tx.events["Forwarded"]]
    assert succeeded == [False, True, False, True, True, True]
    assert [event["memberId"] for event in tx.events["SeatTaken"]] == [1, 2]
    assert (tx.events["Heartbeat"]["memberId"], tx.events["SeatReleased"]["memberId"]) == (1, 2)


def test_a_conflict_is_settled_without_gas(commune, founders, stranger, relay):
    """From opening to the last signature; whoever has no part in it gets nowhere."""
    alice, bob, carol = founders[:3]
    mediation = commune.mediation
    penalty = (0, 2, 1_000_000)
    tx = relay((alice, mediation, mediation.open.encode_input([2], GENERAL, penalty, EVIDENCE)))
    case = tx.events["CaseOpened"]["caseId"]
    mediator = mediator_asked(commune, case, carol)
    accept, sign = mediation.accept.encode_input(case), mediation.sign.encode_input(case, OUTCOME)
    tx = relay(
        (stranger, mediation, accept),
        *((who, mediation, accept) for who in (alice, bob, mediator)),
        (mediator, mediation, mediation.propose.encode_input(case, OUTCOME)),
        (bob, mediation, sign),
        (mediator, mediation, sign),
        (alice, mediation, sign),
    )
    succeeded = [event["success"] for event in tx.events["Forwarded"]]
    assert succeeded == [False, True, True, True, True, True, False, True]
    assert tx.events["CaseSettled"]["caseId"] == case


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
    "offices.abolish": [1],
    "offices.appoint": [1, 1, 2**40],
    "offices.recall": [1, 1],
    "assignments.cancel": [1, communes.text_hash("No more")],
    "assignments.markDone": [1, 1, 10_000],
    "mediation.convene": [1],
    "panels.overrule": [1],
    "panels.grant": [1],
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
        *("poseidon", "verifier", "series"),
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
