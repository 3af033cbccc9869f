"""Contracts' errors as sentences: what is the matter, and what would be right.

Every error of the ABIs can be told by its name and values; those that members are likely to meet have words
of their own here.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from backend.cli.show import when
from backend.decode import Calls, Refusal
from backend.deployment import MODULES, abi
from backend.project.admission import APPLICATION_STATUSES
from backend.project.assembly import STATES
from backend.project.assignments import ASSIGNMENT_STATES, SEAT_STATES
from backend.project.consent import CONSENT_STATES
from backend.project.constitution import RULE_KINDS
from backend.project.draws import DRAW_STATES
from backend.project.elections import STAGES
from backend.project.mediation import CASE_STATES, REMEDIES
from backend.project.membership import STATUSES
from backend.project.panels import PANEL_STATES
from backend.project.penalties import PENALTY_STATES
from backend.project.polls import POLL_STATES, SECRET_BALLOT_PROBLEMS
from backend.project.recall import PETITION_STATES
from backend.project.reviews import REVIEW_STATES, VERDICTS

# By error: a sentence in which the error's arguments stand by their names in the ABI, once `sentence` has
# made times and statuses readable.
SENTENCES = {
    # Membership
    "MembershipNotMember": "{account} is not a member: apply with `dualpower apply`, or choose another key",
    "MembershipNotActive": "member {memberId} is {status}, not active; who is dormant wakes by a check-in",
    "MembershipUnknownMember": "there is no member {memberId}",
    "MembershipOnProbation": (
        "member {memberId} is on probation until {until}: until then they vote and work, but do not vouch,"
        " object, sponsor, attest or guard"
    ),
    "MembershipAccountTaken": (
        "{account} holds, or once held, the membership of member {memberId}: take an account that never did"
    ),
    "MembershipWrongStatus": "member {memberId} is {status}, and would have to be {required}",
    "MembershipExpulsionsExhausted": "season {season} allows {limit} expulsions, and they have happened",
    "MembershipSoulbound": (
        "a membership cannot be passed on or sold; `dualpower recover` moves one to a new account"
    ),
    "MembershipNoDelegation": "a membership cannot be delegated",
    # Admission
    "AdmissionAlreadyMember": "{account} is member {memberId} already",
    "AdmissionAlreadyApplied": (
        "{applicant} has applied already: application {applicationId} is still running"
    ),
    "AdmissionUnknownApplication": "there is no application {applicationId}; see `dualpower applications`",
    "AdmissionWrongStatus": "application {applicationId} is {status}, so this cannot be done with it now",
    "AdmissionEmptyProfile": "an application needs a text in which you introduce yourself",
    "AdmissionVouchForSelf": "nobody vouches for themselves: ask members who know you",
    "AdmissionVouchTwice": (
        "member {memberId} has vouched for application {applicationId} already: it takes another member's"
        " vouch"
    ),
    "AdmissionVouchesExhausted": (
        "member {memberId} has given all {limit} vouches of season {season}: vouches come back with the"
        " next season"
    ),
    "AdmissionObjectionTwice": "member {memberId} has objected to application {applicationId} already",
    "AdmissionObjectionByVoucher": (
        "member {memberId} vouched for application {applicationId}, and so cannot object to it"
    ),
    "AdmissionObjectionsExhausted": (
        "member {memberId} has used all {limit} objections of season {season}: they come back with the next"
        " season"
    ),
    "AdmissionObjectionWindowClosed": (
        "the time to object to application {applicationId} was over on {closedAt}"
    ),
    "AdmissionTooEarly": (
        "members may still object to application {applicationId}: it can be admitted from {admissibleAt} on"
    ),
    "AdmissionExpired": "application {applicationId} expired on {expiredAt}: the applicant may apply again",
    "AdmissionVoucherLost": (
        "member {memberId}, who vouched for application {applicationId}, is no longer active: it needs a"
        " new application"
    ),
    "AdmissionSeasonFull": (
        "season {season} has room for {limit} admissions, and it is used up: admit again in the next season"
    ),
    "AdmissionNotApplicant": "application {applicationId} is not {caller}'s own",
    # Presence
    "PresenceNotMember": "member {memberId} is neither active nor dormant",
    "PresenceAttestationExpired": "the attestation was good until {deadline}: ask for a new one",
    "PresenceAttestationTooLong": (
        "an attestation's deadline is at most {latest} now; this one says {deadline}"
    ),
    "PresenceBadAttestation": (
        "the attestation was not signed by member {attester} for this check-in of member {memberId}; one"
        " serves for one check-in only"
    ),
    "PresenceAttestedBySelf": (
        "member {memberId} cannot attest that they live themselves: ask another member"
    ),
    "PresenceAttesterIneligible": (
        "member {attester} may not attest: it takes an active member who is out of probation"
    ),
    "PresenceAttestedByVoucher": (
        "member {attester} vouched for member {memberId}, and so may not attest for them: ask another member"
    ),
    "PresenceSameAttesterTwice": (
        "member {attester} attested for member {memberId} last time: ask another member this time"
    ),
    "PresenceStillPresent": "member {memberId} gave a sign of life that counts until {until}",
    "PresenceNoticeAlreadyGiven": "notice about member {memberId} was given on {at}",
    "PresenceWithoutNotice": (
        "no notice about member {memberId} is running: give it first with `dualpower dormant notice"
        " {memberId}`"
    ),
    "PresenceNoticeRunning": "the notice about member {memberId} runs until {until}",
    # Recovery
    "RecoveryBadGuardians": (
        "{given} guardians of whom {threshold} may act cannot be: it takes at most {maximum}, and at least"
        " 2 must act together"
    ),
    "RecoveryGuardianIneligible": (
        "member {guardian} cannot be a guardian: it takes an active member out of probation, other than"
        " oneself"
    ),
    "RecoveryDuplicateGuardian": "member {guardian} is named twice",
    "RecoveryNotGuardian": "member {guardian} is no guardian of member {memberId}",
    "RecoverySupportTwice": "member {guardian} supports this account for member {memberId} already",
    "RecoveryAccountTaken": "{account} holds, or once held, a membership: take an account that never did",
    "RecoveryZeroAccount": "a membership cannot move to nobody's account",
    "RecoveryOtherAccountRunning": "member {memberId} is already being moved to {running}",
    "RecoveryNoRequest": "no recovery of member {memberId} is scheduled: it takes their guardians' support",
    "RecoveryTooFewSupporters": (
        "{given} of {required} guardians support moving the membership of member {memberId}"
    ),
    "RecoveryTooEarly": "the membership of member {memberId} can be moved from {executableAt} on",
    "RecoveryVetoSpent": "member {memberId} has used their one veto",
    "RecoveryNothingToVeto": "no recovery of member {memberId} is scheduled",
    "RecoveryNotMember": "member {memberId} is neither active nor dormant",
    "RecoveryRequestRunning": (
        "a recovery of member {memberId} is scheduled: guardians cannot change meanwhile"
    ),
    # Members' group
    "MemberGroupOffCurve": "({ax}, {ay}) is no public key of an identity: it is no point of BabyJubJub",
    "MemberGroupWeakKey": (
        "anyone could prove with the public key ({ax}, {ay}): make another identity with"
        " `dualpower identity new`"
    ),
    "MemberGroupKeyTaken": (
        "the identity {commitment} belongs to member {memberId}, who registered it first: make one of your"
        " own with `dualpower identity new`"
    ),
    "MemberGroupKeyUnchanged": "your identity {commitment} is registered already",
    "MemberGroupReregistered": (
        "member {memberId} has replaced their identity in season {season} already: again in the next season"
    ),
    # Polls
    "PollsUnknown": "there is no poll {pollId}",
    "PollsUnknownTopic": "there is no topic {topic}",
    "PollsEmptyText": "a poll needs a text that says what is asked",
    "PollsOptions": "a poll has {least} to {most} options, not {options}",
    "PollsHiddenNeedsSecret": "only a secret poll can hide its results",
    "PollsTooFewListed": (
        "a secret poll needs {least} members in the group to hide among, and there are {listed}: `dualpower"
        " identity register` lists one"
    ),
    "PollsNotVoting": "voting in poll {pollId} is over: it is {state}",
    "PollsNotRevealing": "ballots of poll {pollId} are not revealed now: it is {state}",
    "PollsSecret": "poll {pollId} is secret: a ballot by name is not for it",
    "PollsNotInElectorate": (
        "{account} has no ballot in poll {pollId}: it is for who was active when it opened"
    ),
    "PollsAlreadyVoted": "member {memberId} has voted in poll {pollId} already; ballots are final",
    "PollsBadBallot": "{ballot} is no ballot of poll {pollId}: it has votes for options that there are not",
    "PollsOverBudget": "that costs {cost} credits, and a ballot in poll {pollId} has {credits}",
    "PollsSecretBallotRefused": "the ballot in poll {pollId} is refused: {problem}",
    "PollsGasStarved": "too little gas was sent to check the proof ({gas} of {needed}): send it again",
    "PollsWrongOpening": "that is not the ballot that was sealed in poll {pollId}",
    "PollsAlreadyRevealed": "the ballot in poll {pollId} is revealed already",
    "PollsNotFollowing": "delegations are not followed in poll {pollId} now: it is {state}",
    "PollsMemberNotInElectorate": (
        "member {memberId} has no ballot in poll {pollId}: it is for who was active when it opened"
    ),
    # Delegation
    "DelegationToSelf": "you vote for yourself anyway: name another member",
    "DelegationUnknownTopic": "there is no topic {topic}",
    "DelegationDelegateNotActive": "member {memberId} is not active, and so cannot be a delegate",
    "DelegationVotesOutOfRange": "a delegation takes 1 to {maximum} votes on one thing, not {votes}",
    "DelegationNone": "member {memberId} has no delegation on topic {topic}",
    "DelegationNoFollowing": "delegations are not followed in this vote",
    "DelegationNotFollowPeriod": "delegations are followed from {from} until {until}, and not now",
    # Offices
    "OfficesUnknown": "there is no office {officeId}",
    "OfficesAbolished": "office {officeId} was abolished",
    "OfficesEmptyText": "an office needs a text that says what it is for",
    "OfficesUnknownTopic": "there is no topic {topic}",
    "OfficesSeats": "an office has {least} to {most} seats, not {seats}",
    "OfficesTerm": "a term lasts {least} to {most} seconds, not {term}",
    "OfficesStipendAboveWorkersPay": (
        "a stipend of {stipend} units is more than a worker's pay, which is {workerPay}"
    ),
    "OfficesMandateTooLong": "a mandate lists at most {limit} calls, not {entries}",
    "OfficesBadMandate": (
        "no mandate can list {selector} of {target}: it takes a call of a contract that is neither the"
        " offices, the commons nor the powers, and a cap only with an amount"
    ),
    "OfficesMandateTwice": "the mandate lists {selector} of {target} twice",
    "OfficesNotHolder": "{account} holds no seat in office {officeId}",
    "OfficesOutsideMandate": (
        "the mandate of office {officeId} does not list {selector} of {target}: see `dualpower office show"
        " {officeId}`"
    ),
    "OfficesCallsExceeded": (
        "the holders of office {officeId} have made this call as often as they may in this period: {limit}"
        " times"
    ),
    "OfficesAmountExceeded": (
        "{amount} is more than the holders of office {officeId} have left for this call in this period:"
        " {left}"
    ),
    "OfficesShortCall": "the call is {length} bytes long, and its amount stands within the first {needed}",
    "OfficesCodeChanged": "{target} is not the contract that it was when the mandate was given",
    "OfficesExerciseFailed": "the mandate allows the call, but it was refused: {reason}",
    "OfficesFrom": "a seat in office {officeId} is given from {earliest} to {latest}, not from {from}",
    "OfficesNoSeat": "office {officeId} has no seat free from {from} on",
    "OfficesBarred": (
        "member {memberId} was recalled from office {officeId} and cannot hold it before {until}"
    ),
    "OfficesTermLimit": "member {memberId} has held office {officeId} for {limit} terms in a row",
    "OfficesHolds": "member {memberId} holds, or will hold, a seat in office {officeId} already",
    "OfficesStillHeld": "there is no seat of member {memberId} in office {officeId} to free",
    "OfficesFrozen": (
        "a vote on recalling member {memberId} from office {officeId} is open: their purses are frozen"
    ),
    "OfficesPaysHolder": "{to} belongs to a holder of office {officeId}, whom its purse never pays",
    "OfficesPeriodNotOver": "the period from {periodStart} on is not over yet",
    "OfficesNotAPeriod": "no period begins on {periodStart}",
    "OfficesStipendClaimed": "the stipend of tenure {tenureId} for the period from {periodStart} on is paid",
    "OfficesNothingEarned": (
        "tenure {tenureId} earned nothing in the period from {periodStart} on, or its member has had the"
        " whole of a worker's pay for it"
    ),
    "OfficesUnknownTenure": "there is no tenure {tenureId}",
    # Elections
    "ElectionsUnknown": "there is no election {electionId}",
    "ElectionsRunning": "election {electionId} for office {officeId} is running already",
    "ElectionsNoVacancy": "all seats of office {officeId} are taken, and none falls vacant soon",
    "ElectionsWrongStage": "election {electionId} is {stage}, so this cannot be done with it now",
    "ElectionsStandingOver": "one could stand in election {electionId} until {standUntil}",
    "ElectionsStandingNotOver": "members can stand in election {electionId} until {standUntil}",
    "ElectionsStandsTwice": "member {memberId} stands in election {electionId} already",
    "ElectionsNotStanding": "member {memberId} does not stand in election {electionId}",
    "ElectionsNotEligible": (
        "member {memberId} cannot take a seat that election {electionId} fills: who holds one beyond that"
        " time, was recalled, or has had as many terms in a row as there may be stands again later"
    ),
    "ElectionsFull": "{limit} stand in election {electionId}, which is as many as can",
    "ElectionsPollOpen": "poll {pollId}, which decides election {electionId}, is not over yet",
    "ElectionsNotDrawn": (
        "draw {drawId}, which decides election {electionId}, has no number yet: see `dualpower draw show"
        " {drawId}`"
    ),
    # Recall
    "RecallUnknownPetition": "there is no petition {petitionId}",
    "RecallNotHolder": "member {memberId} neither holds nor will hold a seat in office {officeId}",
    "RecallEmptyGrounds": "a petition needs a text that says why",
    "RecallRunning": (
        "petition {petitionId} on member {memberId} in office {officeId} is running: sign that one with"
        " `dualpower recall sign {petitionId}`"
    ),
    "RecallCoolingDown": (
        "a vote on recalling member {memberId} from office {officeId} failed: no new petition before {until}"
    ),
    "RecallWrongState": "petition {petitionId} is {state}: nobody can sign it now",
    "RecallSignedTwice": "member {memberId} has signed petition {petitionId} already",
    "RecallNotInElectorate": (
        "member {memberId} cannot sign petition {petitionId}: it is for who was active when it opened"
    ),
    # Assignments
    "AssignmentsUnknown": "there is no assignment {assignmentId}; see `dualpower work list`",
    "AssignmentsUnknownSeat": "assignment {assignmentId} has no seat {seat}",
    "AssignmentsEmptyText": "there is no text that says what is to be done, or why not",
    "AssignmentsUnknownTopic": "there is no topic {topic}",
    "AssignmentsBriefs": "1 to {limit} assignments are created at once, not {given}",
    "AssignmentsSeats": (
        "an assignment has 1 to {limit} seats, of which some may be for newcomers; got {seats}, {trialSeats}"
        " for newcomers"
    ),
    "AssignmentsReward": "a seat is worth up to {limit} micro-points, and something; got {reward}",
    "AssignmentsVolunteering": (
        "members volunteer for {least} to {most} seconds; {volunteering} would be too short, or too long"
    ),
    "AssignmentsTimes": (
        "those times do not go together: a task takes an hour to two years and is due after its start, a"
        " shift begins before it ends and is not over yet, and nothing is more than two years ahead"
    ),
    "AssignmentsHeartbeat": "a sign of progress is due after {least} seconds or more, not {heartbeat}",
    "AssignmentsMayNotPay": "{creator} cannot ask for work that is paid: it takes a decision",
    "AssignmentsPurse": (
        "purse {purseId} pays no work in topic {topic}: it takes an open purse of `assignments` for that"
        " topic"
    ),
    "AssignmentsWrongState": "assignment {assignmentId} is {state}, so this cannot be done with it now",
    "AssignmentsVolunteeredTwice": "member {memberId} volunteers for assignment {assignmentId} already",
    "AssignmentsHoldsSeat": "member {memberId} has seat {seat} of assignment {assignmentId} already",
    "AssignmentsNoVolunteer": "member {memberId} does not volunteer for assignment {assignmentId}",
    "AssignmentsVolunteersFull": "{limit} volunteer for assignment {assignmentId}, which is as many as can",
    "AssignmentsFull": "no seat of assignment {assignmentId} is free",
    "AssignmentsOver": "assignment {assignmentId} was over at {deadline}: it has no seats to take",
    "AssignmentsGaveUp": (
        "member {memberId} gave up a seat of assignment {assignmentId} once work had begun: they take no"
        " other one of it"
    ),
    "AssignmentsTooManySeats": (
        "member {memberId} holds {held} seats, which is as many as one can: deliver one first"
    ),
    "AssignmentsStruck": (
        "member {memberId} missed or failed {strikes} seats in season {season}: they take none until the next"
    ),
    "AssignmentsNotHolder": "{account} does not hold seat {seat} of assignment {assignmentId}",
    "AssignmentsWrongSeatState": (
        "seat {seat} of assignment {assignmentId} is {state}, so this cannot be done with it now"
    ),
    "AssignmentsNoHeartbeat": "assignment {assignmentId} asks for no signs of progress",
    "AssignmentsNotBegun": "assignment {assignmentId} begins at {start}",
    "AssignmentsOverdue": "seat {seat} of assignment {assignmentId} was due until {dueAt}",
    "AssignmentsNotMissed": "who holds seat {seat} of assignment {assignmentId} has time until {until}",
    "AssignmentsShare": "work earns 1 to 10000 ten-thousandths of its reward, not {shareBps}",
    "AssignmentsNothingToPay": "seat {seat} of assignment {assignmentId} has no stipend to be paid",
    "AssignmentsPaysByItself": "nobody pays from this purse: the stipends of done work come from it",
    # Series
    "SeriesUnknown": "there is no series {seriesId}; see `dualpower series list`",
    "SeriesEmptyRule": "a series needs a text that says when it comes again",
    "SeriesEmptyReason": "stopping a series needs a text that says why",
    "SeriesOccurrences": "a series has 1 to {limit} occurrences, not {occurrences}",
    "SeriesTimes": (
        "an occurrence opens up to 90 days before its start and lasts up to 90 days; got {lead} and {length}"
        " seconds"
    ),
    "SeriesBriefHasTimes": "in a series the rule says when: its assignments have no start and no end",
    "SeriesEnded": "series {seriesId} was stopped",
    "SeriesOpened": "occurrence {index} of series {seriesId} is open: it is assignment {assignmentId}",
    "SeriesNotInRule": "occurrence {index} of series {seriesId} does not begin at {start}",
    "SeriesTooEarly": "that occurrence of series {seriesId} can be opened from {opensAt} on",
    "SeriesOver": "that occurrence of series {seriesId} was over at {endedAt}",
    # Reviews
    "ReviewsUnknown": "there is no review {reviewId}; see `dualpower review list`",
    "ReviewsEmptyEvidence": "a delivery needs a text that shows the work",
    "ReviewsEmptyText": "a verdict needs a text that says why",
    "ReviewsShares": "at most {limit} have a share in a delivery, not {shares}",
    "ReviewsSharesSum": "the shares add up to {bps} ten-thousandths, and must add up to 10000",
    "ReviewsShare": "a share is {least} to {most} ten-thousandths, not {shareBps}",
    "ReviewsShareTwice": "member {memberId} is named twice",
    "ReviewsShareOfNoMember": "member {memberId} is no active member, and has no share in a delivery",
    "ReviewsShareOfReviewer": (
        "member {memberId} has no share: member {reviewer}, who reviews it, is the same or vouched for them"
    ),
    "ReviewsNotATask": "assignment {assignmentId} is a shift: somebody who was there confirms it",
    "ReviewsNotAShift": "assignment {assignmentId} is a task: it is delivered and reviewed",
    "ReviewsWrongState": "review {reviewId} is {state}, so this cannot be done with it now",
    "ReviewsNotCaptured": (
        "draw {drawId}, which names the reviewers of review {reviewId}, has no number yet: see `dualpower"
        " draw show {drawId}`"
    ),
    "ReviewsNotDrawn": "{account} was not drawn to review {reviewId}",
    "ReviewsByAssignee": (
        "member {memberId} has a seat of the assignment, or a share, and does not review {reviewId}"
    ),
    "ReviewsTwice": "member {memberId} has said what they think in review {reviewId}, and that is final",
    "ReviewsLate": "review {reviewId} could be answered until {until}",
    "ReviewsBadVerdict": "a mark of 1 to 100 accepts, one of 0 asks for rework; got {mark} with {verdict}",
    "ReviewsAnswersDue": "who was asked in review {reviewId} has time until {until}",
    "ReviewsStillInRework": "the work of review {reviewId} is being worked on again",
    "ReviewsOwnShift": "member {memberId} cannot confirm their own shift",
    "ReviewsByVoucher": "member {voucher} vouched for member {memberId}: somebody else confirms their work",
    "ReviewsSameConfirmerTwice": (
        "member {confirmer} confirmed the last shift of member {memberId}: somebody else confirms this one"
    ),
    "ReviewsConfirmWindow": "that shift can be confirmed from {from} until {until}",
    "ReviewsNothingToConfirmWith": (
        "member {confirmer} has nothing left to confirm with this season: it grows with what they earned"
    ),
    "ReviewsNotConcluded": "review {reviewId} is {state}: nothing is concluded that could be overturned",
    # Penalties
    "PenaltiesUnknown": "there is no penalty {penaltyId}; see `dualpower penalty list`",
    "PenaltiesWrongState": "penalty {penaltyId} is {state}: only a pending one can be changed",
    "PenaltiesNotTheirs": "penalty {penaltyId} is not of the member who holds {account}",
    "PenaltiesEmptyGrounds": "an appeal needs a text that says why",
    "PenaltiesEmptyReason": "striking a penalty needs a text that says why",
    "PenaltiesAppealedTwice": "penalty {penaltyId} was appealed already: once is all there is",
    "PenaltiesAppealTooLate": "penalty {penaltyId} could be appealed until {dueAt}",
    "PenaltiesTooEarly": "penalty {penaltyId} can be carried out from {dueAt} on",
    # Mediation
    "MediationUnknown": "there is no case {caseId}; see `dualpower case list`",
    "MediationEmptyHash": "there is no text: a case lives of what is said",
    "MediationUnknownTopic": "there is no topic {topic}",
    "MediationAgainstSelf": "member {memberId} would have a case against themselves",
    "MediationParties": "a case is with 1 to {limit} others, not {parties}",
    "MediationPartyTwice": "member {memberId} is named twice",
    "MediationPartyGone": "member {memberId} is no member any more",
    "MediationRemedy": (
        "a case asks for points, above 0 and no more than the constitution lets, or for an expulsion, of one"
        " whom it is with; got {kind} of member {memberId}, {amount} micro-points"
    ),
    "MediationCasesExhausted": (
        "member {memberId} has opened all {limit} cases of season {season}: others may open one"
    ),
    "MediationReviewTooLate": "review {reviewId} could be challenged until {until}",
    "MediationReviewChallenged": "review {reviewId} is challenged already: case {caseId}",
    "MediationReviewNotTheirs": (
        "what failed is challenged by who delivered it: review {reviewId} is not of work by member {memberId}"
    ),
    "MediationWrongState": "case {caseId} stands at {state}, so this cannot be done with it now",
    "MediationNotDrawn": "draw {drawId}, which gives the mediator of case {caseId}, has no number yet",
    "MediationTooEarly": "case {caseId} waits for others until {until}",
    "MediationNotParty": "{account} is no party of case {caseId}",
    "MediationNotMediator": "{account} does not mediate case {caseId}",
    "MediationAnsweredTwice": "member {memberId} has said so already in case {caseId}",
    "MediationTooLate": "in case {caseId} there was time for that until {until}",
    "MediationOtherOutcome": (
        "another outcome of case {caseId} is proposed now, {outcome}: read it, and sign that one"
    ),
    "MediationEvidenceFull": "member {memberId} has given evidence {limit} times in case {caseId}: no more",
    "MediationNotClaimant": "{account} did not open case {caseId}: only who did takes it back",
    # Panels of cases
    "CasePanelsUnknown": "no panel was convened in case {caseId}",
    "CasePanelsWrongState": (
        "the panel of case {caseId} stands at {state}, so this cannot be done with it now"
    ),
    "CasePanelsNotDrawn": "draw {drawId}, which gives the panel of case {caseId}, has no number yet",
    "CasePanelsNotPanelist": "{account} is not on the panel of case {caseId}",
    "CasePanelsEmptyCommitment": "that commits to no vote",
    "CasePanelsCommittedTwice": "member {memberId} has voted on case {caseId} already, and votes are final",
    "CasePanelsNoCommitment": "member {memberId} committed to no vote on case {caseId}",
    "CasePanelsRevealedTwice": "the vote of member {memberId} on case {caseId} is revealed already",
    "CasePanelsWrongReveal": ("that is not the vote to which member {memberId} committed in case {caseId}"),
    "CasePanelsExtent": "{extent} quarters are too many: at most {most}",
    "CasePanelsNotParty": "{account} is no party of case {caseId}: only those can appeal",
    "CasePanelsAppealedTwice": "case {caseId} was appealed already: once is all there is",
    "CasePanelsAppealTooLate": "the decision in case {caseId} could be appealed until {until}",
    "CasePanelsMotionNeedsNoAppeal": (
        "in case {caseId} the members vote on the expulsion themselves: there is nothing to appeal"
    ),
    "CasePanelsTooEarly": "in case {caseId} that can be done from {from} on",
    "CasePanelsEmptyGrounds": "an appeal needs a text that says why",
    # Draws
    "DrawsUnknown": "there is no draw {drawId}",
    "DrawsNoBlockHashes": "this chain does not tell the hashes of its blocks: nothing can be drawn on it",
    "DrawsEmptyPool": "nothing can be drawn from an empty pool",
    "DrawsWrongState": "draw {drawId} is {state}, and would have to be {required}",
    "DrawsNoCommitment": "member {memberId} committed to no secret in draw {drawId}",
    "DrawsWrongSecret": "that is not the secret to which member {memberId} committed in draw {drawId}",
    "DrawsAlreadyRevealed": "the secret of member {memberId} in draw {drawId} is revealed already",
    # Docket
    "DocketSponsorTwice": "member {memberId} sponsors this draft already: it takes another member",
    "DocketTopicMismatch": (
        "the draft's first sponsor named topic {named}, and all name the same; you gave {given}"
    ),
    "DocketUnknownTopic": "there is no topic {topic}",
    "DocketSponsorsFull": "the draft has its {limit} sponsors already: its author can propose it",
    "DocketNotSponsored": (
        "the draft has {sponsors} of the {required} sponsors it takes: members sponsor it with `dualpower"
        " sponsor {proposalId} --topic TOPIC`, then run this again"
    ),
    "DocketCodeChanged": (
        "a contract that the proposal calls is not the one it was when the proposal opened"
    ),
    "DocketDescriptionSuffix": "the description must end in #nonce=<digits>#proposer={proposer}",
    "DocketModuleOpensThis": (
        "votes under the {kind} rule are opened by a module, not by a member's proposal"
    ),
    "DocketAlreadyProposed": "the draft was proposed already; a repetition takes another --nonce",
    "DocketHearingAgainstSelf": "one cannot have oneself heard; `dualpower leave` ends a membership",
    "DocketHearingTwice": "member {memberId} opened hearing {hearingId}: it takes a second member",
    "DocketHearingRunning": "hearing {hearingId} on member {memberId} is still running",
    "DocketUnknownHearing": "there is no hearing {hearingId}",
    "DocketHearingNotStarted": "hearing {hearingId} has not begun: a second member must join it",
    "DocketHearingTooEarly": "the member is still being heard: the vote can be opened from {votableAt} on",
    "DocketHearingExpired": "hearing {hearingId} led to no vote until {expiredAt}, and lapsed",
    "DocketHearingVoted": "hearing {hearingId} led to a vote already: proposal {proposalId}",
    "DocketHearingComplete": "hearing {hearingId} has its two members already",
    "DocketEmptyGrounds": "a hearing needs a text that says why",
    # Assembly
    "AssemblyNotInElectorate": (
        "you have no ballot in this vote: it is for who was an active member when the proposal opened"
    ),
    "AssemblyAlreadyVoted": "member {memberId} has voted on this proposal already; ballots are final",
    "AssemblyUnknownSupport": "{support} is no choice: vote against, for or abstain",
    "AssemblyVotesOutOfRange": "{votes} votes cannot be cast here: it takes 1 to {maximum}",
    "AssemblyBadSignature": "the ballot was not signed by the account of member {memberId}",
    "AssemblyVotingClosed": "voting on this proposal ended on {deadline}",
    "AssemblyLiveProposal": (
        "member {memberId} has a proposal that is still being decided ({proposalId}): one at a time"
    ),
    "AssemblyAlreadyOpened": "this proposal was opened already; a repetition takes another --nonce",
    "AssemblyNoQueue": "votes on people are carried out at once: use `dualpower execute`",
    "AssemblyUseMemberBallot": (
        "this way of signing is not used here: sign a ballot with `dualpower vote --relay`"
    ),
    "GovernorUnexpectedProposalState": "the proposal is {current}, so this cannot be done with it now",
    "GovernorNonexistentProposal": "there is no such proposal: it was not opened, or its id is another",
    "GovernorRestrictedProposer": "only the account named in the description can propose this",
    "GovernorInvalidProposalLength": "a proposal needs at least one action",
    "GovernorUnableToCancel": "only its author can cancel a proposal, and only before voting starts",
    "TimelockUnexpectedOperationState": "the proposal's delay before it can be executed is not over yet",
    # Consent
    "ConsentNotAllowed": (
        "{selector} of {target} may not pass by consent; `dualpower consent allowances` lists what may"
    ),
    "ConsentOverCap": "by consent {cap} may be decided at once, and this adds up to {amount}: take a vote",
    "ConsentShortCall": "a call of {target} has {length} bytes of the {needed} it takes",
    "ConsentDescriptionSuffix": "the description must end in #nonce=<digits>#proposer={proposer}",
    "ConsentNotOrdinary": "only what the ordinary rule decides can pass by consent",
    "ConsentAlreadyOpened": "this was put to consent already; a repetition takes another --nonce",
    "ConsentLiveProposal": (
        "member {memberId} has something open for consent, or passed and not carried out ({proposalId}): one"
        " at a time"
    ),
    "ConsentWrongState": "it is {state}, and would have to be {required}",
    "ConsentNotInElectorate": "{account} has no say in this: it is for who was active when it opened",
    "ConsentSameResponse": "member {memberId} has said so already",
    "ConsentReasonNeeded": "a member who does not agree says why",
    "ConsentCodeChanged": "a contract that it calls is not the one it was when it opened",
    "ConsentCallFailed": "call {index} of it failed: {reason}",
    # Commons
    "CommonsEmptyReason": "a payment needs a text that says why",
    "CommonsZeroAmount": "a payment of nothing changes nothing",
    "CommonsBadReceiver": "{to} cannot be paid: nobody pays themselves, the commons, or nobody",
    "CommonsShort": "the commons has {balance} of {asset}, and that takes {amount}",
    "CommonsBraked": (
        "{amount} of {asset} are more than the {left} that may still leave in this period: it takes the"
        " constitutional rule, or the next period"
    ),
    "CommonsTransferFailed": "{asset} did not move {amount} to {to}",
    "CommonsTookMore": "{asset} took {taken} where {amount} were asked for: it is not paid",
    "CommonsNoToken": "there is no token at {asset}",
    "CommonsUnknownPurse": "there is no purse {purseId}; see `dualpower purse list`",
    "CommonsPurseClosed": "purse {purseId} is closed",
    "CommonsPurseExceeded": "purse {purseId} has {left} left in this period, and that takes {amount}",
    "CommonsNotPayer": "{account} does not hold purse {purseId}",
    "CommonsNoController": (
        "{controller} has no power to say who pays from purses: giving it takes the constitutional rule"
    ),
    "CommonsAboveWorkersPay": (
        "member {memberId} can be paid {left} more units for the period, and that is {units}: nobody is paid"
        " more than a worker"
    ),
    "CommonsNothingToRecord": "all of {asset} that the commons has is in the ledger",
    # Credits and reputation
    "VoiceCreditsExceeded": (
        "that costs {cost} voice credits, and member {memberId} has {left} left in season {season}: n votes"
        " cost n x n - 1"
    ),
    "ReputationUnknownTopic": "there is no topic {topic}",
    "ReputationUnknownMember": "there is no member {memberId}",
    "ReputationEmptyEvidence": "an award needs a text that shows what it is for",
    "ReputationZeroAmount": "an award of nothing changes nothing",
    "ReputationAmountTooLarge": "{amount} micro-points are too many: at most {limit}",
    # Constitution
    "ConstitutionUnknownParameter": "there is no parameter {name}",
    "ConstitutionParameterOutOfBounds": (
        "{name} cannot be {value}: it lies between {floor} and {ceiling}, and no vote can move these bounds"
    ),
    "ConstitutionActionCount": "a proposal has 1 to {limit} actions, not {given}",
    "ConstitutionWrappedCall": (
        "a proposal must show what it does: {selector} on {target} would hide another call in it"
    ),
    "ConstitutionRefusedCode": "{target} can change what it does at any time, so no proposal may call it",
    "ConstitutionPersonVoteStandsAlone": "a vote on a person has one action, not {actions}",
    "ConstitutionZeroTextHash": "there is no text",
    "ConstitutionNotConstituted": "the commune is not founded yet",
    # Relayed requests
    "ForwarderExpired": "the signed request was good until {deadline}: sign again",
    "ForwarderNonceUsed": "the signed request was carried out, or cancelled, already",
    "ForwarderBadSignature": "the request was not signed by {from}",
    "ForwarderUntrustfulTarget": "{to} takes no requests through the forwarder",
    "ForwarderTooLittleGas": (
        "the relay sent too little gas ({given} of {needed}): nothing happened, send it again"
    ),
    # Powers
    "AccessManagedUnauthorized": "{caller} has no power to do this: it takes a proposal",
    "AccessManagerUnauthorizedAccount": "{msgsender} has no power to do this: it takes a proposal",
}

# What a relay says for itself, before or instead of a contract.
RELAY_SENTENCES = {
    "RelayVotingIsOver": "voting is over: the proposal is {state}",
    "RelayOnItsWay": "the relay has this from you already, and it is on its way",
    "RelayRateLimited": "the relay has taken much from you lately: wait a minute",
    "RelayTooMuchGas": "that takes {gas} gas, and the relay pays for {limit} at most",
    "RelayFunctionNotAllowed": "the relay does not pay for this: send a transaction yourself",
    "RelayPossessionUnproven": "the relay registers a key only for who holds it: {reason}",
    "RelayMalformed": "the relay cannot read what was signed: {reason}",
    "RelayProofRefused": "the relay refuses the proof: {reason}",
    "RelayGaveUp": "the relay tried {attempts} times and gave up: nothing happened, sign again",
    "RelayNoOutcome": "the chain did not tell the relay what came of it: look before you sign again",
}

_TIMES = re.compile(r"until|at|from|start|earliest|latest|deadline|periodStart|\w+At|\w+Until")
# Enums come as numbers; by error and argument, the names of their values.
_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "AdmissionWrongStatus": {"status": ("None", *APPLICATION_STATUSES)},
    "AssignmentsWrongState": {"state": ASSIGNMENT_STATES},
    "AssignmentsWrongSeatState": {"state": SEAT_STATES},
    "MembershipNotActive": {"status": STATUSES},
    "MembershipWrongStatus": {"status": STATUSES, "required": STATUSES},
    "CasePanelsWrongState": {"state": PANEL_STATES},
    "GovernorUnexpectedProposalState": {"current": STATES},
    "ConsentWrongState": {"state": CONSENT_STATES, "required": CONSENT_STATES},
    "DocketModuleOpensThis": {"kind": RULE_KINDS},
    "DrawsWrongState": {"state": DRAW_STATES, "required": DRAW_STATES},
    "ElectionsWrongStage": {"stage": STAGES, "required": STAGES},
    "MediationRemedy": {"kind": REMEDIES},
    "MediationWrongState": {"state": CASE_STATES},
    "PollsNotVoting": {"state": POLL_STATES},
    "PollsNotRevealing": {"state": POLL_STATES},
    "PollsNotFollowing": {"state": POLL_STATES},
    "PollsSecretBallotRefused": {"problem": SECRET_BALLOT_PROBLEMS},
    "PenaltiesWrongState": {"state": PENALTY_STATES},
    "RecallWrongState": {"state": PETITION_STATES},
    "ReviewsBadVerdict": {"verdict": VERDICTS},
    "ReviewsNotConcluded": {"state": REVIEW_STATES},
    "ReviewsWrongState": {"state": REVIEW_STATES},
}
# Errors whose reason is the error of a call within.
_WRAPPING = {"ConsentCallFailed", "OfficesExerciseFailed"}
_PROBLEMS = {
    "NotVoting": "voting is over",
    "NotSecret": "the poll is open, and takes ballots by name",
    "NullifierOutOfRange": "its nullifier is no number of the field",
    "NullifierUsed": "this identity has voted already, and ballots are final",
    "BallotInvalid": "it has votes that the poll does not have, or costs more than its credits",
    "ProofInvalid": "its proof does not hold",
}


def sentence(refusal: Refusal) -> str:
    """What the refusal means, to a member."""
    template = (SENTENCES | RELAY_SENTENCES).get(refusal.error)
    names = _NAMES.get(refusal.error, {})
    said = {name: _said(name, value, names.get(name)) for name, value in refusal.arguments.items()}
    if refusal.error in _WRAPPING:
        inner = bytes.fromhex(refusal.arguments["reason"].removeprefix("0x"))
        said["reason"] = sentence(_all_errors().refusal(inner))
    try:
        return template.format(**said) if template is not None else _by_name(refusal)
    except KeyError:
        # A relay that says less than the contract would.
        return _by_name(refusal)


@functools.cache
def _all_errors() -> Calls:
    """Those of every contract of a commune, wherever it is."""
    return Calls({name: (bytes(20), abi(name)) for name in MODULES.values()})


def _said(name: str, value: Any, names: tuple[str, ...] | None) -> str:
    if names is not None and isinstance(value, int) and value < len(names):
        value = names[value]
    if names is not None and value in names:
        return _PROBLEMS.get(value) or str(value).lower()
    if _TIMES.fullmatch(name) and (isinstance(value, int) or str(value).isdecimal()):
        return when(int(value)) or ""
    if name == "name" and isinstance(value, str) and value.startswith("0x"):
        return bytes.fromhex(value[2:]).rstrip(b"\0").decode("utf-8", "replace")
    return str(value)


def _by_name(refusal: Refusal) -> str:
    given = refusal.arguments
    if refusal.error == "Error":
        return f"the contract says: {given.get('reason', '')}"
    if refusal.error == "Panic":
        return f"the contract failed with panic code {given['code']:#x}"
    if refusal.error == "UnknownError":
        return f"the contract refused with an error that is not known here: {given.get('data', 'no data')}"
    values = ", ".join(f"{name} {value}" for name, value in given.items())
    return f"the contract refused: {refusal.error}({values})"
