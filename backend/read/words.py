"""Decoded calls and events as a sentence that a member understands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.decode import Call, Calls
from backend.project.assembly import CHOICES
from backend.project.assignments import KINDS, RELEASES
from backend.project.commons import OUTLAYS
from backend.project.consent import RESPONSES
from backend.project.constitution import RULE_KINDS, short_name
from backend.project.fading import POINT
from backend.project.mediation import REMEDIES
from backend.project.offices import ENDINGS, FILLINGS
from backend.project.panels import QUARTERS
from backend.project.reputation import REASONS
from backend.project.reviews import REVIEW_STATES, VERDICTS
from backend.read.moment import Moment

Arguments = dict[str, Any]

_DAY = 86_400


def points(micro: int | str) -> str:
    """Micro-points as points."""
    return f"{int(micro) / POINT:g}"


def named(hex_name: str) -> str:
    """A bytes32 in hex that holds a short name."""
    return short_name(bytes.fromhex(hex_name[2:]))


def money(asset: str, amount: int | str) -> str:
    """ETH as people write it; of a token, which may say anything of itself, its smallest parts."""
    if int(asset, 16):
        return f"{amount} of the token {asset}"
    whole, rest = divmod(int(amount), 10**18)
    decimals = f".{rest:018}".rstrip("0") if rest else ""
    return f"{whole}{decimals} ETH"


class Words:
    """`calls` know the functions behind selectors."""

    def __init__(self, moment: Moment, calls: Calls) -> None:
        self._moment = moment
        self._calls = calls

    def topic(self, topic: int) -> str:
        return self._moment.topics.get(topic, str(topic))

    def account(self, address: str) -> str:
        """A module's name, or the address itself."""
        return self._moment.modules.get(bytes.fromhex(address[2:]), address)

    def function(self, address: str, selector: str) -> str:
        """As in `constitution.adopt`; by its selector where no ABI explains it."""
        known = self._calls.name(bytes.fromhex(address[2:]), bytes.fromhex(selector[2:]))
        return f"{self.account(address)}.{known}" if known else f"{selector} of {self.account(address)}"

    def action(self, target: bytes, calldata: bytes, call: Call | None, amount: int = 0) -> str:
        """What a proposal's action would do. `amount` in wei goes with it."""
        where = self.account(f"0x{target.hex()}")
        if call is None:
            told = f"call {where} with {len(calldata)} bytes that its ABI does not explain"
        else:
            tell = _ACTIONS.get((call.contract, call.function))
            told = tell(self, call.arguments) if tell else self._plain(where, call)
        return f"{told}, sending {amount} wei" if amount else told

    def event(self, kind: str, arguments: Arguments) -> str:
        """What an activity's event says."""
        return _EVENTS[kind](self, arguments)

    def _plain(self, where: str, call: Call) -> str:
        values = ", ".join(f"{name} {value}" for name, value in call.arguments.items())
        return f"call {where}.{call.function}({values})"


_RESPONDED = {
    "Acknowledge": "agreed to a draft by consent",
    "Block": "blocked a draft by consent",
    "StandAside": "stood aside from a draft by consent",
}

