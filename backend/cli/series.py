"""`dualpower series`: work that comes again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import briefs, drafts, show, texts
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused, Refused
from backend.cli.members import Limit
from backend.cli.proposals import DraftAuthor, DraftOnly, check_author, make_draft, topics_of
from backend.cli.work import Nonce, TextFile, Topic, Why, asset_of
from backend.work.occurrences import RuleInvalid, starts_of
from backend.work.starts import proof_of, root_of

app = typer.Typer(no_args_is_help=True, help="Work that comes again: weekly shifts, monthly tasks.")

SeriesId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="SERIES", help="Its number.")]
_HOUR, _DAY = 3_600, 86_400


@command(app, "list")
def all_series(reading: Reading, topic: Topic = None, limit: Limit = 20) -> None:
    """List series, the newest first."""
    with Node(reading.node) as api:
        number = drafts.topic_of(topic, topics_of(api)) if topic is not None else None
        found = api.rows("/v1/series", limit, topic=number)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("series", "state", "what", "kind", "occurrences", "opened", "next start", "points"),
        [
            (
                s["seriesId"],
                s["state"],
                s["title"] or s["textHash"],
                s["kind"].lower(),
                s["occurrences"],
                s["opened"],
                show.when(s["nextStart"]),
                show.points(s["reward"]),
            )
            for s in found
        ],
        empty="there are no series",
    )


@command(app, "show")
def series(reading: Reading, series: SeriesId) -> None:
    """Show one series: when it comes again, what was opened, and what comes."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/series/{series}")
    if reading.as_json:
        show.as_json(found)
        return
    show.facts(
        [
            ("series", series),
            ("state", found["state"]),
            ("kind", found["kind"].lower()),
            ("made by", found["creatorModule"] or found["creator"]),
            ("occurrences", found["occurrences"]),
            ("each takes", f"{found['length'] / _HOUR:g} hours"),
            ("opens", f"{found['lead'] / _DAY:g} days before"),
            ("seats", found["seats"]),
            ("points", show.points(found["reward"])),
            ("stopped", show.when(found["stoppedAt"])),
            ("rule", found["ruleHash"]),
        ]
    )
    for text in (found["rule"], found["text"]):
        if text is not None:
            show.plain(f"\n{text}")
    show.table(
        ("occurrence", "start", "assignment", "opens"),
        [
            *((o["number"], show.when(o["start"]), o["assignmentId"], None) for o in found["openedOnes"]),
            *((c["number"], show.when(c["start"]), None, show.when(c["opensAt"])) for c in found["coming"]),
        ],
        empty="nothing was opened, and nothing comes that this node knows of",
    )


