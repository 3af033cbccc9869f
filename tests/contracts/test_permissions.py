"""Who may call what: every function of every contract that changes anything, called by those who may not.

The table of docs/specification.md says who may; `ROWS` says how each function is called and how it refuses
those who may not. Calls are carried out by the chain (`eth_call`) from the caller's account and leave nothing
behind, so that all rows share one commune. Arguments are good enough to reach the check of who calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from brownie import ZERO_ADDRESS, chain, reverts

from backend.work.starts import root_of
from scripts import commune as communes
from tests.contracts.clock import advance, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import REASON, acting_as, admit_directly, contested
from tests.contracts.people import (
    DAY,
    EXECUTED,
    FOR,
    GENERAL,
    Draft,
    Person,
    apply,
    draft,
    member_id,
    opened,
    passed,
    person,
    resolution,
    signed_ballot,
    sponsored,
    typed_data,
)
from tests.specification import OWN_ROW, permissions

MODULES = {
    "Admission": "admission",
    "CasePanels": "panels",
    "Assignments": "assignments",
    "Assembly": "assembly",
    "AssemblyTimelock": "timelock",
    "Commons": "commons",
    "Consent": "consent",
    "Constitution": "constitution",
    "Delegation": "delegation",
    "Docket": "docket",
    "Elections": "elections",
    "Draws": "draws",
    "Forwarder": "forwarder",
    "Founding": "founding",
    "Mediation": "mediation",
    "MemberGroup": "group",
    "Membership": "membership",
    "Offices": "offices",
    "Penalties": "penalties",
    "Powers": "powers",
    "Polls": "polls",
    "Presence": "presence",
    "Recall": "recall",
    "Recovery": "recovery",
    "Reputation": "reputation",
    "Reviews": "reviews",
    "Series": "series",
    "VoiceCredits": "credits",
}
# Inherited functions that an override has closed are `pure` in our ABIs; these `pure` ones only read.
PURE_READS = {"hashProposal", "hashOperation", "hashOperationBatch", "delegates", "requirePayer"}

TEXT = b"\1" * 32
NOTHING = b"\0" * 32
ANY_SELECTOR = "0x12345678"
POINT = 1_000_000
LEFT = 3
# In contracts/polls/IPolls.sol: PollState, SecretBallotProblem.
VOTING = 0
NOT_SECRET = 2
# IOffices.Office: two seats, filled by a poll. In contracts/offices/IElections.sol: Stage.
OFFICE = (TEXT, 1, 2, 0, 90 * DAY, 0, False)
STANDING, POLLING = 1, 2
# IAssignments.Brief: a task of a month with one seat. IAssignments.AssignmentState
BRIEF = (TEXT, 1, 0, 0, 1, 0, DAY, 0, 0, 30 * DAY, 0, POINT, 0, 0)
VOLUNTEERING = 1
# IReviews.ReviewState
REVIEWERS_DRAWN = 1
# IMediation: RemedyKind, CaseState
PENALTY, MEDIATOR_WANTED = 0, 1
# IDraws.DrawState
REVEALING, CAPTURABLE, MISSED = 1, 3, 4
# IConsent: Response, ConsentState
ACKNOWLEDGE = 1
CONSENT_OPEN, CONSENT_PASSED, CONSENT_BLOCKED = 1, 2, 3
# The base point of BabyJubJub (ERC-2494), which is nobody's key.
SOME_KEY = (
    5299619240641551281634865583518297030282874472190772894086521144482721001553,
    16950150798460657717958625567821834550301663161624707787222815936182638968203,
)


@dataclass(frozen=True)
class Scene:
    """A commune in which every function has something to act on."""

    commune: communes.Commune
    stranger: Person
    member: Person
    """a full member who has nothing to do with any of what follows"""
    probationer: Person
    author: Person
    deployer: Person
    applicant: Person
    application: int
    """open, nobody has vouched yet"""
    contested: int
    """another application, put to a vote"""
    vote: int
    """the vote on it: open"""
    pending: Draft
    """a proposal by `author`, in deliberation"""
    sponsored: Draft
    """a sponsored draft by `member`"""
    hearing: int
    """requested, not joined yet"""
    poll: int
    """open, by name"""
    purse: int
    """nobody's, with key 1 of a controller that lets nobody pay"""
    token: Any
    """of which the commons has some that it does not know of"""
    draw: int
    """without reveals; its block can be captured"""
    consenting: Draft
    """open for consent"""
    unopened: Draft
    """sponsored for consent"""
    office: int
    """held by `author`; a petition against them runs"""
    tenure: int
    """theirs"""
    vacant: int
    """another office, without a holder or an election"""
    petition: int
    election: int
    """in a third office; members stand"""
    assignment: int
    """members volunteer for it"""
    task: int
    """another one, whose seat `author` holds"""
    review: int
    """of a third one, which `author` delivered; its draw can be captured"""
    series: int
    occurrence: int
    """when its only occurrence starts, which is in a year"""
    case: int
    """of `author` against member 2; a mediator is to be drawn"""
    penalty: int
    """of `author`, not due yet"""
    operation: tuple[Any, ...]
    """what the timelock can carry out: target, value, data, predecessor, salt"""


Refusal = Callable[[Scene, Any], str]
Arguments = Callable[[Scene, Any], Sequence[Any]]


@dataclass(frozen=True)
class Row:
    """How a function is called, and what refuses whom; a refusal of None: they may."""

    number: str
    contract: str
    function: str
    arguments: Arguments
    stranger: Refusal | None = None
    member: Refusal | None = None
    probationer: Refusal | None = None
    own: Arguments | None = None
    """the arguments with which those who may succeed, where others are refused with different ones"""


# ------------------------------------------------------------------ refusals


def unauthorised(s: Scene, who: Any) -> str:
    return error("AccessManagedUnauthorized", who)


def no_admin(s: Scene, who: Any) -> str:
    return error("AccessManagerUnauthorizedAccount", who, 0)


def no_member(s: Scene, who: Any) -> str:
    return error("MembershipNotMember", who)


def on_probation(s: Scene, who: Any) -> str:
    member = member_id(s.commune, who)
    return error("MembershipOnProbation", member, s.commune.membership.probationUntil(member))


def not_in_electorate(s: Scene, who: Any) -> str:
    return error("AssemblyNotInElectorate", s.vote, who, 0)


def only_deployer(s: Scene, who: Any) -> str:
    return error("FoundingOnlyDeployer", who, s.deployer)


def only(name: str) -> Refusal:
    """An error that names its caller and nothing else."""
    return lambda s, who: error(name, who)


def closed(name: str) -> Refusal:
    """An error without values."""
    return lambda s, who: error(name)


def consumes_nothing(s: Scene, who: Any) -> str:
    """Powers asks its caller back: a module says no, who has no such function fails without a word."""
    if who is s.commune.assembly:
        return error("AccessManagerUnauthorizedConsume", who)
    return "Unknown typed error: 0x"


def lacks_role(role: str) -> Refusal:
    """OpenZeppelin's timelock names the role that the caller lacks."""

    def refusal(s: Scene, who: Any) -> str:
        timelock = s.commune.timelock
        needed = getattr(timelock, f"{role}_ROLE")()
        return error("AccessControlUnauthorizedAccount", who, bytes(needed))

    return refusal


def no_holder(s: Scene, who: Any) -> str:
    return error("OfficesNotHolder", s.office, who)


