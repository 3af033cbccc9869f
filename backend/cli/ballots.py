"""`dualpower vote`: a ballot, by a transaction of one's own or signed for a relay."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from backend.cli import relay
from backend.cli.acting import Acting, Done, actor
from backend.cli.proposals import ProposalId, number_of
from backend.project.assembly import CHOICES


class Choice(StrEnum):
    AGAINST = "against"
    FOR = "for"
    ABSTAIN = "abstain"


def vote(
    acting: Acting,
    proposal: ProposalId,
    choice: Annotated[Choice, typer.Argument(help="Your choice.", case_sensitive=False)],
    votes: Annotated[
        int, typer.Option(min=1, max=31, help="How strongly: n votes cost n x n - 1 voice credits.")
    ] = 1,
) -> None:
    """Cast your ballot. It is final."""
    number, support = number_of(proposal), CHOICES.index(choice.value.capitalize())
    with actor(acting) as me:
        if me.relayed:
            member = int(me.member()["memberId"])
            carried = relay.ballot(
                me.node,
                me.contracts,
                me.key,
                proposalId=number,
                memberId=member,
                support=support,
                votes=votes,
            )
            done = Done(carried.transaction, carried.happened)
        else:
            done = me.act("assembly", "castBallot", number, support, votes)
        recorded = done.event("BallotRecorded")
        cost = f", for {recorded['cost']} voice credits" if recorded and recorded["cost"] else ""
        me.tell(
            f"your ballot is cast: {choice.value}, {votes} {'vote' if votes == 1 else 'votes'}{cost}",
            done,
            proposalId=str(number),
            choice=CHOICES[support],
            votes=votes,
        )