_ACTIONS: dict[tuple[str, str], Callable[[Words, Arguments], str]] = {
    ("Constitution", "setParameter"): lambda w, a: f"set {named(a['name'])} to {a['value']}",
    ("Constitution", "setRule"): lambda w, a: (
        f"put {a['selector']} of {w.account(a['target'])} under the {RULE_KINDS[a['kind']]} rule"
    ),
    ("Constitution", "addTopic"): lambda w, a: f"add the topic {a['name']}",
    ("Constitution", "setDaoURI"): lambda w, a: f"say that the commune is described at {a['uri']}",
    ("Constitution", "setCharter"): lambda w, a: f"make the text {a['textHash']} the charter",
    ("Constitution", "adopt"): lambda w, a: f"adopt the text {a['textHash']} as a resolution",
    ("Constitution", "setModule"): lambda w, a: f"list {a['module']} as the module {named(a['name'])}",
    ("Constitution", "setCodeHashRefusal"): lambda w, a: (
        f"{'refuse' if a['refused'] else 'allow'} targets with the code hash {a['codeHash']}"
    ),
    ("Reputation", "award"): lambda w, a: (
        f"award member {a['memberId']} {points(a['amount'])} points in {w.topic(a['topic'])}"
    ),
    ("Reputation", "penalise"): lambda w, a: (
        f"take {points(a['amount'])} points in {w.topic(a['topic'])} from member {a['memberId']}"
    ),
    ("Polls", "open"): lambda w, a: (
        f"ask the members, in a {_poll(a)} poll in {w.topic(a['topic'])}, to choose among {a['options']}"
        f" options (text {a['text']})"
    ),
    ("Commons", "pay"): lambda w, a: (
        f"pay {money(a['asset'], a['amount'])} to {w.account(a['to'])} (text {a['reason']})"
    ),
    ("Commons", "payBeyondBrake"): lambda w, a: (
        f"pay {money(a['asset'], a['amount'])} to {w.account(a['to'])}, beyond what may leave in a period"
        f" (text {a['reason']})"
    ),
    ("Commons", "openPurse"): lambda w, a: (
        f"open a purse of {money(a['asset'], a['cap'])} a period, for those whom"
        f" {w.account(a['controller'])} names under {a['key']} (text {a['reason']})"
    ),
    ("Commons", "setPurseCap"): lambda w, a: f"let purse {a['purseId']} pay {a['cap']} a period",
    ("Commons", "closePurse"): lambda w, a: f"close purse {a['purseId']} for ever",
    ("Commons", "setPayUnit"): lambda w, a: f"count pay in units of {money(a['asset'], a['unit'])}",
    ("Offices", "create"): lambda w, a: _office(w, *a.values()),
    ("Offices", "setMandate"): lambda w, a: (
        f"let the holders of office {a['officeId']} {_mandate(w, a['mandate'])}, and nothing else"
    ),
    ("Offices", "setStipend"): lambda w, a: (
        f"pay who takes a seat in office {a['officeId']} from now on {_units(a['stipend'])} a period"
    ),
    ("Offices", "abolish"): lambda w, a: f"abolish office {a['officeId']} and end all its tenures",
    ("Offices", "recall"): lambda w, a: f"recall member {a['memberId']} from office {a['officeId']}",
    ("CasePanels", "overrule"): lambda w, a: f"overrule what the panel decided in case {a['caseId']}",
    ("CasePanels", "grant"): lambda w, a: f"grant in full what case {a['caseId']} asks for",
    ("Draws", "open"): lambda w, a: (
        f"draw from a published pool of {a['size']} ({a['pool']}), as the text {a['text']} says"
    ),
    ("Assignments", "create"): lambda w, a: (
        "create " + ", and ".join(_brief(w, brief) for brief in a["briefs"])
    ),
    ("Assignments", "cancel"): lambda w, a: (
        f"cancel assignment {a['assignmentId']} (text {a['reason']}): nobody takes or holds a seat any more"
    ),
    ("Series", "create"): lambda w, a: (
        f"begin a series of {a['plan']['occurrences']} (rule {a['plan']['rule']}), each"
        f" {_brief(w, a['plan']['brief'])}"
    ),
    ("Series", "stop"): lambda w, a: (
        f"stop series {a['seriesId']} (text {a['reason']}): no further occurrence is opened"
    ),
    ("Reviews", "decide"): lambda w, a: (
        f"accept what review {a['reviewId']} is about, for {_percent(a['shareBps'])} of its reward"
        if a["shareBps"]
        else f"not accept what review {a['reviewId']} is about, and open its seat again"
    ),
    ("Penalties", "strike"): lambda w, a: f"strike penalty {a['penaltyId']} (text {a['reason']})",
    ("Consent", "setAllowance"): lambda w, a: (
        f"{'let' if a['allowance']['allowed'] else 'no longer let'} {a['selector']} of"
        f" {w.account(a['target'])} pass by consent"
    ),
    ("Membership", "expel"): lambda w, a: f"expel member {a['memberId']}",
    ("Recovery", "recoverByVote"): lambda w, a: (
        f"move the membership of member {a['memberId']} to {a['newAccount']}"
    ),
    ("Admission", "admitByVote"): lambda w, a: f"admit the applicant of application {a['applicationId']}",
    ("Powers", "grantRole"): lambda w, a: f"grant role {a['roleId']} to {w.account(a['account'])}",
    ("Powers", "revokeRole"): lambda w, a: f"revoke role {a['roleId']} from {w.account(a['account'])}",
}