def too_early(s: Scene, who: Any) -> str:
    return error("OfficesPeriodNotOver", this_period(s))


def not_theirs(s: Scene, who: Any) -> str:
    return error("PenaltiesNotTheirs", s.penalty, who)


def not_due(s: Scene, who: Any) -> str:
    return error("PenaltiesTooEarly", s.penalty, s.commune.penalties.penalty(s.penalty)["dueAt"])


def still_standing(s: Scene, who: Any) -> str:
    until = s.commune.elections.election(s.election)["standUntil"]
    return error("ElectionsStandingNotOver", s.election, until)


def no_volunteer(s: Scene, who: Any) -> str:
    return error("AssignmentsNoVolunteer", s.assignment, member_id(s.commune, who))


def still_volunteering(s: Scene, who: Any) -> str:
    return error("AssignmentsWrongState", s.assignment, VOLUNTEERING)


def holds_no_seat(s: Scene, who: Any) -> str:
    return error("AssignmentsNotHolder", s.task, 1, who)


def not_captured(s: Scene, who: Any) -> str:
    return error("ReviewsNotCaptured", s.review, s.commune.reviews.reviewOf(s.review)["drawId"])


def still_drawing(s: Scene, who: Any) -> str:
    return error("ReviewsWrongState", s.review, REVIEWERS_DRAWN)


def nothing_missed(s: Scene, who: Any) -> str:
    return error("AssignmentsNotMissed", s.task, 1, s.commune.assignments.lateAfter(s.task, 1))


def unpaid(s: Scene, who: Any) -> str:
    return error("AssignmentsNothingToPay", s.task, 1)


def not_due_yet(s: Scene, who: Any) -> str:
    return error("SeriesTooEarly", s.series, s.occurrence - DAY)


def no_party(s: Scene, who: Any) -> str:
    return error("MediationNotParty", s.case, who)


def no_mediator_yet(s: Scene, who: Any) -> str:
    return error("MediationWrongState", s.case, MEDIATOR_WANTED)


def mediator_not_drawn(s: Scene, who: Any) -> str:
    return error("MediationNotDrawn", s.case, s.commune.mediation.caseOf(s.case)["drawId"])


def no_panel(s: Scene, who: Any) -> str:
    return error("CasePanelsUnknown", s.case)


# ------------------------------------------------------------------ kinds of rows


def restricted(number: str, contract: str, function: str, arguments: Arguments) -> Row:
    """For holders of a power in the table of powers."""
    return Row(number, contract, function, arguments, unauthorised, unauthorised)


def administered(number: str, function: str, arguments: Arguments) -> Row:
    """The table of powers itself: for its admin."""
    return Row(number, "Powers", function, arguments, no_admin, no_admin)


def for_full_members(number: str, contract: str, function: str, arguments: Arguments) -> Row:
    return Row(number, contract, function, arguments, stranger=no_member, probationer=on_probation)


def for_nobody(number: str, contract: str, function: str, arguments: Arguments, refusal: Refusal) -> Row:
    return Row(number, contract, function, arguments, refusal, refusal)


def from_the_register(contract: str, status: str, moved: str | None, refusal: Refusal) -> list[Row]:
    """What the register tells its observers."""

    def status_change(s: Scene, who: Any) -> Sequence[Any]:
        return [1, 1, LEFT]

    def account_move(s: Scene, who: Any) -> Sequence[Any]:
        return [1, s.author.address, s.stranger.address]

    found = [Row(status, contract, "onStatusChange", status_change, refusal, refusal)]
    if moved:
        found.append(Row(moved, contract, "onAccountMoved", account_move, refusal, refusal))
    return found


def authority(number: str, contract: str) -> Row:
    """Which table of powers a contract answers to."""
    return restricted(number, contract, "setAuthority", lambda s, who: [s.commune.powers])


def call_of(contract: Any, function: str, *arguments: Any) -> str:
    return str(getattr(contract, function).encode_input(*arguments))


def election(s: Scene, proposer: Any) -> list[Any]:
    """An admission's vote as a module opens it."""
    admission = s.commune.admission
    d = draft(proposer, (admission, call_of(admission, "admitByVote", s.application)))
    return [*d.arguments, d.description]


def opening(s: Scene, who: Any) -> list[Any]:
    """What the assembly asks the docket for when a module opens a vote."""
    targets, values, calldatas, description = election(s, s.commune.admission)
    return [7, 0, (s.commune.admission.address, [str(t) for t in targets], values, calldatas, description)]


def ballot(s: Scene, signer: Person) -> tuple[Any, ...]:
    """The member's ballot, signed by `signer`."""
    return signed_ballot(s.commune, s.vote, signer, FOR, 1, member_id(s.commune, s.member))


def request(s: Scene) -> list[Any]:
    """A request in the member's name, with a stranger's signature."""
    fields = {
        "from": "address",
        "to": "address",
        "gas": "uint256",
        "nonce": "uint256",
        "deadline": "uint48",
        "data": "bytes",
    }
    data = bytes.fromhex(call_of(s.commune.membership, "leave").removeprefix("0x"))
    values = [s.member.address, s.commune.membership.address, 300_000, 1, 2**48 - 1, data]
    message = typed_data(
        s.commune.forwarder,
        "Dual Power Forwarder",
        "ForwardRequest",
        fields,
        dict(zip(fields, values, strict=True)),
    )
    return [tuple(values), s.stranger.sign(message)]


def pending(s: Scene, who: Any) -> list[Any]:
    return [*s.pending.arguments, s.pending.description_hash]


def own_draft(s: Scene, who: Any) -> list[Any]:
    return [*s.sponsored.arguments, s.sponsored.description]


def scheduled(s: Scene, who: Any) -> list[Any]:
    """One operation for the timelock, as yet unknown to it."""
    target, value, data, predecessor, _ = s.operation
    return [target, value, data, predecessor, TEXT, 7 * 86_400]


def batched(s: Scene, who: Any) -> list[Any]:
    target, value, data, predecessor, _ = s.operation
    return [[target], [value], [data], predecessor, TEXT, 7 * 86_400]


def law_call(s: Scene) -> str:
    return call_of(s.commune.constitution, "setDaoURI", "ipfs://us")


def plan(start: int) -> tuple[Any, ...]:
    """A series of one task, opened a day before it starts."""
    return TEXT, root_of([start]), 1, DAY, 7 * DAY, BRIEF


def this_period(s: Scene) -> int:
    return int(s.commune.commons.periodOf(now()))


def unproved(s: Scene) -> tuple[Any, ...]:
    """A secret ballot without a proof."""
    return s.poll, 1, 1, (0,) * 8


def payment(s: Scene, who: Any) -> list[Any]:
    """One wei to a stranger."""
    return [ZERO_ADDRESS, s.stranger.address, 1, TEXT]


def consent_opening(d: Draft) -> list[Any]:
    return [list(d.targets), list(d.calldatas), d.description]


def not_yet(required: int) -> Refusal:
    """Of a consent proposal whose window lasts."""
    return lambda s, who: error("ConsentWrongState", s.consenting.id(s.commune), CONSENT_OPEN, required)


NO_DATA = "0x"

