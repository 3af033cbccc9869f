"""A commune whose members delegate, and votes in which they are followed."""

import itertools

import pytest

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import FOOD, FOR, member_id, opened, person, resolution, to_voting

# FollowProblem in contracts/delegation/IDelegation.sol
(
    NO_PROBLEM,
    NOT_IN_ELECTORATE,
    HAS_BALLOT,
    NO_DELEGATE,
    CYCLE,
    CHAIN_TOO_LONG,
    LATE_BALLOT,
    NOT_AFFORDABLE,
) = range(8)


@pytest.fixture(scope="module")
def assembly(commune):
    return commune.assembly


@pytest.fixture(scope="module")
def delegation(commune):
    return commune.delegation


@pytest.fixture(scope="module")
def others(commune):
    """Members 6 to 12, for long chains."""
    joined = [person(index) for index in range(8, 15)]
    admit_directly(commune, *joined)
    advance(1)
    return joined


@pytest.fixture(scope="module")
def delegate(commune):
    """Has someone delegate; the caps are wide unless given."""

    def send(who, to, votes=31, credits=1000, topic=FOOD):
        return commune.delegation.delegate(topic, member_id(commune, to), votes, credits, who.tx)

    return send


@pytest.fixture(scope="module")
def chain(delegate):
    """Has each of these people delegate to the next one."""

    def send(*people):
        for who, to in itertools.pairwise(people):
            delegate(who, to)

    return send


@pytest.fixture(scope="module")
def open_vote(commune, alice, bob):
    """Opens an ordinary proposal, on food unless another topic is given, and waits until voting has begun."""

    def send(author=alice, topic=FOOD):
        proposal = opened(commune, resolution(commune, author), author, [alice, bob], topic)
        to_voting(commune, proposal)
        return proposal

    return send


@pytest.fixture(scope="module")
def cast(commune):
    """Casts a direct ballot."""

    def send(proposal, who, support=FOR, votes=1):
        return commune.assembly.castBallot(proposal, support, votes, who.tx)

    return send


@pytest.fixture(scope="module")
def to_following(commune):
    """Waits until direct voting is over."""

    def wait(proposal):
        mine_at(max(now(), commune.assembly.proposalDeadline(proposal)) + 1)

    return wait


@pytest.fixture(scope="module")
def follow(commune, stranger):
    """Has a stranger send a page of followers; returns the transaction."""

    def send(proposal, *people):
        members = [who if isinstance(who, int) else member_id(commune, who) for who in people]
        return commune.delegation.follow(proposal, members, stranger.tx)

    return send


@pytest.fixture(scope="module")
def skipped():
    """Who was passed over in a page, and why."""

    def of(tx):
        if "FollowSkipped" not in tx.events:
            return []
        return [(event["memberId"], event["problem"]) for event in tx.events["FollowSkipped"]]

    return of


@pytest.fixture(scope="module")
def ballot(commune):
    """(support, votes, followed) of someone's ballot, or None."""

    def of(proposal, who):
        found = commune.assembly.ballotOf(proposal, member_id(commune, who))
        return (found["support"], found["votes"], found["followed"]) if found["cast"] else None

    return of


@pytest.fixture(scope="module")
def open_poll(commune):
    """Opens a poll on food as a decision does, and returns its id; what was delegated before holds in it."""

    def send(options=5, secret=False):
        advance(1)
        text = "0x" + communes.text_hash("What do we cook?")
        tx = commune.polls.open(text, options, FOOD, secret, False, acting_as(commune.timelock))
        return tx.events["PollOpened"]["pollId"]

    return send


@pytest.fixture(scope="module")
def to_following_of_poll(commune):
    def wait(poll):
        mine_at(max(now(), commune.polls.poll(poll)["votingEnd"]) + 1)

    return wait
