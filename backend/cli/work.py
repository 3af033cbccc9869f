"""`dualpower work`: from open assignments to work that is done, paid and remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import briefs, drafts, show, texts
from backend.cli.acting import Acting, Actor, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused, Refused
from backend.cli.members import Limit
from backend.cli.proposals import (
    DraftAuthor,
    DraftOnly,
    check_author,
    make_draft,
    topics_of,
)

app = typer.Typer(no_args_is_help=True, help="Work that was decided on: who takes it, and what comes of it.")

AssignmentId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="ASSIGNMENT", help="Its number.")]
SeatNumber = Annotated[int, typer.Argument(min=1, max=16, metavar="SEAT", help="Its number, from 1.")]
TextFile = Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")]
Topic = Annotated[str | None, typer.Option(help="Only of this topic, by name or number.")]
Why = Annotated[str, typer.Option(help="Why: members read it before they vote.", metavar="TEXT")]
Nonce = Annotated[int | None, typer.Option(min=0, help="Another number for a proposal that was made before.")]
_STEPS = {
    "Volunteer": "volunteer",
    "Select": "select",
    "Wait": "a draw",
    "Take": "volunteer",
    "Reopen": "reopen",
}


@command(app, "board")
def board(reading: Reading, topic: Topic = None, limit: Limit = 100) -> None:
    """What is open now: to volunteer for, to take at once, or to reopen since its holder is late."""
    with Node(reading.node) as api:
        names = topics_of(api)
        number = drafts.topic_of(topic, names) if topic is not None else None
        found = api.rows("/v1/board", limit, topic=number)
    if reading.as_json:
        show.as_json(found)
        return
    by_number = {number: name for name, number in names.items()}
    show.table(
        (
            "assignment",
            "what",
            "topic",
            "kind",
            "free",
            "volunteers",
            "points",
            "until",
            "next",
            "late seats",
        ),
        [
            (
                a["assignmentId"],
                a["title"] or a["textHash"],
                by_number.get(a["topic"], a["topic"]),
                a["kind"].lower(),
                f"{a['vacant']} of {a['seats']}",
                a["volunteers"] or None,
                show.points(a["reward"]),
                show.when(a["volunteerUntil"]) if a["state"] == "Volunteering" else None,
                _STEPS[a["step"]],
                ", ".join(str(late["seat"]) for late in a["missed"]) or None,
            )
            for a in found
        ],
        empty="nothing is open",
    )


@command(app, "list")
def assignments(
    reading: Reading,
    state: Annotated[
        str | None,
        typer.Option(
            help="Only Volunteering, Selecting, Drawing, Open, Finished or Cancelled ones.", metavar="STATE"
        ),
    ] = None,
    topic: Topic = None,
    kind: Annotated[str | None, typer.Option(help="Only tasks, or shifts.", metavar="task|shift")] = None,
    member: Annotated[
        int | None,
        typer.Option(min=1, help="Only with a seat of this member, or their offer.", metavar="MEMBER"),
    ] = None,
    limit: Limit = 20,
) -> None:
    """List assignments, the newest first."""
    with Node(reading.node) as api:
        names = topics_of(api)
        found = api.rows(
            "/v1/assignments",
            limit,
            state=state.capitalize() if state else None,
            topic=drafts.topic_of(topic, names) if topic is not None else None,
            kind=kind.capitalize() if kind else None,
            member=member,
        )
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("assignment", "state", "what", "kind", "seats", "holders", "start", "end", "points"),
        [
            (
                a["assignmentId"],
                a["state"],
                a["title"] or a["textHash"],
                a["kind"].lower(),
                a["seats"],
                ", ".join(str(member) for member in a["holders"]) or None,
                show.when(a["start"]),
                show.when(a["deadline"] or None),
                show.points(a["reward"]),
            )
            for a in found
        ],
        empty="there are no such assignments",
    )


@command(app, "show")
def assignment(reading: Reading, assignment: AssignmentId) -> None:
    """Show one assignment: what is to be done, and who holds its seats."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/assignments/{assignment}")
        by_number = {number: name for name, number in topics_of(api).items()}
    if reading.as_json:
        show.as_json(found)
        return
    days = 86_400
    show.facts(
        [
            ("assignment", assignment),
            ("state", found["state"]),
            ("topic", by_number.get(found["topic"], found["topic"])),
            ("kind", found["kind"].lower()),
            ("made by", found["creatorModule"] or found["creator"]),
            ("series", found["seriesId"]),
            ("volunteer until", show.when(found["volunteerUntil"])),
            ("volunteers", ", ".join(str(member) for member in found["volunteering"]) or None),
            ("too many", {"Draw": "a draw selects", "Score": "topic scores select"}[found["selection"]]),
            ("draw", found["drawId"]),
            ("start", show.when(found["start"])),
            ("end", show.when(found["deadline"] or None)),
            ("time for it", f"{found['duration'] / days:g} days" if found["duration"] else None),
            ("sign of progress", f"every {found['heartbeat'] / days:g} days" if found["heartbeat"] else None),
            ("reserved for newcomers", found["trialSeats"] or None),
            ("points", show.points(found["reward"])),
            ("stipend", found["purseId"] and f"{found['stipend']} from purse {found['purseId']}"),
            ("cancelled", show.when(found["cancelledAt"])),
            ("text", found["textHash"]),
        ]
    )
    if found["text"] is not None:
        show.plain(f"\n{found['text']}")
    show.table(
        ("seat", "state", "member", "due", "not late until", "review", "earned", "paid"),
        [
            (
                s["seat"],
                f"{s['state']}{', missed' if s['missed'] else ''}",
                s["memberId"],
                show.when(s["dueAt"]),
                show.when(s["lateAfter"]),
                s["reviewId"] or (s["confirmer"] and f"confirmed by {s['confirmer']}"),
                f"{s['shareBps'] / 100:g} %" if s["shareBps"] else None,
                "yes" if s["paid"] else None,
            )
            for s in found["eachSeat"]
        ],
        empty="it has no seats",
    )