ROWS = [
    # -------------------------------------------------------------- Admission
    Row(
        "P1",
        "Admission",
        "applyToJoin",
        lambda s, who: [TEXT],
        member=lambda s, who: error("AdmissionAlreadyMember", who, member_id(s.commune, who)),
    ),
    Row(
        "P2",
        "Admission",
        "withdraw",
        lambda s, who: [s.application],
        lambda s, who: error("AdmissionNotApplicant", s.application, who),
        lambda s, who: error("AdmissionNotApplicant", s.application, who),
    ),
    for_full_members("P3", "Admission", "vouch", lambda s, who: [s.application]),
    for_full_members("P4", "Admission", "object", lambda s, who: [s.application, REASON]),
    Row("P5", "Admission", "admit", lambda s, who: [s.application]),
    restricted("P6", "Admission", "admitByVote", lambda s, who: [s.contested]),
    *from_the_register("Admission", "P7", "P8", only("AdmissionOnlyRegistry")),
    authority("P9", "Admission"),
    # -------------------------------------------------------------- Assembly
    Row("P10", "Assembly", "propose", own_draft, no_member),
    Row(
        "P11",
        "Assembly",
        "cancel",
        pending,
        lambda s, who: error("GovernorUnableToCancel", s.pending.id(s.commune), who),
        lambda s, who: error("GovernorUnableToCancel", s.pending.id(s.commune), who),
    ),
    Row("P12", "Assembly", "queue", pending),
    Row("P13", "Assembly", "execute", pending),
    Row("P14", "Assembly", "openFor", election, only("AssemblyOnlyOpener"), only("AssemblyOnlyOpener")),
    Row("P15", "Assembly", "castBallot", lambda s, who: [s.vote, FOR, 1], not_in_electorate),
    Row("P16", "Assembly", "castVote", lambda s, who: [s.vote, FOR], not_in_electorate),
    Row(
        "P17",
        "Assembly",
        "castVoteWithReason",
        lambda s, who: [s.vote, FOR, "They are kind"],
        not_in_electorate,
    ),
    Row(
        "P18",
        "Assembly",
        "castVoteWithReasonAndParams",
        lambda s, who: [s.vote, FOR, "They are kind", b"\0" * 31 + b"\1"],
        not_in_electorate,
    ),
    Row(
        "P19",
        "Assembly",
        "castBallotBySig",
        lambda s, who: [ballot(s, s.stranger)],
        lambda s, who: error("AssemblyBadSignature", s.vote, member_id(s.commune, s.member)),
        lambda s, who: error("AssemblyBadSignature", s.vote, member_id(s.commune, s.member)),
        own=lambda s, who: [ballot(s, s.member)],
    ),
    Row("P20", "Assembly", "castBallots", lambda s, who: [[ballot(s, s.member), ballot(s, s.stranger)]]),
    Row(
        "P21",
        "Assembly",
        "castFollowed",
        lambda s, who: [s.vote, 1, FOR, 1],
        only("AssemblyOnlyFollower"),
        only("AssemblyOnlyFollower"),
    ),
    for_nobody(
        "P22",
        "Assembly",
        "castVoteBySig",
        lambda s, who: [s.vote, FOR, who.address, b""],
        closed("AssemblyUseMemberBallot"),
    ),
    for_nobody(
        "P23",
        "Assembly",
        "castVoteWithReasonAndParamsBySig",
        lambda s, who: [s.vote, FOR, who.address, "", b"", b""],
        closed("AssemblyUseMemberBallot"),
    ),
    for_nobody(
        "P24",
        "Assembly",
        "relay",
        lambda s, who: [s.commune.constitution, 0, law_call(s)],
        lambda s, who: error("AssemblyDisabled", bytes.fromhex("c28bc2fa")),
    ),
    for_nobody(
        "P25",
        "Assembly",
        "onERC721Received",
        lambda s, who: [who.address, who.address, 1, b""],
        closed("GovernorDisabledDeposit"),
    ),
    for_nobody(
        "P26",
        "Assembly",
        "onERC1155Received",
        lambda s, who: [who.address, who.address, 1, 1, b""],
        closed("GovernorDisabledDeposit"),
    ),
    for_nobody(
        "P27",
        "Assembly",
        "onERC1155BatchReceived",
        lambda s, who: [who.address, who.address, [1], [1], b""],
        closed("GovernorDisabledDeposit"),
    ),
    for_nobody("P28", "Assembly", "receive", lambda s, who: [], closed("GovernorDisabledDeposit")),
    restricted("P29", "Assembly", "setOpener", lambda s, who: [s.stranger.address, True]),
    restricted("P30", "Assembly", "setFollower", lambda s, who: [s.stranger.address]),
    authority("P31", "Assembly"),
    # -------------------------------------------------------------- AssemblyTimelock
    Row("P32", "AssemblyTimelock", "schedule", scheduled, lacks_role("PROPOSER"), lacks_role("PROPOSER")),
    Row(
        "P33",
        "AssemblyTimelock",
        "scheduleBatch",
        batched,
        lacks_role("PROPOSER"),
        lacks_role("PROPOSER"),
    ),
    Row(
        "P34",
        "AssemblyTimelock",
        "execute",
        lambda s, who: list(s.operation),
        lacks_role("EXECUTOR"),
        lacks_role("EXECUTOR"),
    ),
    Row(
        "P35",
        "AssemblyTimelock",
        "executeBatch",
        lambda s, who: batched(s, who)[:5],
        lacks_role("EXECUTOR"),
        lacks_role("EXECUTOR"),
    ),
    Row(
        "P36",
        "AssemblyTimelock",
        "cancel",
        lambda s, who: [s.commune.timelock.hashOperation(*s.operation)],
        lacks_role("CANCELLER"),
        lacks_role("CANCELLER"),
    ),
    Row(
        "P37",
        "AssemblyTimelock",
        "grantRole",
        lambda s, who: [s.commune.timelock.EXECUTOR_ROLE(), s.stranger.address],
        lacks_role("DEFAULT_ADMIN"),
        lacks_role("DEFAULT_ADMIN"),
    ),
    Row(
        "P38",
        "AssemblyTimelock",
        "revokeRole",
        lambda s, who: [s.commune.timelock.PROPOSER_ROLE(), s.commune.assembly],
        lacks_role("DEFAULT_ADMIN"),
        lacks_role("DEFAULT_ADMIN"),
    ),
    Row(
        "P39",
        "AssemblyTimelock",
        "renounceRole",
        lambda s, who: [s.commune.timelock.PROPOSER_ROLE(), s.commune.assembly],
        closed("AccessControlBadConfirmation"),
        closed("AccessControlBadConfirmation"),
        own=lambda s, who: [s.commune.timelock.PROPOSER_ROLE(), who.address],
    ),
    for_nobody(
        "P40",
        "AssemblyTimelock",
        "updateDelay",
        lambda s, who: [0],
        closed("AssemblyTimelockDelayIsParameter"),
    ),
    Row("P41", "AssemblyTimelock", "onERC721Received", lambda s, who: [who.address, who.address, 1, b""]),
    Row("P42", "AssemblyTimelock", "onERC1155Received", lambda s, who: [who.address, who.address, 1, 1, b""]),
    Row(
        "P43",
        "AssemblyTimelock",
        "onERC1155BatchReceived",
        lambda s, who: [who.address, who.address, [1], [1], b""],
    ),
    Row("P44", "AssemblyTimelock", "receive", lambda s, who: []),
    # -------------------------------------------------------------- Constitution
    restricted(
        "P45",
        "Constitution",
        "setParameter",
        lambda s, who: [communes.bytes32("assembly.sponsors"), 3],
    ),
    restricted(
        "P46",
        "Constitution",
        "setRule",
        lambda s, who: [s.commune.reputation, ANY_SELECTOR, communes.ORDINARY],
    ),
    restricted("P47", "Constitution", "addTopic", lambda s, who: ["care"]),
    restricted("P48", "Constitution", "setModule", lambda s, who: [TEXT, s.commune.docket]),
    restricted("P49", "Constitution", "setCodeHashRefusal", lambda s, who: [TEXT, True]),
    restricted("P50", "Constitution", "setDaoURI", lambda s, who: ["ipfs://us"]),
    restricted("P51", "Constitution", "setCharter", lambda s, who: [TEXT]),
    restricted("P52", "Constitution", "adopt", lambda s, who: [TEXT]),
    restricted("P53", "Constitution", "constitute", lambda s, who: [5]),
    authority("P54", "Constitution"),
    # -------------------------------------------------------------- Delegation
    Row("P129", "Delegation", "delegate", lambda s, who: [GENERAL, 1, 2, 100], no_member),
    Row(
        "P130",
        "Delegation",
        "revoke",
        lambda s, who: [GENERAL],
        no_member,
        lambda s, who: error("DelegationNone", member_id(s.commune, who), GENERAL),
    ),
    Row("P131", "Delegation", "follow", lambda s, who: [s.vote, [1]]),
    Row("P132", "Delegation", "followPoll", lambda s, who: [s.poll, [1]]),
    # -------------------------------------------------------------- Docket
    for_full_members("P55", "Docket", "sponsor", lambda s, who: [9, GENERAL]),
    for_full_members("P56", "Docket", "requestHearing", lambda s, who: [3, REASON]),
    for_full_members("P57", "Docket", "joinHearing", lambda s, who: [s.hearing]),
    Row("P58", "Docket", "openExpulsion", lambda s, who: [s.hearing]),
    Row("P59", "Docket", "open", opening, only("DocketOnlyAssembly"), only("DocketOnlyAssembly")),
    authority("P60", "Docket"),
    Row(
        "P149",
        "Docket",
        "keepSponsorship",
        lambda s, who: [s.sponsored.id(s.commune)],
        only("DocketOnlyOpener"),
        only("DocketOnlyOpener"),
    ),
    Row(
        "P270",
        "Docket",
        "fixElectorate",
        lambda s, who: [7, now() - 1],
        only("DocketOnlyOpener"),
        only("DocketOnlyOpener"),
    ),
    # -------------------------------------------------------------- Forwarder
    Row(
        "P61",
        "Forwarder",
        "execute",
        lambda s, who: request(s),
        lambda s, who: error("ForwarderBadSignature", s.member),
        lambda s, who: error("ForwarderBadSignature", s.member),
    ),
    Row("P62", "Forwarder", "executeBatch", lambda s, who: [[request(s)[0]], [request(s)[1]]]),
    Row("P63", "Forwarder", "cancel", lambda s, who: [1]),
    # -------------------------------------------------------------- Founding
    Row("P64", "Founding", "announce", lambda s, who: [TEXT, 3], only_deployer, only_deployer),
    Row("P65", "Founding", "found", lambda s, who: [[], []], only_deployer, only_deployer),
    Row("P66", "Founding", "constitute", lambda s, who: [], only_deployer, only_deployer),
    # -------------------------------------------------------------- Membership
    Row("P67", "Membership", "leave", lambda s, who: [], no_member),
    restricted("P68", "Membership", "admit", lambda s, who: [s.stranger.address]),
    restricted("P69", "Membership", "admitFounder", lambda s, who: [s.stranger.address]),
    restricted("P70", "Membership", "setDormant", lambda s, who: [1]),
    restricted("P71", "Membership", "wake", lambda s, who: [1]),
    restricted("P72", "Membership", "expel", lambda s, who: [1]),
    restricted("P73", "Membership", "moveAccount", lambda s, who: [1, s.stranger.address]),
    restricted("P74", "Membership", "setObserver", lambda s, who: [3, s.stranger.address]),
    for_nobody(
        "P75",
        "Membership",
        "safeTransferFrom(address,address,uint256)",
        lambda s, who: [who.address, s.stranger.address, member_id(s.commune, s.member)],
        closed("MembershipSoulbound"),
    ),
    for_nobody(
        "P76",
        "Membership",
        "safeTransferFrom(address,address,uint256,bytes)",
        lambda s, who: [who.address, s.stranger.address, member_id(s.commune, s.member), b""],
        closed("MembershipSoulbound"),
    ),
    for_nobody(
        "P77",
        "Membership",
        "transferFrom",
        lambda s, who: [who.address, s.stranger.address, member_id(s.commune, s.member)],
        closed("MembershipSoulbound"),
    ),
    for_nobody(
        "P78",
        "Membership",
        "approve",
        lambda s, who: [s.stranger.address, member_id(s.commune, s.member)],
        closed("MembershipSoulbound"),
    ),
    for_nobody(
        "P79",
        "Membership",
        "setApprovalForAll",
        lambda s, who: [s.stranger.address, True],
        closed("MembershipSoulbound"),
    ),
    for_nobody(
        "P80",
        "Membership",
        "delegate",
        lambda s, who: [s.stranger.address],
        closed("MembershipNoDelegation"),
    ),
    for_nobody(
        "P81",
        "Membership",
        "delegateBySig",
        lambda s, who: [s.stranger.address, 0, 2**48, 27, TEXT, TEXT],
        closed("MembershipNoDelegation"),
    ),
    authority("P82", "Membership"),
    # -------------------------------------------------------------- Powers
    administered("P83", "grantRole", lambda s, who: [7, s.stranger.address, 0]),
    administered("P84", "revokeRole", lambda s, who: [7, s.commune.admission]),
    Row(
        "P85",
        "Powers",
        "renounceRole",
        lambda s, who: [7, s.commune.admission],
        closed("AccessManagerBadConfirmation"),
        closed("AccessManagerBadConfirmation"),
        own=lambda s, who: [7, who.address],
    ),
    administered("P86", "labelRole", lambda s, who: [8, "NEXT"]),
    administered("P87", "setRoleAdmin", lambda s, who: [7, 6]),
    administered("P88", "setRoleGuardian", lambda s, who: [7, 6]),
    administered("P89", "setGrantDelay", lambda s, who: [7, 60]),
    administered("P90", "setTargetFunctionRole", lambda s, who: [s.commune.docket, [ANY_SELECTOR], 7]),
    administered("P91", "setTargetAdminDelay", lambda s, who: [s.commune.docket, 60]),
    administered("P92", "setTargetClosed", lambda s, who: [s.commune.docket, True]),
    administered("P93", "updateAuthority", lambda s, who: [s.commune.docket, s.commune.powers]),
    Row(
        "P94",
        "Powers",
        "execute",
        lambda s, who: [s.commune.constitution, law_call(s)],
        lambda s, who: unauthorised_call(s, who),
        lambda s, who: unauthorised_call(s, who),
    ),
    for_nobody(
        "P95",
        "Powers",
        "schedule",
        lambda s, who: [s.commune.constitution, law_call(s), 0],
        lambda s, who: unauthorised_call(s, who),
    ),
    for_nobody(
        "P96",
        "Powers",
        "cancel",
        lambda s, who: [who.address, s.commune.constitution, law_call(s)],
        lambda s, who: error(
            "AccessManagerNotScheduled",
            bytes(s.commune.powers.hashOperation(who.address, s.commune.constitution, law_call(s))),
        ),
    ),
    for_nobody(
        "P97",
        "Powers",
        "consumeScheduledOp",
        lambda s, who: [who.address, law_call(s)],
        consumes_nothing,
    ),
    Row(
        "P98",
        "Powers",
        "multicall",
        lambda s, who: [[call_of(s.commune.powers, "grantRole", 7, s.stranger.address, 0)]],
        no_admin,
        no_admin,
        own=lambda s, who: [[call_of(s.commune.powers, "renounceRole", 7, who.address)]],
    ),
    # -------------------------------------------------------------- Presence
    Row(
        "P99",
        "Presence",
        "checkIn",
        lambda s, who: [1, 2**40, b"\0" * 65],
        lambda s, who: error("PresenceNotMember", 0),
    ),
    Row("P100", "Presence", "giveNotice", lambda s, who: [1]),
    Row("P101", "Presence", "markDormant", lambda s, who: [1]),
    *from_the_register("Presence", "P102", None, only("PresenceOnlyRegistry")),
    authority("P103", "Presence"),
    # -------------------------------------------------------------- Recovery
    Row("P104", "Recovery", "setGuardians", lambda s, who: [[1, 2], 2], no_member),
    Row("P105", "Recovery", "veto", lambda s, who: [], lambda s, who: error("RecoveryNotMember", 0)),
    Row(
        "P106",
        "Recovery",
        "support",
        lambda s, who: [1, s.stranger.address],
        no_member,
        lambda s, who: error("RecoveryNotGuardian", 1, member_id(s.commune, who)),
        on_probation,
    ),
    Row("P107", "Recovery", "recover", lambda s, who: [1]),
    restricted("P108", "Recovery", "recoverByVote", lambda s, who: [1, s.stranger.address]),
    *from_the_register("Recovery", "P109", "P110", only("RecoveryOnlyRegistry")),
    authority("P111", "Recovery"),
    # -------------------------------------------------------------- Reputation
    restricted("P112", "Reputation", "award", lambda s, who: [1, GENERAL, POINT, 0, TEXT, 0]),
    restricted("P113", "Reputation", "penalise", lambda s, who: [1, GENERAL, POINT, 1, TEXT]),
    restricted("P114", "Reputation", "penaliseAcross", lambda s, who: [1, POINT, 1, TEXT]),
    authority("P115", "Reputation"),
    # -------------------------------------------------------------- VoiceCredits
    Row(
        "P116",
        "VoiceCredits",
        "spend",
        lambda s, who: [1, 1, 3, True],
        only("VoiceCreditsOnlySpender"),
        only("VoiceCreditsOnlySpender"),
    ),
    Row("P117", "VoiceCredits", "open", lambda s, who: [[1, 2]]),
    restricted("P118", "VoiceCredits", "setSpender", lambda s, who: [s.stranger.address, True]),
    authority("P119", "VoiceCredits"),
    # -------------------------------------------------------------- MemberGroup
    Row("P120", "MemberGroup", "register", lambda s, who: SOME_KEY, no_member),
    *from_the_register("MemberGroup", "P121", "P122", only("MemberGroupOnlyMembership")),
    # -------------------------------------------------------------- Polls
    restricted("P123", "Polls", "open", lambda s, who: [TEXT, 2, GENERAL, False, False]),
    Row(
        "P124",
        "Polls",
        "cast",
        lambda s, who: [s.poll, 1],
        lambda s, who: error("PollsNotInElectorate", s.poll, who),
    ),
    Row(
        "P125",
        "Polls",
        "castSecret",
        lambda s, who: [unproved(s)],
        lambda s, who: error("PollsSecretBallotRefused", s.poll, 1, NOT_SECRET),
        lambda s, who: error("PollsSecretBallotRefused", s.poll, 1, NOT_SECRET),
    ),
    Row("P126", "Polls", "castSecretBatch", lambda s, who: [[unproved(s)]]),
    Row(
        "P127",
        "Polls",
        "reveal",
        lambda s, who: [s.poll, 1, 1, NOTHING],
        lambda s, who: error("PollsNotRevealing", s.poll, VOTING),
        lambda s, who: error("PollsNotRevealing", s.poll, VOTING),
    ),
    authority("P128", "Polls"),
    Row(
        "P140",
        "Polls",
        "castFollowed",
        lambda s, who: [s.poll, 1, 1],
        only("PollsOnlyFollower"),
        only("PollsOnlyFollower"),
    ),
    restricted("P141", "Polls", "setFollower", lambda s, who: [s.stranger.address]),
    # -------------------------------------------------------------- Consent
    restricted(
        "P143",
        "Consent",
        "setAllowance",
        lambda s, who: [s.commune.constitution, ANY_SELECTOR, NOTHING, (True, False, 0, 0)],
    ),
    Row("P144", "Consent", "open", lambda s, who: consent_opening(s.unopened), no_member),
    Row(
        "P145",
        "Consent",
        "respond",
        lambda s, who: [s.consenting.id(s.commune), ACKNOWLEDGE, NOTHING],
        lambda s, who: error("ConsentNotInElectorate", s.consenting.id(s.commune), who),
    ),
    Row(
        "P146",
        "Consent",
        "execute",
        lambda s, who: [*consent_opening(s.consenting)[:2], s.consenting.description_hash],
        not_yet(CONSENT_PASSED),
        not_yet(CONSENT_PASSED),
    ),
    Row(
        "P147",
        "Consent",
        "escalate",
        lambda s, who: consent_opening(s.consenting),
        not_yet(CONSENT_BLOCKED),
        not_yet(CONSENT_BLOCKED),
    ),
    authority("P148", "Consent"),
    # -------------------------------------------------------------- Draws
    restricted("P150", "Draws", "open", lambda s, who: [TEXT, 10, TEXT]),
    restricted("P151", "Draws", "openAmong", lambda s, who: [[1, 2], [], TEXT]),
    Row(
        "P152",
        "Draws",
        "reveal",
        lambda s, who: [s.draw, 1, TEXT],
        lambda s, who: error("DrawsWrongState", s.draw, CAPTURABLE, REVEALING),
        lambda s, who: error("DrawsWrongState", s.draw, CAPTURABLE, REVEALING),
    ),
    Row("P153", "Draws", "capture", lambda s, who: [s.draw]),
    Row(
        "P154",
        "Draws",
        "retarget",
        lambda s, who: [s.draw],
        lambda s, who: error("DrawsWrongState", s.draw, CAPTURABLE, MISSED),
        lambda s, who: error("DrawsWrongState", s.draw, CAPTURABLE, MISSED),
    ),
    authority("P155", "Draws"),
    # -------------------------------------------------------------- Commons
    restricted("P160", "Commons", "pay", payment),
    restricted("P161", "Commons", "payBeyondBrake", payment),
    restricted("P162", "Commons", "openPurse", lambda s, who: [s.commune.offices, 1, ZERO_ADDRESS, 5, TEXT]),
    restricted("P163", "Commons", "setPurseCap", lambda s, who: [s.purse, 6]),
    restricted("P164", "Commons", "closePurse", lambda s, who: [s.purse]),
    Row(
        "P165",
        "Commons",
        "payFromPurse",
        lambda s, who: [s.purse, s.deployer.address, 1, TEXT],
        no_member,
        lambda s, who: error("PayerListRefused", 1, who),
    ),
    restricted(
        "P166",
        "Commons",
        "payStipend",
        lambda s, who: [1, s.commune.commons.periodOf(now()), 1, TEXT],
    ),
    restricted("P167", "Commons", "setPayUnit", lambda s, who: [ZERO_ADDRESS, 1]),
    Row(
        "P168",
        "Commons",
        "deposit",
        lambda s, who: [s.token, 1, TEXT],
        lambda s, who: error("CommonsTransferFailed", s.token, s.commune.commons, 1),
        lambda s, who: error("CommonsTransferFailed", s.token, s.commune.commons, 1),
    ),
    Row("P169", "Commons", "recordIncome", lambda s, who: [s.token]),
    Row("P170", "Commons", "receive", lambda s, who: []),
    authority("P171", "Commons"),
    Row(
        "P202",
        "Commons",
        "payForWork",
        lambda s, who: [s.purse, 1, 1, TEXT],
        lambda s, who: error("CommonsNotController", s.purse, who),
        lambda s, who: error("CommonsNotController", s.purse, who),
    ),
    # -------------------------------------------------------------- Offices
    restricted("P176", "Offices", "create", lambda s, who: [OFFICE, []]),
    restricted("P177", "Offices", "setMandate", lambda s, who: [s.office, []]),
    restricted("P178", "Offices", "setStipend", lambda s, who: [s.office, 1]),
    restricted("P179", "Offices", "abolish", lambda s, who: [s.office]),
    restricted("P180", "Offices", "appoint", lambda s, who: [s.vacant, 2, now() + DAY]),
    restricted("P181", "Offices", "recall", lambda s, who: [s.office, 1]),
    Row(
        "P182",
        "Offices",
        "exercise",
        lambda s, who: [s.office, s.commune.constitution, call_of(s.commune.constitution, "adopt", TEXT)],
        no_holder,
        no_holder,
    ),
    Row("P183", "Offices", "resign", lambda s, who: [s.office], no_holder, no_holder),
    Row(
        "P184",
        "Offices",
        "vacate",
        lambda s, who: [s.office, 1],
        lambda s, who: error("OfficesStillHeld", s.office, 1),
        lambda s, who: error("OfficesStillHeld", s.office, 1),
    ),
    Row("P185", "Offices", "claimStipend", lambda s, who: [s.tenure, this_period(s)], too_early, too_early),
    authority("P186", "Offices"),
    # -------------------------------------------------------------- Elections
    Row("P190", "Elections", "open", lambda s, who: [s.vacant], no_member),
    for_full_members("P191", "Elections", "stand", lambda s, who: [s.election, TEXT, NOTHING]),
    Row(
        "P192",
        "Elections",
        "withdraw",
        lambda s, who: [s.election],
        lambda s, who: error("ElectionsNotStanding", s.election, 0),
        lambda s, who: error("ElectionsNotStanding", s.election, member_id(s.commune, who)),
    ),
    Row("P193", "Elections", "start", lambda s, who: [s.election], still_standing, still_standing),
    Row(
        "P194",
        "Elections",
        "fill",
        lambda s, who: [s.election],
        lambda s, who: error("ElectionsWrongStage", s.election, STANDING, POLLING),
        lambda s, who: error("ElectionsWrongStage", s.election, STANDING, POLLING),
    ),
    # -------------------------------------------------------------- Recall
    for_full_members("P200", "Recall", "petition", lambda s, who: [s.office, 2, TEXT]),
    for_full_members("P201", "Recall", "sign", lambda s, who: [s.petition]),
    # -------------------------------------------------------------- Assignments
    restricted("P203", "Assignments", "create", lambda s, who: [[BRIEF]]),
    restricted("P204", "Assignments", "cancel", lambda s, who: [s.task, TEXT]),
    Row("P205", "Assignments", "volunteer", lambda s, who: [s.assignment], no_member),
    Row("P206", "Assignments", "withdraw", lambda s, who: [s.assignment], no_volunteer, no_volunteer),
    Row(
        "P207", "Assignments", "select", lambda s, who: [s.assignment], still_volunteering, still_volunteering
    ),
    Row("P208", "Assignments", "heartbeat", lambda s, who: [s.task, 1, TEXT], holds_no_seat, holds_no_seat),
    Row("P209", "Assignments", "reopen", lambda s, who: [s.task, 1], nothing_missed, nothing_missed),
    restricted("P210", "Assignments", "markDelivered", lambda s, who: [s.task, 1, s.author.address]),
    restricted("P211", "Assignments", "markRework", lambda s, who: [s.task, 1]),
    restricted("P212", "Assignments", "markDone", lambda s, who: [s.task, 1, 10_000]),
    restricted("P213", "Assignments", "markFailed", lambda s, who: [s.task, 1]),
    restricted("P214", "Assignments", "markOverturned", lambda s, who: [s.task, 1]),
    Row("P215", "Assignments", "payStipend", lambda s, who: [s.task, 1], unpaid, unpaid),
    authority("P216", "Assignments"),
    # -------------------------------------------------------------- Series
    restricted("P217", "Series", "create", lambda s, who: [plan(s.occurrence)]),
    restricted("P218", "Series", "stop", lambda s, who: [s.series, TEXT]),
    Row(
        "P219",
        "Series",
        "openOccurrence",
        lambda s, who: [s.series, 0, s.occurrence, []],
        not_due_yet,
        not_due_yet,
    ),
    authority("P220", "Series"),
    # -------------------------------------------------------------- Reviews
    Row("P222", "Reviews", "deliver", lambda s, who: [s.task, 1, TEXT, []], holds_no_seat, holds_no_seat),
    Row("P223", "Reviews", "seatReviewers", lambda s, who: [s.review], not_captured, not_captured),
    Row("P224", "Reviews", "review", lambda s, who: [s.review, 1, 100, TEXT], still_drawing, still_drawing),
    Row("P225", "Reviews", "redraw", lambda s, who: [s.review], still_drawing, still_drawing),
    Row("P226", "Reviews", "abandon", lambda s, who: [s.review], still_drawing, still_drawing),
    restricted("P227", "Reviews", "decide", lambda s, who: [s.review, 10_000]),
    restricted("P228", "Reviews", "overturn", lambda s, who: [s.review]),
    Row(
        "P229",
        "Reviews",
        "confirmShift",
        lambda s, who: [s.task, 1],
        no_member,
        lambda s, who: error("ReviewsNotAShift", s.task),
        on_probation,
    ),
    authority("P230", "Reviews"),
    # -------------------------------------------------------------- Penalties
    restricted("P234", "Penalties", "impose", lambda s, who: [1, GENERAL, POINT, 1, TEXT]),
    Row("P235", "Penalties", "appeal", lambda s, who: [s.penalty, TEXT], not_theirs, not_theirs),
    restricted("P236", "Penalties", "strike", lambda s, who: [s.penalty, TEXT]),
    Row("P237", "Penalties", "carryOut", lambda s, who: [s.penalty], not_due, not_due),
    authority("P238", "Penalties"),
    # -------------------------------------------------------------- Mediation
    Row("P240", "Mediation", "open", lambda s, who: [[2], GENERAL, (PENALTY, 2, POINT), TEXT], no_member),
    Row(
        "P241",
        "Mediation",
        "challenge",
        lambda s, who: [999, TEXT],
        lambda s, who: error("ReviewsUnknown", 999),
        lambda s, who: error("ReviewsUnknown", 999),
    ),
    Row("P242", "Mediation", "giveEvidence", lambda s, who: [s.case, TEXT], no_party, no_party),
    Row(
        "P243",
        "Mediation",
        "seatMediator",
        lambda s, who: [s.case],
        mediator_not_drawn,
        mediator_not_drawn,
    ),
    Row("P244", "Mediation", "accept", lambda s, who: [s.case], no_mediator_yet, no_mediator_yet),
    Row("P245", "Mediation", "decline", lambda s, who: [s.case], no_mediator_yet, no_mediator_yet),
    Row("P246", "Mediation", "moveOn", lambda s, who: [s.case], no_mediator_yet, no_mediator_yet),
    Row("P247", "Mediation", "propose", lambda s, who: [s.case, TEXT], no_mediator_yet, no_mediator_yet),
    Row("P248", "Mediation", "sign", lambda s, who: [s.case, TEXT], no_mediator_yet, no_mediator_yet),
    Row(
        "P249",
        "Mediation",
        "withdraw",
        lambda s, who: [s.case],
        lambda s, who: error("MediationNotClaimant", s.case, who),
        lambda s, who: error("MediationNotClaimant", s.case, who),
    ),
    restricted("P250", "Mediation", "convene", lambda s, who: [s.case]),
    authority("P251", "Mediation"),
    # -------------------------------------------------------------- CasePanels
    Row("P256", "CasePanels", "convene", lambda s, who: [s.case], no_mediator_yet, no_mediator_yet),
    Row("P257", "CasePanels", "seat", lambda s, who: [s.case], no_panel, no_panel),
    Row("P258", "CasePanels", "commit", lambda s, who: [s.case, TEXT], no_panel, no_panel),
    Row("P259", "CasePanels", "reveal", lambda s, who: [s.case, 3, 1, TEXT], no_panel, no_panel),
    Row("P260", "CasePanels", "count", lambda s, who: [s.case], no_panel, no_panel),
    Row("P261", "CasePanels", "appeal", lambda s, who: [s.case, TEXT], no_panel, no_panel),
    Row("P262", "CasePanels", "carryOut", lambda s, who: [s.case], no_panel, no_panel),
    restricted("P263", "CasePanels", "overrule", lambda s, who: [s.case]),
    restricted("P264", "CasePanels", "grant", lambda s, who: [s.case]),
    authority("P265", "CasePanels"),
]


