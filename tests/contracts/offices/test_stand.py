"""`stand` and `withdraw`: members say that they want a seat, and may think again."""

import pytest
from brownie import reverts

from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import admit_directly
from tests.contracts.offices.steps import (
    DRAW_WITH_REVEALS,
    NOTHING,
    POLLING,
    STANDING,
    TEXT,
    appointed,
    created,
    opened_election,
    recalled_directly,
    started,
    stood,
)
from tests.contracts.people import DAY


@pytest.fixture
def election(contested):
    return contested[1]


def test_a_member_stands(commune, election, bob):
    tx = commune.elections.stand(election, TEXT, NOTHING, bob.tx)
    assert tx.events["CandidateStood"] == {
        "electionId": election,
        "memberId": 2,
        "statement": TEXT,
        "commitment": "0x" + NOTHING.hex(),
    }
    assert commune.elections.candidatesOf(election) == (2,)


def test_nobody_stands_twice(commune, election, alice, bob):
    stood(commune, election, alice, bob)
    for who, member in ((alice, 1), (bob, 2)):
        with reverts(error("ElectionsStandsTwice", election, member)):
            stood(commune, election, who)


def test_strangers_and_newcomers_do_not_stand(commune, election, newcomer, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        stood(commune, election, stranger)
    admit_directly(commune, newcomer)
    with reverts(error("MembershipOnProbation", 6, commune.membership.probationUntil(6))):
        stood(commune, election, newcomer)


def test_members_stand_for_seven_days(commune, election, alice, bob, carol):
    stood(commune, election, alice, bob)
    until = commune.elections.election(election)["standUntil"]
    mine_at(until + 1)
    for act in (
        lambda: stood(commune, election, carol),
        lambda: commune.elections.withdraw(election, alice.tx),
    ):
        with reverts(error("ElectionsStandingOver", election, until)):
            act()
    started(commune, election, carol)
    for act in (
        lambda: stood(commune, election, carol),
        lambda: commune.elections.withdraw(election, alice.tx),
    ):
        with reverts(error("ElectionsWrongStage", election, POLLING, STANDING)):
            act()


def test_a_candidate_withdraws_and_may_stand_again(commune, election, alice, bob, carol):
    stood(commune, election, alice, bob, carol)
    tx = commune.elections.withdraw(election, alice.tx)
    assert tx.events["CandidateWithdrew"] == {"electionId": election, "memberId": 1}
    assert commune.elections.candidatesOf(election) == (3, 2)
    with reverts(error("ElectionsNotStanding", election, 1)):
        commune.elections.withdraw(election, alice.tx)
    stood(commune, election, alice)
    assert commune.elections.candidatesOf(election) == (3, 2, 1)


def test_a_recalled_holder_does_not_stand_before_the_bar_is_over(commune, offices, election, contested, erin):
    office, _ = contested
    until = recalled_directly(commune, office, erin).events["Barred"]["until"]
    with reverts(error("ElectionsNotEligible", election, 5)):
        stood(commune, election, erin)
    mine_at(until - 100)
    started(commune, election, erin)
    early = opened_election(commune, office, erin)
    with reverts(error("ElectionsNotEligible", early, 5)):
        stood(commune, early, erin)
    mine_at(until)
    stood(commune, early, erin)


def test_a_holder_stands_for_the_next_term_and_not_for_a_seat_beside(commune, offices, alice, bob):
    two = created(commune, seats=2)
    appointed(commune, two, alice)
    beside = opened_election(commune, two, bob)
    with reverts(error("ElectionsNotEligible", beside, 1)):
        stood(commune, beside, alice)
    one = created(commune)
    end = appointed(commune, one, alice).events["TenureGiven"]["until"]
    mine_at(end - 20 * DAY)
    after = opened_election(commune, one, bob)
    stood(commune, after, alice)


def test_who_has_held_twice_in_a_row_does_not_stand(commune, offices, alice, bob):
    office = created(commune)
    end = appointed(commune, office, alice).events["TenureGiven"]["until"]
    mine_at(end - 20 * DAY)
    end = appointed(commune, office, alice, end).events["TenureGiven"]["until"]
    mine_at(end - 20 * DAY)
    third = opened_election(commune, office, bob)
    with reverts(error("ElectionsNotEligible", third, 1)):
        stood(commune, third, alice)


def test_secrets_are_committed_to_where_they_are_drawn_with(commune, election, bob):
    with reverts(error("ElectionsCommitment", election, False)):
        commune.elections.stand(election, TEXT, TEXT, bob.tx)
    office = created(commune, filling=DRAW_WITH_REVEALS)
    drawn = opened_election(commune, office, bob)
    with reverts(error("ElectionsCommitment", drawn, True)):
        commune.elections.stand(drawn, TEXT, NOTHING, bob.tx)
    tx = commune.elections.stand(drawn, NOTHING, TEXT, bob.tx)
    assert tx.events["CandidateStood"]["commitment"] == TEXT


def test_an_abolished_office_takes_no_candidates(commune, offices, timelock, contested, bob):
    office, election = contested
    offices.abolish(office, timelock)
    with reverts(error("ElectionsNotEligible", election, 2)):
        stood(commune, election, bob)
