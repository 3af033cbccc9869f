"""Dormancy: notice of a silent member, and what follows it."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import check_in, contested, fall_silent
from tests.contracts.people import DAY, DORMANT, MEMBER_ACTIVE, vote


@pytest.fixture
def silent_year():
    advance(365 * DAY)


@pytest.fixture
def notice(presence, silent_year, stranger):
    """Public notice that dave (member 4) is about to be marked dormant."""
    return presence.giveNotice(4, stranger.tx)


def test_anyone_gives_notice_of_a_member_silent_for_a_year(presence, notice):
    assert notice.events["NoticeGiven"] == {
        "memberId": 4,
        "dormantFrom": notice.timestamp + 14 * DAY,
    }
    assert presence.noticeAt(4) == notice.timestamp


def test_anyone_marks_them_dormant_two_weeks_later(presence, membership, notice, stranger, dave):
    mine_at(notice.timestamp + 14 * DAY)
    tx = presence.markDormant(4, stranger.tx)

    assert tx.events["MarkedDormant"]["memberId"] == 4
    assert tx.events["StatusChanged"] == {"memberId": 4, "from": MEMBER_ACTIVE, "to": DORMANT}
    assert membership.statusOf(4) == DORMANT
    assert membership.activeCount() == 4
    assert membership.getVotes(dave.address) == 0
    assert membership.ownerOf(4) == dave.address
    assert presence.noticeAt(4) == 0


def test_nobody_is_marked_dormant_without_notice(presence, silent_year, stranger):
    with reverts(error("PresenceWithoutNotice", 4)):
        presence.markDormant(4, stranger.tx)


def test_nobody_is_marked_dormant_before_the_two_weeks_are_over(presence, notice, stranger):
    dormant_from = notice.timestamp + 14 * DAY
    mine_at(dormant_from - 60)
    with reverts(error("PresenceNoticeRunning", 4, dormant_from)):
        presence.markDormant(4, stranger.tx)


def test_no_notice_is_given_within_a_year_of_a_sign(presence, membership, stranger):
    until = membership.member(4)["joinedAt"] + 365 * DAY
    mine_at(until - 60)
    with reverts(error("PresenceStillPresent", 4, until)):
        presence.giveNotice(4, stranger.tx)
    mine_at(until)
    presence.giveNotice(4, stranger.tx)


def test_notice_is_not_given_twice(presence, notice, stranger):
    with reverts(error("PresenceNoticeAlreadyGiven", 4, notice.timestamp)):
        presence.giveNotice(4, stranger.tx)


def test_no_notice_is_given_of_someone_who_just_voted(
    presence, commune, silent_year, newcomer, stranger, alice, bob, carol, dave
):
    _, proposal = contested(commune, newcomer, (alice, bob), carol)
    vote(commune, proposal, (dave,))
    until = presence.lastSign(4) + 365 * DAY
    with reverts(error("PresenceStillPresent", 4, until)):
        presence.giveNotice(4, stranger.tx)


def test_vote_after_the_notice_ends_it(
    presence, membership, commune, notice, newcomer, stranger, alice, bob, carol, dave
):
    _, proposal = contested(commune, newcomer, (alice, bob), carol)
    vote(commune, proposal, (dave,))
    until = presence.lastSign(4) + 365 * DAY

    assert presence.noticeAt(4) == 0
    mine_at(notice.timestamp + 14 * DAY)
    with reverts(error("PresenceStillPresent", 4, until)):
        presence.markDormant(4, stranger.tx)
    # A year later the old notice is no notice.
    mine_at(until)
    with reverts(error("PresenceWithoutNotice", 4)):
        presence.markDormant(4, stranger.tx)
    assert membership.statusOf(4) == MEMBER_ACTIVE


def test_check_in_after_the_notice_ends_it(presence, commune, notice, stranger, dave, erin):
    check_in(commune, dave, erin)
    assert presence.noticeAt(4) == 0
    until = presence.lastSign(4) + 365 * DAY
    mine_at(notice.timestamp + 14 * DAY)
    with reverts(error("PresenceStillPresent", 4, until)):
        presence.markDormant(4, stranger.tx)


def test_notice_that_nobody_acted_on_lapses_in_a_year(presence, notice, stranger):
    """Signs of life that old are not looked for, so that nobody could tell whether it still holds."""
    mine_at(notice.timestamp + 365 * DAY)
    assert presence.noticeAt(4) == 0
    with reverts(error("PresenceWithoutNotice", 4)):
        presence.markDormant(4, stranger.tx)
    presence.giveNotice(4, stranger.tx)


def test_notice_is_of_active_members_only(presence, membership, commune, stranger, bob):
    fall_silent(commune, 1)
    membership.leave(bob.tx)
    for member in (1, 2, 99):
        with reverts(error("PresenceNotMember", member)):
            presence.giveNotice(member, stranger.tx)
        with reverts(error("PresenceNotMember", member)):
            presence.markDormant(member, stranger.tx)