def unauthorised_call(s: Scene, who: Any) -> str:
    selector = bytes.fromhex(law_call(s)[2:10])
    return error("AccessManagerUnauthorizedCall", who, s.commune.constitution, selector)


# ------------------------------------------------------------------ who may


@dataclass(frozen=True)
class Who:
    """What the page's words for those who may call mean: some who are, and who of the two is refused."""

    callers: Callable[[Scene], Sequence[Any]]
    stranger: bool = False
    member: bool = False


def module(*names: str) -> Who:
    return Who(lambda s: [getattr(s.commune, name) for name in names])


WHO = {
    "anyone": Who(lambda s: [s.stranger, s.member], stranger=True, member=True),
    "anyone who is no member": Who(lambda s: [s.stranger], stranger=True),
    "anyone, for themselves": Who(lambda s: [s.stranger, s.member]),
    "anyone, for what they may call themselves": Who(lambda s: [s.stranger, s.member]),
    "anyone, with the signature of whom it concerns": Who(lambda s: [s.stranger]),
    "whoever may call the target": module("timelock"),
    "a full member": Who(lambda s: [s.member], member=True),
    "an active member": Who(lambda s: [s.member], member=True),
    "a member": Who(lambda s: [s.member], member=True),
    "anyone, with the proof of a member": Who(lambda s: []),
    "anyone, with its opening": Who(lambda s: []),
    "anyone, with the secret": Who(lambda s: []),
    "anyone, once its block was missed": Who(lambda s: []),
    "anyone, of their own tokens": Who(lambda s: []),
    "anyone, once it passed": Who(lambda s: []),
    "anyone, once it was blocked": Who(lambda s: []),
    "whom the purse's controller lets pay": Who(lambda s: []),
    "a member of the electorate": Who(lambda s: [s.member], member=True),
    "a guardian of the member": Who(lambda s: []),
    "a holder": Who(lambda s: []),
    "who holds or will hold a seat": Who(lambda s: []),
    "a candidate": Who(lambda s: []),
    "a volunteer, or who holds a seat": Who(lambda s: []),
    "the purse's controller": Who(lambda s: []),
    "anyone, once volunteering is over": Who(lambda s: []),
    "anyone, once its holder is late or gone": Who(lambda s: []),
    "anyone, once it is done": Who(lambda s: []),
    "anyone, once its holder is gone": Who(lambda s: []),
    "anyone, once the period is over": Who(lambda s: []),
    "anyone, once standing is over": Who(lambda s: []),
    "anyone, once the poll or draw is over": Who(lambda s: []),
    "anyone, once it is due": Who(lambda s: []),
    "anyone, once the draw is captured": Who(lambda s: []),
    "anyone, once a reviewer is late or gone": Who(lambda s: []),
    "anyone, once its seat was reopened": Who(lambda s: []),
    "a reviewer": Who(lambda s: []),
    "a full member who was there": Who(lambda s: []),
    "whose penalty it is": Who(lambda s: [s.author]),
    "a full member, or who delivered": Who(lambda s: []),
    "a party": Who(lambda s: [s.author]),
    "a party, or the mediator": Who(lambda s: []),
    "the mediator": Who(lambda s: []),
    "the claimant": Who(lambda s: [s.author]),
    "a panelist": Who(lambda s: []),
    "anyone, once nobody is waited for": Who(lambda s: []),
    "anyone, once mediation failed": Who(lambda s: []),
    "anyone, once revealing is over": Who(lambda s: []),
    "the applicant": Who(lambda s: [s.applicant]),
    "who has delegated": Who(lambda s: []),
    "the author, before voting": Who(lambda s: [s.author]),
    "the deployer, while founding": Who(lambda s: []),
    "nobody": Who(lambda s: []),
    "Admission": module("admission"),
    "Admission, Penalties, Reviews, CasePanels": module("admission", "penalties", "reviews", "panels"),
    "Admission, Docket, Consent, Recall, CasePanels": module(
        "admission", "docket", "consent", "recall", "panels"
    ),
    "Assembly": module("assembly"),
    "Assembly, Polls": module("assembly", "polls"),
    "Assembly, Recall": module("assembly", "recall"),
    "CasePanels": module("panels"),
    "Delegation": module("delegation"),
    "Elections": module("elections"),
    "Founding": module("founding"),
    "Membership": module("membership"),
    "Offices": module("offices"),
    "Powers": module("powers"),
    "Presence": module("presence"),
    "Recovery": module("recovery"),
    "Reviews": module("reviews"),
    "Reviews, CasePanels": module("reviews", "panels"),
    "the timelock": module("timelock"),
    "the timelock, Consent": module("timelock", "consent"),
    "the timelock, Consent, Offices": module("timelock", "consent", "offices"),
    "the timelock, Elections": module("timelock", "elections"),
    "the timelock, Elections, Assignments, Reviews, Mediation, CasePanels": module(
        "timelock", "elections", "assignments", "reviews", "mediation", "panels"
    ),
    "the timelock, Reviews, Mediation, CasePanels": module("timelock", "reviews", "mediation", "panels"),
    "the timelock, Offices, Series": module("timelock", "offices", "series"),
    "the timelock, Offices": module("timelock", "offices"),
    "the timelock itself": module("timelock"),
}
PAGE = {p.number: p for p in permissions()}


