"""`appoint`: seats are given for a term, to nobody twice at once or too often in a row, and without a gap."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly, expel_directly
from tests.contracts.offices.steps import SOON, TERM, appointed, created, recalled_directly, seated
from tests.contracts.people import DAY, DORMANT, EXPELLED, member_id


@pytest.fixture
def ends(offices, held):
    """The end of Alice's tenure, forty days ahead: the next one may be given."""
    end = offices.tenure(1)["until"]
    mine_at(end - 40 * DAY)
    return end


def tenure_of(tx):
    return tx.events["TenureGiven"]["tenureId"]


def test_a_seat_is_given_for_a_term(offices, commune, clerk, alice):
    start = now() + DAY
    tx = appointed(commune, clerk, alice, start)
    assert tx.events["TenureGiven"] == {
        "tenureId": 1,
        "officeId": clerk,
        "memberId": 1,
        "from": start,
        "until": start + TERM,
        "stipend": 0,
    }
    assert offices.tenure(1) == (clerk, 1, start, start + TERM, 0)
    assert (offices.tenureCount(), offices.lastTenureOf(clerk, 1)) == (1, 1)


def test_a_tenure_begins_and_ends_by_itself(commune, offices, clerk, alice):
    start = now() + DAY
    appointed(commune, clerk, alice, start)
    held = []
    for t in (start - 1, start, start + TERM - 1, start + TERM):
        mine_at(t)
        held.append((offices.isHolder(clerk, 1), offices.holdersOf(clerk), offices.vacantAt(clerk, t)))
    assert held == [(False, (), 1), (True, (1,), 0), (True, (1,), 0), (False, (), 1)]


def test_handing_over_leaves_no_gap(commune, offices, held, ends, bob):
    appointed(commune, held, bob, ends)
    holders = []
    for t in (ends - 1, ends):
        mine_at(t)
        holders.append(offices.holdersOf(held))
        assert offices.vacantAt(held, t) == 0
    assert holders == [(1,), (2,)]


def test_a_seat_is_given_at_most_a_term_ahead(commune, offices, clerk, alice, elections):
    late = now() - 1
    with reverts(revert_pattern=f"OfficesFrom: {clerk}, {late}, .*"):
        offices.appoint(clerk, 1, late, elections)
    early = now() + TERM + 1000
    with reverts(revert_pattern=f"OfficesFrom: {clerk}, {early}, .*"):
        appointed(commune, clerk, alice, early)
    appointed(commune, clerk, alice, now() + TERM)


def test_there_are_no_more_tenures_than_seats(commune, offices, held, ends, bob, carol):
    with reverts(error("OfficesNoSeat", held, ends - 1)):
        appointed(commune, held, bob, ends - 1)
    appointed(commune, held, bob, ends)
    for t in (ends, ends + 30 * DAY):
        with reverts(error("OfficesNoSeat", held, t)):
            appointed(commune, held, carol, t)


def test_who_fills_a_gap_holds_until_the_next_one_comes(commune, offices, held, ends, alice, bob, carol):
    """Alice resigns while Bob waits for the end of her term."""
    appointed(commune, held, bob, ends)
    offices.resign(held, alice.tx)
    given = appointed(commune, held, carol).events["TenureGiven"]
    assert given["until"] == ends
    assert [offices.vacantAt(held, t) for t in (given["from"] - 1, given["from"], ends)] == [1, 0, 0]


def test_a_free_seat_beside_is_given_for_the_whole_term(commune, offices, alice, bob, carol, dave):
    """Of two seats, one is held and passed on; the other one is free all the time."""
    two = created(commune, seats=2)
    end = offices.tenure(seated(commune, two, alice))["until"]
    mine_at(end - 40 * DAY)
    appointed(commune, two, bob, end)
    given = appointed(commune, two, carol).events["TenureGiven"]
    assert given["until"] == given["from"] + TERM
    with reverts(error("OfficesNoSeat", two, end)):
        appointed(commune, two, dave, end)


def test_nobody_holds_two_seats_of_an_office(commune, offices, alice):
    two = created(commune, seats=2)
    start = now() + DAY
    appointed(commune, two, alice, start)
    for t in (now() + SOON, start, start + 10 * DAY):
        assert not offices.mayHold(two, 1, t)
        with reverts(error("OfficesHolds", two, 1)):
            appointed(commune, two, alice, t)


def test_who_will_hold_a_seat_fills_no_gap_before_it(commune, offices, held, ends, alice, bob):
    appointed(commune, held, bob, ends)
    offices.resign(held, alice.tx)
    with reverts(error("OfficesHolds", held, 2)):
        appointed(commune, held, bob)


def test_offices_count_by_themselves(commune, offices, held, alice):
    other = created(commune)
    seated(commune, other, alice)
    assert offices.isHolder(held, 1)
    assert offices.isHolder(other, 1)


# ------------------------------------------------------------------ terms in a row