@command(app, "propose")
def propose(
    acting: Acting,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Several assignments, in a TOML file.")
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(help="Of one assignment: what is to be done; its first line names it.", metavar="TEXT"),
    ] = None,
    text_file: TextFile = None,
    topic: Annotated[str | None, typer.Option(help="The area of life it belongs to.")] = None,
    reward: Annotated[str | None, typer.Option(help="Of each seat.", metavar="POINTS")] = None,
    seats: Annotated[int, typer.Option(min=1, max=16, help="For how many.")] = 1,
    trial: Annotated[int, typer.Option(min=0, max=16, help="How many of them for newcomers.")] = 0,
    days: Annotated[
        float, typer.Option(help="Of a task: how long whoever takes it has.", metavar="DAYS")
    ] = 7.0,
    start: Annotated[
        str | None, typer.Option(help="When it begins, as in 2027-06-01T18:00+02:00.", metavar="TIME")
    ] = None,
    end: Annotated[
        str | None, typer.Option(help="Of a shift, which needs a start too: when it ends.", metavar="TIME")
    ] = None,
    volunteering: Annotated[float, typer.Option(help="How long members volunteer.", metavar="DAYS")] = 1.0,
    heartbeat: Annotated[
        float, typer.Option(help="How often a sign of progress is due; 0 for never.", metavar="DAYS")
    ] = 0.0,
    select_by: Annotated[
        str, typer.Option(help="Who gets a seat if too many volunteer.", metavar="draw|score")
    ] = "draw",
    purse: Annotated[
        int | None, typer.Option(min=1, help="Which purse pays a stipend.", metavar="PURSE")
    ] = None,
    stipend: Annotated[str | None, typer.Option(help="Of each seat.", metavar="AMOUNT")] = None,
    office: Annotated[
        int | None,
        typer.Option(
            min=1, help="As its holder, create it within the mandate: no proposal.", metavar="OFFICE"
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(help="The proposal's, in a line.")] = None,
    nonce: Nonce = None,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose assignments: several in a file, or one by options. Sponsors and --draft as for `propose`."""
    check_author(author, draft=draft)
    said = texts.text_of(text, text_file, "what is to be done")
    if (file is None) == (said is None):
        raise Misused("give a file with assignments, or one with --text, --topic and --reward")
    with actor(acting) as me:
        topics = topics_of(me.node)
        given: dict[str, Any] = {}
        if file is not None:
            given, wanted = briefs.from_file(file, topics, asset_of(me.node))
        else:
            one = {
                "text": said,
                "topic": topic,
                "reward": reward,
                "seats": seats,
                "trial": trial,
                "volunteering": volunteering,
                "heartbeat": heartbeat,
                "select_by": select_by,
                "purse": purse,
                "stipend": stipend,
                "start": start,
                "end": end,
                **({"kind": "shift"} if end is not None else {"days": days}),
            }
            asked = {name: value for name, value in one.items() if value is not None}
            wanted = [briefs.brief(asked, topics, asset_of(me.node))]
        structs = [brief.struct for brief in wanted]
        words = "create " + "; ".join(brief.words for brief in wanted)
        action = drafts.action(me.contracts, "assignments", "create", structs, words=words)
        said_of = tuple(brief.text for brief in wanted)
        if office is not None:
            _exercise(me, office, action, said_of)
            return
        make_draft(
            me, [action], given=given, said=said_of, title=title, nonce=nonce, draft=draft, author=author
        )


@command(app, "cancel")
def cancel(
    acting: Acting,
    assignment: AssignmentId,
    reason: Why,
    nonce: Nonce = None,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose to cancel an assignment. What is delivered is still reviewed."""
    check_author(author, draft=draft)
    with actor(acting) as me:
        arguments, words = (assignment, texts.hash_of(reason)), f"cancel assignment {assignment}"
        action = drafts.action(me.contracts, "assignments", "cancel", *arguments, words=words, text=reason)
        make_draft(me, [action], nonce=nonce, draft=draft, author=author)


@command(app, "volunteer")
def volunteer(acting: Acting, assignment: AssignmentId) -> None:
    """Offer to do it. Once seats are given, who comes first takes a free one at once."""
    with actor(acting) as me:
        done = me.act("assignments", "volunteer", assignment)
        taken = done.event("SeatTaken")
        told = f"you volunteer for assignment {assignment}"
        if taken:
            until = show.when(taken["dueAt"])
            told = f"seat {taken['seat']} of assignment {assignment} is yours: it is due by {until}"
        me.tell(told, done, assignmentId=assignment, seat=taken["seat"] if taken else None)


@command(app, "withdraw")
def withdraw(acting: Acting, assignment: AssignmentId) -> None:
    """Step back from volunteering, or give up your seat. Being late, it counts as missed."""
    with actor(acting) as me:
        done = me.act("assignments", "withdraw", assignment)
        lost = done.event("SeatReleased")
        strikes = f"; you have {lost['strikes']} strikes this season" if lost and lost["strikes"] else ""
        me.tell(f"you stepped back from assignment {assignment}{strikes}", done, assignmentId=assignment)


@command(app, "select")
def select(acting: Acting, assignment: AssignmentId) -> None:
    """Give the seats to volunteers once volunteering is over, or open the draw that does. Anyone may."""
    with actor(acting) as me:
        done = me.act("assignments", "select", assignment)
        drawn = done.event("SelectionDrawn")
        told = f"the seats of assignment {assignment} are given"
        if drawn:
            told = f"too many volunteered for assignment {assignment}: draw {drawn['drawId']} selects"
        me.tell(told, done, assignmentId=assignment, drawId=drawn["drawId"] if drawn else None)


@command(app, "heartbeat")
def heartbeat(
    acting: Acting,
    assignment: AssignmentId,
    note: Annotated[str | None, typer.Option(help="How far you are.", metavar="TEXT")] = None,
) -> None:
    """Give a sign of progress on your seat."""
    with actor(acting) as me:
        seat = seat_of(me, assignment)
        hashed = texts.hash_of(note) if note else bytes(32)
        done = me.act("assignments", "heartbeat", assignment, seat, hashed)
        me.tell(f"seat {seat} of assignment {assignment} goes on", done, assignmentId=assignment, seat=seat)
        if note:
            me.hand_in(note)


@command(app, "deliver")
def deliver(
    acting: Acting,
    assignment: AssignmentId,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What shows the work; reviewers read it.")
    ] = None,
    file: TextFile = None,
    share: Annotated[
        list[str] | None,
        typer.Option(help="Who worked on it, and for how much; yourself too.", metavar="MEMBER:PERCENT"),
    ] = None,
) -> None:
    """Deliver your seat's work, also after rework. Two members are drawn to review it."""
    said = texts.text_of(text, file, "what shows the work")
    if said is None:
        raise Misused("say what shows the work: give a text, or --file")
    shares = [_share(one) for one in share or []]
    with actor(acting) as me:
        seat = seat_of(me, assignment)
        done = me.act("reviews", "deliver", assignment, seat, texts.hash_of(said), shares)
        delivered = done.event("Delivered")
        review = delivered["reviewId"] if delivered else None
        named = f": review {review}" if delivered else ""
        me.tell(
            f"seat {seat} of assignment {assignment} is delivered{named}",
            done,
            assignmentId=assignment,
            seat=seat,
            reviewId=review,
        )
        me.hand_in(said)


