"""`followPoll`: the same in open polls."""

from tests.contracts.people import FOOD, member_id
from tests.contracts.polls.conftest import FOLLOWING, votes


def test_anyone_has_a_ballot_filled_in_for_who_delegated(
    commune, delegation, delegate, open_poll, to_following_of_poll, alice, bob, stranger
):
    delegate(alice, bob)
    poll = open_poll()
    commune.polls.cast(poll, votes(3, 0, 1), bob.tx)
    to_following_of_poll(poll)
    assert commune.polls.state(poll) == FOLLOWING
    me = member_id(commune, alice)
    assert delegation.followPoll.call(poll, [me], stranger.tx) == 1
    tx = delegation.followPoll(poll, [me], stranger.tx)
    assert tx.events["PollFollowed"] == {"pollId": poll, "memberId": me, "voter": member_id(commune, bob)}
    assert tx.events["PollBallotFollowed"] == {
        "pollId": poll,
        "memberId": me,
        "ballot": votes(3, 0, 1),
        "cost": 9,
    }
    assert commune.polls.tally(poll) == (6, 0, 2, 0, 0)
    assert (commune.polls.ballotCount(poll), commune.polls.followedCount(poll)) == (1, 1)
    assert commune.polls.ballotOf(poll, me)[:3] == (True, votes(3, 0, 1), True)
    assert delegation.followSpent(me, FOOD, 1) == commune.credits.spentBy(me, 1) == 9
