"""Offices: their mandates, who holds or held a seat, what holders did, and what they were paid.

Whether somebody is a holder depends on the time and on their membership: it is worked out when someone asks.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.constitution import Parameter
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

# IOffices.Filling and IOffices.Ending.
FILLINGS = ("Poll", "Draw", "DrawWithReveals")
ENDINGS = ("Resigned", "Recalled", "Vacated", "Abolished")


@table("offices", key=["office_id"], indexes=[["text_hash"]])
class Office(msgspec.Struct, frozen=True):
    """`term` in seconds; `stipend` in units of pay per period, for tenures given from now on."""

    office_id: int
    text_hash: bytes
    topic: int
    seats: int
    filling: str
    term: int
    stipend: int
    created_at: int
    abolished_at: int | None


@table("mandates", key=["office_id", "position"])
class Mandate(msgspec.Struct, frozen=True):
    """A call that holders may make `calls` times a period, with amounts of at most `cap` together.

    `argument`: which word of the arguments is an amount, from 1; 0 for none.
    """

    office_id: int
    position: int
    target: bytes
    selector: bytes
    calls: int
    argument: int
    cap: Uint256
    since: int


@table("tenures", key=["tenure_id"], indexes=[["office_id"], ["member_id"]])
class Tenure(msgspec.Struct, frozen=True):
    """One person's hold of one seat, from `held_from` until the second before `held_until`.

    `ending`: why it ended before its time, at `ended_at`.
    """

    tenure_id: int
    office_id: int
    member_id: int
    held_from: int
    held_until: int
    stipend: int
    given_at: int
    ending: str | None
    ended_at: int | None


@table("bars", key=["office_id", "member_id"])
class Bar(msgspec.Struct, frozen=True):
    """Who was recalled cannot hold the office before `until`."""

    office_id: int
    member_id: int
    until: int
    since: int


@table(
    "exercises",
    key=["block", "position"],
    indexes=[["office_id", "block", "position"]],
)
class Exercise(msgspec.Struct, frozen=True):
    """A call that a holder made. `amount`: what counted against the mandate's cap."""

    block: int
    position: int
    office_id: int
    member_id: int
    target: bytes
    selector: bytes
    amount: Uint256
    calldata: bytes
    exercised_at: int
    transaction_hash: bytes


@table("mandate_uses", key=["office_id", "target", "selector"])
class MandateUse(msgspec.Struct, frozen=True):
    """What was used of a call in the period that ends at `period_end`. It outlives the mandate that lists the
    call: one that is set again in the middle of a period gives no second helping."""

    office_id: int
    target: bytes
    selector: bytes
    period_end: int
    calls: int
    amount: Uint256


@table("stipend_claims", key=["tenure_id", "period_start"])
class StipendClaim(msgspec.Struct, frozen=True):
    """What was paid for the period that began at `period_start`, in units of pay."""

    tenure_id: int
    period_start: int
    units: int
    claimed_at: int


offices = Projection("offices", tables=[Office, Mandate, Tenure, Bar, Exercise, MandateUse, StipendClaim])


@offices.on(events.OfficesOfficeCreated)
def office_created(state: State, event: events.OfficesOfficeCreated) -> None:
    terms = event.office
    state.insert(
        Office(
            office_id=event.office_id,
            text_hash=terms.text,
            topic=terms.topic,
            seats=terms.seats,
            filling=FILLINGS[terms.filling],
            term=terms.term,
            stipend=terms.stipend,
            created_at=event.at.timestamp,
            abolished_at=None,
        )
    )


@offices.on(events.OfficesMandateSet)
def mandate_set(state: State, event: events.OfficesMandateSet) -> None:
    for old in state.select(Mandate, office_id=event.office_id):
        state.delete(Mandate, event.office_id, old.position)
    for position, entry in enumerate(event.mandate):
        state.put(
            Mandate(
                office_id=event.office_id,
                position=position,
                target=entry.target,
                selector=entry.selector,
                calls=entry.calls,
                argument=entry.argument,
                cap=entry.cap,
                since=event.at.timestamp,
            )
        )


@offices.on(events.OfficesStipendSet)
def stipend_set(state: State, event: events.OfficesStipendSet) -> None:
    office = state.need(Office, event.office_id)
    state.put(msgspec.structs.replace(office, stipend=event.stipend))


@offices.on(events.OfficesOfficeAbolished)
def office_abolished(state: State, event: events.OfficesOfficeAbolished) -> None:
    office = state.need(Office, event.office_id)
    state.put(msgspec.structs.replace(office, abolished_at=event.at.timestamp))


@offices.on(events.OfficesTenureGiven)
def tenure_given(state: State, event: events.OfficesTenureGiven) -> None:
    state.insert(
        Tenure(
            tenure_id=event.tenure_id,
            office_id=event.office_id,
            member_id=event.member_id,
            held_from=event.from_,
            held_until=event.until,
            stipend=event.stipend,
            given_at=event.at.timestamp,
            ending=None,
            ended_at=None,
        )
    )


@offices.on(events.OfficesTenureEnded)
def tenure_ended(state: State, event: events.OfficesTenureEnded) -> None:
    tenure = state.need(Tenure, event.tenure_id)
    state.put(
        msgspec.structs.replace(
            tenure, held_until=event.until, ending=ENDINGS[event.ending], ended_at=event.at.timestamp
        )
    )


@offices.on(events.OfficesBarred)
def barred(state: State, event: events.OfficesBarred) -> None:
    state.put(Bar(event.office_id, event.member_id, event.until, event.at.timestamp))


@offices.on(events.OfficesExercised)
def exercised(state: State, event: events.OfficesExercised) -> None:
    at = event.at
    state.insert(
        Exercise(
            block=at.block,
            position=at.index,
            office_id=event.office_id,
            member_id=event.member_id,
            target=event.target,
            selector=event.selector,
            amount=event.amount,
            calldata=event.data,
            exercised_at=at.timestamp,
            transaction_hash=at.transaction,
        )
    )
    key = event.office_id, event.target, event.selector
    used = state.get(MandateUse, *key)
    length = state.need(Parameter, "commons.period").value
    start = at.timestamp - at.timestamp % length
    if used is None or used.period_end <= start:
        used = MandateUse(*key, start + length, 0, 0)
    state.put(msgspec.structs.replace(used, calls=used.calls + 1, amount=used.amount + event.amount))


@offices.on(events.OfficesStipendClaimed)
def stipend_claimed(state: State, event: events.OfficesStipendClaimed) -> None:
    state.insert(StipendClaim(event.tenure_id, event.period_start, event.units, event.at.timestamp))
