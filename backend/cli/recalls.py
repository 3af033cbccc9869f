"""`dualpower recall`: taking an office back from whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import show, texts
from backend.cli.acting import Acting, Done, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.elections import OfficeId
from backend.cli.errors import Misused
from backend.cli.members import Limit, MemberId

app = typer.Typer(no_args_is_help=True, help="Taking an office back from whoever holds it.")

PetitionId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="PETITION", help="Its number.")]


@command(app, "list")
def petitions(
    reading: Reading,
    office: Annotated[int | None, typer.Option(min=1, help="Only on this office.", metavar="OFFICE")] = None,
    member: Annotated[int | None, typer.Option(min=1, help="Only on this member.", metavar="MEMBER")] = None,
    state: Annotated[
        str | None, typer.Option(help="Only Open, Voting, Recalled, Failed or Lapsed ones.", metavar="STATE")
    ] = None,
    limit: Limit = 20,
) -> None:
    """List petitions, the newest first."""
    with Node(reading.node) as api:
        wanted = state.capitalize() if state else None
        found = api.rows("/v1/petitions", limit, officeId=office, memberId=member, state=wanted)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("petition", "state", "office", "on member", "signed", "recalls at once", "until", "grounds"),
        [
            (
                p["petitionId"],
                p["state"],
                p["officeId"],
                p["memberId"],
                f"{p['signatures']} of {p['needed']}",
                p["immediate"],
                show.when(p["expiry"]),
                p["title"] or p["grounds"],
            )
            for p in found
        ],
        empty="there are no such petitions",
    )


@command(app, "show")
def petition(reading: Reading, petition: PetitionId) -> None:
    """Show one petition: whom it would recall, why, and who signed it."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/petitions/{petition}")
    if reading.as_json:
        show.as_json(found)
        return
    show.facts(
        [
            ("petition", petition),
            ("office", found["officeId"]),
            ("on member", found["memberId"]),
            ("state", found["state"]),
            ("signed", f"{found['signatures']}; {found['needed']} open a vote, {found['immediate']} recall"),
            ("signed by", ", ".join(str(s["memberId"]) for s in found["signers"]) or None),
            ("until", show.when(found["expiry"])),
            ("vote", found["proposalId"] and f"{found['proposalId']} ({found['vote']})"),
            ("grounds", found["grounds"]),
        ]
    )
    if found["text"] is not None:
        show.plain(f"\n{found['text']}")


@command(app, "petition")
def open_petition(
    acting: Acting,
    office: OfficeId,
    member: MemberId,
    grounds: Annotated[str | None, typer.Argument(metavar="TEXT", help="Why.")] = None,
    file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
) -> None:
    """Petition to recall who holds an office, and say why. It is your signature, too."""
    text = texts.text_of(grounds, file, "the grounds")
    if text is None:
        raise Misused("say why: give a text, or --file")
    with actor(acting) as me:
        done = me.act("recall", "petition", office, member, texts.hash_of(text))
        opened = done.event("PetitionOpened")
        number = opened["petitionId"] if opened else None
        named = f"petition {number}" if opened else "your petition"
        said = f"{named} to recall member {member} from office {office} is open"
        if opened is not None and (came := _came(done)) is None:
            said += f"; {opened['petition']['needed']} signatures open a vote"
        elif opened is not None:
            said += came or ""
        me.tell(said, done, petitionId=number, **_facts(done))
        me.hand_in(text)


@command(app, "sign")
def sign(acting: Acting, petition: PetitionId) -> None:
    """Sign a petition. More than half of the members recall at once, even while a vote runs."""
    with actor(acting) as me:
        done = me.act("recall", "sign", petition)
        signed = done.event("PetitionSigned")
        count = f", as the {_ordinal(signed['signatures'])}" if signed else ""
        me.tell(
            f"you signed petition {petition}{count}{_came(done) or ''}",
            done,
            petitionId=petition,
            **_facts(done),
        )


def _came(done: Done) -> str | None:
    """What a signature brought about."""
    if done.event("RecalledByPetition") is not None:
        return ": that recalls the holder at once"
    opened = done.event("RecallVoteOpened")
    return f": the vote is open as proposal {opened['proposalId']}" if opened is not None else None


def _facts(done: Done) -> Mapping[str, Any]:
    opened = done.event("RecallVoteOpened")
    return {
        "proposalId": opened["proposalId"] if opened else None,
        "recalled": done.event("RecalledByPetition") is not None,
    }


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"
