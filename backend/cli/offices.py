"""`dualpower office`: tasks held by named people, for a time, with listed powers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import drafts, show, texts
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.elections import OfficeId
from backend.cli.errors import Misused, Refused
from backend.cli.members import Limit, MemberId
from backend.cli.proposals import (
    DraftAuthor,
    DraftOnly,
    check_author,
    make_draft,
    topics_of,
)

app = typer.Typer(no_args_is_help=True, help="Tasks held by named people, for a time, with listed powers.")

May = Annotated[
    list[str] | None,
    typer.Option(
        help="A call that holders may make, how often a period, and what one of its arguments may add up to.",
        metavar="MODULE.FUNCTION:CALLS[:ARGUMENT:CAP]",
    ),
]
Nonce = Annotated[int, typer.Option(min=0, help="Another number for a proposal that was made before.")]
_DAY = 86_400


@command(app, "list")
def offices(
    reading: Reading,
    held_by: Annotated[
        int | None, typer.Option(min=1, help="Only those that this member holds now.", metavar="MEMBER")
    ] = None,
    limit: Limit = 100,
) -> None:
    """List offices that were not abolished, and who holds them."""
    with Node(reading.node) as api:
        found = api.rows("/v1/offices", limit, abolished="false", heldBy=held_by)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("office", "holders", "seats", "vacant", "next vacancy", "filled by", "stipend", "what for"),
        [
            (
                o["officeId"],
                _listed(o["holders"]),
                o["seats"],
                o["vacant"] or None,
                _vacancy(o),
                _FILLINGS[o["filling"]],
                o["stipend"] or None,
                o["title"] or o["textHash"],
            )
            for o in found
        ],
        empty="there are no such offices",
    )


@command(app, "show")
def office(
    reading: Reading,
    office: OfficeId,
    exercises: Annotated[
        bool, typer.Option("--exercises", help="Also what holders did, the newest first.")
    ] = False,
    limit: Limit = 20,
) -> None:
    """Show one office: who holds it, what holders may do, and what is left of that in this period."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/offices/{office}")
        made = api.rows(f"/v1/offices/{office}/exercises", limit) if exercises else None
    if reading.as_json:
        show.as_json(found if made is None else found | {"exercises": made})
        return
    show.facts(
        [
            ("office", office),
            ("abolished", show.when(found["abolishedAt"])),
            ("holders", _listed(found["holders"]) or "nobody"),
            ("seats", found["seats"]),
            ("vacant", found["vacant"] or None),
            ("next vacancy", _vacancy(found)),
            ("term", f"{found['term'] / _DAY:g} days"),
            ("filled by", _FILLINGS[found["filling"]]),
            ("election", found["electionId"]),
            ("stipend", f"{found['stipend']} units of pay a period" if found["stipend"] else None),
            *(
                ("barred", f"member {bar['memberId']} until {show.when(bar['until'])}")
                for bar in found["barred"]
            ),
            *(("may", _may(entry)) for entry in found["mandate"]),
            ("this period ends", show.when(found["period"]["end"])),
            ("text", found["textHash"]),
        ]
    )
    if found["text"] is not None:
        show.plain(f"\n{found['text']}")
    show.table(
        ("tenure", "member", "from", "until", "holds it", "stipend", "pay to claim"),
        [
            (
                t["tenureId"],
                t["memberId"],
                show.when(t["heldFrom"]),
                show.when(t["heldUntil"]),
                f"yes{', purses frozen' if t['frozen'] else ''}" if t["held"] else "no",
                t["stipend"] or None,
                sum(earned["units"] for earned in t["unclaimed"]) or None,
            )
            for t in found["tenures"]
        ],
        empty="nobody holds a seat, or will",
    )
    if made is not None:
        show.table(
            ("when", "member", "did"),
            [(show.when(e["exercisedAt"]), e["memberId"], e["words"]) for e in made],
            empty="nobody has used the mandate yet",
        )


