"""Committing to a vote that nobody knows yet."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.panels import (
    COMMITTING,
    REVEALING,
    commitment,
    commits,
    convened,
    draw_captured,
    panelists_of,
    to_reveals,
)
from tests.contracts.mediation.steps import NOTHING, opened_case
from tests.contracts.membership.steps import expel_directly, move_directly
from tests.contracts.people import member_id, person


def test_a_panelist_commits(commune, panels, judging):
    who = panelists_of(commune, judging)[0]
    member = member_id(commune, who)
    hidden = commitment(commune, judging, 1, member, 3)
    tx = panels.commit(judging, hidden, who.tx)
    assert tx.events["VoteCommitted"]["memberId"] == member
    assert bytes(panels.commitmentOf(judging, 1, member)) == hidden
    assert panels.voteOf(judging, 1, member) == (False, 0)


def test_nobody_commits_twice(commune, panels, judging):
    who = panelists_of(commune, judging)[0]
    commits(commune, judging, who, 3)
    with reverts(error("CasePanelsCommittedTwice", judging, member_id(commune, who))):
        commits(commune, judging, who, 4)


def test_only_panelists_commit(commune, panels, judging, alice):
    seats = panelists_of(commune, judging)
    other = next(p for p in map(person, range(3, 17)) if p not in seats)
    for who in (alice, other, person(40)):
        with reverts(error("CasePanelsNotPanelist", judging, who)):
            panels.commit(judging, b"\1" * 32, who.tx)


def test_a_panelist_who_left_or_was_expelled_decides_nothing(commune, panels, judging):
    first, second, *_ = panelists_of(commune, judging)
    commune.membership.leave(first.tx)
    expel_directly(commune, member_id(commune, second))
    for who in (first, second):
        with reverts(error("CasePanelsNotPanelist", judging, who)):
            panels.commit(judging, b"\1" * 32, who.tx)


def test_a_panelist_keeps_the_seat_on_a_new_account(commune, panels, judging):
    who = panelists_of(commune, judging)[0]
    move_directly(commune, member_id(commune, who), person(30))
    with reverts(error("CasePanelsNotPanelist", judging, who)):
        panels.commit(judging, b"\1" * 32, who.tx)
    commits(commune, judging, person(30), 3)


def test_nothing_is_no_commitment(commune, panels, judging):
    with reverts(error("CasePanelsEmptyCommitment")):
        panels.commit(judging, NOTHING, panelists_of(commune, judging)[0].tx)


def test_nobody_commits_too_late_or_too_early(commune, panels, judging, alice, bob):
    who = panelists_of(commune, judging)[0]
    commits(commune, judging, who, 1)
    to_reveals(commune, judging)
    with reverts(error("CasePanelsWrongState", judging, REVEALING)):
        commits(commune, judging, who, 3)
    case = opened_case(commune, alice, bob)
    convened(commune, case)
    draw_captured(commune, case)
    with reverts(error("CasePanelsWrongState", case, COMMITTING - 1)):
        panels.commit(case, b"\1" * 32, who.tx)
