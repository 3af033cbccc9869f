"""Commons.sol's reads, by the ledger."""

from __future__ import annotations

from backend.project.commons import Asset, PayUnit, Purse
from backend.read.moment import Moment

BPS = 10_000


def period(moment: Moment) -> tuple[int, int]:
    """The calendar period of now: its first second, and the first after it."""
    length = moment.parameters["commons.period"]
    start = moment.now - moment.now % length
    return start, start + length


def asset(moment: Moment, address: bytes) -> Asset:
    return moment.row(Asset, address) or Asset(address)


def purse(moment: Moment, purse_id: int) -> Purse | None:
    return moment.row(Purse, purse_id)


def pay_unit(moment: Moment) -> PayUnit:
    return moment.row(PayUnit, 1) or PayUnit()


def purse_spent(moment: Moment, found: Purse) -> int:
    """What it has paid in this period."""
    return found.spent if found.period_end > period(moment)[0] else 0


def purse_left(moment: Moment, found: Purse) -> int:
    """What it can still pay in this period."""
    return 0 if found.closed_at is not None else max(found.cap - purse_spent(moment, found), 0)


def brake_spent(moment: Moment, found: Asset) -> int:
    """What has left in this period under the brake."""
    return found.outflow_spent if found.outflow_end > period(moment)[0] else 0


def brake_left(moment: Moment, found: Asset) -> int:
    """What can still leave in this period without the constitutional rule."""
    running = found.outflow_end > period(moment)[0]
    base = found.outflow_base if running else found.balance
    share = base * moment.parameters["commons.brakeBps"] // BPS
    return min(found.balance, max(share - brake_spent(moment, found), 0))
