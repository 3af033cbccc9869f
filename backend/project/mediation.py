"""Cases: their parties, what shows what happened, who was asked to help, and what was agreed.

Every change of a case's state is an event: nothing here depends on the time. What a panel does with a case
whose mediation failed is in `backend.project.panels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

import msgspec

from backend import events
from backend.project.admission import Admission, Vouch
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table

# IMediation.CaseState and RemedyKind; what is in the tables is never Unknown.
CASE_STATES = (
    *("Unknown", "Drawing", "Accepting", "Mediating", "Settled", "Withdrawn", "Failed", "Convened"),
)
REMEDIES = ("Penalty", "Award", "Expulsion", "Overturn")


@table(
    "cases",
    key=["case_id"],
    indexes=[["state"], ["claimant"], ["topic"], ["mediator"], ["review_id"], ["draw_id"]],
)
class Case(msgspec.Struct, frozen=True):
    """`remedy_amount`: micro-points that `remedy_member` is to lose. `evidence`: hash of the text that says
    what happened; `outcome`: of the one proposed last.

    `mediators`: how many were drawn; `mediator` is the last one. `began_at`: when all had accepted. `until`:
    the last second that there was to accept, or to find an outcome. `evidence_count`: texts given, that of
    the opening included. `ended_at`: when it was settled or taken back, or mediation failed.
    """

    case_id: int
    claimant: int
    review_id: int | None
    topic: int
    state: str
    remedy: str
    remedy_member: int | None
    remedy_amount: int
    opened_at: int
    electorate_at: int
    pool: int
    draw_id: int | None
    mediators: int
    mediator: int | None
    began_at: int | None
    until: int
    evidence: bytes
    evidence_count: int
    outcome: bytes | None
    ended_at: int | None


@table("case_parties", key=["case_id", "member_id"], indexes=[["member_id"]])
class CaseParty(msgspec.Struct, frozen=True):
    """`position` from 0, which is the claimant's. `signed_at`: signed the outcome that is proposed now."""

    case_id: int
    member_id: int
    position: int
    signed_at: int | None


@table("case_vouchers", key=["case_id", "position"])
class CaseVoucher(msgspec.Struct, frozen=True):
    """Somebody, no party, who had vouched for a party when the case opened."""

    case_id: int
    position: int
    member_id: int


@table("case_mediators", key=["case_id", "position"], indexes=[["draw_id"]])
class CaseMediator(msgspec.Struct, frozen=True):
    """The how-manieth, from 1. `member_id`: whom the draw gave, if it has; they answer until `until`."""

    case_id: int
    position: int
    draw_id: int
    member_id: int | None
    until: int | None


@table("case_evidence", key=["case_id", "position"])
class CaseEvidence(msgspec.Struct, frozen=True):
    """`position` from 0, which is the opening's. `evidence`: hash of a text."""

    case_id: int
    position: int
    member_id: int
    evidence: bytes
    given_at: int


@table("case_answers", key=["case_id", "mediators", "member_id"], indexes=[["member_id"]])
class CaseAnswer(msgspec.Struct, frozen=True):
    """What a party said to the how-manieth mediator, or the mediator to the task."""

    case_id: int
    mediators: int
    member_id: int
    accepted: bool
    answered_at: int


mediation = Projection(
    "mediation", tables=[Case, CaseParty, CaseVoucher, CaseMediator, CaseEvidence, CaseAnswer]
)


def _update(state: State, case_id: int, /, **changes: object) -> None:
    state.put(msgspec.structs.replace(state.need(Case, case_id), **changes))


@mediation.on(events.MediationCaseOpened)
def case_opened(state: State, event: events.MediationCaseOpened) -> None:
    opened = event.opened
    state.insert(
        Case(
            case_id=event.case_id,
            claimant=event.claimant,
            review_id=event.review_id or None,
            topic=opened.topic,
            state="Drawing",
            remedy=REMEDIES[opened.remedy.kind],
            remedy_member=opened.remedy.member_id or None,
            remedy_amount=opened.remedy.amount,
            opened_at=opened.opened_at,
            electorate_at=opened.electorate_at,
            pool=opened.pool,
            draw_id=opened.draw_id or None,
            mediators=0,
            mediator=None,
            began_at=None,
            until=0,
            evidence=opened.evidence,
            evidence_count=1,
            outcome=None,
            ended_at=None,
        )
    )
    state.insert(CaseEvidence(event.case_id, 0, event.claimant, opened.evidence, event.at.timestamp))
    for position, member_id in enumerate(event.parties):
        state.insert(CaseParty(event.case_id, member_id, position, None))
    for position, member_id in enumerate(_vouchers_of(state, event.parties)):
        state.insert(CaseVoucher(event.case_id, position, member_id))


