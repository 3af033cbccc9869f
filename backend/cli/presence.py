"""`dualpower check-in`, `attest` and `dormant`: signs of life."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import show, typed_data
from backend.cli.acting import Acting, Signing, actor
from backend.cli.command import command
from backend.cli.errors import Misused, Refused
from backend.cli.members import MemberId

app = typer.Typer(no_args_is_help=True, help="Members without a sign of life.")

_DAY = 86_400


def attest(
    signing: Signing,
    member: MemberId,
    days: Annotated[int, typer.Option(min=1, max=30, help="How long it is good for.")] = 7,
    out: Annotated[
        Path | None, typer.Option(help="Write it to this file instead of printing it.", metavar="FILE")
    ] = None,
) -> None:
    """Sign, for another member, that they live: they check in with it. Sends nothing."""
    with actor(signing) as me:
        attester = int(me.member()["memberId"])
        if attester == member:
            raise Misused("nobody attests for themselves: ask another member to")
        presence = me.node.data(f"/v1/members/{member}")["presence"]
        message = {
            "memberId": member,
            "attester": attester,
            "checkIn": int(presence["checkIns"]),
            "deadline": me.now + days * _DAY,
        }
        signature = me.key.sign(typed_data.attestation(me.contracts, **message))
        signed = message | {"attestation": f"0x{signature.hex()}"}
        if out is None:
            show.as_json(signed)
            return
        try:
            out.write_text(json.dumps(signed, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise Misused(f"{out} cannot be written: {error}") from None
        if not signing.as_json:
            until = show.when(message["deadline"])
            show.line(f"member {member} can check in with {out} until {until}")


def check_in(
    acting: Acting,
    attestation: Annotated[
        Path, typer.Argument(metavar="FILE", help="What another member's `dualpower attest` gave you.")
    ],
) -> None:
    """Show that you live, with another member's attestation; it wakes you if you are dormant."""
    signed = _attestation(attestation)
    with actor(acting) as me:
        member = me.member()
        if int(member["memberId"]) != signed["memberId"]:
            raise Refused(
                f"the attestation is for member {signed['memberId']}, and you are member {member['memberId']}"
            )
        done = me.act("presence", "checkIn", signed["attester"], signed["deadline"], signed["attestation"])
        checked = done.event("CheckedIn")
        woke = " and awake again" if checked and checked["woke"] else ""
        me.tell(f"member {signed['memberId']} is checked in{woke}", done, memberId=signed["memberId"])


@command(app, "notice")
def notice(acting: Acting, member: MemberId) -> None:
    """Announce that a member without a sign of life is about to be marked dormant."""
    with actor(acting) as me:
        done = me.act("presence", "giveNotice", member)
        given = done.event("NoticeGiven")
        when = (
            f"; without a sign they can be marked dormant from {show.when(given['dormantFrom'])}"
            if given
            else ""
        )
        me.tell(f"notice is given about member {member}{when}", done, memberId=member)


@command(app, "mark")
def mark(acting: Acting, member: MemberId) -> None:
    """Mark a member dormant whose notice ran out."""
    with actor(acting) as me:
        done = me.act("presence", "markDormant", member)
        me.tell(f"member {member} is dormant: no voice until they check in", done, memberId=member)


def _attestation(path: Path) -> dict[str, Any]:
    """What `attest` wrote, with the signature as bytes."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {
            "memberId": int(found["memberId"]),
            "attester": int(found["attester"]),
            "deadline": int(found["deadline"]),
            "attestation": bytes.fromhex(str(found["attestation"]).removeprefix("0x")),
        }
    except OSError as error:
        raise Misused(f"{path} cannot be read: {error}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise Misused(f"{path} holds no attestation: {type(error).__name__} {error}") from None
