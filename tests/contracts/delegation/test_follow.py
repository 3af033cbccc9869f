"""`follow`: the ballots of those who did not vote, filled in by their delegations."""

from tests.contracts.people import AGAINST, member_id


def test_anyone_has_a_ballot_filled_in_for_who_delegated(
    commune, delegation, delegate, open_vote, cast, to_following, follow, ballot, alice, dave, erin
):
    delegate(erin, dave)
    proposal = open_vote()
    cast(proposal, dave, AGAINST, 3)
    to_following(proposal)
    tx = follow(proposal, erin)
    assert tx.return_value == 1
    assert ballot(proposal, erin) == (AGAINST, 3, True)
    assert tx.events["Followed"] == {
        "proposalId": proposal,
        "memberId": member_id(commune, erin),
        "voter": member_id(commune, dave),
    }
    assert commune.assembly.tallyOf(proposal)["againstVotes"] == 6
