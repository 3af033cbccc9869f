"""`dualpower panel`: lotteries over panels that mirror the members, drawn up and read."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import private, show
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused, Refused
from backend.cli.proposals import topics_of
from backend.panels import (
    Document,
    DocumentInvalid,
    PanelError,
    PeopleInvalid,
    QuotasInvalid,
    SolverMissing,
    draw_up,
    mirror,
    parse,
    read_people,
    read_quotas,
)

app = typer.Typer(no_args_is_help=True, help="Panels that mirror the members, drawn by lot.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
# Everybody may read what is to be published.
_PUBLIC = 0o644


@command(app, "people")
def people(
    reading: Reading,
    out: Annotated[Path, typer.Option("--out", "-o", help="The table to write, CSV.", metavar="FILE")],
) -> None:
    """Write the table of active members out of probation, with what the chain knows of them.

    Their topic is the one in which they have earned most, and the year that of their admission. Add columns
    for what else people chose to publish.
    """
    with Node(reading.node) as api:
        envelope = api.get("/v1/node")
        now = envelope["block"]["timestamp"]
        found = [
            member
            for page in api.pages("/v1/members", status="Active")
            for member in page
            if member["probationUntil"] <= now
        ]
        topics = _main_topics(api)
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["id", "topic", "joined"])
    for member in sorted(found, key=lambda member: int(member["memberId"])):
        year = datetime.fromtimestamp(member["joinedAt"], UTC).year
        rows.writerow([member["memberId"], topics.get(member["memberId"], "none"), year])
    _publish(out, table.getvalue())
    if reading.as_json:
        show.as_json({"file": str(out), "people": len(found)})
    else:
        show.line(f"{len(found)} members are in {out}")


@command(app, "make")
def make(
    people: Annotated[
        Path, typer.Option(help="Who may be drawn: CSV, id and attributes, a line each.", metavar="FILE")
    ],
    size: Annotated[int, typer.Option(min=1, help="How many seats the panel has.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The document to write.", metavar="FILE")],
    quotas: Annotated[
        Path | None,
        typer.Option(
            help="CSV with attribute, value, min, max; without it a panel mirrors the people.",
            metavar="FILE",
        ),
    ] = None,
    tickets: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many tickets the lottery has.")
    ] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, help="A number that settles who of people alike is on which ticket.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Draw up the fairest lottery over panels that keep the quotas, to publish before it is drawn."""
    with _told():
        pool = read_people(_read(people))
        wanted = read_quotas(_read(quotas)) if quotas is not None else mirror(pool, size)
        with show.bar("the fairest lottery", len(pool)) as move:
            document = draw_up(pool, wanted, size, tickets=tickets, seed=seed, progress=move)
    _publish(out, document.encode().decode())
    if as_json:
        show.as_json({"file": str(out), **_summary(document)})
        return
    show.line(f"the lottery is in {out}")
    _tell(document)
    show.line(
        "\nPublish the file, then propose the draw: its pool is the hash, its size the number of tickets."
    )


@command(app, "show")
def shown(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A published lottery.")],
    ticket: Annotated[
        int | None, typer.Option(min=0, help="Also list who is on this ticket.", metavar="NUMBER")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a published lottery, and show its quotas and how likely people are to be drawn."""
    document = read_document(file)
    if ticket is not None and ticket >= len(document.panels):
        raise Misused(f"the tickets are 0 to {len(document.panels) - 1}; got {ticket}")
    if as_json:
        members = None if ticket is None else [person.id for person in document.members(ticket)]
        show.as_json({**_summary(document), "members": members})
        return
    _tell(document)
    counts = _counts(document)
    show.line("")
    show.table(
        ("attribute", "value", "people", "min", "max"),
        [
            (q.attribute, q.value, counts.get((q.attribute, q.value), 0), q.least, q.most)
            for q in document.quotas
        ],
        empty="",
    )
    if ticket is not None:
        show.line(f"\non ticket {ticket}:")
        show.table(
            ("id", *document.people.attributes),
            [(person.id, *person.values) for person in document.members(ticket)],
            empty="",
        )


def read_document(file: Path) -> Document:
    """The lottery in a file. Raises `Misused` where there is none, `Refused` where it is not what it says."""
    try:
        return parse(file.read_bytes())
    except OSError as error:
        raise Misused(f"{file} cannot be read: {error.strerror or error}") from None
    except DocumentInvalid as error:
        raise Refused(f"{file} is no lottery to trust: {error}") from None


def _main_topics(api: Node) -> dict[int, str]:
    """The topic in which each member has earned most; nothing for who has earned nothing."""
    names = {number: name for name, number in topics_of(api).items()}
    earned: Counter[tuple[int, int]] = Counter()
    for page in api.pages("/v1/reputation"):
        for entry in page:
            earned[entry["memberId"], entry["topic"]] += max(int(entry["amount"]), 0)
    # The most comes last and stays; of equals the one with the higher number.
    ranked = sorted((points, topic, member) for (member, topic), points in earned.items() if points)
    return {member: names.get(topic, str(topic)) for _, topic, member in ranked}


def _tell(document: Document) -> None:
    chances = document.chances
    tickets = len(document.panels)
    show.facts(
        [
            ("hash", f"0x{document.hash.hex()}"),
            ("tickets", tickets),
            ("panel", f"{document.size} of {len(document.people)} people"),
            ("least chance", f"{document.least:.2%}; the fairest lottery gives {document.optimum / 1e6:.4%}"),
            ("largest chance", f"{max(chances) / tickets:.2%}"),
            ("drawn up by", f"{document.algorithm}, {document.solver}, seed {document.seed}"),
        ]
    )


def _summary(document: Document) -> dict[str, Any]:
    return {
        "hash": f"0x{document.hash.hex()}",
        "tickets": len(document.panels),
        "size": document.size,
        "people": len(document.people),
        "leastChance": document.least,
        "optimum": document.optimum / 1e6,
    }


def _counts(document: Document) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for person in document.people.people:
        for key in zip(document.people.attributes, person.values, strict=True):
            counts[key] = counts.get(key, 0) + 1
    return counts


def _publish(file: Path, content: str) -> None:
    private.write(file, content)
    file.chmod(_PUBLIC)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise Misused(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise Misused(f"{file} is not text in UTF-8") from None


@contextmanager
def _told() -> Iterator[None]:
    """What a lottery cannot be drawn up for, as the command line tells it."""
    try:
        yield
    except (PeopleInvalid, QuotasInvalid, SolverMissing) as error:
        raise Misused(str(error)) from None
    except PanelError as error:
        raise Refused(str(error)) from None
