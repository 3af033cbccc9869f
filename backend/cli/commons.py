"""`dualpower commons` and `purse`: what the commune owns, its ledger, and capped budget lines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from backend.cli import show, texts
from backend.cli.acting import Acting, Actor, Signing, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused, Refused
from backend.cli.members import Limit
from backend.cli.money import ETH, Amount, AssetName, Receiver, account_of, amount_of, asset_of, shown

app = typer.Typer(no_args_is_help=True, help="What the commune owns, and what came in and went out.")
purse_app = typer.Typer(no_args_is_help=True, help="Budget lines with a cap for each period.")

PurseId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="PURSE", help="Its number.")]
Reason = Annotated[str | None, typer.Argument(metavar="REASON", help="Why, for the ledger.")]
ReasonFile = Annotated[Path | None, typer.Option(help="The reason from a file.", metavar="FILE")]

_ALLOWANCE = keccak(b"allowance(address,address)")[:4]
_APPROVE = keccak(b"approve(address,uint256)")[:4]


@command(app, "show")
def commons(reading: Reading) -> None:
    """Show what there is, and how much may still leave in this period."""
    with Node(reading.node) as api:
        found = api.data("/v1/commons")
    if reading.as_json:
        show.as_json(found)
        return
    pay = found["pay"]
    unit = shown(pay["unit"], pay["asset"], pay["token"])
    show.facts(
        [
            ("period", f"{show.when(found['periodStart'])} to {show.when(found['periodEnd'])}"),
            (
                "brake",
                f"{found['brakeBps'] / 100:g} % of an asset may leave in it without the constitutional rule",
            ),
            ("worker's pay", f"{pay['workersPay']} units of {unit}"),
        ]
    )
    show.line("")
    show.table(
        ("there is", "left this period", "may still leave"),
        [
            (
                shown(row["balance"], row["asset"], row["token"]),
                shown(row["brakeSpent"], row["asset"], None),
                shown(row["brakeLeft"], row["asset"], None),
            )
            for row in found["assets"]
        ],
        empty="there is nothing in the commons",
    )


@command(app, "ledger")
def ledger(
    reading: Reading,
    asset: Annotated[
        str | None, typer.Option(help="Only of ETH, or of a token by its address.", metavar="ASSET")
    ] = None,
    purse: Annotated[int | None, typer.Option(min=1, help="Only from this purse.", metavar="PURSE")] = None,
    member: Annotated[
        int | None, typer.Option(min=1, help="Only what this member paid, or was paid.", metavar="MEMBER")
    ] = None,
    limit: Limit = 20,
) -> None:
    """List what came in and went out, with reasons, the newest first."""
    wanted = asset_of(asset) if asset is not None else None
    with Node(reading.node) as api:
        found = api.rows("/v1/commons/ledger", limit, asset=wanted, purseId=purse, memberId=member)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("when", "how", "amount", "from or to", "purse", "member", "reason"),
        [
            (
                show.when(row["bookedAt"]),
                row["kind"],
                shown(row["amount"], row["asset"], row["token"]),
                row["account"],
                row["purseId"],
                row["memberId"],
                row["reason"] or row["reasonHash"],
            )
            for row in found
        ],
        empty="nothing came in or went out",
    )


@command(app, "deposit")
def deposit(
    signing: Signing,
    asset: AssetName,
    amount: Amount,
    reason: Reason = None,
    file: ReasonFile = None,
) -> None:
    """Give to the commons: ETH, or tokens with a reason. For tokens it first lets the commons take them."""
    where = asset_of(asset)
    given = amount_of(amount, where)
    text = texts.text_of(reason, file, "the reason")
    if where == ETH and text is not None:
        raise Misused("ETH is simply sent, and no reason with it")
    if where != ETH and text is None:
        raise Misused("say why, for the ledger: give a reason, or --file")
    with actor(signing) as me:
        if where == ETH:
            receipt = me.chain.send(me.contracts, me.key, me.contracts.address("commons"), b"", value=given)
            done = me.done(receipt)
        else:
            _let_take(me, where, given)
            done = me.act("commons", "deposit", where, given, texts.hash_of(text or ""))
        received = done.event("Received")
        counted = received["amount"] if received else str(given)
        me.tell(f"the commons has received {shown(counted, where, None)}", done, amount=counted)
        if text is not None:
            me.hand_in(text)


@command(app, "income")
def income(acting: Acting, asset: AssetName) -> None:
    """Write into the ledger what was sent to the commons without a word. Anyone may."""
    where = asset_of(asset)
    with actor(acting) as me:
        done = me.act("commons", "recordIncome", where)
        received = done.event("Received")
        found = shown(received["amount"], where, None) if received else "what came in"
        me.tell(f"{found} is in the ledger now", done, amount=received and received["amount"])


@command(purse_app, "list")
def purses(
    reading: Reading,
    closed: Annotated[bool, typer.Option("--closed", help="Only those that are closed.")] = False,
    limit: Limit = 20,
) -> None:
    """List purses, the newest first."""
    with Node(reading.node) as api:
        found = api.rows("/v1/purses", limit, closed=str(closed).lower())
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("purse", "held by", "a period", "left", "opened", "what for"),
        [
            (
                row["purseId"],
                _holder(row),
                shown(row["cap"], row["asset"], row["token"]),
                shown(row["left"], row["asset"], None),
                show.when(row["openedAt"]),
                row["reason"] or row["reasonHash"],
            )
            for row in found
        ],
        empty="there are no such purses",
    )


@command(purse_app, "show")
def purse(reading: Reading, purse: PurseId) -> None:
    """Show one purse, and what it paid last."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/purses/{purse}")
        paid = api.rows("/v1/commons/ledger", 10, purseId=purse)
    if reading.as_json:
        show.as_json({**found, "paid": paid})
        return
    asset, token = found["asset"], found["token"]
    show.facts(
        [
            ("purse", purse),
            ("what for", found["reason"] or found["reasonHash"]),
            ("held by", _holder(found)),
            ("a period", shown(found["cap"], asset, token)),
            ("paid in this one", shown(found["spent"], asset, None)),
            ("left", shown(found["left"], asset, None)),
            ("opened", show.when(found["openedAt"])),
            ("closed", show.when(found["closedAt"])),
        ]
    )
    show.line("")
    show.table(
        ("when", "amount", "to", "by member", "reason"),
        [
            (
                show.when(row["bookedAt"]),
                shown(row["amount"], asset, None),
                row["account"],
                row["memberId"],
                row["reason"] or row["reasonHash"],
            )
            for row in paid
        ],
        empty="it has paid nothing yet",
    )