@command(app, "reopen")
def reopen(acting: Acting, assignment: AssignmentId, seat: SeatNumber) -> None:
    """Take a seat from a holder who is late, or no active member any more. Anyone may."""
    with actor(acting) as me:
        done = me.act("assignments", "reopen", assignment, seat)
        me.tell(
            f"seat {seat} of assignment {assignment} is free again",
            done,
            assignmentId=assignment,
            seat=seat,
        )


@command(app, "pay")
def pay(acting: Acting, assignment: AssignmentId, seat: SeatNumber) -> None:
    """Have the stipend of a seat paid whose work is done. Anyone may; it goes to who did it."""
    with actor(acting) as me:
        done = me.act("assignments", "payStipend", assignment, seat)
        me.tell(
            f"the stipend of seat {seat} of assignment {assignment} is paid",
            done,
            assignmentId=assignment,
            seat=seat,
        )


@command(app, "trace")
def trace(reading: Reading, assignment: AssignmentId) -> None:
    """Where it came from and what came of it: each step from the proposal to the award, on the chain."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/assignments/{assignment}/trace")
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("when", "what", "transaction"),
        [(show.when(at), words, transaction) for at, words, transaction in _steps(found)],
        empty="the chain tells of no steps",
    )


@command(app, "history")
def history(
    reading: Reading,
    member: Annotated[int, typer.Argument(min=1, metavar="MEMBER", help="Whose, by their number.")],
    limit: Limit = 20,
) -> None:
    """A member's work: what they hold, did, missed, and reviewed."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/members/{member}/work")
        happened = api.rows(f"/v1/members/{member}/work/history", limit)
    if reading.as_json:
        show.as_json(found | {"history": happened})
        return
    show.facts(
        [
            ("member", member),
            ("strikes this season", f"{found['strikes']} of {found['strikesLimit']}"),
            ("holds", f"{found['seatsHeld']} of at most {found['seatsLimit']} seats"),
            ("volunteers for", ", ".join(str(number) for number in found["volunteersFor"]) or None),
            ("done", f"{found['done']} of {found['taken']} seats taken"),
            ("missed", found["missed"] or None),
            ("of them shifts", found["noShows"] or None),
            ("not accepted", found["failed"] or None),
            ("gave up in time", found["withdrew"] or None),
            ("reviewed", found["reviewsDone"] or None),
            ("reviews missed", found["reviewsMissed"] or None),
            ("shifts confirmed", found["shiftsConfirmed"] or None),
            *(
                ("is asked", f"to answer review {asked['reviewId']} until {show.when(asked['answerUntil'])}")
                for asked in found["asked"]
            ),
        ]
    )
    show.table(
        ("when", "what happened", "assignment", "seat", "what"),
        [
            (show.when(e["happenedAt"]), _KINDS[e["kind"]], e["assignmentId"], e["seat"], e["title"])
            for e in happened
        ],
        empty="they have not taken a seat yet",
    )