_EVENTS: dict[str, Callable[[Words, Arguments], str]] = {
    "MemberAdmitted": lambda w, a: (
        f"member {a['memberId']} {'founded the commune' if a['founder'] else _joined(a)}"
    ),
    "Applied": lambda w, a: f"{a['applicant']} asked to join (application {a['applicationId']})",
    "Vouched": lambda w, a: f"member {a['memberId']} vouched in application {a['applicationId']}",
    "ObjectionWindowOpened": lambda w, a: f"application {a['applicationId']} is open to objections",
    "Objected": lambda w, a: f"member {a['memberId']} objected to application {a['applicationId']}",
    "ApplicationContested": lambda w, a: f"application {a['applicationId']} is put to a vote",
    "ApplicationCleared": lambda w, a: f"application {a['applicationId']} won its vote",
    "ApplicationWithdrawn": lambda w, a: f"application {a['applicationId']} ended",
    "ApplicationAdmitted": lambda w, a: (
        f"application {a['applicationId']} made its applicant member {a['memberId']}"
    ),
    "CheckedIn": lambda w, a: (
        f"member {a['memberId']} checked in, attested by member {a['attester']}"
        f"{', and is awake again' if a['woke'] else ''}"
    ),
    "NoticeGiven": lambda w, a: f"notice was given that member {a['memberId']} shows no sign of life",
    "MarkedDormant": lambda w, a: f"member {a['memberId']} is dormant",
    "Left": lambda w, a: f"member {a['memberId']} left",
    "Expelled": lambda w, a: f"member {a['memberId']} was expelled",
    "GuardiansChangeScheduled": lambda w, a: (
        f"member {a['memberId']} names {len(a['guardians'])} guardians, {a['threshold']} of whom may act"
    ),
    "RecoverySupported": lambda w, a: (
        f"member {a['guardian']} supports moving the membership of member {a['memberId']}"
        f" to {a['newAccount']} ({a['supporters']} of {a['required']})"
    ),
    "RecoveryScheduled": lambda w, a: (
        f"the membership of member {a['memberId']} is to move to {a['newAccount']}"
    ),
    "RecoveryVetoed": lambda w, a: (
        f"the account of member {a['memberId']} vetoed its move to {a['newAccount']}"
    ),
    "RecoveryCancelled": lambda w, a: (
        f"the recovery of member {a['memberId']}, or a change of guardians, ended"
    ),
    "Recovered": lambda w, a: (
        f"the membership of member {a['memberId']} moved to {a['to']}{' by vote' if a['byVote'] else ''}"
    ),
    "Sponsored": lambda w, a: f"member {a['memberId']} sponsored a draft in {w.topic(a['topic'])}",
    "ProposalOpened": lambda w, a: (
        f"member {a['author']} opened a proposal in {w.topic(a['topic'])}"
        if a["author"]
        else f"a vote under the {RULE_KINDS[a['terms']['kind']]} rule opened"
    ),
    "HearingRequested": lambda w, a: f"member {a['opener']} asked for a hearing on member {a['memberId']}",
    "HearingStarted": lambda w, a: f"member {a['opener']} joined hearing {a['hearingId']}, which began",
    "HearingVoteOpened": lambda w, a: f"hearing {a['hearingId']} led to a vote",
    "BallotRecorded": lambda w, a: (
        f"member {a['memberId']} voted {CHOICES[a['support']]} with {a['votes']}"
        f" {'vote' if a['votes'] == 1 else 'votes'}{' by following' if a['followed'] else ''}"
    ),
    "ProposalExtended": lambda w, a: "a late quorum extended the vote",
    "ProposalQueued": lambda w, a: "a proposal passed and was queued",
    "ProposalExecuted": lambda w, a: "a proposal was executed",
    "ProposalCanceled": lambda w, a: "a proposal was canceled by its author",
    "IdentityRegistered": lambda w, a: f"member {a['memberId']} registered a key for voting in secret",
    "PollOpened": lambda w, a: (
        f"{_a(_poll(a['poll']))} poll opened in {w.topic(a['poll']['topic'])}: poll {a['pollId']}"
    ),
    "PollBallotCast": lambda w, a: f"member {a['memberId']} voted in poll {a['pollId']}",
    "PollBallotFollowed": lambda w, a: f"member {a['memberId']} voted in poll {a['pollId']} by following",
    "SecretBallotCast": lambda w, a: f"a secret ballot was cast in poll {a['pollId']}",
    "SecretBallotRevealed": lambda w, a: f"a sealed ballot was revealed in poll {a['pollId']}",
    "Delegated": lambda w, a: (
        f"member {a['memberId']} delegated to member {a['delegate']} in {w.topic(a['topic'])}"
        if a["delegate"]
        else f"member {a['memberId']} ended their delegation in {w.topic(a['topic'])}"
    ),
    "AllowanceSet": lambda w, a: (
        f"{a['selector']} of {w.account(a['target'])} may"
        f" {'pass' if a['allowance']['allowed'] else 'no longer pass'} by consent"
    ),
    "ConsentOpened": lambda w, a: f"member {a['opener']} put a draft in {w.topic(a['topic'])} to consent",
    "Responded": lambda w, a: f"member {a['memberId']} {_RESPONDED[RESPONSES[a['response']]]}",
    "ConsentExecuted": lambda w, a: "what passed by consent was carried out",
    "ConsentEscalated": lambda w, a: "what was blocked was put to the vote",
    "Received": lambda w, a: (
        f"the commons received {money(a['asset'], a['amount'])}"
        f"{' from ' + w.account(a['from']) if int(a['from'], 16) else ', found in its hands'}"
    ),
    "Paid": lambda w, a: _paid(w, a),
    "PurseOpened": lambda w, a: (
        f"purse {a['purseId']} was opened, with {money(a['asset'], a['cap'])} a period"
    ),
    "PurseCapSet": lambda w, a: f"purse {a['purseId']} may pay {a['cap']} a period",
    "PurseClosed": lambda w, a: f"purse {a['purseId']} was closed",
    "PayUnitSet": lambda w, a: f"pay is counted in units of {money(a['asset'], a['unit'])}",
    "OfficeCreated": lambda w, a: (
        f"office {a['officeId']} was created in {w.topic(a['office']['topic'])},"
        f" with {_seats(a['office']['seats'])}"
    ),
    "MandateSet": lambda w, a: f"the holders of office {a['officeId']} may {_mandate(w, a['mandate'])}",
    "StipendSet": lambda w, a: (
        f"who takes a seat in office {a['officeId']} is paid {_units(a['stipend'])} a period"
    ),
    "OfficeAbolished": lambda w, a: f"office {a['officeId']} was abolished",
    "TenureGiven": lambda w, a: f"member {a['memberId']} was given a seat in office {a['officeId']}",
    "TenureEnded": lambda w, a: _tenure_ended(a),
    "Barred": lambda w, a: f"member {a['memberId']} cannot hold office {a['officeId']} for a term",
    "Exercised": lambda w, a: (
        f"member {a['memberId']}, holding office {a['officeId']}, called"
        f" {w.function(a['target'], a['selector'])}"
    ),
    "StipendClaimed": lambda w, a: f"a stipend of {_units(a['units'])} was paid for tenure {a['tenureId']}",
    "ElectionOpened": lambda w, a: f"election {a['electionId']} opened, for office {a['officeId']}",
    "CandidateStood": lambda w, a: f"member {a['memberId']} stands in election {a['electionId']}",
    "CandidateWithdrew": lambda w, a: (
        f"member {a['memberId']} no longer stands in election {a['electionId']}"
    ),
    "ElectionPolled": lambda w, a: (
        f"members choose among {len(a['candidates'])} in election {a['electionId']}, for"
        f" {_seats(a['seats'])}: poll {a['pollId']}"
    ),
    "ElectionDrawn": lambda w, a: (
        f"{_seats(a['seats'])} in election {a['electionId']} {'is' if a['seats'] == 1 else 'are'} drawn among"
        f" {len(a['candidates'])}: draw {a['drawId']}"
    ),
    "ElectionFilled": lambda w, a: f"election {a['electionId']} seated {_members(a['seated'])}",
    "ElectionFailed": lambda w, a: f"election {a['electionId']} filled no seat",
    "PetitionOpened": lambda w, a: (
        f"member {a['petitioner']} petitions to recall member {a['memberId']} from office {a['officeId']}"
    ),
    "PetitionSigned": lambda w, a: (
        f"member {a['memberId']} signed petition {a['petitionId']}, which has {a['signatures']}"
    ),
    "RecallVoteOpened": lambda w, a: f"petition {a['petitionId']} led to a vote",
    "RecalledByPetition": lambda w, a: f"petition {a['petitionId']} recalled a holder without a vote",
    "AssignmentCreated": lambda w, a: (
        f"assignment {a['assignmentId']} was created in {w.topic(a['topic'])}:"
        f" a {KINDS[a['assignment']['kind']].lower()} with {_seats(a['assignment']['seats'])}"
    ),
    "Volunteered": lambda w, a: f"member {a['memberId']} volunteers for assignment {a['assignmentId']}",
    "VolunteerWithdrew": lambda w, a: (
        f"member {a['memberId']} no longer volunteers for assignment {a['assignmentId']}"
    ),
    "SelectionDrawn": lambda w, a: (
        f"too many volunteered for assignment {a['assignmentId']}: draw {a['drawId']} selects"
    ),
    "Selected": lambda w, a: f"seats of assignment {a['assignmentId']} were given",
    "SeatTaken": lambda w, a: f"member {a['memberId']} took {_seat(a)}",
    "Heartbeat": lambda w, a: f"member {a['memberId']} gave a sign of progress on {_seat(a)}",
    "SeatReleased": lambda w, a: _released(a),
    "SeatDone": lambda w, a: (
        f"the work of member {a['memberId']} on {_seat(a)} is done, for {_percent(a['shareBps'])} of its"
        " reward"
    ),
    "WorkPaid": lambda w, a: f"member {a['memberId']} was paid {a['amount']} for {_seat(a)}",
    "AssignmentCancelled": lambda w, a: f"assignment {a['assignmentId']} was cancelled",
    "SeriesCreated": lambda w, a: (
        f"series {a['seriesId']} was created, of {a['plan']['occurrences']} occurrences"
    ),
    "OccurrenceOpened": lambda w, a: (
        f"occurrence {a['index']} of series {a['seriesId']} was opened: assignment {a['assignmentId']}"
    ),
    "SeriesStopped": lambda w, a: f"series {a['seriesId']} was stopped",
    "Delivered": lambda w, a: (
        f"member {a['memberId']} delivered {_seat(a)}{' again' if a['round'] > 1 else ''}:"
        f" review {a['reviewId']}"
    ),
    "ReviewersWanted": lambda w, a: f"reviewers for review {a['reviewId']} are drawn: draw {a['drawId']}",
    "ReviewerAsked": lambda w, a: f"member {a['memberId']} is asked to review (review {a['reviewId']})",
    "ReviewStuck": lambda w, a: f"nobody can be drawn for review {a['reviewId']}",
    "Reviewed": lambda w, a: (
        f"member {a['memberId']} accepted the work in review {a['reviewId']}, with a mark of {a['mark']}"
        if VERDICTS[a["verdict"]] == "Accept"
        else f"member {a['memberId']} asked for rework in review {a['reviewId']}"
    ),
    "ReviewerReplaced": lambda w, a: (
        f"member {a['memberId']} did not answer in review {a['reviewId']} and is replaced"
    ),
    "ReworkAsked": lambda w, a: f"review {a['reviewId']} sent the work back for rework",
    "ReviewConcluded": lambda w, a: _concluded(a),
    "ReviewOverturned": lambda w, a: f"a panel overturned review {a['reviewId']}",
    "ShiftConfirmed": lambda w, a: (
        f"member {a['confirmer']} confirmed that member {a['memberId']} did {_seat(a)},"
        f" for {points(a['amount'])} points"
    ),
    "PenaltyImposed": lambda w, a: (
        f"member {a['memberId']} may lose {points(a['penalty']['amount'])} points in {w.topic(a['topic'])}"
        f" ({REASONS[a['penalty']['reason']]}): penalty {a['penaltyId']}"
    ),
    "PenaltyAppealed": lambda w, a: f"member {a['memberId']} appealed penalty {a['penaltyId']}",
    "PenaltyStruck": lambda w, a: f"penalty {a['penaltyId']} was struck",
    "PenaltyCarried": lambda w, a: (
        f"penalty {a['penaltyId']} was carried out: member {a['memberId']} lost {points(a['taken'])} points"
    ),
    "CaseOpened": lambda w, a: (
        f"member {a['claimant']} opened case {a['caseId']} with {_members(_respondents(a))}, asking"
        f" {_remedy(w, a['opened'])}"
    ),
    "EvidenceGiven": lambda w, a: f"member {a['memberId']} gave evidence in case {a['caseId']}",
    "MediatorWanted": lambda w, a: f"draw {a['drawId']} decides who is asked to mediate case {a['caseId']}",
    "MediatorDrawn": lambda w, a: f"member {a['mediator']} was drawn to mediate case {a['caseId']}",
    "MediatorAccepted": lambda w, a: f"member {a['memberId']} accepted the mediation of case {a['caseId']}",
    "MediatorDeclined": lambda w, a: f"member {a['memberId']} declined the mediation of case {a['caseId']}",
    "MediationBegan": lambda w, a: f"member {a['mediator']} began to mediate case {a['caseId']}",
    "OutcomeProposed": lambda w, a: f"member {a['mediator']} proposed an outcome of case {a['caseId']}",
    "OutcomeSigned": lambda w, a: f"member {a['memberId']} signed the outcome of case {a['caseId']}",
    "CaseSettled": lambda w, a: f"case {a['caseId']} is settled: its parties agreed",
    "CaseWithdrawn": lambda w, a: f"case {a['caseId']} was taken back",
    "MediationFailed": lambda w, a: f"mediation failed in case {a['caseId']}: a panel may decide it",
    "PanelOpened": lambda w, a: (
        f"draw {a['drawId']} decides who is on the {_ordinal(a['round'])} panel of case {a['caseId']},"
        f" of {a['seats']}"
    ),
    "PanelistDrawn": lambda w, a: f"member {a['memberId']} was drawn for the panel of case {a['caseId']}",
    "PanelSeated": lambda w, a: f"the panel of case {a['caseId']} is complete, with {_seats(a['seats'])}",
    "VoteCommitted": lambda w, a: f"member {a['memberId']} voted in secret on case {a['caseId']}",
    "VoteRevealed": lambda w, a: (
        f"member {a['memberId']} revealed their vote on case {a['caseId']}: {_extent(a['extent'])} what it"
        " asks for"
    ),
    "PanelistSilent": lambda w, a: (
        f"member {a['memberId']}, on the panel of case {a['caseId']}, revealed no vote"
    ),
    "PanelDecided": lambda w, a: (
        f"the panel of case {a['caseId']} granted {_extent(a['extent'])} what it asks for"
    ),
    "DecisionAppealed": lambda w, a: (
        f"member {a['memberId']} put the decision in case {a['caseId']} to a vote"
    ),
    "AssemblyAsked": lambda w, a: f"the assembly is asked to decide case {a['caseId']} in a panel's place",
    "MotionToExpel": lambda w, a: f"case {a['caseId']} led to a vote on expelling member {a['memberId']}",
    "DecisionOverruled": lambda w, a: f"the assembly overruled the decision in case {a['caseId']}",
    "DecisionCarried": lambda w, a: _carried(a),
    "CaseDismissed": lambda w, a: f"case {a['caseId']} was dismissed",
    "DrawOpened": lambda w, a: (
        f"draw {a['drawId']} opened, from a pool of {a['size']}: block {a['targetBlock']} decides"
    ),
    "SecretRevealed": lambda w, a: f"member {a['memberId']} revealed a secret for draw {a['drawId']}",
    "DrawRetargeted": lambda w, a: (
        f"nobody captured draw {a['drawId']} in time: block {a['targetBlock']} decides instead"
    ),
    "DrawCaptured": lambda w, a: f"draw {a['drawId']} has its number",
    "Awarded": lambda w, a: (
        f"member {a['memberId']} gained {points(a['amount'])} points in {w.topic(a['topic'])}"
        f" ({REASONS[a['reason']]})"
    ),
    "Penalised": lambda w, a: (
        f"member {a['memberId']} lost {points(a['amount'])} points in {w.topic(a['topic'])}"
        f" ({REASONS[a['reason']]})"
    ),
    "Constituted": lambda w, a: f"the commune was constituted by {a['founders']} founders",
    "ParameterSet": lambda w, a: f"{named(a['name'])} was set to {a['newValue']}",
    "RuleSet": lambda w, a: (
        f"{a['selector']} of {w.account(a['target'])} is under the {RULE_KINDS[a['kind']]} rule"
    ),
    "TopicAdded": lambda w, a: f"the topic {a['name']} was added",
    "ModuleSet": lambda w, a: f"{a['module']} is the module {named(a['name'])}",
    "CodeHashRefusalSet": lambda w, a: (
        f"targets with the code hash {a['codeHash']} are {'refused' if a['refused'] else 'allowed'}"
    ),
    "SeasonLengthSet": lambda w, a: (
        f"from season {a['firstSeason']} on, seasons take {int(a['length']) / _DAY:g} days"
    ),
    "ResolutionAdopted": lambda w, a: f"the text {a['textHash']} was adopted as a resolution",
    "CharterSet": lambda w, a: f"the text {a['textHash']} became the charter",
    "DAOURIUpdate": lambda w, a: f"the commune is described at {a['daoURI']}",
    "RoleGranted": lambda w, a: f"{w.account(a['account'])} was granted role {a['roleId']}",
    "RoleRevoked": lambda w, a: f"role {a['roleId']} was revoked from {w.account(a['account'])}",
    "TargetFunctionRoleUpdated": lambda w, a: (
        f"{a['selector']} of {w.account(a['target'])} was given to role {a['roleId']}"
    ),
    "TargetClosed": lambda w, a: (
        f"{w.account(a['target'])} was {'closed' if a['closed'] else 'opened again'}"
    ),
    "SpenderSet": lambda w, a: (
        f"{w.account(a['spender'])} {'may' if a['allowed'] else 'may no longer'} spend voice credits"
    ),
    "OpenerSet": lambda w, a: (
        f"{w.account(a['module'])} {'may' if a['allowed'] else 'may no longer'} open votes"
    ),
    "FollowerSet": lambda w, a: f"{w.account(a['follower'])} records followed ballots",
    "ObserverSet": lambda w, a: f"{w.account(a['observer'])} is told of changes of membership",
}