@command(purse_app, "pay")
def pay(
    acting: Acting,
    purse: PurseId,
    to: Receiver,
    amount: Amount,
    reason: Reason = None,
    file: ReasonFile = None,
) -> None:
    """Pay from a purse that you hold, and say why."""
    receiver = account_of(to)
    text = texts.text_of(reason, file, "the reason")
    if text is None:
        raise Misused("say why, for the ledger: give a reason, or --file")
    with actor(acting) as me:
        asset = str(to_checksum_address(me.node.data(f"/v1/purses/{purse}")["asset"]))
        given = amount_of(amount, asset)
        done = me.act("commons", "payFromPurse", purse, receiver, given, texts.hash_of(text))
        said = f"purse {purse} has paid {shown(given, asset, None)} to {receiver}"
        me.tell(said, done, purseId=purse, amount=str(given))
        me.hand_in(text)


def _let_take(me: Actor, token: str, amount: int) -> None:
    """Lets the commons take the tokens, unless it may already."""
    if not me.chain.has_code(token):
        raise Refused(f"there is no token at {token}")
    taker = me.contracts.address("commons")
    asked = encode(["address", "address"], [me.account, taker])
    answer = me.chain.rpc("eth_call", [{"to": token, "data": f"0x{(_ALLOWANCE + asked).hex()}"}, "latest"])
    if int(answer[:66].removeprefix("0x") or "0", 16) < amount:
        data = _APPROVE + encode(["address", "uint256"], [taker, amount])
        me.chain.send(me.contracts, me.key, token, data)


def _holder(purse: dict[str, Any]) -> str:
    """As in `office 2`: whoever the controller says."""
    return (
        f"office {purse['key']}" if purse["module"] == "offices" else f"{purse['controller']}, {purse['key']}"
    )
