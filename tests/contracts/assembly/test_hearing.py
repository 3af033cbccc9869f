"""`requestHearing`, `joinHearing`, `openExpulsion`: nobody is expelled unheard."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import admit_directly, execute, expel_directly, voted
from tests.contracts.people import AGAINST, DAY, DEFEATED, EXPELLED, FOR, SUCCEEDED, vote

GROUNDS = communes.text_hash("Erin took the purse.")


@pytest.fixture
def requested(docket, alice):
    """Alice's request for a hearing on erin, number 1."""
    return docket.requestHearing(5, GROUNDS, alice.tx)


@pytest.fixture
def started(docket, requested, bob):
    return docket.joinHearing(1, bob.tx)


@pytest.fixture
def heard(docket, started):
    """After the seven days."""
    mine_at(started.timestamp + 7 * DAY)


def voted_on(opening):
    """The proposal that a transaction opened."""
    return opening.events["ProposalCreated"]["proposalId"]


# ------------------------------------------------------------------ asking


def test_a_hearing_starts_when_a_second_member_joins(docket, requested, started):
    assert requested.events["HearingRequested"]["opener"] == 1
    votable_at = started.timestamp + 7 * DAY
    assert started.events["HearingStarted"] == {
        "hearingId": 1,
        "opener": 2,
        "votableAt": votable_at,
        "expiresAt": votable_at + 30 * DAY,
    }
    assert docket.hearing(1)["openers"] == (1, 2)
    assert docket.hearingOf(5) == 1


def test_nobody_joins_their_own_request(docket, requested, alice):
    with reverts(error("DocketHearingTwice", 1, 1)):
        docket.joinHearing(1, alice.tx)


def test_nobody_hears_themselves(docket, requested, erin):
    with reverts(error("DocketHearingAgainstSelf", 5)):
        docket.requestHearing(5, GROUNDS, erin.tx)
    with reverts(error("DocketHearingAgainstSelf", 5)):
        docket.joinHearing(1, erin.tx)


def test_a_hearing_has_two_openers(docket, started, carol):
    with reverts(error("DocketHearingComplete", 1)):
        docket.joinHearing(1, carol.tx)


def test_a_hearing_needs_grounds(docket, alice):
    with reverts("DocketEmptyGrounds: "):
        docket.requestHearing(5, b"\0" * 32, alice.tx)


def test_nobody_is_heard_who_is_no_member(commune, docket, alice):
    with reverts(error("MembershipWrongStatus", 6, 0, 1)):
        docket.requestHearing(6, GROUNDS, alice.tx)
    expel_directly(commune, 5)
    with reverts(error("MembershipWrongStatus", 5, 4, 1)):
        docket.requestHearing(5, GROUNDS, alice.tx)


def test_strangers_and_newcomers_open_no_hearing(commune, docket, requested, stranger, newcomer):
    admit_directly(commune, newcomer)
    until = commune.membership.probationUntil(6)
    for act in (lambda tx: docket.requestHearing(5, GROUNDS, tx), lambda tx: docket.joinHearing(1, tx)):
        with reverts(error("MembershipNotMember", stranger)):
            act(stranger.tx)
        with reverts(error("MembershipOnProbation", 6, until)):
            act(newcomer.tx)


@pytest.mark.parametrize("hearing", [0, 2])
def test_a_hearing_that_does_not_exist_is_refused(docket, requested, bob, hearing):
    for act in (docket.joinHearing, docket.openExpulsion):
        with reverts(error("DocketUnknownHearing", hearing)):
            act(hearing, bob.tx)


def test_a_request_nobody_joins_expires_after_thirty_days(docket, requested, bob):
    mine_at(requested.timestamp + 30 * DAY + 1)
    with reverts(error("DocketHearingExpired", 1, requested.timestamp + 30 * DAY)):
        docket.joinHearing(1, bob.tx)


def test_a_request_nobody_joins_stands_in_nobodys_way(docket, requested, bob, carol):
    docket.requestHearing(5, GROUNDS, bob.tx)
    docket.joinHearing(2, carol.tx)
    assert docket.hearingOf(5) == 2


def test_one_hearing_on_a_member_runs_at_a_time(docket, requested, bob, carol, dave):
    docket.requestHearing(5, GROUNDS, bob.tx)
    docket.joinHearing(1, carol.tx)
    with reverts(error("DocketHearingRunning", 5, 1)):
        docket.requestHearing(5, GROUNDS, dave.tx)
    with reverts(error("DocketHearingRunning", 5, 1)):
        docket.joinHearing(2, dave.tx)


