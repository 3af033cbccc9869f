"""`start`: after standing the poll or the draw begins, or nobody needs one."""

from types import SimpleNamespace

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    expel_directly,
)
from tests.contracts.offices.steps import (
    DRAW,
    DRAW_WITH_REVEALS,
    DRAWING,
    FILLED,
    NOTHING,
    POLLING,
    STANDING,
    TERM,
    UNFILLED,
    appointed,
    captured,
    cast_ballots,
    created,
    opened_election,
    recalled_directly,
    started,
    stood,
)
from tests.contracts.people import DAY, FOOD, person


def text_of(election, office, *members):
    """`IElections`: the hash of the text that a poll or draw is known by."""
    named = "".join(f"{number}. Member {member}\n" for number, member in enumerate(members, start=1))
    return "0x" + communes.text_hash(f"Election {election} for office {office}\n\n{named}")


def test_more_candidates_than_seats_are_voted_on(commune, alice, bob, carol, stranger):
    office = created(commune, seats=2, topic=FOOD)
    election = opened_election(commune, office, alice)
    stood(commune, election, carol, alice, bob)
    tx = started(commune, election, stranger)
    poll = tx.events["ElectionPolled"]["pollId"]
    assert tx.events["ElectionPolled"] == {
        "electionId": election,
        "pollId": poll,
        "candidates": (3, 1, 2),
        "seats": 2,
    }
    opened = commune.polls.poll(poll)
    assert (opened["options"], opened["topic"], opened["secret"], opened["hidden"]) == (3, FOOD, False, False)
    assert opened["text"] == text_of(election, office, 3, 1, 2)
    state = commune.elections.election(election)
    assert (state["stage"], state["pollId"], state["seats"]) == (POLLING, poll, 2)


def test_as_many_candidates_as_seats_take_them_without_a_vote(commune, offices, alice, bob, stranger):
    office = created(commune, seats=2)
    election = opened_election(commune, office, alice)
    stood(commune, election, bob, alice)
    tx = started(commune, election, stranger)
    assert tx.events["ElectionFilled"] == {"electionId": election, "seated": (2, 1)}
    assert [e["from"] for e in tx.events["TenureGiven"]] == [tx.timestamp] * 2
    assert offices.holdersOf(office) == (2, 1)
    assert commune.elections.election(election)["stage"] == FILLED
    assert commune.elections.runningOf(office) == 0


def test_fewer_candidates_than_seats_leave_seats_vacant(commune, offices, alice, stranger):
    office = created(commune, seats=3)
    election = opened_election(commune, office, alice)
    stood(commune, election, alice)
    tx = started(commune, election, stranger)
    assert tx.events["ElectionFilled"]["seated"] == (1,)
    assert offices.vacantAt(office, tx.timestamp) == 2
    opened_election(commune, office, alice)


def test_without_candidates_the_election_fails(commune, contested, alice, stranger):
    office, election = contested
    tx = started(commune, election, stranger)
    assert tx.events["ElectionFailed"]["electionId"] == election
    assert commune.elections.election(election)["stage"] == UNFILLED
    opened_election(commune, office, alice)


def test_who_is_elected_in_time_takes_over_without_a_gap(commune, offices, held, alice, bob):
    end = offices.tenure(offices.lastTenureOf(held, 1))["until"]
    mine_at(end - 30 * DAY)
    election = opened_election(commune, held, alice)
    stood(commune, election, bob)
    given = started(commune, election, alice).events["TenureGiven"]
    assert (given["from"], given["until"]) == (end, end + TERM)
    mine_at(end - 1)
    assert offices.holdersOf(held) == (1,)
    mine_at(end)
    assert offices.holdersOf(held) == (2,)


def test_a_sitting_holder_is_elected_again(commune, offices, held, alice):
    end = offices.tenure(offices.lastTenureOf(held, 1))["until"]
    mine_at(end - 30 * DAY)
    election = opened_election(commune, held, alice)
    stood(commune, election, alice)
    assert started(commune, election, alice).events["TenureGiven"]["from"] == end
    mine_at(end)
    assert offices.holdersOf(held) == (1,)


def test_standing_has_to_be_over(commune, contested, alice, bob, stranger):
    _, election = contested
    stood(commune, election, alice, bob)
    until = commune.elections.election(election)["standUntil"]
    mine_at(until - 100)
    with reverts(error("ElectionsStandingNotOver", election, until)):
        commune.elections.start(election, stranger.tx)
    started(commune, election, stranger)
    with reverts(error("ElectionsWrongStage", election, POLLING, STANDING)):
        commune.elections.start(election, stranger.tx)


def test_candidates_who_are_gone_or_barred_are_no_options(commune, contested, alice, bob, carol, dave, erin):
    """One left, one was expelled, one recalled: two are left for a seat."""
    office, election = contested
    stood(commune, election, alice, bob, carol, dave, erin)
    commune.membership.leave(bob.tx)
    expel_directly(commune, 3)
    recalled_directly(commune, office, dave)
    tx = started(commune, election, alice)
    assert tx.events["ElectionPolled"]["candidates"] == (1, 5)
    assert commune.elections.candidatesOf(election) == (1, 5)


