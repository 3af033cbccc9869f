"""`dualpower review`: work is confirmed by members who were drawn, and shifts by who was there."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from backend.cli import drafts, show, texts
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused
from backend.cli.members import Limit
from backend.cli.proposals import DraftAuthor, DraftOnly, check_author, make_draft
from backend.cli.work import AssignmentId, Nonce, SeatNumber, TextFile
from backend.project.reviews import VERDICTS

app = typer.Typer(no_args_is_help=True, help="Whether delivered work is accepted, and who says so.")

ReviewId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="REVIEW", help="Its number.")]
_STEPS = {"seatReviewers": "seat", "redraw": "redraw", "abandon": "abandon", None: None}


@command(app, "list")
def reviews(
    reading: Reading,
    state: Annotated[
        str | None,
        typer.Option(
            help="Only Drawing, Reviewing, Rework, Stuck, Accepted, Failed, Abandoned or Overturned ones.",
            metavar="STATE",
        ),
    ] = None,
    assignment: Annotated[
        int | None, typer.Option(min=1, help="Only of this assignment.", metavar="ASSIGNMENT")
    ] = None,
    member: Annotated[
        int | None, typer.Option(min=1, help="Only of what this member delivered.", metavar="MEMBER")
    ] = None,
    reviewer: Annotated[
        int | None, typer.Option(min=1, help="Only those this member was drawn for.", metavar="MEMBER")
    ] = None,
    limit: Limit = 20,
) -> None:
    """List reviews, the newest first."""
    with Node(reading.node) as api:
        found = api.rows(
            "/v1/reviews",
            limit,
            state=state.capitalize() if state else None,
            assignmentId=assignment,
            memberId=member,
            reviewer=reviewer,
        )
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("review", "state", "assignment", "seat", "by", "round", "asked", "answer until", "earned", "next"),
        [
            (
                r["reviewId"],
                r["state"],
                r["assignmentId"],
                r["seat"],
                r["memberId"],
                r["round"],
                ", ".join(str(member) for member in r["asked"]) or None,
                show.when(r["answerUntil"]) if r["state"] == "Reviewing" else None,
                f"{r['shareBps'] / 100:g} %" if r["shareBps"] else None,
                _STEPS[r["step"]],
            )
            for r in found
        ],
        empty="there are no such reviews",
    )


@command(app, "show")
def review(reading: Reading, review: ReviewId) -> None:
    """Show one review: what was delivered, and what each reviewer said."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/reviews/{review}")
    if reading.as_json:
        show.as_json(found)
        return
    show.facts(
        [
            ("review", review),
            ("state", f"{found['state']}{', by vote' if found['byVote'] else ''}"),
            ("of", f"seat {found['seat']} of assignment {found['assignmentId']}"),
            ("delivered by", f"member {found['memberId']}"),
            *(
                ("share", f"member {share['memberId']}: {share['bps'] / 100:g} %")
                for share in found["shares"]
            ),
            ("round", found["round"]),
            ("draw", found["drawId"]),
            ("answer until", show.when(found["answerUntil"]) if found["state"] == "Reviewing" else None),
            ("earned", f"{found['shareBps'] / 100:g} %" if found["shareBps"] else None),
            ("can be challenged until", show.when(found["challengeableUntil"] or None)),
            ("overturned", show.when(found["overturnedAt"])),
            ("next", _STEPS[found["step"]]),
        ]
    )
    for delivery in found["deliveries"]:
        show.plain(f"\nround {delivery['round']}: {delivery['text'] or delivery['evidence']}")
    show.table(
        ("round", "member", "verdict", "mark", "why"),
        [
            (
                asked["round"],
                asked["memberId"],
                _verdict(asked),
                f"{asked['mark']} %" if asked["mark"] else None,
                asked["text"] or asked["textHash"],
            )
            for asked in found["reviewers"]
        ],
        empty="nobody is asked yet",
    )


@command(app, "give")
def give(
    acting: Acting,
    review: ReviewId,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="Why; everybody can read it.")] = None,
    file: TextFile = None,
    accept: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="Accept it, for this percentage of its reward.", metavar="MARK"),
    ] = None,
    rework: Annotated[bool, typer.Option("--rework", help="Ask for it to be worked on again.")] = False,
) -> None:
    """As a member who was drawn, say whether the work is accepted. It is final."""
    said = texts.text_of(text, file, "why")
    if said is None:
        raise Misused("say why: give a text, or --file")
    if (accept is None) == (not rework):
        raise Misused("say what you think of it with one of --accept and --rework")
    verdict = VERDICTS.index("Accept" if accept is not None else "Rework")
    with actor(acting) as me:
        done = me.act("reviews", "review", review, verdict, accept or 0, texts.hash_of(said))
        told = "accepted the work" if accept is not None else "asked for rework"
        me.tell(f"you {told} in review {review}", done, reviewId=review)
        me.hand_in(said)


@command(app, "seat")
def seat(acting: Acting, review: ReviewId) -> None:
    """Ask the reviewers whom the captured draw names. Anyone may; keepers do."""
    with actor(acting) as me:
        done = me.act("reviews", "seatReviewers", review)
        asked = [h.arguments["memberId"] for h in done.happened if h.event == "ReviewerAsked"]
        named = " and ".join(str(member) for member in asked)
        told = f"asked are members {named}" if asked else "the draw was followed further"
        me.tell(f"review {review}: {told}", done, reviewId=review, asked=asked)


@command(app, "redraw")
def redraw(acting: Acting, review: ReviewId) -> None:
    """Replace reviewers who did not answer in time, or draw again where nobody was found. Anyone may."""
    with actor(acting) as me:
        done = me.act("reviews", "redraw", review)
        wanted = done.event("ReviewersWanted")
        named = f": draw {wanted['drawId']}" if wanted else ""
        me.tell(f"reviewers for review {review} are drawn again{named}", done, reviewId=review)


@command(app, "abandon")
def abandon(acting: Acting, review: ReviewId) -> None:
    """Close a review whose seat was taken from its holder while in rework. Anyone may."""
    with actor(acting) as me:
        done = me.act("reviews", "abandon", review)
        me.tell(f"review {review} is closed", done, reviewId=review)


@command(app, "confirm")
def confirm(acting: Acting, assignment: AssignmentId, seat: SeatNumber) -> None:
    """Confirm that a member did their shift: you were there."""
    with actor(acting) as me:
        done = me.act("reviews", "confirmShift", assignment, seat)
        confirmed = done.event("ShiftConfirmed")
        worth = f", for {show.points(confirmed['amount'])} points" if confirmed else ""
        me.tell(
            f"you confirmed seat {seat} of assignment {assignment}{worth}",
            done,
            assignmentId=assignment,
            seat=seat,
        )


@command(app, "decide")
def decide(
    acting: Acting,
    review: ReviewId,
    share: Annotated[
        float,
        typer.Option(min=0, max=100, help="How much of the reward; 0: not accepted.", metavar="PERCENT"),
    ],
    nonce: Nonce = None,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose to conclude a review by vote, where reviewers are missing."""
    check_author(author, draft=draft)
    bps = round(share * 100)
    with actor(acting) as me:
        words = f"accept review {review} for {share:g} percent" if bps else f"not accept review {review}"
        action = drafts.action(me.contracts, "reviews", "decide", review, bps, words=words)
        make_draft(me, [action], nonce=nonce, draft=draft, author=author)


def _verdict(asked: dict[str, Any]) -> str | None:
    if asked["replacedAt"] is not None:
        return "did not answer"
    return {"Accept": "accepts", "Rework": "asks for rework", None: None}[asked["verdict"]]
