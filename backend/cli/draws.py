"""`dualpower draw`: lotteries that nobody can steer and everybody can repeat."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from backend.cli import draw_secrets, draw_verify, show
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Refused
from backend.cli.members import Limit

app = typer.Typer(no_args_is_help=True, help="Lotteries that nobody can steer and everybody can repeat.")

DrawId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="DRAW", help="Its number.")]


@command(app, "list")
def draws(
    reading: Reading,
    state: Annotated[
        str | None,
        typer.Option(help="Only Revealing, Waiting, Capturable, Missed or Captured ones.", metavar="STATE"),
    ] = None,
    limit: Limit = 20,
) -> None:
    """List draws, the newest first."""
    with Node(reading.node) as api:
        found = api.rows("/v1/draws", limit, state=state.capitalize() if state else None)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("draw", "state", "pool", "reveals", "deciding block", "opened", "what"),
        [
            (
                d["drawId"],
                d["state"],
                d["size"],
                d["reveals"] if d["withReveals"] else None,
                d["targetBlock"],
                show.when(d["openedAt"]),
                d["title"],
            )
            for d in found
        ],
        empty="there are no such draws",
    )


@command(app, "show")
def draw(reading: Reading, draw: DrawId) -> None:
    """Show one draw: who or what is in the pool, which block decides, and what came of it."""
    with Node(reading.node) as api:
        envelope = api.get(f"/v1/draws/{draw}")
    found = envelope["data"]
    if reading.as_json:
        show.as_json(found)
        return
    revealed = [str(m["memberId"]) for m in found["members"] if m["secret"] is not None]
    show.facts(
        [
            ("draw", draw),
            ("what", found["title"]),
            ("state", found["state"]),
            ("opened by", found["openerModule"] or found["opener"]),
            ("election", found["electionId"]),
            ("pool", f"{found['size']}, {found['pool']}"),
            ("members", ", ".join(str(m["memberId"]) for m in found["members"]) or None),
            ("revealing", f"through block {found['revealEnd']}" if found["withReveals"] else None),
            ("revealed by", (", ".join(revealed) or "nobody yet") if found["withReveals"] else None),
            ("deciding block", _deciding(found, envelope["block"]["number"])),
            ("missed", f"{found['retargets']} times" if found["retargets"] else None),
            ("its hash", found["blockHash"]),
            ("number", found["number"]),
            ("text", found["textHash"]),
        ]
    )


@command(app, "capture")
def capture(acting: Acting, draw: DrawId) -> None:
    """Take the deciding block's hash, within 256 blocks of it. Anyone may."""
    with actor(acting) as me:
        done = me.act("draws", "capture", draw)
        captured = done.event("DrawCaptured")
        number = str(captured["number"]) if captured else None
        me.tell(
            f"draw {draw} is captured{f': its number is {number}' if number else ''}",
            done,
            drawId=draw,
            number=number,
        )


@command(app, "retarget")
def retarget(acting: Acting, draw: DrawId) -> None:
    """Set a new deciding block where nobody captured the last one in time. Anyone may."""
    with actor(acting) as me:
        done = me.act("draws", "retarget", draw)
        moved = done.event("DrawRetargeted")
        block = moved["targetBlock"] if moved else None
        when = f"block {block} decides draw {draw} now" if moved else f"draw {draw} has a new block"
        me.tell(when, done, drawId=draw, targetBlock=block)


@command(app, "reveal")
def reveal(acting: Acting, draw: DrawId) -> None:
    """Reveal the secrets that were committed to on this machine, while revealing lasts."""
    with actor(acting) as me:
        found = me.node.data(f"/v1/draws/{draw}")
        if not found["withReveals"]:
            raise Refused(f"draw {draw} takes no reveals")
        kept = draw_secrets.kept(me.contracts)
        mine = [member for member in found["members"] if member["commitment"] in kept]
        if not mine:
            raise Refused(
                f"no secret in draw {draw} was committed to on this machine: reveal it where you stood"
            )
        for member in mine:
            number = member["memberId"]
            if member["secret"] is not None:
                show.line(f"the secret of member {number} in draw {draw} is revealed already")
                continue
            done = me.act("draws", "reveal", draw, number, kept[member["commitment"]])
            me.tell(f"the secret of member {number} is in draw {draw}", done, drawId=draw, memberId=number)


command(app, "verify")(draw_verify.verify)


def _deciding(draw: dict[str, Any], block: int) -> str:
    target = draw["targetBlock"]
    if draw["state"] == "Capturable":
        return f"{target}; to be captured by block {draw['captureBy']}, now {block}"
    return f"{target}; now {block}" if draw["number"] is None else str(target)
