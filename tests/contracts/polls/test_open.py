"""`open`: what a poll freezes, and what it refuses."""

from dataclasses import replace

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, expel_directly
from tests.contracts.people import DAY, FOOD, GENERAL, carried_out, draft, founded_by, member_id
from tests.contracts.polls.conftest import CLOSED, FOLLOWING, QUESTION, REVEALING, VOTING

ZERO = b"\0" * 32


# First, while the group is empty: the other tests share one that is not.
def test_nobody_votes_in_secret_where_nobody_is_listed(commune, open_poll):
    assert commune.group.root() == 0
    with reverts(error("PollsTooFewListed", 0, 10)):
        open_poll(secret=True)


def test_members_decide_to_hold_a_poll(commune, founders, alice, bob):
    """By the ordinary rule: two sponsors, a majority, and the timelock opens it."""
    data = commune.polls.open.encode_input(QUESTION, 5, FOOD, False, False)
    d = draft(alice, (commune.polls, data), text="We ask everyone what to plant")
    assert commune.constitution.ruleOf(commune.polls, data[:10]) == communes.ORDINARY
    tx = carried_out(commune, d, alice, (alice, bob), founders)
    assert tx.events["PollOpened"]["pollId"] == 1
    assert commune.polls.pollCount() == 1


def test_an_open_poll_freezes_its_terms(commune, voters, open_poll):
    poll = open_poll(options=5, topic=FOOD)
    assert commune.polls.poll(poll).dict() == {
        "text": QUESTION,
        "options": 5,
        "secret": False,
        "hidden": False,
        "topic": FOOD,
        "season": 1,
        "electorateAt": now() - 1,
        "votingEnd": now() + 4 * DAY,
        "revealEnd": now() + 4 * DAY,
        "followEnd": now() + 5 * DAY,
        "credits": 0,
        "quorum": 3,
        "depth": 0,
        "root": 0,
    }
    assert commune.polls.tally(poll) == (0,) * 5
    assert (commune.polls.ballotCount(poll), commune.polls.sealedCount(poll)) == (0, 0)


@pytest.mark.parametrize(("hidden", "reveal"), [(False, 0), (True, 2 * DAY)])
def test_a_secret_poll_freezes_the_group_too(commune, identities, open_poll, hidden, reveal):
    terms = commune.polls.poll(open_poll(secret=True, hidden=hidden)).dict()
    assert (terms["secret"], terms["hidden"]) == (True, hidden)
    assert (terms["root"], terms["depth"], terms["credits"]) == (commune.group.root(), 4, 100)
    assert terms["revealEnd"] == terms["votingEnd"] + reveal == now() + 4 * DAY + reveal
    assert terms["followEnd"] == terms["votingEnd"]


def test_the_event_says_what_the_poll_is(commune, identities):
    tx = commune.polls.open(QUESTION, 5, FOOD, True, True, acting_as(commune.timelock))
    event = tx.events["PollOpened"]
    assert event["pollId"] == 1
    assert tuple(event["poll"]) == tuple(commune.polls.poll(1))


def test_polls_are_numbered_in_their_order(commune, open_poll):
    assert [open_poll(), open_poll(), commune.polls.pollCount()] == [1, 2, 2]


def test_voting_lasts_until_its_last_second(commune, identities, open_poll):
    poll = open_poll(secret=True, hidden=True)
    terms = commune.polls.poll(poll)
    assert commune.polls.state(poll) == VOTING
    for moment, state in (
        (terms["votingEnd"], VOTING),
        (terms["votingEnd"] + 1, REVEALING),
        (terms["revealEnd"], REVEALING),
        (terms["revealEnd"] + 1, CLOSED),
    ):
        mine_at(moment)
        assert commune.polls.state(poll) == state


def test_only_sealed_ballots_are_revealed_and_only_open_ones_followed(commune, identities, open_poll):
    polls = [open_poll(), open_poll(secret=True)]
    end = commune.polls.poll(polls[1])["votingEnd"]
    mine_at(end + 1)
    assert [commune.polls.state(poll) for poll in polls] == [FOLLOWING, CLOSED]
    mine_at(end + DAY + 2)
    assert [commune.polls.state(poll) for poll in polls] == [CLOSED, CLOSED]


def test_an_open_poll_is_followed_as_long_as_ordinary_proposals(commune, open_poll):
    timelock = acting_as(commune.timelock)
    commune.constitution.setParameter(communes.bytes32("ordinary.follow"), 0, timelock)
    poll = open_poll()
    terms = commune.polls.poll(poll)
    assert terms["followEnd"] == terms["votingEnd"]
    mine_at(terms["votingEnd"] + 1)
    assert commune.polls.state(poll) == CLOSED


