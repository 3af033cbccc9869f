"""How people join: applications, vouches and objections."""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

APPLICATION_STATUSES = ("Open", "Vouched", "Contested", "Cleared", "Admitted", "Withdrawn")


@table("applications", key=["application_id"], indexes=[["applicant"], ["status"], ["profile"]])
class Application(msgspec.Struct, frozen=True):
    """`member_id` and `admitted_at` once admitted; times in seconds since 1970."""

    application_id: int
    applicant: bytes
    status: str
    profile: bytes
    applied_at: int
    vouched_at: int | None
    vouches: int
    objections: int
    proposal_id: Uint256 | None
    member_id: int | None
    admitted_at: int | None


@table("vouches", key=["application_id", "member_id"], indexes=[["member_id"]])
class Vouch(msgspec.Struct, frozen=True):
    """`position`: the how-manieth of the application, from 1."""

    application_id: int
    member_id: int
    position: int
    vouched_at: int


@table("objections", key=["application_id", "member_id"], indexes=[["member_id"]])
class Objection(msgspec.Struct, frozen=True):
    """`reason`: hash of a text."""

    application_id: int
    member_id: int
    position: int
    reason: bytes
    objected_at: int


@table("admissions", key=["member_id"])
class Admission(msgspec.Struct, frozen=True):
    """The application by which a member was last admitted; founders have none."""

    member_id: int
    application_id: int
    admitted_at: int


admission = Projection("admission", tables=[Application, Vouch, Objection, Admission])


def _update(state: State, application_id: int, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Application, application_id), **changes))


@admission.on(events.AdmissionApplied)
def applied(state: State, event: events.AdmissionApplied) -> None:
    state.insert(
        Application(
            application_id=event.application_id,
            applicant=event.applicant,
            status="Open",
            profile=event.profile,
            applied_at=event.at.timestamp,
            vouched_at=None,
            vouches=0,
            objections=0,
            proposal_id=None,
            member_id=None,
            admitted_at=None,
        )
    )


@admission.on(events.AdmissionVouched)
def vouched(state: State, event: events.AdmissionVouched) -> None:
    state.insert(Vouch(event.application_id, event.member_id, event.vouches, event.at.timestamp))
    _update(state, event.application_id, vouches=event.vouches)


@admission.on(events.AdmissionObjectionWindowOpened)
def objection_window_opened(state: State, event: events.AdmissionObjectionWindowOpened) -> None:
    _update(state, event.application_id, status="Vouched", vouched_at=event.at.timestamp)


@admission.on(events.AdmissionObjected)
def objected(state: State, event: events.AdmissionObjected) -> None:
    state.insert(
        Objection(event.application_id, event.member_id, event.objections, event.reason, event.at.timestamp)
    )
    _update(state, event.application_id, objections=event.objections)


@admission.on(events.AdmissionApplicationContested)
def application_contested(state: State, event: events.AdmissionApplicationContested) -> None:
    # Who was expelled before is voted on as soon as the vouches are there, without a window.
    known = state.need(Application, event.application_id)
    vouched_at = known.vouched_at if known.vouched_at is not None else event.at.timestamp
    _update(
        state,
        event.application_id,
        status="Contested",
        vouched_at=vouched_at,
        proposal_id=event.proposal_id,
    )


@admission.on(events.AdmissionApplicationCleared)
def application_cleared(state: State, event: events.AdmissionApplicationCleared) -> None:
    _update(state, event.application_id, status="Cleared")


@admission.on(events.AdmissionApplicationWithdrawn)
def application_withdrawn(state: State, event: events.AdmissionApplicationWithdrawn) -> None:
    _update(state, event.application_id, status="Withdrawn")


@admission.on(events.AdmissionApplicationAdmitted)
def application_admitted(state: State, event: events.AdmissionApplicationAdmitted) -> None:
    now = event.at.timestamp
    _update(state, event.application_id, status="Admitted", member_id=event.member_id, admitted_at=now)
    state.put(Admission(event.member_id, event.application_id, now))