@command(app, "calendar")
def calendar(
    reading: Reading,
    member: Annotated[
        int | None, typer.Option(min=1, help="Only what this member holds.", metavar="MEMBER")
    ] = None,
    topic: Topic = None,
    output: Annotated[
        Path | None, typer.Option(help="Write the calendar's file here.", metavar="FILE")
    ] = None,
) -> None:
    """Work as an iCalendar file, and the address to which a calendar can subscribe."""
    with Node(reading.node) as api:
        number = drafts.topic_of(topic, topics_of(api)) if topic is not None else None
        asked = {"member": member, "topic": number}
        query = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)
        path = f"/v1/calendar.ics{'?' if query else ''}{query}"
        feed = api.text(path)
    if output is not None:
        try:
            output.write_text(feed, encoding="utf-8", newline="")
        except OSError as error:
            raise Misused(f"{output} cannot be written: {error}") from None
    if reading.as_json:
        show.as_json({"url": f"{reading.node}{path}", "entries": feed.count("BEGIN:VEVENT")})
    elif output is None:
        show.plain(feed)
    else:
        show.line(f"{output} has {feed.count('BEGIN:VEVENT')} entries; to subscribe: {reading.node}{path}")


def asset_of(node: Node) -> briefs.AssetOf:
    """Asks for a purse's asset."""
    return lambda purse: str(node.data(f"/v1/purses/{purse}")["asset"])