@command(app, "create")
def create(
    acting: Acting,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What the office is for; its first line names it.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
    seats: Annotated[int, typer.Option(min=1, max=15, help="How many hold it.")] = 1,
    term: Annotated[int, typer.Option(min=7, max=730, help="For how many days.", metavar="DAYS")] = 180,
    filled_by: Annotated[
        str, typer.Option(help="poll, draw, or draw-with-reveals where much depends on it.", metavar="WAY")
    ] = "poll",
    stipend: Annotated[int, typer.Option(min=0, help="Units of pay a period.", metavar="UNITS")] = 0,
    may: May = None,
    topic: Annotated[str, typer.Option(help="The area of life it belongs to, by name or number.")] = "1",
    nonce: Nonce = 1,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose an office. It exists once the proposal is executed; sponsors and --draft as for `propose`."""
    check_author(author, draft=draft)
    said = texts.text_of(text, file, "what the office is for")
    if said is None:
        raise Misused("say what the office is for: give a text, or --file")
    if filled_by not in _WAYS:
        raise Misused(f"an office is filled by {', '.join(_WAYS)}; got {filled_by!r}")
    with actor(acting) as me:
        number = drafts.topic_of(topic, topics_of(me.node))
        mandate = [drafts.mandate(me.contracts, one) for one in may or []]
        terms = (texts.hash_of(said), number, seats, _WAYS.index(filled_by), term * _DAY, stipend, False)
        title = said.strip().partition("\n")[0].lstrip("# ")
        words = f"create the office {title!r} with {seats} {'seat' if seats == 1 else 'seats'}"
        action = drafts.action(me.contracts, "offices", "create", terms, mandate, words=words, text=said)
        make_draft(me, [action], title=f"An office: {title}", nonce=nonce, draft=draft, author=author)


@command(app, "mandate")
def mandate(
    acting: Acting,
    office: OfficeId,
    may: May = None,
    nonce: Nonce = 1,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose another mandate for an office, in the place of the one it has."""
    check_author(author, draft=draft)
    with actor(acting) as me:
        entries = [drafts.mandate(me.contracts, one) for one in may or []]
        words = f"let the holders of office {office} make {len(entries)} kinds of call, and no other"
        action = drafts.action(me.contracts, "offices", "setMandate", office, entries, words=words)
        title = f"Another mandate for office {office}"
        make_draft(me, [action], title=title, nonce=nonce, draft=draft, author=author)


@command(app, "exercise")
def exercise(
    acting: Acting,
    office: OfficeId,
    adopt: Annotated[
        str | None, typer.Option(help="Adopt this text as a resolution.", metavar="TEXT")
    ] = None,
    call: Annotated[
        str | None,
        typer.Option(
            help="Any call of the mandate, as in 'constitution setDaoURI https://...'.",
            metavar="'MODULE FUNCTION VALUE...'",
        ),
    ] = None,
) -> None:
    """As a holder, make a call that the office's mandate lists."""
    if (adopt is None) == (call is None):
        raise Misused("say what to do with one of --adopt and --call")
    with actor(acting) as me:
        if adopt is not None:
            action = drafts.adopt(me.contracts, adopt)
        else:
            assert call is not None
            action = drafts.call_in_words(me.contracts, call)
        done = me.act("offices", "exercise", office, action.target, action.data)
        me.tell(f"you used the mandate of office {office}: {action.words}", done, officeId=office)
        if action.text is not None:
            me.hand_in(action.text)


@command(app, "resign")
def resign(acting: Acting, office: OfficeId) -> None:
    """Give up your seat, and the one that was to follow it."""
    with actor(acting) as me:
        done = me.act("offices", "resign", office)
        me.tell(f"you no longer hold office {office}", done, officeId=office)


@command(app, "vacate")
def vacate(acting: Acting, office: OfficeId, member: MemberId) -> None:
    """Free the seat of a holder who is no longer an active member. Anyone may."""
    with actor(acting) as me:
        done = me.act("offices", "vacate", office, member)
        me.tell(
            f"the seat of member {member} in office {office} is free", done, officeId=office, memberId=member
        )


@command(app, "stipend")
def stipend(
    acting: Acting,
    office: OfficeId,
    member: Annotated[
        int | None, typer.Option(min=1, help="Whose, if not yours; it is paid to them.", metavar="MEMBER")
    ] = None,
) -> None:
    """Have the stipend paid for the first period that is over and was not claimed. Anyone may."""
    with actor(acting) as me:
        whose = member if member is not None else int(me.member()["memberId"])
        held = [
            tenure
            for page in me.node.pages(f"/v1/offices/{office}/tenures")
            for tenure in page
            if tenure["memberId"] == whose
        ]
        due = sorted(
            (earned["periodStart"], tenure["tenureId"], earned["units"])
            for tenure in held
            for earned in tenure["unclaimed"]
        )
        if not due:
            raise Refused(
                f"member {whose} has no stipend of office {office} to claim for a period that is over"
            )
        start, tenure, units = due[0]
        done = me.act("offices", "claimStipend", tenure, start)
        claimed = done.event("StipendClaimed")
        paid = claimed["units"] if claimed else units
        more = f"; {len(due) - 1} more to claim" if len(due) > 1 else ""
        me.tell(
            f"member {whose} is paid {paid} units for the period from {show.when(start)} on{more}",
            done,
            tenureId=tenure,
            periodStart=start,
            units=paid,
        )


_FILLINGS = {"Poll": "poll", "Draw": "draw", "DrawWithReveals": "draw with reveals"}
_WAYS = ("poll", "draw", "draw-with-reveals")


def _listed(members: list[int]) -> str | None:
    return ", ".join(str(member) for member in members) or None


def _vacancy(office: dict[str, Any]) -> str | None:
    """When a seat will be free that is not yet."""
    return show.when(office["nextVacancy"]) if not office["vacant"] else None


def _may(entry: dict[str, Any]) -> str:
    named = f"{entry['module'] or entry['target']}.{entry['function'] or entry['selector']}"
    left = f"{named}, {entry['callsLeft']} of {entry['calls']} times left in this period"
    if entry["argument"]:
        left += f", {entry['amountLeft']} of {entry['cap']} in argument {entry['argument']}"
    return left