def _paid(words: Words, arguments: Arguments) -> str:
    sum_ = money(arguments["asset"], arguments["amount"])
    to, by = words.account(arguments["to"]), arguments["by"]
    return {
        "Decision": f"the commons paid {sum_} to {to}",
        "BeyondBrake": f"the commons paid {sum_} to {to}, beyond the brake",
        "Purse": f"member {by} paid {sum_} to {to} from purse {arguments['purseId']}",
        "Stipend": f"member {by} was paid a stipend of {sum_}",
        "Work": f"member {by} was paid {sum_} for work, from purse {arguments['purseId']}",
    }[OUTLAYS[arguments["kind"]]]


def _poll(arguments: Arguments) -> str:
    secret = "secret" if arguments["secret"] else "open"
    return f"{secret}, hidden" if arguments["hidden"] else secret


def _office(words: Words, office: Arguments, mandate: list[Arguments]) -> str:
    filled = {"Poll": "by poll", "Draw": "by draw", "DrawWithReveals": "by draw with reveals"}
    paid = f", paid {_units(office['stipend'])} a period" if office["stipend"] else ""
    return (
        f"create an office in {words.topic(office['topic'])} (text {office['text']}) with"
        f" {_seats(office['seats'])}, filled {filled[FILLINGS[office['filling']]]} for"
        f" {int(office['term']) / _DAY:g} days{paid}, whose holders may {_mandate(words, mandate)}"
    )