def test_later_decisions_leave_an_open_poll_alone(commune, identities, voters, open_poll):
    poll = open_poll(secret=True)
    before = commune.polls.poll(poll)
    timelock = acting_as(commune.timelock)
    for name, value in (("polls.voting", DAY), ("polls.credits", 225), ("ordinary.quorumBps", 3000)):
        commune.constitution.setParameter(communes.bytes32(name), value, timelock)
    expel_directly(commune, member_id(commune, voters[-1]))
    assert commune.group.root() != before["root"]
    assert commune.polls.poll(poll) == before
    later = commune.polls.poll(open_poll(secret=True))
    assert (later["credits"], later["root"]) == (225, commune.group.root())
    assert later["votingEnd"] == now() + DAY


@pytest.mark.parametrize("options", [0, 1, 61, 255])
def test_a_poll_has_two_to_sixty_options(open_poll, options):
    with reverts(error("PollsOptions", options, 2, 60)):
        open_poll(options=options)


@pytest.mark.parametrize("options", [2, 60])
def test_two_options_are_enough_and_sixty_are_not_too_many(commune, open_poll, options):
    assert commune.polls.tally(open_poll(options=options)) == (0,) * options


def test_a_poll_names_its_text(open_poll):
    with reverts(error("PollsEmptyText")):
        open_poll(text=ZERO)


@pytest.mark.parametrize("topic", [0, 4])
def test_a_poll_belongs_to_a_topic_of_the_commune(open_poll, topic):
    with reverts(error("PollsUnknownTopic", topic)):
        open_poll(topic=topic)


def test_what_is_in_the_open_cannot_have_hidden_results(open_poll):
    with reverts(error("PollsHiddenNeedsSecret")):
        open_poll(hidden=True)


def test_a_secret_among_few_is_none(commune, identities, voters, open_poll):
    """Ten must be listed; leaves that were emptied count for nobody."""
    for who in voters[-2:]:
        commune.membership.leave(who.tx)
    open_poll(secret=True)
    commune.membership.leave(voters[-3].tx)
    assert (commune.group.size(), commune.group.listed()) == (16, 9)
    with reverts(error("PollsTooFewListed", 9, 10)):
        open_poll(secret=True)
    open_poll()


def test_a_group_of_one_holds_no_secret_poll_whatever_the_constitution_says(founders, deployer, prover):
    """There is no key for a tree of depth 0; with a deeper one its leaf could pass for a tree of its own."""
    law = communes.Constitution.load()
    free = {"polls.minListed": (1, 1), "assembly.quorumFloor": (1, 1)}
    law = replace(law, parameters=tuple((n, *free.get(n, (v, f)), c) for n, v, f, c in law.parameters))
    commune = founded_by(founders[:3], deployer, law)
    timelock = acting_as(commune.timelock)
    arguments = (QUESTION, 5, GENERAL, True, False, timelock)
    for number, who in enumerate(founders[:2]):
        commune.group.register(*prover.identity(f"one of few, {number}").public_key, who.tx)
        if number == 0:
            with reverts(error("PollsTooFewListed", 1, 2)):
                commune.polls.open(*arguments)
    commune.polls.open(*arguments)
    assert commune.polls.poll(1)["depth"] == 1


def test_a_group_smaller_than_the_quorum_holds_no_secret_poll(commune, identities, open_poll):
    """With the quorum at its highest and a base of 45, ten listed members could never decide anything."""
    timelock = acting_as(commune.timelock)
    commune.constitution.setParameter(communes.bytes32("ordinary.quorumBps"), 3000, timelock)
    for index in range(15, 48):
        commune.membership.admit(_account(index), acting_as(commune.admission))
    mine_at(now() + 2)
    with reverts(error("PollsTooFewListed", 12, 14)):
        open_poll(secret=True)


def _account(index):
    return "0x" + index.to_bytes(20, "big").hex()


def test_nobody_knows_a_poll_that_was_never_opened(commune, open_poll):
    open_poll()
    polls = commune.polls
    for read in (polls.poll, polls.state, polls.tally, polls.ballotCount, polls.sealedCount):
        for unknown in (0, 2):
            with reverts(error("PollsUnknown", unknown)):
                read(unknown)


def test_only_a_decision_opens_a_poll(commune, alice, stranger):
    for who in (alice, stranger):
        with reverts(error("AccessManagedUnauthorized", who)):
            commune.polls.open(QUESTION, 5, GENERAL, False, False, who.tx)
