"""Which texts the chain refers to, by the keccak256 of their UTF-8 bytes.

A node keeps a text only if it is in this table: a profile, a charter, grounds, a reason, a resolution, a
poll's question, what an office is for, a candidate's statement, what is drawn, what an assignment asks for,
when a series comes again, a note on progress, a reviewer's words, evidence, what the parties of a case may
agree on, or what a proposal's description names as `text:0x...`. What a proposal's actions would adopt or ask
counts from the moment it opens, since members read it before they vote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
from eth_hash.auto import keccak

from backend import events
from backend.decode.event import At
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table

_NAMED = re.compile(r"text:0x([0-9a-fA-F]{64})(?![0-9a-fA-F])")


def _selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


_BRIEF = "(bytes32,uint16,uint8,uint8,uint8,uint8,uint32,uint48,uint48,uint32,uint32,uint64,uint32,uint128)"
_BRIEF_WORDS = 14
_MAX_BRIEFS = 20

# Functions that take a text's hash, and which of their words it is. A published lottery is a text too.
_IN_CALLS = {
    (_selector("adopt(bytes32)"), 0): "resolution",
    (_selector("setCharter(bytes32)"), 0): "charter",
    (_selector("open(bytes32,uint8,uint16,bool,bool)"), 0): "poll",
    # An office's terms are words of the call themselves: the struct has a fixed size.
    (
        _selector(
            "create((bytes32,uint16,uint8,uint8,uint32,uint32,bool),(address,bytes4,uint16,uint8,uint128)[])"
        ),
        0,
    ): "office",
    (_selector("open(bytes32,uint32,bytes32)"), 0): "lottery",
    (_selector("open(bytes32,uint32,bytes32)"), 2): "draw",
    (_selector("award(uint32,uint16,uint64,uint8,bytes32,uint32)"), 4): "evidence",
    (_selector("penalise(uint32,uint16,uint64,uint8,bytes32)"), 4): "evidence",
    (_selector("penaliseAcross(uint32,uint64,uint8,bytes32)"), 3): "evidence",
    (_selector("pay(address,address,uint256,bytes32)"), 3): "reason",
    (_selector("payBeyondBrake(address,address,uint256,bytes32)"), 3): "reason",
    (_selector("openPurse(address,uint256,address,uint128,bytes32)"), 4): "reason",
    # Briefs are words of the call too, after the place and the number of the array.
    **{(_selector(f"create({_BRIEF}[])"), 2 + _BRIEF_WORDS * n): "assignment" for n in range(_MAX_BRIEFS)},
    (_selector("cancel(uint32,bytes32)"), 1): "reason",
    (_selector(f"create((bytes32,bytes32,uint32,uint32,uint32,{_BRIEF}))"), 0): "rule",
    (_selector(f"create((bytes32,bytes32,uint32,uint32,uint32,{_BRIEF}))"), 5): "assignment",
    (_selector("stop(uint32,bytes32)"), 1): "reason",
    (_selector("strike(uint32,bytes32)"), 1): "reason",
}


@table("text_references", key=["text_hash"])
class TextReference(msgspec.Struct, frozen=True):
    """`kind`: what the text was to the chain when it was first referred to."""

    text_hash: bytes
    kind: str
    referenced_at: int
    block: int


texts = Projection("texts", tables=[TextReference])


def named_in(description: str) -> list[bytes]:
    """The hashes a description refers to."""
    return [bytes.fromhex(found) for found in _NAMED.findall(description)]


def _refer(state: State, text_hash: bytes, kind: str, at: At) -> None:
    if any(text_hash) and state.get(TextReference, text_hash) is None:
        state.put(TextReference(text_hash, kind, at.timestamp, at.block))


@texts.on(events.AdmissionApplied)
def applied(state: State, event: events.AdmissionApplied) -> None:
    _refer(state, event.profile, "profile", event.at)


@texts.on(events.AdmissionObjected)
def objected(state: State, event: events.AdmissionObjected) -> None:
    _refer(state, event.reason, "reason", event.at)


@texts.on(events.ConstitutionCharterSet)
def charter_set(state: State, event: events.ConstitutionCharterSet) -> None:
    _refer(state, event.text_hash, "charter", event.at)


@texts.on(events.ConstitutionResolutionAdopted)
def resolution_adopted(state: State, event: events.ConstitutionResolutionAdopted) -> None:
    _refer(state, event.text_hash, "resolution", event.at)


@texts.on(events.DocketHearingRequested)
def hearing_requested(state: State, event: events.DocketHearingRequested) -> None:
    _refer(state, event.grounds, "grounds", event.at)


@texts.on(events.PollsPollOpened)
def poll_opened(state: State, event: events.PollsPollOpened) -> None:
    _refer(state, event.poll.text, "poll", event.at)


@texts.on(events.DrawsDrawOpened)
def draw_opened(state: State, event: events.DrawsDrawOpened) -> None:
    _refer(state, event.text, "draw", event.at)
    _refer(state, event.pool, "lottery", event.at)


@texts.on(events.OfficesOfficeCreated)
def office_created(state: State, event: events.OfficesOfficeCreated) -> None:
    _refer(state, event.office.text, "office", event.at)


@texts.on(events.ElectionsCandidateStood)
def candidate_stood(state: State, event: events.ElectionsCandidateStood) -> None:
    _refer(state, event.statement, "statement", event.at)


@texts.on(events.RecallPetitionOpened)
def petition_opened(state: State, event: events.RecallPetitionOpened) -> None:
    _refer(state, event.grounds, "grounds", event.at)


@texts.on(events.AssignmentsAssignmentCreated)
def assignment_created(state: State, event: events.AssignmentsAssignmentCreated) -> None:
    _refer(state, event.assignment.text, "assignment", event.at)


@texts.on(events.AssignmentsAssignmentCancelled)
def assignment_cancelled(state: State, event: events.AssignmentsAssignmentCancelled) -> None:
    _refer(state, event.reason, "reason", event.at)


@texts.on(events.AssignmentsHeartbeat)
def heartbeat(state: State, event: events.AssignmentsHeartbeat) -> None:
    _refer(state, event.note, "note", event.at)


@texts.on(events.SeriesSeriesCreated)
def series_created(state: State, event: events.SeriesSeriesCreated) -> None:
    _refer(state, event.plan.rule, "rule", event.at)
    _refer(state, event.plan.brief.text, "assignment", event.at)


@texts.on(events.SeriesSeriesStopped)
def series_stopped(state: State, event: events.SeriesSeriesStopped) -> None:
    _refer(state, event.reason, "reason", event.at)


@texts.on(events.ReviewsDelivered)
def delivered(state: State, event: events.ReviewsDelivered) -> None:
    _refer(state, event.evidence, "evidence", event.at)


@texts.on(events.ReviewsReviewed)
def reviewed(state: State, event: events.ReviewsReviewed) -> None:
    _refer(state, event.text, "verdict", event.at)


@texts.on(events.PenaltiesPenaltyImposed)
def penalty_imposed(state: State, event: events.PenaltiesPenaltyImposed) -> None:
    _refer(state, event.penalty.evidence, "evidence", event.at)


@texts.on(events.PenaltiesPenaltyAppealed)
def penalty_appealed(state: State, event: events.PenaltiesPenaltyAppealed) -> None:
    _refer(state, event.grounds, "grounds", event.at)


@texts.on(events.PenaltiesPenaltyStruck)
def penalty_struck(state: State, event: events.PenaltiesPenaltyStruck) -> None:
    _refer(state, event.reason, "reason", event.at)


@texts.on(events.MediationCaseOpened)
def case_opened(state: State, event: events.MediationCaseOpened) -> None:
    _refer(state, event.opened.evidence, "evidence", event.at)


@texts.on(events.MediationEvidenceGiven)
def evidence_given(state: State, event: events.MediationEvidenceGiven) -> None:
    _refer(state, event.evidence, "evidence", event.at)


@texts.on(events.MediationOutcomeProposed)
def outcome_proposed(state: State, event: events.MediationOutcomeProposed) -> None:
    _refer(state, event.outcome, "outcome", event.at)


@texts.on(events.CasePanelsDecisionAppealed)
def decision_appealed(state: State, event: events.CasePanelsDecisionAppealed) -> None:
    _refer(state, event.grounds, "grounds", event.at)


@texts.on(events.ReputationAwarded)
def awarded(state: State, event: events.ReputationAwarded) -> None:
    _refer(state, event.evidence, "evidence", event.at)


@texts.on(events.ReputationPenalised)
def penalised(state: State, event: events.ReputationPenalised) -> None:
    _refer(state, event.evidence, "evidence", event.at)


@texts.on(events.CommonsReceived)
def received(state: State, event: events.CommonsReceived) -> None:
    _refer(state, event.reason, "reason", event.at)


@texts.on(events.CommonsPaid)
def paid(state: State, event: events.CommonsPaid) -> None:
    _refer(state, event.reason, "reason", event.at)


@texts.on(events.CommonsPurseOpened)
def purse_opened(state: State, event: events.CommonsPurseOpened) -> None:
    _refer(state, event.reason, "reason", event.at)


@texts.on(events.ConsentResponded)
def responded(state: State, event: events.ConsentResponded) -> None:
    _refer(state, event.reason, "reason", event.at)


@texts.on(events.ConsentConsentOpened)
def consent_opened(state: State, event: events.ConsentConsentOpened) -> None:
    _refer_in_draft(state, event.description, event.calldatas, event.at)


@texts.on(events.AssemblyProposalCreated)
def proposal_created(state: State, event: events.AssemblyProposalCreated) -> None:
    _refer_in_draft(state, event.description, event.calldatas, event.at)


def _refer_in_draft(state: State, description: str, calldatas: Sequence[bytes], at: At) -> None:
    for text_hash in named_in(description):
        _refer(state, text_hash, "description", at)
    for calldata in calldatas:
        for (selector, word), kind in _IN_CALLS.items():
            text_hash = calldata[4 + 32 * word : 36 + 32 * word]
            if calldata[:4] == selector and len(text_hash) == 32:
                _refer(state, text_hash, kind, at)
