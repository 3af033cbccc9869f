"""The keeper on a real chain: it finds what the contract finds, and fills in every ballot once."""

from __future__ import annotations

import pytest

from backend.delegation import FOLLOW_PROBLEMS
from tests.backend.chains import anvil
from tests.backend.commune import GENERAL, PEOPLE, Commune
from tests.backend.delegating import Delegating

MEMBERS = 18
PAYERS = (PEOPLE - 1, PEOPLE - 2)


@pytest.fixture(scope="module")
def chain():
    with anvil("--accounts", str(PEOPLE)) as running:
        yield running


@pytest.fixture(scope="module")
def commune(chain):
    return Commune.founded(chain, MEMBERS)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_keeper_and_contract_agree_on_random_graphs_and_all_are_followed_for(commune, tmp_path, seed):
    group = Delegating(commune, tmp_path, MEMBERS, seed)
    group.delegate_at_random()
    commune.wait(60)
    proposal = group.propose()
    # What is said after a vote has opened is for later ones.
    group.delegate_at_random()
    group.vote_at_random(proposal)
    group.to_following(proposal)
    expected = group.ballots(proposal)
    for member_id in group.members:
        says = commune.call("delegation", "outcomeOf", proposal, member_id)
        told = group.outcome(member_id, proposal=proposal)
        assert (FOLLOW_PROBLEMS.index(told.problem), told.voter, told.support, told.votes) == says
        if told.voter:
            expected[member_id] = (True, told.support, told.votes, True)
    group.keep(PAYERS[0])
    assert group.ballots(proposal) == expected
    assert any(followed for *_, followed in expected.values())


@pytest.mark.parametrize("seed", [4, 5])
def test_the_same_in_polls_where_a_ballot_can_be_too_dear(commune, tmp_path, seed):
    group = Delegating(commune, tmp_path, MEMBERS, seed)
    group.delegate_at_random()
    commune.wait(60)
    poll = group.open_poll()
    group.vote_at_random(poll=poll)
    group.to_following(poll=poll)
    expected, problems = group.poll_ballots(poll), set()
    for member_id in group.members:
        says = commune.call("delegation", "pollOutcomeOf", poll, member_id)
        told = group.outcome(member_id, poll=poll)
        assert (FOLLOW_PROBLEMS.index(told.problem), told.voter, told.ballot) == says
        problems.add(told.problem)
        if told.voter:
            expected[member_id] = (True, told.ballot, True)
    group.keep(PAYERS[0])
    assert group.poll_ballots(poll) == expected
    assert "None" in problems


def test_two_keepers_at_once_waste_little_and_do_no_harm(commune, tmp_path):
    """Both work from tables that know nothing of the other's transactions."""
    first = Delegating(commune, tmp_path / "first", MEMBERS, 6, GENERAL)
    for member_id in range(3, MEMBERS + 1):
        first.delegate(member_id, 1)
    commune.wait(60)
    proposal = first.propose()
    commune.send(first.person(1), "assembly", "castBallot", proposal, 1, 1)
    first.to_following(proposal)
    second = Delegating(commune, tmp_path / "second", MEMBERS, 6, GENERAL)
    work = [first.work_of(PAYERS[0]), second.work_of(PAYERS[1])]
    for payer, calls in zip(PAYERS, work, strict=True):
        for to, data in calls:
            commune.transact(commune.people[payer], f"0x{to.hex()}", data)
    first.keep(PAYERS[0])
    second.keep(PAYERS[1])
    ballots = first.ballots(proposal)
    assert [ballots[member] for member in range(3, MEMBERS + 1)] == [(True, 1, 1, True)] * (MEMBERS - 2)
    assert commune.call("assembly", "tallyOf", proposal)[1] == MEMBERS - 1


def test_a_keeper_that_was_stopped_goes_on_where_the_chain_is(commune, tmp_path, monkeypatch):
    """Page by page, with a new process for each step; the last page is worked out and never sent."""
    monkeypatch.setattr("backend.keeper.keeper.PAGE", 4)
    group = Delegating(commune, tmp_path, MEMBERS, 7, GENERAL)
    for member_id in range(3, MEMBERS + 1):
        group.delegate(member_id, 2)
    commune.wait(60)
    proposal = group.propose()
    commune.send(group.person(2), "assembly", "castBallot", proposal, 0, 1)
    group.to_following(proposal)
    for _ in range(3):
        group.keep(PAYERS[0], steps=1)
    done = sum(followed for *_, followed in group.ballots(proposal).values())
    assert 0 < done < MEMBERS - 2
    group.do(PAYERS[0], lambda keeper, relay: keeper.step())
    group.keep(PAYERS[0])
    ballots = group.ballots(proposal)
    assert [ballots[member] for member in range(3, MEMBERS + 1)] == [(True, 0, 1, True)] * (MEMBERS - 2)
    name = f"proposal {proposal}"
    assert f"{name}: {MEMBERS - 2} members follow" in group.told
    assert f"{name}: {MEMBERS - 2} of {MEMBERS - 2} are followed for" in group.told


def test_nobody_is_followed_for_before_the_end_or_after_the_period(commune, tmp_path):
    group = Delegating(commune, tmp_path, MEMBERS, 8, GENERAL)
    group.delegate(5, 1)
    commune.wait(60)
    proposal = group.propose()
    commune.send(group.person(1), "assembly", "castBallot", proposal, 1, 1)
    assert group.work_of(PAYERS[0]) == []
    commune.to_end(proposal)
    assert group.work_of(PAYERS[0]) == []
    assert group.ballots(proposal)[5] == (False, 0, 0, False)
