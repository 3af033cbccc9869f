"""The commons: what the ledger says is there of each asset, every payment in and out, and purses.

Balances are the ledger's. What was sent without a word (a token, or ETH that no call brought) is no part of
it until somebody records it, and a token that takes less than was asked counts here with what it took; the
brake and purses on the chain go by the balance itself and by what was asked.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.constitution import Parameter
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

ETH = bytes(20)
# ICommons.Outlay.
OUTLAYS = ("Decision", "BeyondBrake", "Purse", "Stipend", "Work")
ENTRY_KINDS = ("Income", *OUTLAYS)


@table("assets", key=["asset"])
class Asset(msgspec.Struct, frozen=True):
    """`named`: whether a decision of the commune named it; anyone can send a token of any kind.

    `outflow_*`: what went out under the brake until `outflow_end`, and the balance that the brake is a share
    of; times in seconds since 1970.
    """

    asset: bytes
    balance: Uint256 = 0
    named: bool = False
    outflow_end: int = 0
    outflow_spent: Uint256 = 0
    outflow_base: Uint256 = 0


@table(
    "ledger_entries",
    key=["block", "position"],
    indexes=[
        ["asset", "block", "position"],
        ["purse_id", "block", "position"],
        ["member_id", "block", "position"],
    ],
)
class LedgerEntry(msgspec.Struct, frozen=True):
    """`kind` is Income or how it was paid. `account`: who gave (None where it was found), or who was paid.
    `arrived`: by how much the receiver's balance grew; of income None. `member_id`: who paid from a purse, or
    whose stipend it is."""

    block: int
    position: int
    kind: str
    asset: bytes
    account: bytes | None
    amount: Uint256
    arrived: Uint256 | None
    purse_id: int | None
    member_id: int | None
    reason: bytes | None
    booked_at: int


@table("purses", key=["purse_id"], indexes=[["controller", "purse_key"]])
class Purse(msgspec.Struct, frozen=True):
    """`spent` in the period from `period_start` to `period_end`, the last one it paid in."""

    purse_id: int
    controller: bytes
    purse_key: Uint256
    asset: bytes
    cap: Uint256
    reason: bytes
    period_start: int
    period_end: int
    spent: Uint256
    opened_at: int
    closed_at: int | None


@table("pay_units", key=["commune"])
class PayUnit(msgspec.Struct, frozen=True):
    """One row, keyed 1: one unit of pay is `unit` of the asset's smallest parts; 0 while there is none."""

    commune: int = 1
    asset: bytes = ETH
    unit: Uint256 = 0


commons = Projection("commons", tables=[Asset, LedgerEntry, Purse, PayUnit])


@commons.on(events.CommonsReceived)
def received(state: State, event: events.CommonsReceived) -> None:
    at, known = event.at, _asset(state, event.asset)
    state.put(msgspec.structs.replace(known, balance=known.balance + event.amount))
    state.insert(
        LedgerEntry(
            block=at.block,
            position=at.index,
            kind="Income",
            asset=event.asset,
            account=event.from_ if any(event.from_) else None,
            amount=event.amount,
            arrived=None,
            purse_id=None,
            member_id=None,
            reason=event.reason if any(event.reason) else None,
            booked_at=at.timestamp,
        )
    )


@commons.on(events.CommonsPaid)
def paid(state: State, event: events.CommonsPaid) -> None:
    at, kind = event.at, OUTLAYS[event.kind]
    start, end = _period(state, at.timestamp)
    _count_outflow(state, event, kind, start, end)
    if event.purse_id:
        purse = state.need(Purse, event.purse_id)
        before = purse.spent if purse.period_end > start else 0
        state.put(
            msgspec.structs.replace(
                purse,
                spent=before + event.amount,
                period_start=start,
                period_end=max(end, purse.period_end),
            )
        )
    state.insert(
        LedgerEntry(
            block=at.block,
            position=at.index,
            kind=kind,
            asset=event.asset,
            account=event.to,
            amount=event.amount,
            arrived=event.arrived,
            purse_id=event.purse_id or None,
            member_id=event.by or None,
            reason=event.reason,
            booked_at=at.timestamp,
        )
    )


@commons.on(events.CommonsPurseOpened)
def purse_opened(state: State, event: events.CommonsPurseOpened) -> None:
    _name(state, event.asset)
    state.insert(
        Purse(
            purse_id=event.purse_id,
            controller=event.controller,
            purse_key=event.key,
            asset=event.asset,
            cap=event.cap,
            reason=event.reason,
            period_start=0,
            period_end=0,
            spent=0,
            opened_at=event.at.timestamp,
            closed_at=None,
        )
    )


@commons.on(events.CommonsPurseCapSet)
def purse_cap_set(state: State, event: events.CommonsPurseCapSet) -> None:
    state.put(msgspec.structs.replace(state.need(Purse, event.purse_id), cap=event.cap))


@commons.on(events.CommonsPurseClosed)
def purse_closed(state: State, event: events.CommonsPurseClosed) -> None:
    state.put(msgspec.structs.replace(state.need(Purse, event.purse_id), closed_at=event.at.timestamp))


@commons.on(events.CommonsPayUnitSet)
def pay_unit_set(state: State, event: events.CommonsPayUnitSet) -> None:
    _name(state, event.asset)
    state.put(PayUnit(asset=event.asset, unit=event.unit))


def _count_outflow(state: State, event: events.CommonsPaid, kind: str, start: int, end: int) -> None:
    known = _asset(state, event.asset)
    fresh = known.outflow_end <= start
    spent = 0 if fresh else known.outflow_spent
    state.put(
        msgspec.structs.replace(
            known,
            named=True,
            balance=max(known.balance - event.amount, 0),
            outflow_end=max(end, known.outflow_end),
            outflow_base=known.balance if fresh else known.outflow_base,
            outflow_spent=spent if kind == "BeyondBrake" else spent + event.amount,
        )
    )


def _period(state: State, t: int) -> tuple[int, int]:
    """The calendar period of `t`: its first second, and the first after it."""
    length = state.need(Parameter, "commons.period").value
    return t - t % length, t - t % length + length


def _asset(state: State, asset: bytes) -> Asset:
    return state.get(Asset, asset) or Asset(asset, named=asset == ETH)


def _name(state: State, asset: bytes) -> None:
    state.put(msgspec.structs.replace(_asset(state, asset), named=True))