def _mandate(words: Words, mandate: list[Arguments]) -> str:
    if not mandate:
        return "call nothing"
    told = []
    for entry in mandate:
        capped = f" with {entry['cap']} in all" if entry["argument"] else ""
        times = "once" if entry["calls"] == 1 else f"{entry['calls']} times"
        told.append(f"call {words.function(entry['target'], entry['selector'])} {times} a period{capped}")
    return ", and ".join(told)


def _tenure_ended(arguments: Arguments) -> str:
    who = f"member {arguments['memberId']}"
    office = f"office {arguments['officeId']}"
    return {
        "Resigned": f"{who} gave up {office}",
        "Recalled": f"{who} was recalled from {office}",
        "Vacated": f"{who} lost {office} with their membership",
        "Abolished": f"{who} lost {office}, which was abolished",
    }[ENDINGS[arguments["ending"]]]


def _brief(words: Words, brief: Arguments) -> str:
    kind, seats = KINDS[brief["kind"]].lower(), _seats(brief["seats"])
    told = f"a {kind} in {words.topic(brief['topic'])} (text {brief['text']}) with {seats}, each for"
    stipend = f" and {brief['stipend']} from purse {brief['purseId']}" if brief["purseId"] else ""
    return f"{told} {points(brief['reward'])} points{stipend}"