# ------------------------------------------------------------------ voting


def test_no_vote_opens_before_the_hearing_has_started(docket, requested, alice):
    with reverts(error("DocketHearingNotStarted", 1)):
        docket.openExpulsion(1, alice.tx)


def test_no_vote_opens_before_seven_days_of_hearing(docket, started, alice):
    votable_at = started.timestamp + 7 * DAY
    mine_at(votable_at - 5)
    with reverts(error("DocketHearingTooEarly", 1, votable_at)):
        docket.openExpulsion(1, alice.tx)
    mine_at(votable_at)
    docket.openExpulsion(1, alice.tx)


def test_no_vote_opens_thirty_days_after_the_hearing(docket, started, alice):
    expired_at = started.timestamp + 37 * DAY
    mine_at(expired_at + 1)
    with reverts(error("DocketHearingExpired", 1, expired_at)):
        docket.openExpulsion(1, alice.tx)


def test_anyone_opens_the_vote_and_only_once(commune, docket, assembly, heard, stranger):
    tx = docket.openExpulsion(1, stranger.tx)
    proposal = voted_on(tx)
    assert tx.events["HearingVoteOpened"] == {"hearingId": 1, "proposalId": proposal}
    assert docket.hearing(1)["proposalId"] == proposal
    created = tx.events["ProposalCreated"]
    assert created["proposer"] == docket.address
    assert created["targets"] == (commune.membership.address,)
    assert created["calldatas"] == (commune.membership.expel.encode_input(5),)
    assert "text:0x" + GROUNDS.removeprefix("0x") in created["description"]
    assert assembly.termsOf(proposal)["kind"] == communes.EXPULSION
    with reverts(error("DocketHearingVoted", 1, proposal)):
        docket.openExpulsion(1, stranger.tx)


def test_expulsion_takes_two_thirds_and_enough_in_favour(
    commune, docket, assembly, heard, founders, stranger
):
    opening = docket.openExpulsion(1, stranger.tx)
    terms = assembly.termsOf(voted_on(opening))
    assert (terms["approvalPpm"], terms["quorum"], terms["forHeads"]) == (666_666, 3, 3)
    advance(2)
    voted(commune, voted_on(opening), founders[:3])
    assert assembly.state(voted_on(opening)) == SUCCEEDED
    execute(commune, opening, stranger)
    assert commune.membership.statusOf(5) == EXPELLED


def test_two_in_favour_expel_nobody(commune, docket, assembly, heard, founders, stranger):
    alice, bob, carol, dave, erin = founders
    proposal = voted_on(docket.openExpulsion(1, stranger.tx))
    advance(2)
    vote(commune, proposal, [alice, bob])
    vote(commune, proposal, [carol, dave, erin], support=2)
    voted(commune, proposal, [])
    assert assembly.state(proposal) == DEFEATED


def test_the_accused_votes_too(commune, docket, assembly, heard, founders, stranger):
    alice, bob, carol, dave, erin = founders
    proposal = voted_on(docket.openExpulsion(1, stranger.tx))
    advance(2)
    vote(commune, proposal, [alice, bob, carol])
    vote(commune, proposal, [dave, erin], support=AGAINST)
    voted(commune, proposal, [])
    assert assembly.state(proposal) == DEFEATED


def test_no_other_hearing_runs_until_the_vote_is_over(commune, docket, heard, dave, stranger):
    proposal = voted_on(docket.openExpulsion(1, stranger.tx))
    with reverts(error("DocketHearingRunning", 5, 1)):
        docket.requestHearing(5, GROUNDS, dave.tx)
    advance(2)
    voted(commune, proposal, [], support=FOR)
    docket.requestHearing(5, GROUNDS, dave.tx)


def test_leaving_does_not_shed_an_expulsion(commune, docket, heard, founders, erin, stranger):
    opening = docket.openExpulsion(1, stranger.tx)
    commune.membership.leave(erin.tx)
    advance(2)
    voted(commune, voted_on(opening), founders[:3])
    execute(commune, opening, stranger)
    assert commune.membership.statusOf(5) == EXPELLED
    assert commune.membership.balanceOf(erin.address) == 0
    assert commune.membership.accountOf(5) != ZERO_ADDRESS


def test_only_who_opened_the_hearing_that_came_to_a_vote_is_said_to_have(docket, heard, alice):
    assert not docket.openedHearing(1, 5)
    docket.openExpulsion(1, alice.tx)
    assert [docket.openedHearing(opener, 5) for opener in range(1, 6)] == [True, True, False, False, False]
    assert not docket.openedHearing(1, 4)
