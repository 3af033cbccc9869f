"""One feed of everything that happened to the commune.

A row names the event and who and what it is about; its arguments are those of the raw log in the same place.
Left out is what another event of the same moment says as well: the events of ERC-721, ERC-5805 and
OpenZeppelin's Governor and timelock, the bookkeeping of budgets and leaves, the relaying of signed actions
and secret ballots, whose ballot a followed one is like, what a delivery or its review did to a seat, and that
a panel takes over a case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgspec

from backend import events
from backend.decode import Event
from backend.project.membership import STATUSES
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table


@table(
    "activities",
    key=["block", "position"],
    indexes=[
        ["member_id", "block", "position"],
        ["other_member_id", "block", "position"],
        ["proposal_id", "block", "position"],
        ["poll_id", "block", "position"],
        ["office_id", "block", "position"],
        ["assignment_id", "block", "position"],
        ["case_id", "block", "position"],
        ["kind", "block", "position"],
    ],
)
class Activity(msgspec.Struct, frozen=True):
    """`member_id` acted or is whom it is about; `other_member_id` is a second person, if there is one."""

    block: int
    position: int
    kind: str
    member_id: int | None
    other_member_id: int | None
    proposal_id: Uint256 | None
    application_id: int | None
    hearing_id: int | None
    poll_id: int | None
    draw_id: int | None
    office_id: int | None
    election_id: int | None
    petition_id: int | None
    assignment_id: int | None
    series_id: int | None
    review_id: int | None
    penalty_id: int | None
    case_id: int | None
    topic: int | None
    happened_at: int


activity = Projection("activity", tables=[Activity])


@dataclass(frozen=True)
class Told:
    """An event that the feed tells, and which of its arguments say whom and what it is about."""

    event: type[Event]
    member: str = ""
    other: str = ""
    proposal: str = ""
    application: str = ""
    hearing: str = ""
    poll: str = ""
    draw: str = ""
    office: str = ""
    election: str = ""
    petition: str = ""
    assignment: str = ""
    series: str = ""
    review: str = ""
    penalty: str = ""
    case: str = ""
    topic: str = ""


TOLD = (
    Told(events.MembershipMemberAdmitted, member="member_id"),
    Told(events.AdmissionApplied, application="application_id"),
    Told(events.AdmissionVouched, member="member_id", application="application_id"),
    Told(events.AdmissionObjectionWindowOpened, application="application_id"),
    Told(events.AdmissionObjected, member="member_id", application="application_id"),
    Told(events.AdmissionApplicationContested, application="application_id", proposal="proposal_id"),
    Told(events.AdmissionApplicationCleared, application="application_id"),
    Told(events.AdmissionApplicationWithdrawn, application="application_id"),
    Told(events.AdmissionApplicationAdmitted, member="member_id", application="application_id"),
    Told(events.PresenceCheckedIn, member="member_id", other="attester"),
    Told(events.PresenceNoticeGiven, member="member_id"),
    Told(events.PresenceMarkedDormant, member="member_id"),
    Told(events.RecoveryGuardiansChangeScheduled, member="member_id"),
    Told(events.RecoveryRecoverySupported, member="guardian", other="member_id"),
    Told(events.RecoveryRecoveryScheduled, member="member_id"),
    Told(events.RecoveryRecoveryVetoed, member="member_id"),
    Told(events.RecoveryRecoveryCancelled, member="member_id"),
    Told(events.RecoveryRecovered, member="member_id"),
    Told(events.DocketSponsored, member="member_id", proposal="proposal_id", topic="topic"),
    Told(events.DocketProposalOpened, member="author", proposal="proposal_id", topic="topic"),
    Told(events.DocketHearingRequested, member="opener", other="member_id", hearing="hearing_id"),
    Told(events.DocketHearingStarted, member="opener", hearing="hearing_id"),
    Told(events.DocketHearingVoteOpened, hearing="hearing_id", proposal="proposal_id"),
    Told(events.AssemblyBallotRecorded, member="member_id", proposal="proposal_id"),
    Told(events.AssemblyProposalExtended, proposal="proposal_id"),
    Told(events.AssemblyProposalQueued, proposal="proposal_id"),
    Told(events.AssemblyProposalExecuted, proposal="proposal_id"),
    Told(events.AssemblyProposalCanceled, proposal="proposal_id"),
    Told(events.MemberGroupIdentityRegistered, member="member_id"),
    Told(events.PollsPollOpened, poll="poll_id", topic="poll.topic"),
    Told(events.PollsPollBallotCast, member="member_id", poll="poll_id"),
    Told(events.PollsPollBallotFollowed, member="member_id", poll="poll_id"),
    Told(events.PollsSecretBallotCast, poll="poll_id"),
    Told(events.PollsSecretBallotRevealed, poll="poll_id"),
    Told(events.DelegationDelegated, member="member_id", other="delegate", topic="topic"),
    Told(events.ConsentAllowanceSet),
    Told(events.ConsentConsentOpened, member="opener", proposal="proposal_id", topic="topic"),
    Told(events.ConsentResponded, member="member_id", proposal="proposal_id"),
    Told(events.ConsentConsentExecuted, proposal="proposal_id"),
    Told(events.ConsentConsentEscalated, proposal="proposal_id"),
    Told(events.CommonsReceived),
    Told(events.CommonsPaid, member="by"),
    Told(events.CommonsPurseOpened),
    Told(events.CommonsPurseCapSet),
    Told(events.CommonsPurseClosed),
    Told(events.CommonsPayUnitSet),
    Told(events.OfficesOfficeCreated, office="office_id", topic="office.topic"),
    Told(events.OfficesMandateSet, office="office_id"),
    Told(events.OfficesStipendSet, office="office_id"),
    Told(events.OfficesOfficeAbolished, office="office_id"),
    Told(events.OfficesTenureGiven, member="member_id", office="office_id"),
    Told(events.OfficesTenureEnded, member="member_id", office="office_id"),
    Told(events.OfficesBarred, member="member_id", office="office_id"),
    Told(events.OfficesExercised, member="member_id", office="office_id"),
    Told(events.OfficesStipendClaimed),
    Told(events.ElectionsElectionOpened, office="office_id", election="election_id"),
    Told(events.ElectionsCandidateStood, member="member_id", election="election_id"),
    Told(events.ElectionsCandidateWithdrew, member="member_id", election="election_id"),
    Told(events.ElectionsElectionPolled, election="election_id", poll="poll_id"),
    Told(events.ElectionsElectionDrawn, election="election_id", draw="draw_id"),
    Told(events.ElectionsElectionFilled, election="election_id"),
    Told(events.ElectionsElectionFailed, election="election_id"),
    Told(
        events.RecallPetitionOpened,
        member="petitioner",
        other="member_id",
        office="office_id",
        petition="petition_id",
    ),
    Told(events.RecallPetitionSigned, member="member_id", petition="petition_id"),
    Told(events.RecallRecallVoteOpened, petition="petition_id", proposal="proposal_id"),
    Told(events.RecallRecalledByPetition, petition="petition_id"),
    Told(events.AssignmentsAssignmentCreated, assignment="assignment_id", topic="topic"),
    Told(events.AssignmentsVolunteered, member="member_id", assignment="assignment_id"),
    Told(events.AssignmentsVolunteerWithdrew, member="member_id", assignment="assignment_id"),
    Told(events.AssignmentsSelectionDrawn, assignment="assignment_id", draw="draw_id"),
    Told(events.AssignmentsSelected, assignment="assignment_id"),
    Told(events.AssignmentsSeatTaken, member="member_id", assignment="assignment_id"),
    Told(events.AssignmentsHeartbeat, member="member_id", assignment="assignment_id"),
    Told(events.AssignmentsSeatReleased, member="member_id", assignment="assignment_id"),
    Told(events.AssignmentsSeatDone, member="member_id", assignment="assignment_id"),
    Told(events.AssignmentsAssignmentCancelled, assignment="assignment_id"),
    Told(events.SeriesSeriesCreated, series="series_id", topic="plan.brief.topic"),
    Told(events.SeriesOccurrenceOpened, series="series_id", assignment="assignment_id"),
    Told(events.SeriesSeriesStopped, series="series_id"),
    Told(events.ReviewsDelivered, member="member_id", assignment="assignment_id", review="review_id"),
    Told(events.ReviewsReviewersWanted, review="review_id", draw="draw_id"),
    Told(events.ReviewsReviewerAsked, member="member_id", review="review_id"),
    Told(events.ReviewsReviewStuck, review="review_id"),
    Told(events.ReviewsReviewed, member="member_id", review="review_id"),
    Told(events.ReviewsReviewerReplaced, member="member_id", review="review_id", penalty="penalty_id"),
    Told(events.ReviewsReworkAsked, review="review_id"),
    Told(events.ReviewsReviewConcluded, review="review_id"),
    Told(events.ReviewsReviewOverturned, review="review_id"),
    Told(events.ReviewsShiftConfirmed, member="confirmer", other="member_id", assignment="assignment_id"),
    Told(events.PenaltiesPenaltyImposed, member="member_id", penalty="penalty_id", topic="topic"),
    Told(events.PenaltiesPenaltyAppealed, member="member_id", penalty="penalty_id"),
    Told(events.PenaltiesPenaltyStruck, penalty="penalty_id"),
    Told(events.PenaltiesPenaltyCarried, member="member_id", penalty="penalty_id"),
    Told(
        events.MediationCaseOpened,
        member="claimant",
        other="opened.remedy.member_id",
        review="review_id",
        case="case_id",
        topic="opened.topic",
    ),
    Told(events.MediationEvidenceGiven, member="member_id", case="case_id"),
    Told(events.MediationMediatorWanted, case="case_id", draw="draw_id"),
    Told(events.MediationMediatorDrawn, member="mediator", case="case_id"),
    Told(events.MediationMediatorAccepted, member="member_id", case="case_id"),
    Told(events.MediationMediatorDeclined, member="member_id", case="case_id"),
    Told(events.MediationMediationBegan, member="mediator", case="case_id"),
    Told(events.MediationOutcomeProposed, member="mediator", case="case_id"),
    Told(events.MediationOutcomeSigned, member="member_id", case="case_id"),
    Told(events.MediationCaseSettled, case="case_id"),
    Told(events.MediationCaseWithdrawn, case="case_id"),
    Told(events.MediationMediationFailed, case="case_id"),
    Told(events.CasePanelsPanelOpened, case="case_id", draw="draw_id"),
    Told(events.CasePanelsPanelistDrawn, member="member_id", case="case_id"),
    Told(events.CasePanelsPanelSeated, case="case_id"),
    Told(events.CasePanelsVoteCommitted, member="member_id", case="case_id"),
    Told(events.CasePanelsVoteRevealed, member="member_id", case="case_id"),
    Told(events.CasePanelsPanelistSilent, member="member_id", penalty="penalty_id", case="case_id"),
    Told(events.CasePanelsPanelDecided, case="case_id"),
    Told(events.CasePanelsDecisionAppealed, member="member_id", case="case_id", proposal="proposal_id"),
    Told(events.CasePanelsAssemblyAsked, case="case_id", proposal="proposal_id"),
    Told(events.CasePanelsMotionToExpel, member="member_id", case="case_id", proposal="proposal_id"),
    Told(events.CasePanelsDecisionOverruled, case="case_id"),
    Told(events.CasePanelsDecisionCarried, case="case_id"),
    Told(events.CasePanelsCaseDismissed, case="case_id"),
    Told(events.DrawsDrawOpened, draw="draw_id"),
    Told(events.DrawsSecretRevealed, member="member_id", draw="draw_id"),
    Told(events.DrawsDrawRetargeted, draw="draw_id"),
    Told(events.DrawsDrawCaptured, draw="draw_id"),
    Told(events.ReputationAwarded, member="member_id", other="confirmer", topic="topic"),
    Told(events.ReputationPenalised, member="member_id", topic="topic"),
    Told(events.ConstitutionConstituted),
    Told(events.ConstitutionParameterSet),
    Told(events.ConstitutionRuleSet),
    Told(events.ConstitutionTopicAdded, topic="topic"),
    Told(events.ConstitutionModuleSet),
    Told(events.ConstitutionCodeHashRefusalSet),
    Told(events.ConstitutionSeasonLengthSet),
    Told(events.ConstitutionResolutionAdopted),
    Told(events.ConstitutionCharterSet),
    Told(events.ConstitutionDAOURIUpdate),
    Told(events.PowersRoleGranted),
    Told(events.PowersRoleRevoked),
    Told(events.PowersTargetFunctionRoleUpdated),
    Told(events.PowersTargetClosed),
    Told(events.VoiceCreditsSpenderSet),
    Told(events.AssemblyOpenerSet),
    Told(events.AssemblyFollowerSet),
    Told(events.PollsFollowerSet),
    Told(events.MembershipObserverSet),
)
# Of a change of status only these are told: other events tell of joining, going dormant and waking.
_ENDINGS = ("Left", "Expelled")
KINDS = tuple(sorted({told.event.name for told in TOLD} | set(_ENDINGS)))


def _record(state: State, told: Told, kind: str, event: Event) -> None:
    def argument(field: str) -> Any:
        return (attrgetter(field)(event) or None) if field else None

    state.insert(
        Activity(
            block=event.at.block,
            position=event.at.index,
            kind=kind,
            member_id=argument(told.member),
            other_member_id=argument(told.other),
            proposal_id=argument(told.proposal),
            application_id=argument(told.application),
            hearing_id=argument(told.hearing),
            poll_id=argument(told.poll),
            draw_id=argument(told.draw),
            office_id=argument(told.office),
            election_id=argument(told.election),
            petition_id=argument(told.petition),
            assignment_id=argument(told.assignment),
            series_id=argument(told.series),
            review_id=argument(told.review),
            penalty_id=argument(told.penalty),
            case_id=argument(told.case),
            topic=argument(told.topic),
            happened_at=event.at.timestamp,
        )
    )


def _handler(told: Told) -> Callable[[State, Event], None]:
    def happened(state: State, event: Event) -> None:
        _record(state, told, told.event.name, event)

    return happened


for _told in TOLD:
    activity.on(_told.event)(_handler(_told))


@activity.on(events.MembershipStatusChanged)
def membership_ended(state: State, event: events.MembershipStatusChanged) -> None:
    if (kind := STATUSES[event.to]) in _ENDINGS:
        _record(state, Told(events.MembershipStatusChanged, member="member_id"), kind, event)