def test_who_left_and_came_back_has_to_stand_again(commune, offices, contested, alice, bob):
    _, election = contested
    stood(commune, election, alice, bob)
    commune.membership.leave(alice.tx)
    advance(DAY)
    admit_directly(commune, alice)
    assert started(commune, election, bob).events["ElectionFilled"]["seated"] == (2,)


def test_an_office_abolished_meanwhile_has_no_election(commune, offices, contested, timelock, alice, bob):
    office, election = contested
    stood(commune, election, alice, bob)
    offices.abolish(office, timelock)
    tx = started(commune, election, bob)
    assert "ElectionFailed" in tx.events
    assert "PollOpened" not in tx.events


def test_a_seat_that_was_filled_otherwise_is_not_filled_twice(commune, offices, contested, alice, bob, carol):
    """Whoever else may be given the power to appoint."""
    office, election = contested
    stood(commune, election, alice, bob)
    appointed(commune, office, carol)
    tx = started(commune, election, bob)
    assert "ElectionFailed" in tx.events
    assert offices.vacantAt(office, tx.timestamp) == 0


def test_a_seat_given_up_after_standing_goes_to_nobody_without_a_vote(commune, offices, alice, bob, carol):
    """Whoever wanted it did not know of it: it waits for the next election."""
    office = created(commune, seats=2)
    appointed(commune, office, carol)
    election = opened_election(commune, office, alice)
    stood(commune, election, alice, bob)
    mine_at(commune.elections.election(election)["standUntil"])
    offices.resign(office, carol.tx)
    tx = started(commune, election, bob)
    assert "TenureGiven" not in tx.events
    assert tx.events["ElectionPolled"]["seats"] == 1


# ------------------------------------------------------------------ draws


def test_candidates_are_drawn_where_the_office_is_filled_so(commune, alice, bob, carol, stranger):
    office = created(commune, filling=DRAW)
    election = opened_election(commune, office, alice)
    stood(commune, election, alice, bob, carol)
    tx = started(commune, election, stranger)
    draw = tx.events["ElectionDrawn"]["drawId"]
    assert tx.events["ElectionDrawn"] == {
        "electionId": election,
        "drawId": draw,
        "candidates": (1, 2, 3),
        "certain": (),
        "seats": 1,
    }
    assert tx.events["PoolCommitted"]["memberIds"] == (1, 2, 3)
    assert tx.events["DrawOpened"]["text"] == text_of(election, office, 1, 2, 3)
    assert commune.draws.draw(draw)["withReveals"] is False
    assert commune.elections.election(election)["stage"] == DRAWING


def test_commitments_go_with_the_pool(commune, alice, bob, carol, stranger):
    """Also where a candidate dropped out, and one came back with another secret."""
    office = created(commune, filling=DRAW_WITH_REVEALS)
    election = opened_election(commune, office, alice)
    for number, who in enumerate((alice, bob, carol), start=1):
        commune.elections.stand(election, NOTHING, bytes([number]) * 32, who.tx)
    commune.elections.withdraw(election, alice.tx)
    commune.elections.stand(election, NOTHING, b"\x09" * 32, alice.tx)
    commune.membership.leave(bob.tx)
    tx = started(commune, election, stranger)
    committed = tx.events["PoolCommitted"]
    assert committed["memberIds"] == (3, 1)
    assert committed["commitments"] == ("0x" + "03" * 32, "0x" + "09" * 32)
    assert commune.draws.draw(committed["drawId"])["withReveals"] is True


# ------------------------------------------------------------------ as many as there may be


@pytest.mark.skip_coverage
def test_sixty_candidates_fit_into_every_step(commune, founders, deployer):
    """All but the founders get no votes at first; then a tie among all of them."""
    others = [person(0), *(person(number) for number in range(6, 60))]
    late = SimpleNamespace(address="0x" + "77" * 20)
    admit_directly(commune, *others, late)
    mine_at(commune.membership.probationUntil(commune.membership.memberCount()) + 1)
    office = created(commune, seats=3)
    election = opened_election(commune, office, founders[0])
    stood(commune, election, *founders, *others)
    with reverts(error("ElectionsFull", election, 60)):
        commune.elections.stand(election, NOTHING, NOTHING, acting_as(late))
    steps = [started(commune, election, founders[0])]
    # Fifteen options at a time: one vote each costs fifteen credits, of which the poll brings one.
    ballots = [sum(1 << 4 * option for option in range(first, first + 15)) for first in (0, 15, 30, 45)]
    voters = (*founders, person(6), person(7), person(8))
    cast_ballots(commune, election, zip(voters, ballots * 2, strict=True))
    steps.append(commune.elections.fill(election, founders[0].tx))
    assert len(steps[-1].events["ElectionDrawn"]["candidates"]) == 60
    captured(commune, commune.elections.election(election)["drawId"], founders[0])
    steps.append(commune.elections.fill(election, founders[0].tx))
    assert len(steps[-1].events["ElectionFilled"]["seated"]) == 3
    assert max(tx.gas_used for tx in steps) < 6_000_000
