"""Who may help or decide in a case: fixed when it opens."""

from tests.contracts.clock import advance
from tests.contracts.mediation.steps import (
    ACCEPTING,
    FAILED,
    draw_captured,
    in_electorate,
    mediator_of,
    opened_case,
    state_of,
)
from tests.contracts.membership.steps import (
    admit_directly,
    attestation,
    expel_directly,
    fall_silent,
    move_directly,
)
from tests.contracts.people import DAY, joined, member_id, person


def eligible(commune, case):
    members = range(1, commune.membership.memberCount() + 1)
    return [member for member in members if commune.mediation.isEligible(case, member)]


def test_whoever_joins_after_it_opened_never_helps(commune, case):
    admit_directly(commune, person(6), person(7))
    advance(91 * DAY)
    assert eligible(commune, case) == [3, 4, 5]
    assert commune.mediation.eligibleCount(case) == 3


def test_whoever_is_on_probation_does_not_help_and_later_does(commune, alice, bob):
    admit_directly(commune, person(6))
    in_electorate(commune)
    case = opened_case(commune, alice, bob)
    assert eligible(commune, case) == [3, 4, 5]
    advance(91 * DAY)
    assert eligible(commune, case) == [3, 4, 5, 6]


def test_whoever_wakes_after_it_opened_never_helps(commune, case, alice, bob, carol, dave):
    fall_silent(commune, 3)
    in_electorate(commune)
    later = opened_case(commune, alice, bob)
    commune.presence.checkIn(*attestation(commune, 3, 4, dave), carol.tx)
    assert 3 not in eligible(commune, later)
    assert 3 in eligible(commune, case)


def test_whoever_returns_after_it_opened_never_helps(commune, case, carol, dave, erin):
    commune.membership.leave(carol.tx)
    joined(commune, carol, (dave, erin))
    advance(91 * DAY)
    assert commune.membership.isFull(3)
    assert eligible(commune, case) == [4, 5]


def test_who_is_dormant_left_or_was_expelled_does_not_help(commune, case, carol):
    commune.membership.leave(carol.tx)
    expel_directly(commune, 4)
    assert eligible(commune, case) == [5]
    fall_silent(commune, 5)
    assert eligible(commune, case) == []


def test_a_membership_that_moved_stays_what_it_was(commune, case, stranger):
    for member in (2, 3):
        move_directly(commune, member, person(10 + member))
    assert eligible(commune, case) == [3, 4, 5]


def test_vouchers_of_a_party_are_never_drawn(commune, newcomer, alice, bob, carol, erin):
    """Erin is the only one left: the others are parties or vouched for one."""
    joined(commune, newcomer, (bob, carol))
    case = opened_case(commune, newcomer, alice, person(4))
    assert eligible(commune, case) == [5]
    assert commune.mediation.eligibleCount(case) == 1
    draw_captured(commune, case, alice)
    commune.mediation.seatMediator(case, alice.tx)
    assert (state_of(commune, case), mediator_of(commune, case)) == (ACCEPTING, erin)


def test_who_had_vouched_is_out_also_when_others_do_later(commune, newcomer, bob, carol, dave, erin):
    """The party leaves and returns in mid-case: those who vouch for them now are out, too."""
    joined(commune, newcomer, (bob, carol))
    case = opened_case(commune, newcomer, person(1))
    assert eligible(commune, case) == [4, 5]
    commune.membership.leave(newcomer.tx)
    joined(commune, newcomer, (dave, carol))
    assert eligible(commune, case) == [5]
    assert commune.mediation.eligibleCount(case) == 2


def test_nobody_is_eligible_where_everybody_is_a_party(commune, alice, bob, carol, dave, erin):
    case = opened_case(commune, alice, bob, carol, dave, erin)
    assert (eligible(commune, case), commune.mediation.eligibleCount(case)) == ([], 0)
    draw_captured(commune, case, alice)
    tx = commune.mediation.seatMediator(case, alice.tx)
    assert tx.events["MediationFailed"]["caseId"] == case
    assert state_of(commune, case) == FAILED


def test_a_voucher_who_is_a_party_is_counted_once(commune, newcomer, alice, bob):
    joined(commune, newcomer, (alice, bob))
    case = opened_case(commune, newcomer, alice)
    assert commune.mediation.vouchersOf(case) == (2,)
    assert commune.mediation.eligibleCount(case) == 3
    assert member_id(commune, newcomer) == 6