def _seat(arguments: Arguments) -> str:
    return f"seat {arguments['seat']} of assignment {arguments['assignmentId']}"


def _released(arguments: Arguments) -> str:
    who, seat = f"member {arguments['memberId']}", _seat(arguments)
    return {
        "Withdrew": f"{who} gave up {seat}",
        "MissedHeartbeat": f"{who} gave no sign of progress and lost {seat}",
        "MissedDeadline": f"{who} was late and lost {seat}",
        "Gone": f"{who} lost {seat} with their membership",
        "Failed": f"the work of {who} was not accepted: {seat} is open again",
        "Cancelled": f"{who} lost {seat}, which was cancelled",
    }[RELEASES[arguments["why"]]]


def _concluded(arguments: Arguments) -> str:
    review = f"review {arguments['reviewId']}"
    by = " by vote" if arguments["byVote"] else ""
    return {
        "Accepted": f"{review} accepted the work{by}, for {_percent(arguments['shareBps'])} of its reward",
        "Failed": f"{review} did not accept the work{by}",
        "Abandoned": f"{review} ended, since the seat was opened again",
    }[REVIEW_STATES[arguments["state"]]]


def _percent(bps: int) -> str:
    return f"{bps / 100:g} percent"


def _respondents(opening: Arguments) -> list[int]:
    return [member for member in opening["parties"] if member != opening["claimant"]]