@command(app, "propose")
def propose(
    acting: Acting,
    rule_file: Annotated[
        Path, typer.Argument(metavar="RULE", help="A file that says when: DTSTART and RRULE of RFC 5545.")
    ],
    text: Annotated[
        str | None, typer.Option(help="What is to be done; its first line names it.", metavar="TEXT")
    ] = None,
    text_file: TextFile = None,
    topic: Annotated[str, typer.Option(help="The area of life it belongs to.")] = "1",
    reward: Annotated[str, typer.Option(help="Of each seat, each time.", metavar="POINTS")] = "1",
    hours: Annotated[
        float, typer.Option(min=0, help="From an occurrence's start to its end.", metavar="HOURS")
    ] = 3.0,
    opens: Annotated[
        float, typer.Option(min=0, max=90, help="How long before its start one opens.", metavar="DAYS")
    ] = 7.0,
    seats: Annotated[int, typer.Option(min=1, max=16, help="For how many.")] = 1,
    trial: Annotated[int, typer.Option(min=0, max=16, help="How many of them for newcomers.")] = 0,
    volunteering: Annotated[
        float, typer.Option(help="How long members volunteer for each.", metavar="DAYS")
    ] = 1.0,
    select_by: Annotated[
        str, typer.Option(help="Who gets a seat if too many volunteer.", metavar="draw|score")
    ] = "draw",
    task: Annotated[bool, typer.Option("--task", help="It is delivered and reviewed: no shift.")] = False,
    purse: Annotated[
        int | None, typer.Option(min=1, help="Which purse pays a stipend.", metavar="PURSE")
    ] = None,
    stipend: Annotated[str | None, typer.Option(help="Of each seat.", metavar="AMOUNT")] = None,
    nonce: Nonce = None,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose a series: anyone opens each occurrence in time. Sponsors and --draft as for `propose`."""
    check_author(author, draft=draft)
    said = texts.text_of(text, text_file, "what is to be done")
    rule = texts.text_of(None, rule_file, "the rule")
    if said is None or rule is None:
        raise Misused("say what is to be done with --text or --text-file")
    try:
        starts = starts_of(rule)
    except RuleInvalid as error:
        raise Misused(f"{rule_file} says no times: {error}") from None
    with actor(acting) as me:
        one: dict[str, Any] = {
            "text": said,
            "topic": topic,
            "kind": "task" if task else "shift",
            "reward": reward,
            "seats": seats,
            "trial": trial,
            "volunteering": volunteering,
            "select_by": select_by,
            **({"days": hours / 24} if task else {}),
            **({"purse": purse} if purse is not None else {}),
            **({"stipend": stipend} if stipend is not None else {}),
        }
        wanted = briefs.brief(one, topics_of(me.node), asset_of(me.node), timeless=True)
        plan = (
            texts.hash_of(rule),
            root_of(starts),
            len(starts),
            int(opens * _DAY),
            int(hours * _HOUR),
            wanted.struct,
        )
        first, last = show.when(starts[0]), show.when(starts[-1])
        words = f"begin a series of {len(starts)}, from {first} to {last}: {wanted.words}"
        action = drafts.action(me.contracts, "series", "create", plan, words=words)
        make_draft(me, [action], said=(wanted.text, rule), nonce=nonce, draft=draft, author=author)


@command(app, "stop")
def stop(
    acting: Acting,
    series: SeriesId,
    reason: Why,
    nonce: Nonce = None,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose to stop a series. What was opened goes on."""
    check_author(author, draft=draft)
    with actor(acting) as me:
        arguments, words = (series, texts.hash_of(reason)), f"stop series {series}"
        action = drafts.action(me.contracts, "series", "stop", *arguments, words=words, text=reason)
        make_draft(me, [action], nonce=nonce, draft=draft, author=author)


@command(app, "open")
def open_(
    acting: Acting,
    series: SeriesId,
    occurrence: Annotated[
        int | None,
        typer.Argument(min=0, metavar="[OCCURRENCE]", help="Which one, from 0; the next by default."),
    ] = None,
) -> None:
    """Open an occurrence's assignment when it is due. Anyone may; keepers do."""
    with actor(acting) as me:
        found = me.node.data(f"/v1/series/{series}")
        if found["rule"] is None:
            raise Refused(f"{me.node.url} lacks the rule of series {series}: hand it in with `texts put`")
        starts = _decided(found)
        number = occurrence if occurrence is not None else _next(found)
        if number >= len(starts):
            raise Refused(f"series {series} has {len(starts)} occurrences, counted from 0")
        arguments = (series, number, starts[number], proof_of(starts, number))
        done = me.act("series", "openOccurrence", *arguments)
        opened = done.event("OccurrenceOpened")
        assignment = opened["assignmentId"] if opened else None
        named = f": assignment {assignment}" if opened else ""
        me.tell(
            f"occurrence {number} of series {series}, on {show.when(starts[number])}, is open{named}",
            done,
            seriesId=series,
            occurrence=number,
            assignmentId=assignment,
        )


def _decided(found: dict[str, Any]) -> list[int]:
    """The starts that the rule says, checked against what was decided."""
    try:
        starts = starts_of(found["rule"], found["occurrences"])
    except RuleInvalid as error:
        raise Refused(f"the rule of series {found['seriesId']} says no times: {error}") from None
    if f"0x{root_of(starts).hex()}" != found["root"]:
        raise Refused(f"the rule of series {found['seriesId']} says other times than were decided")
    return starts


def _next(found: dict[str, Any]) -> int:
    if not found["coming"]:
        raise Refused(f"no occurrence of series {found['seriesId']} is left to open")
    return int(found["coming"][0]["number"])
