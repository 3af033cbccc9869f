"""What counts as a sign of life."""

from brownie import ZERO_ADDRESS, reverts

from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import REASON, check_in, contested, to_season, vouched
from tests.contracts.people import DAY, joined, vote


def day_of(timestamp):
    """The start of the day, Unix seconds."""
    return timestamp - timestamp % DAY


def test_founding_is_the_first_sign(presence, membership):
    assert presence.lastSign(1) == membership.member(1)["joinedAt"]


def test_admission_and_return_are_signs(presence, membership, commune, newcomer, alice, bob):
    member = joined(commune, newcomer, (alice, bob))
    assert presence.lastSign(member) == membership.member(member)["joinedAt"]
    membership.leave(newcomer.tx)
    advance(30 * DAY)
    joined(commune, newcomer, (alice, bob))
    assert presence.lastSign(member) == membership.member(member)["joinedAt"]


def test_ballot_is_a_sign_to_the_day(presence, commune, newcomer, alice, bob, carol, dave, erin):
    advance(200 * DAY)
    _, proposal = contested(commune, newcomer, (alice, bob), carol)
    ballot = commune.assembly.castBallot(proposal, 1, 1, dave.tx)

    assert presence.lastSign(4) == day_of(ballot.timestamp)
    advance(364 * DAY)
    assert presence.lastSign(4) == day_of(ballot.timestamp)


def test_later_check_in_outweighs_a_ballot(presence, commune, newcomer, alice, bob, carol, dave, erin):
    _, proposal = contested(commune, newcomer, (alice, bob), carol)
    vote(commune, proposal, (dave,))
    advance(10 * DAY)
    tx = check_in(commune, dave, erin)
    assert presence.lastSign(4) == tx.timestamp


def test_vouching_and_objecting_are_no_signs(presence, membership, commune, newcomer, alice, bob, carol):
    advance(10 * DAY)
    application = vouched(commune, newcomer, (alice, bob))
    commune.admission.object(application, REASON, carol.tx)
    for member in (1, 3):
        assert presence.lastSign(member) == membership.member(member)["joinedAt"]


def test_ballot_cast_after_the_season_that_pays_for_it_is_a_sign(
    presence, commune, newcomer, stranger, alice, bob, carol, dave
):
    next_season = commune.constitution.seasonBounds(2)[0]
    mine_at(next_season - 2 * 60 * 60)
    _, proposal = contested(commune, newcomer, (alice, bob), carol)
    mine_at(next_season + 2 * DAY)
    ballot = commune.assembly.castBallot(proposal, 1, 1, dave.tx)

    assert commune.assembly.termsOf(proposal)["season"] == 1
    assert presence.lastSign(4) == day_of(ballot.timestamp)
    mine_at(next_season + 366 * DAY)
    with reverts(error("PresenceStillPresent", 4, day_of(ballot.timestamp) + 365 * DAY)):
        presence.giveNotice(4, stranger.tx)


def test_ballot_of_an_earlier_season_can_be_the_latest_sign(
    presence, commune, newcomer, stranger, alice, bob, carol, dave, erin
):
    """Voting first on something new and then on something left from the season before."""
    next_season = commune.constitution.seasonBounds(2)[0]
    mine_at(next_season - 2 * 60 * 60)
    _, old_vote = contested(commune, newcomer, (alice, bob), carol)
    to_season(commune, 2)
    _, new_vote = contested(commune, stranger, (bob, erin), carol)
    vote(commune, new_vote, (dave,))
    mine_at(next_season + 2 * DAY + 12 * 60 * 60)
    ballot = commune.assembly.castBallot(old_vote, 1, 1, dave.tx)
    assert presence.lastSign(4) == day_of(ballot.timestamp)


def test_only_the_register_reports_waking(presence, stranger):
    with reverts(error("PresenceOnlyRegistry", stranger)):
        presence.onStatusChange(1, 2, 1, stranger.tx)
    with reverts(error("PresenceOnlyRegistry", stranger)):
        presence.onAccountMoved(1, ZERO_ADDRESS, stranger.address, stranger.tx)
