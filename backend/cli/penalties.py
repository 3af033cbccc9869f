"""`dualpower penalty`: what members may lose, as long as it waits."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.cli import drafts, show, texts
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused
from backend.cli.members import Limit
from backend.cli.proposals import DraftAuthor, DraftOnly, check_author, make_draft, topics_of
from backend.cli.work import Nonce, TextFile, Why

app = typer.Typer(no_args_is_help=True, help="What members may lose, and how they appeal.")

PenaltyId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="PENALTY", help="Its number.")]


@command(app, "list")
def penalties(
    reading: Reading,
    member: Annotated[int | None, typer.Option(min=1, help="Only this member's.", metavar="MEMBER")] = None,
    state: Annotated[
        str | None, typer.Option(help="Only Pending, Carried or Struck ones.", metavar="STATE")
    ] = None,
    limit: Limit = 20,
) -> None:
    """List penalties, the newest first. What is pending does not count yet."""
    with Node(reading.node) as api:
        wanted = state.capitalize() if state else None
        found = api.rows("/v1/penalties", limit, memberId=member, state=wanted)
        by_number = {number: name for name, number in topics_of(api).items()}
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("penalty", "member", "points", "topic", "for", "state", "counts from", "appealed", "lost"),
        [
            (
                y["penaltyId"],
                y["memberId"],
                show.points(y["amount"]),
                by_number.get(y["topic"], y["topic"]),
                y["reason"],
                y["state"],
                show.when(y["dueAt"]) if y["state"] == "Pending" else None,
                "yes" if y["appealedAt"] is not None else None,
                show.points(y["taken"]) if y["taken"] is not None else None,
            )
            for y in found
        ],
        empty="there are no such penalties",
    )


@command(app, "appeal")
def appeal(
    acting: Acting,
    penalty: PenaltyId,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="Why it should not be.")] = None,
    file: TextFile = None,
) -> None:
    """Ask for your penalty to be struck, once. It then waits longer, so that members can decide."""
    said = texts.text_of(text, file, "why it should not be")
    if said is None:
        raise Misused("say why it should not be: give a text, or --file")
    with actor(acting) as me:
        done = me.act("penalties", "appeal", penalty, texts.hash_of(said))
        appealed = done.event("PenaltyAppealed")
        until = f": it waits until {show.when(appealed['dueAt'])}" if appealed else ""
        me.tell(f"you appealed penalty {penalty}{until}", done, penaltyId=penalty)
        me.hand_in(said)


@command(app, "carry-out")
def carry_out(acting: Acting, penalty: PenaltyId) -> None:
    """Have a penalty that waited long enough count. Anyone may; keepers do."""
    with actor(acting) as me:
        done = me.act("penalties", "carryOut", penalty)
        carried = done.event("PenaltyCarried")
        lost = f": {show.points(carried['taken'])} points" if carried else ""
        me.tell(f"penalty {penalty} is carried out{lost}", done, penaltyId=penalty)


@command(app, "strike")
def strike(
    acting: Acting,
    penalty: PenaltyId,
    reason: Why,
    nonce: Nonce = None,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose to strike a penalty that waits."""
    check_author(author, draft=draft)
    with actor(acting) as me:
        arguments, words = (penalty, texts.hash_of(reason)), f"strike penalty {penalty}"
        action = drafts.action(me.contracts, "penalties", "strike", *arguments, words=words, text=reason)
        make_draft(me, [action], nonce=nonce, draft=draft, author=author)