def _remedy(words: Words, opened: Arguments) -> str:
    remedy = opened["remedy"]
    sum_ = f"{points(remedy['amount'])} points in {words.topic(opened['topic'])}"
    return {
        "Penalty": f"that member {remedy['memberId']} lose {sum_}",
        "Award": f"for {sum_} from member {remedy['memberId']}",
        "Expulsion": f"that member {remedy['memberId']} be expelled",
        "Overturn": f"that review {opened['reviewId']} be overturned",
    }[REMEDIES[remedy["kind"]]]


def _extent(quarters: int) -> str:
    if quarters == 0:
        return "nothing of"
    if quarters == QUARTERS:
        return "all of"
    return {1: "a quarter of", 2: "half of", 3: "three quarters of"}[quarters]


def _carried(arguments: Arguments) -> str:
    moved = f", which moved {points(arguments['amount'])} points" if int(arguments["amount"]) else ""
    return f"the decision in case {arguments['caseId']} was carried out{moved}"


def _ordinal(round_: int) -> str:
    return {1: "first", 2: "second"}[round_]


def _seats(seats: int) -> str:
    return "one seat" if seats == 1 else f"{seats} seats"


def _units(units: int | str) -> str:
    return f"{units} units of pay"


def _members(member_ids: list[int]) -> str:
    named = " and ".join(str(member_id) for member_id in member_ids)
    return f"{'member' if len(member_ids) == 1 else 'members'} {named}"


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _joined(arguments: Arguments) -> str:
    return "came back" if arguments["returned"] else "joined"