def seat_of(me: Actor, assignment: int) -> int:
    """The seat of an assignment that the actor holds, or reworks. Raises `Refused` where they have none."""
    who = me.member()["memberId"]
    for seat in me.node.data(f"/v1/assignments/{assignment}")["eachSeat"]:
        if seat["memberId"] == who and seat["state"] in ("Held", "Rework"):
            return int(seat["seat"])
    raise Refused(f"you hold no seat of assignment {assignment}, or have delivered it")


def _exercise(me: Actor, office: int, action: drafts.Action, said: tuple[str, ...]) -> None:
    done = me.act("offices", "exercise", office, action.target, action.data)
    created = done.event("AssignmentCreated")
    first = created["assignmentId"] if created else None
    named = f": the first is assignment {first}" if created else ""
    me.tell(f"you used the mandate of office {office}{named}", done, officeId=office, assignmentId=first)
    me.hand_in(*said)


def _share(given: str) -> tuple[int, int]:
    """(memberId, ten-thousandths)."""
    member, colon, percent = given.partition(":")
    whole, _, decimals = percent.partition(".")
    if not (colon and member.isdecimal() and whole.isdecimal() and (decimals or "0").isdecimal()):
        raise Misused(f"--share takes member:percent, as in 7:25; got {given!r}")
    if len(decimals) > 2:
        raise Misused(f"a share has at most two decimals; got {given!r}")
    return int(member), int(whole) * 100 + int(decimals.ljust(2, "0"))


def _steps(found: dict[str, Any]) -> list[tuple[int, str, str]]:
    """All steps of a trace in the order in which they happened."""
    steps: list[dict[str, Any]] = [found["created"], *found["volunteers"]]
    decision, mandate, series = found["decision"], found["mandate"], found["series"]
    if decision is not None:
        steps += decision["opened"] + decision["executed"]
        steps += [
            {
                "id": f"{ballot['block']}-0",
                "happenedAt": ballot["castAt"],
                "words": f"member {ballot['memberId']} voted {ballot['choice']} with {ballot['votes']}",
                "transaction": ballot["transaction"],
            }
            for ballot in decision["ballots"]["first"]
        ]
    steps += [mandate["exercised"]] if mandate is not None else []
    steps += [series["created"], series["opened"]] if series is not None else []
    for seat in found["seats"]:
        steps += seat["steps"] + seat["awards"]
        steps += [step for step in (seat["confirmed"], seat["paid"]) if step is not None]
        for review in seat["reviews"]:
            for part in ("delivered", "reviewers", "verdicts", "concluded", "awards"):
                steps += review[part]
    steps += [found["cancelled"]] if found["cancelled"] is not None else []
    steps.sort(key=lambda step: [int(part) for part in step["id"].split("-")])
    return [(step["happenedAt"], step["words"], step["transaction"]) for step in steps]


_KINDS = {
    "Taken": "took it",
    "Heartbeat": "gave a sign of progress",
    "Withdrew": "gave it up",
    "MissedHeartbeat": "gave no sign of progress, and lost it",
    "MissedDeadline": "was late, and lost it",
    "Gone": "lost it with the membership",
    "Failed": "the work was not accepted",
    "Cancelled": "it was cancelled",
    "Delivered": "delivered it",
    "Rework": "was asked to work on it again",
    "Done": "it is done",
    "Overturned": "a panel overturned its acceptance",
    "Paid": "was paid for it",
}
