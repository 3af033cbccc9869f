"""`dualpower apply`, `applications`, `vouch`, `object`, `admit`, `withdraw`: how people join."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backend.cli import show, texts
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.errors import Misused
from backend.cli.members import Limit

ApplicationId = Annotated[int, typer.Argument(min=1, metavar="APPLICATION", help="Its number.")]


def apply(
    acting: Acting,
    profile: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="In which you introduce yourself.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
) -> None:
    """Ask to join, with a text in which you introduce yourself."""
    text = texts.text_of(profile, file, "your introduction")
    if text is None:
        raise Misused("introduce yourself: give a text, or --file")
    with actor(acting) as me:
        done = me.act("admission", "applyToJoin", texts.hash_of(text))
        applied = done.event("Applied")
        number = int(applied["applicationId"]) if applied else None
        named = f"application {number}" if applied else "your application"
        me.tell(f"{named} is made: members can vouch for it", done, applicationId=number)
        me.hand_in(text)


def applications(
    reading: Reading,
    application: Annotated[
        int | None, typer.Argument(min=1, metavar="[APPLICATION]", help="Show this one, in full.")
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(
            help="Only Open, Vouched, Contested, Cleared, Admitted or Withdrawn ones.", metavar="STATUS"
        ),
    ] = None,
    limit: Limit = 50,
) -> None:
    """List who asks to join, or show one application."""
    with Node(reading.node) as api:
        if application is not None:
            _show(api, application, as_json=reading.as_json)
            return
        found = api.rows("/v1/applications", limit, status=status.capitalize() if status else None)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("application", "status", "vouches", "objections", "admissible", "applicant", "introduction"),
        [
            (
                a["applicationId"],
                f"{a['status']}{', lapsed' if a['lapsed'] else ''}",
                a["vouches"],
                a["objections"],
                show.when(a["closesAt"]),
                a["applicant"],
                a["introduction"],
            )
            for a in found
        ],
        empty="there are no such applications",
    )


def vouch(acting: Acting, application: ApplicationId) -> None:
    """Pledge for an applicant. You have few vouches a season, and answer for them."""
    with actor(acting) as me:
        done = me.act("admission", "vouch", application)
        vouched, opened = done.event("Vouched"), done.event("ObjectionWindowOpened")
        said = f"you vouched for application {application}"
        if opened is not None:
            said += f": it can be admitted from {show.when(opened['closesAt'])} on, unless members object"
        elif vouched is not None:
            said += f", which has {vouched['vouches']} now"
        me.tell(said, done, applicationId=application)


def object_(
    acting: Acting,
    application: ApplicationId,
    reason: Annotated[str | None, typer.Argument(metavar="TEXT", help="Why.")] = None,
    file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
) -> None:
    """Call for a vote on an applicant, and say why."""
    text = texts.text_of(reason, file, "your reason")
    if text is None:
        raise Misused("say why: give a text, or --file")
    with actor(acting) as me:
        done = me.act("admission", "object", application, texts.hash_of(text))
        contested = done.event("ApplicationContested")
        said = f"you objected to application {application}"
        facts = {"applicationId": application}
        if contested is not None:
            said += f": it is put to the vote as proposal {contested['proposalId']}"
            facts["proposalId"] = contested["proposalId"]
        me.tell(said, done, **facts)
        me.hand_in(text)


def admit(acting: Acting, application: ApplicationId) -> None:
    """Admit an applicant whose time for objections is over, or who won the vote. Anyone may."""
    with actor(acting) as me:
        done = me.act("admission", "admit", application)
        admitted = done.event("ApplicationAdmitted")
        if admitted is None:
            me.tell(f"application {application} is admitted", done, applicationId=application)
        else:
            member = admitted["memberId"]
            me.tell(f"member {member} is admitted", done, applicationId=application, memberId=member)


def withdraw(acting: Acting, application: ApplicationId) -> None:
    """Take your own application back."""
    with actor(acting) as me:
        done = me.act("admission", "withdraw", application)
        me.tell(f"application {application} is withdrawn", done, applicationId=application)


def _show(api: Node, application: int, *, as_json: bool) -> None:
    found = api.data(f"/v1/applications/{application}")
    if as_json:
        show.as_json(found)
        return
    vouchers = [f"member {v['memberId']}, {show.when(v['vouchedAt'])}" for v in found["vouchers"]]
    objectors = [f"member {o['memberId']}, text {o['reason']}" for o in found["objectors"]]
    show.facts(
        [
            ("application", found["applicationId"]),
            ("applicant", found["applicant"]),
            ("introduction", found["introduction"]),
            ("profile", found["profile"]),
            ("status", f"{found['status']}{', lapsed' if found['lapsed'] else ''}"),
            ("applied", show.when(found["appliedAt"])),
            ("objections until", show.when(found["closesAt"])),
            ("expires", show.when(found["expiresAt"])),
            ("vote", found["proposalId"] and f"{found['proposalId']} ({found['state']})"),
            ("member", found["memberId"]),
            *(("vouched for by", voucher) for voucher in vouchers),
            *(("objection by", objector) for objector in objectors),
        ]
    )
