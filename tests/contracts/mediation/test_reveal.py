"""Revealing: what was committed to, by whom it was, and only when nobody commits any more."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    ANYONE,
    COMMITTING,
    COUNTABLE,
    REVEALING,
    SALT,
    commits,
    panelists_of,
    reveals,
    state_of,
    to_reveals,
)
from tests.contracts.mediation.steps import past
from tests.contracts.people import member_id


@pytest.fixture
def seats(commune, judging):
    return panelists_of(commune, judging)


@pytest.fixture
def revealing(commune, judging, seats):
    """Two have committed, to 1 and to 4; it is time to reveal."""
    commits(commune, judging, seats[0], 1)
    commits(commune, judging, seats[1], 4)
    to_reveals(commune, judging)
    return judging


def test_who_knows_a_vote_reveals_it(commune, panels, revealing, seats):
    tx = reveals(commune, revealing, seats[0], 1)
    assert (tx.events["VoteRevealed"]["memberId"], tx.events["VoteRevealed"]["extent"]) == (
        member_id(commune, seats[0]),
        1,
    )
    assert panels.voteOf(revealing, 1, member_id(commune, seats[0])) == (True, 1)


def test_nothing_is_revealed_while_others_commit(commune, panels, judging, seats):
    """Who sees it could commit to the same."""
    commits(commune, judging, seats[0], 1)
    with reverts(error("CasePanelsWrongState", judging, COMMITTING)):
        reveals(commune, judging, seats[0], 1)


def test_another_extent_or_salt_is_not_what_was_committed_to(commune, panels, revealing, seats):
    member = member_id(commune, seats[0])
    for extent, salt in ((2, SALT), (1, b"\1" * 32)):
        with reverts(error("CasePanelsWrongReveal", revealing, member)):
            panels.reveal(revealing, member, extent, salt, seats[0].tx)


def test_a_commitment_that_was_copied_reveals_nothing(commune, panels, judging, seats):
    """It holds the memberId of who made it."""
    first, second = (member_id(commune, who) for who in seats[:2])
    commits(commune, judging, seats[0], 3)
    panels.commit(judging, panels.commitmentOf(judging, 1, first), seats[1].tx)
    to_reveals(commune, judging)
    reveals(commune, judging, seats[0], 3)
    with reverts(error("CasePanelsWrongReveal", judging, second)):
        reveals(commune, judging, seats[1], 3)


def test_there_are_four_quarters(commune, panels, judging, seats):
    """Who committed to five of them stays silent."""
    commits(commune, judging, seats[0], 5)
    to_reveals(commune, judging)
    with reverts(error("CasePanelsExtent", 5, 4)):
        reveals(commune, judging, seats[0], 5)


def test_nobody_reveals_twice_or_what_nobody_committed_to(commune, panels, revealing, seats):
    reveals(commune, revealing, seats[0], 1)
    with reverts(error("CasePanelsRevealedTwice", revealing, member_id(commune, seats[0]))):
        reveals(commune, revealing, seats[0], 1)
    with reverts(error("CasePanelsNoCommitment", revealing, member_id(commune, seats[2]))):
        reveals(commune, revealing, seats[2], 1)


def test_nobody_reveals_too_late(commune, panels, revealing, seats):
    past(panels.panelOf(revealing)["revealUntil"])
    with reverts(error("CasePanelsWrongState", revealing, COUNTABLE)):
        reveals(commune, revealing, seats[0], 1)


def test_once_all_who_committed_have_revealed_it_can_be_counted(commune, panels, revealing, seats):
    reveals(commune, revealing, seats[0], 1)
    assert state_of(commune, revealing) == REVEALING
    with reverts(error("CasePanelsWrongState", revealing, REVEALING)):
        panels.count(revealing, ANYONE.tx)
    reveals(commune, revealing, seats[1], 4)
    assert state_of(commune, revealing) == COUNTABLE


def test_a_vote_stays_that_of_a_panelist_who_left_since(commune, panels, revealing, seats):
    commune.membership.leave(seats[0].tx)
    reveals(commune, revealing, seats[0], 1)
    assert panels.voteOf(revealing, 1, member_id(commune, seats[0])) == (True, 1)