def test_two_terms_in_a_row_are_enough(commune, offices, held, ends, alice):
    second = tenure_of(appointed(commune, held, alice, ends))
    end = offices.tenure(second)["until"]
    mine_at(end - 40 * DAY)
    assert not offices.mayHold(held, 1, end)
    with reverts(error("OfficesTermLimit", held, 1, 2)):
        appointed(commune, held, alice, end)


def test_a_break_of_a_whole_term_starts_afresh(commune, offices, held, ends, alice):
    end = offices.tenure(tenure_of(appointed(commune, held, alice, ends)))["until"]
    mine_at(end + 10 * DAY)
    free = end + TERM
    assert [offices.mayHold(held, 1, t) for t in (free - 1, free)] == [False, True]
    with reverts(error("OfficesTermLimit", held, 1, 2)):
        appointed(commune, held, alice, free - 1)
    third = offices.tenure(tenure_of(appointed(commune, held, alice, free)))
    mine_at(third["until"] - 40 * DAY)
    assert offices.mayHold(held, 1, third["until"])


def test_resigning_early_does_not_break_the_row(commune, offices, held, ends, alice):
    """A tenure counts however short it was, and the break from its end on."""
    second = tenure_of(appointed(commune, held, alice, ends))
    mine_at(ends + DAY)
    resigned = offices.resign(held, alice.tx).timestamp
    assert offices.tenure(second)["until"] == resigned
    free = resigned + TERM
    assert [offices.mayHold(held, 1, t) for t in (free - 1, free)] == [False, True]


def test_a_tenure_that_never_began_is_not_counted(commune, offices, held, ends, alice):
    appointed(commune, held, alice, ends)
    offices.resign(held, alice.tx)
    assert offices.lastTenureOf(held, 1) == 1
    seated(commune, held, alice)
    assert offices.tenure(3)["memberId"] == 1


def test_a_lower_limit_holds_for_the_next_seat(commune, offices, held, ends, alice, timelock):
    commune.constitution.setParameter(communes.bytes32("office.termLimit"), 1, timelock)
    with reverts(error("OfficesTermLimit", held, 1, 1)):
        appointed(commune, held, alice, ends)
    assert offices.isHolder(held, 1)


# ------------------------------------------------------------------ who


def test_only_active_members_are_given_seats(
    commune, offices, clerk, newcomer, stranger, timelock, elections
):
    with reverts(error("MembershipNotActive", 0, 0)):
        appointed(commune, clerk, stranger)
    with reverts(error("MembershipNotActive", 77, 0)):
        offices.appoint(clerk, 77, now() + SOON, elections)
    admit_directly(commune, newcomer)
    expel_directly(commune, member_id(commune, newcomer))
    with reverts(error("MembershipNotActive", 6, EXPELLED)):
        appointed(commune, clerk, newcomer)
    commune.membership.setDormant(5, acting_as(commune.presence))
    with reverts(error("MembershipNotActive", 5, DORMANT)):
        offices.appoint(clerk, 5, now() + SOON, elections)
    assert not offices.mayHold(clerk, 5, now())


def test_a_recalled_holder_is_not_added_again(commune, offices, held, alice, bob):
    """Whoever asks: an election from before, or a decision that waited in the timelock."""
    until = recalled_directly(commune, held, alice).events["Barred"]["until"]
    with reverts(error("OfficesBarred", held, 1, until)):
        appointed(commune, held, alice)
    mine_at(until - 10 * DAY)
    assert not offices.mayHold(held, 1, until + DAY)
    with reverts(error("OfficesBarred", held, 1, until)):
        appointed(commune, held, alice, until + DAY)
    mine_at(until)
    seated(commune, held, alice)
    assert offices.isHolder(held, 1)


def test_no_seat_is_given_in_an_office_there_is_not(commune, offices, alice):
    with reverts(error("OfficesUnknown", 9)):
        appointed(commune, 9, alice)
    with reverts(error("OfficesUnknownTenure", 9)):
        offices.tenure(9)


# ------------------------------------------------------------------ what is vacant


def test_the_next_vacancy_is_found(commune, offices, alice, bob, carol):
    two = created(commune, seats=2)
    assert offices.nextVacancy(two, 0) == now()
    first = offices.tenure(seated(commune, two, alice))["until"]
    assert offices.nextVacancy(two, 30 * DAY) == now()
    mine_at(now() + 20 * DAY)
    bobs = seated(commune, two, bob)
    second = offices.tenure(bobs)["until"]
    assert offices.nextVacancy(two, 30 * DAY) == 0
    mine_at(first - 30 * DAY - 1)
    assert offices.nextVacancy(two, 30 * DAY) == 0
    mine_at(first - 30 * DAY)
    assert offices.nextVacancy(two, 30 * DAY) == first
    assert [offices.vacantAt(two, t) for t in (first - 1, first, second - 1, second)] == [0, 1, 1, 2]
    third = tenure_of(appointed(commune, two, carol, first))
    assert offices.nextVacancy(two, 60 * DAY) == second
    assert offices.tenuresAt(two, first) == (bobs, third)