# ------------------------------------------------------------------ the tests


@pytest.fixture(autouse=True)
def isolation(module_isolation):
    """One state for the whole module: its rows change nothing, and its one other test comes last."""


@pytest.fixture(scope="module")
def scene(commune, deployer, alice, bob, carol, erin, newcomer, stranger, project_contracts):
    probationer, applicant = person(9), person(8)
    admit_directly(commune, probationer)
    timelock = acting_as(commune.timelock)
    task = commune.assignments.create([BRIEF, BRIEF], timelock).return_value
    advance(DAY + 1)
    for taken in (task, task + 1):
        commune.assignments.volunteer(taken, alice.tx)
    review = commune.reviews.deliver(task + 1, 1, TEXT, [], alice.tx).return_value
    contested_application, vote = contested(commune, newcomer, (alice, bob), carol)
    application = apply(commune, applicant)
    pending_draft = resolution(commune, alice)
    opened(commune, pending_draft, alice, (alice, bob))
    members_draft = sponsored(commune, resolution(commune, erin), (alice, bob))
    hearing = commune.docket.requestHearing(3, REASON, alice.tx).return_value
    opened_poll = commune.polls.open(TEXT, 2, GENERAL, False, False, acting_as(commune.timelock))
    poll = opened_poll.events["PollOpened"]["pollId"]
    deployer.transfer(commune.commons, 10**13)
    token = project_contracts["OddToken"].deploy({"from": deployer})
    token.mint(commune.commons, 100, {"from": deployer})
    payers = project_contracts["PayerList"].deploy({"from": deployer})
    commune.powers.grantRole(communes.ROLES["PURSE"][0], payers, 0, timelock)
    purse = commune.commons.openPurse(payers, 1, ZERO_ADDRESS, 5, TEXT, timelock).return_value
    draw = commune.draws.open(TEXT, 10, TEXT, timelock).return_value
    chain.mine(10)
    consenting, unopened = (resolution(commune, commune.consent) for _ in range(2))
    for d in (consenting, unopened):
        sponsored(commune, d, (alice, bob))
    commune.consent.open(*consent_opening(consenting), alice.tx)
    offices, elections = commune.offices, commune.elections
    office, vacant, contest = [offices.create(OFFICE, [], timelock).return_value for _ in range(3)]
    start = now() + 60
    tenure, _ = [
        offices.appoint(office, member, start, acting_as(elections)).return_value for member in (1, 2)
    ]
    petition = commune.recall.petition(office, 1, TEXT, bob.tx).return_value
    election = elections.open(contest, bob.tx).return_value
    disputed = commune.mediation.open([2], GENERAL, (PENALTY, 2, POINT), TEXT, alice.tx)
    case = disputed.events["CaseOpened"]["caseId"]
    imposed = commune.penalties.impose(1, GENERAL, POINT, 1, TEXT, acting_as(commune.reviews))
    assignment = commune.assignments.create([BRIEF], timelock).return_value
    occurrence = now() + 365 * DAY
    series = commune.series.create(plan(occurrence), timelock).return_value
    law = commune.constitution
    operation = (law.address, 0, call_of(law, "setDaoURI", "ipfs://us"), NOTHING, NOTHING)
    delay = commune.timelock.getMinDelay()
    commune.timelock.schedule(*operation, delay, acting_as(commune.assembly))
    advance(delay + 1)
    return Scene(
        commune=commune,
        stranger=stranger,
        member=erin,
        probationer=probationer,
        author=alice,
        deployer=person(0),
        applicant=applicant,
        application=application,
        contested=contested_application,
        vote=vote,
        pending=pending_draft,
        sponsored=members_draft,
        hearing=hearing,
        poll=poll,
        purse=purse,
        token=token,
        draw=draw,
        consenting=consenting,
        unopened=unopened,
        office=office,
        tenure=tenure,
        vacant=vacant,
        petition=petition,
        election=election,
        assignment=assignment,
        task=task,
        review=review,
        series=series,
        occurrence=occurrence,
        case=case,
        penalty=imposed.return_value,
        operation=operation,
    )