def _vouchers_of(state: State, parties: Sequence[int]) -> Iterator[int]:
    """Who vouched for them when they were admitted, each once, and none of them."""
    passed = set(parties)
    for member_id in parties:
        if (admitted := state.get(Admission, member_id)) is None:
            continue
        vouches = state.select(Vouch, application_id=admitted.application_id)
        for vouch in sorted(vouches, key=attrgetter("position")):
            if vouch.member_id not in passed:
                passed.add(vouch.member_id)
                yield vouch.member_id


@mediation.on(events.MediationEvidenceGiven)
def evidence_given(state: State, event: events.MediationEvidenceGiven) -> None:
    position = state.need(Case, event.case_id).evidence_count
    state.insert(CaseEvidence(event.case_id, position, event.member_id, event.evidence, event.at.timestamp))
    _update(state, event.case_id, evidence_count=position + 1)


@mediation.on(events.MediationMediatorWanted)
def mediator_wanted(state: State, event: events.MediationMediatorWanted) -> None:
    position = state.need(Case, event.case_id).mediators + 1
    state.put(CaseMediator(event.case_id, position, event.draw_id, None, None))
    _update(state, event.case_id, state="Drawing", draw_id=event.draw_id)


@mediation.on(events.MediationMediatorDrawn)
def mediator_drawn(state: State, event: events.MediationMediatorDrawn) -> None:
    position = state.need(Case, event.case_id).mediators + 1
    asked = state.need(CaseMediator, event.case_id, position)
    state.put(msgspec.structs.replace(asked, member_id=event.mediator, until=event.until))
    _update(
        state,
        event.case_id,
        state="Accepting",
        mediators=position,
        mediator=event.mediator,
        until=event.until,
    )


@mediation.on(events.MediationMediatorAccepted)
def mediator_accepted(state: State, event: events.MediationMediatorAccepted) -> None:
    _answer(state, event.case_id, event.member_id, True, event.at.timestamp)


@mediation.on(events.MediationMediatorDeclined)
def mediator_declined(state: State, event: events.MediationMediatorDeclined) -> None:
    _answer(state, event.case_id, event.member_id, False, event.at.timestamp)


def _answer(state: State, case_id: int, member_id: int, accepted: bool, now: int) -> None:
    mediators = state.need(Case, case_id).mediators
    state.put(CaseAnswer(case_id, mediators, member_id, accepted, now))


@mediation.on(events.MediationMediationBegan)
def mediation_began(state: State, event: events.MediationMediationBegan) -> None:
    now = event.at.timestamp
    _update(state, event.case_id, state="Mediating", began_at=now, until=event.until)


@mediation.on(events.MediationOutcomeProposed)
def outcome_proposed(state: State, event: events.MediationOutcomeProposed) -> None:
    """Signatures were for another outcome: they count no more."""
    _update(state, event.case_id, outcome=event.outcome)
    for party in state.select(CaseParty, case_id=event.case_id):
        state.put(msgspec.structs.replace(party, signed_at=None))


@mediation.on(events.MediationOutcomeSigned)
def outcome_signed(state: State, event: events.MediationOutcomeSigned) -> None:
    party = state.need(CaseParty, event.case_id, event.member_id)
    state.put(msgspec.structs.replace(party, signed_at=event.at.timestamp))


@mediation.on(events.MediationCaseSettled)
def case_settled(state: State, event: events.MediationCaseSettled) -> None:
    _update(state, event.case_id, state="Settled", ended_at=event.at.timestamp)


@mediation.on(events.MediationCaseWithdrawn)
def case_withdrawn(state: State, event: events.MediationCaseWithdrawn) -> None:
    _update(state, event.case_id, state="Withdrawn", ended_at=event.at.timestamp)


@mediation.on(events.MediationMediationFailed)
def mediation_failed(state: State, event: events.MediationMediationFailed) -> None:
    _update(state, event.case_id, state="Failed", ended_at=event.at.timestamp)


@mediation.on(events.MediationPanelConvened)
def panel_convened(state: State, event: events.MediationPanelConvened) -> None:
    _update(state, event.case_id, state="Convened")
