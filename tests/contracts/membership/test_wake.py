"""A commune of three in which everyone slept for a year."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, attestation, check_in, fall_silent
from tests.contracts.people import (
    DAY,
    MEMBER_ACTIVE,
    carried_out,
    founded_by,
    joined,
    person,
    resolution,
)


@pytest.fixture(scope="module")
def founders():
    return [person(i) for i in (1, 2, 3)]


@pytest.fixture
def asleep(commune):
    """Anyone at all can mark them dormant: nobody is left to vote, or to attest."""
    fall_silent(commune, 1, 2, 3)


def test_nobody_has_a_voice_while_all_sleep(membership, commune, asleep, alice):
    assert membership.activeCount() == 0
    assert membership.getVotes(alice.address) == 0
    law = commune.constitution
    with reverts(error("MembershipNotActive", 1, 2)):
        commune.docket.sponsor(1, 1, alice.tx)
    assert law.currentSeason() > 1


def test_sleepers_wake_each_other_and_decide_again(membership, commune, asleep, alice, bob, carol):
    check_in(commune, alice, bob)
    check_in(commune, bob, carol)
    check_in(commune, carol, alice)

    assert membership.activeCount() == 3
    advance(60)
    decision = resolution(commune, alice, text="We are back")
    tx = carried_out(commune, decision, alice, sponsors=(alice, bob), voters=(alice, bob, carol))
    assert tx.events["ResolutionAdopted"]["textHash"] == "0x" + communes.text_hash(
        "We are back"
    ).removeprefix("0x")


def test_sleepers_wake_nobody_once_three_are_awake(
    presence, membership, commune, newcomer, alice, bob, carol
):
    joined(commune, newcomer, (alice, bob))
    fall_silent(commune, 1, 2, 3, 4)
    check_in(commune, alice, bob)
    check_in(commune, bob, carol)
    check_in(commune, newcomer, carol)

    assert membership.activeCount() == 3
    with reverts(error("PresenceAttesterIneligible", 3)):
        presence.checkIn(*attestation(commune, 1, 3, by=carol), alice.tx)
    assert check_in(commune, carol, alice).events["CheckedIn"]["woke"]


def test_those_who_left_wake_nobody(presence, membership, commune, asleep, alice, bob):
    membership.leave(bob.tx)
    with reverts(error("PresenceAttesterIneligible", 2)):
        presence.checkIn(*attestation(commune, 1, 2, by=bob), alice.tx)


def test_sleeper_in_probation_wakes_nobody(deployer, founders, newcomer):
    """With a probation longer than the check-in period a newcomer can fall asleep while still in it."""
    parameters = {"presence.period": 90 * DAY, "admission.probation": 365 * DAY}
    commune = founded_by(founders, deployer, communes.Constitution.load(parameters=parameters))
    alice, bob, _ = founders
    joined(commune, newcomer, (alice, bob))
    advance(90 * DAY)
    for member in (1, 2, 3, 4):
        commune.presence.giveNotice(member, {"from": deployer})
    advance(14 * DAY)
    for member in (1, 2, 3, 4):
        commune.presence.markDormant(member, {"from": deployer})

    with reverts(error("PresenceAttesterIneligible", 4)):
        commune.presence.checkIn(*attestation(commune, 1, 4, by=newcomer), alice.tx)
    check_in(commune, alice, bob)
    assert commune.membership.statusOf(1) == MEMBER_ACTIVE


def test_waking_by_another_module_is_a_sign_of_life(presence, membership, commune, asleep):
    tx = membership.wake(1, acting_as(presence))
    assert presence.lastSign(1) == tx.timestamp