def call(scene: Scene, row: Row, arguments: Arguments, who: Any) -> Any:
    """Let the chain carry out a row's function for `who`, and forget it."""
    contract = getattr(scene.commune, MODULES[row.contract])
    if row.function == "receive":
        sender = who.tx if isinstance(who, Person) else acting_as(who)
        return sender["from"].transfer(contract, 1)
    name, _, types = row.function.partition("(")
    function = getattr(contract, name)
    if types:
        function = function[types.rstrip(")")]
    return function.call(*arguments(scene, who), {"from": who.address})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}-{row.contract}.{row.function}")
def test_those_who_may_succeed_and_others_are_refused(scene, row):
    permission = PAGE[row.number]
    who = WHO[permission.who]
    assert (permission.contract, permission.function) == (row.contract, row.function)
    assert (row.stranger is None, row.member is None) == (who.stranger, who.member)
    assert (row.probationer is None) == (
        permission.who not in ("a full member", "a full member who was there", "a guardian of the member")
    )

    refused = [
        (scene.stranger, row.stranger),
        (scene.member, row.member),
        (scene.probationer, row.probationer),
    ]
    if permission.who == "nobody":
        refused += [(scene.commune.timelock, row.stranger), (scene.commune.assembly, row.stranger)]
    for caller, refusal in refused:
        if refusal is not None:
            with reverts(refusal(scene, caller)):
                call(scene, row, row.arguments, caller)
    if permission.shown_by == OWN_ROW:
        for caller in who.callers(scene):
            call(scene, row, row.own or row.arguments, caller)


def test_every_function_that_changes_anything_has_its_row(project_contracts):
    """Of every contract that can be deployed; OpenZeppelin's inherited functions included."""
    found = set()
    for name, contract in project_contracts.items():
        source = contract._build["sourcePath"]
        if not contract.bytecode or not source.startswith("contracts/") or "/testing/" in source:
            continue
        found |= {(name, function) for function in changing(contract.abi)}
    assert {name for name, _ in found} == set(MODULES)
    assert sorted(found) == sorted((row.contract, row.function) for row in ROWS)


def changing(abi: list[dict[str, Any]]) -> list[str]:
    """The functions that change anything, or would if they were open; with types where one name has two."""
    functions = [
        entry
        for entry in abi
        if entry["type"] == "function"
        and entry["stateMutability"] != "view"
        and not (entry["stateMutability"] == "pure" and not entry["inputs"])
        and entry["name"] not in PURE_READS
    ]
    names = [entry["name"] for entry in functions]
    found = [
        f"{e['name']}({','.join(i['type'] for i in e['inputs'])})"
        if names.count(e["name"]) > 1
        else e["name"]
        for e in functions
    ]
    return found + [entry["type"] for entry in abi if entry["type"] in ("receive", "fallback")]


def test_anyone_queues_and_carries_out_what_was_decided(commune, alice, bob, carol, dave, stranger):
    d = resolution(commune, dave)
    passed(commune, d, dave, (alice, bob), (alice, bob, carol))
    commune.assembly.queue(*d.arguments, d.description_hash, stranger.tx)
    advance(86_400 + 1)
    commune.assembly.execute(*d.arguments, d.description_hash, stranger.tx)
    assert commune.assembly.state(d.id(commune)) == EXECUTED
