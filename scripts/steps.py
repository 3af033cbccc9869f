"""What a scenario is written in: kinds of values, actions that decisions carry out, and steps of the story.

`ACTIONS` and `STEPS` say by which words a file calls them; `scripts/scenario.py` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

# -------------------------------------------------------------------------------------- kinds of values


class Name(str):
    """Somebody in the scenario."""


class Names(tuple[str, ...]):
    """One or more people."""


class Text(str):
    """Words, not empty."""


class Topic(str):
    """An area of life the commune has listed."""


class NewVote(str):
    """A short name that later steps call a draft or a vote by."""


class Vote(str):
    """A draft or vote that an earlier step named."""


class Count(int):
    """A whole number from 1."""


class Days(float):
    """A length of time in days, above 0."""


class Ballots(dict[str, int]):
    """How many votes each of some people give: a list (one each) or a table."""


class Result(str):
    """How a vote ends: passed or defeated."""


class NewPoll(str):
    """A short name that later steps call a poll by."""


class PollName(str):
    """A poll that an earlier draft opens."""


class Options(tuple[str, ...]):
    """What a poll is between."""


class PollBallots(dict[str, dict[str, int]]):
    """How many votes each of some people give to options of a poll; an empty table is blank."""


class NewOffice(str):
    """A short name that later steps call an office by."""


class OfficeName(str):
    """An office that an earlier draft creates."""


class Filling(str):
    """How an office's seats are filled: by `poll` or by `draw`."""


class May(dict[str, int]):
    """What holders of an office may do, each so many times a period: names of actions."""


class NewPurse(str):
    """A short name that later steps call a purse by."""


class PurseName(str):
    """A purse that an earlier draft opens."""


class Amount(int):
    """An amount of ETH, in wei."""


class Reasons(dict[str, str]):
    """Some people, each with a reason."""


class NewWork(str):
    """A short name that later steps call an assignment or a series by."""


class WorkName(str):
    """An assignment or series that an earlier draft creates."""


class NewCase(str):
    """A short name that later steps call a case by."""


class CaseName(str):
    """A case that an earlier step opened."""


class Works(tuple[str, ...]):
    """Assignments that an earlier draft creates."""


class ReviewVerdict(str):
    """What reviewers say: `accept` or `rework`."""


class Extents(tuple[int, ...]):
    """What each of a panel says in turn: how many quarters of the remedy, 0 to 4."""


class ConsentResult(str):
    """How consent ends: passed, blocked or lapsed."""


class Means(str):
    """How ballots reach the chain: `direct`, one by one; `signed`, in one batch that somebody else sends; or
    `relayed`, posted to a node that sends them (`signed` where no node relays)."""


# ---------------------------------------------------------------------------------------------- actions


@dataclass(frozen=True)
class Action:
    """Something a decision does when it is carried out."""


@dataclass(frozen=True)
class Adopt(Action):
    """Records a text as the commune's resolution."""

    text: Text


@dataclass(frozen=True)
class Award(Action):
    """Gives reputation points for work in a topic."""

    to: Name
    points: Count
    topic: Topic
    evidence: Text


@dataclass(frozen=True)
class SetParameter(Action):
    """Changes a number of the constitution."""

    name: Text
    value: Count


@dataclass(frozen=True)
class AddTopic(Action):
    """Lists a new area of life."""

    name: Text


@dataclass(frozen=True)
class MoveMembership(Action):
    """Moves a member without guardians to a new account."""

    whom: Name


@dataclass(frozen=True)
class OpenPoll(Action):
    """Asks the members to choose among options."""

    poll: NewPoll
    question: Text
    options: Options
    topic: Topic
    secret: bool = False


@dataclass(frozen=True)
class Describe(Action):
    """Sets where the commune's description is found (ERC-4824)."""

    uri: Text


@dataclass(frozen=True)
class CreateOffice(Action):
    """Creates an office with seats, a term, and what its holders may do."""

    office: NewOffice
    text: Text
    topic: Topic
    seats: Count
    filling: Filling
    term: Days
    may: May
    stipend: Count | None = None


@dataclass(frozen=True)
class OpenPurse(Action):
    """Gives an office a line of money a period."""

    purse: NewPurse
    office: OfficeName
    cap: Amount
    reason: Text


@dataclass(frozen=True)
class Pay(Action):
    """Pays somebody from the commons."""

    to: Name
    amount: Amount
    reason: Text


@dataclass(frozen=True)
class OpenWorkPurse(Action):
    """Gives the work of a topic a line of money a period."""

    topic: Topic
    cap: Amount
    reason: Text


@dataclass(frozen=True)
class Assign(Action):
    """Creates an assignment: a task. Those that follow each other in a list are created in one call."""

    work: NewWork
    text: Text
    topic: Topic
    points: Count
    days: Days
    seats: Count | None = None
    trial: Count | None = None
    heartbeat: Days | None = None
    stipend: Amount | None = None
    hours: Count | None = None
    skills: Text | None = None


@dataclass(frozen=True)
class AssignSeries(Action):
    """Creates a series of shifts by an RFC 5545 rule; its first one is some days from now."""

    work: NewWork
    text: Text
    topic: Topic
    points: Count
    rule: Text
    first_in: Days
    hours: Count
    seats: Count


class Actions(tuple[Action, ...]):
    """What a decision does, at least one action."""


ACTIONS: dict[str, type[Action]] = {
    "adopt": Adopt,
    "award": Award,
    "set_parameter": SetParameter,
    "add_topic": AddTopic,
    "move_membership": MoveMembership,
    "open_poll": OpenPoll,
    "describe": Describe,
    "create_office": CreateOffice,
    "open_purse": OpenPurse,
    "pay": Pay,
    "open_work_purse": OpenWorkPurse,
    "assign": Assign,
    "assign_series": AssignSeries,
}
# The actions that an office's holders can be given.
LENT = ("adopt", "describe")


# ---------------------------------------------------------------------------------------------- steps


@dataclass(frozen=True, kw_only=True)
class Step:
    """What all steps have; `line` is where the step begins in the file."""

    line: int
    say: str = ""
    gasless: bool = False
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Tell(Step):
    """Nothing happens on the chain; `say` is told."""


@dataclass(frozen=True, kw_only=True)
class Wait(Step):
    """Time passes: some days, or until a season begins."""

    days: Days | None = None
    season: Count | None = None


@dataclass(frozen=True, kw_only=True)
class Apply(Step):
    """People ask to join with their profiles."""

    who: Names


@dataclass(frozen=True, kw_only=True)
class Vouch(Step):
    """Members pledge for an applicant."""

    by: Names
    whom: Name


@dataclass(frozen=True, kw_only=True)
class Object(Step):
    """A member calls for a vote on an applicant; `vote` names that vote if this objection opens it."""

    by: Name
    whom: Name
    reason: Text
    vote: NewVote | None = None


@dataclass(frozen=True, kw_only=True)
class Admit(Step):
    """Applicants whose window has passed, or who won their vote, are admitted; waits for the window."""

    who: Names


@dataclass(frozen=True, kw_only=True)
class Draft(Step):
    """A member writes a proposal, or something to be consented to; nothing is sent yet."""

    vote: NewVote
    by: Name
    title: Text
    topic: Topic
    actions: Actions
    body: Text | None = None
    consent: bool = False


@dataclass(frozen=True, kw_only=True)
class Sponsor(Step):
    """Members put their names under a draft, for its topic."""

    vote: Vote
    by: Names


@dataclass(frozen=True, kw_only=True)
class Propose(Step):
    """The author opens the sponsored draft."""

    vote: Vote


@dataclass(frozen=True, kw_only=True)
class Cast(Step):
    """Members vote; waits until voting has begun."""

    vote: Vote
    for_: Ballots | None = None
    against: Ballots | None = None
    abstain: Ballots | None = None
    how: Means | None = None


@dataclass(frozen=True, kw_only=True)
class Close(Step):
    """Voting ends; the result has to be the one named."""

    vote: Vote
    result: Result


@dataclass(frozen=True, kw_only=True)
class Queue(Step):
    """Somebody queues a passed decision with the timelock."""

    vote: Vote
    by: Name


@dataclass(frozen=True, kw_only=True)
class Execute(Step):
    """Somebody carries a passed decision out; waits for the timelock."""

    vote: Vote
    by: Name


@dataclass(frozen=True, kw_only=True)
class Register(Step):
    """Members list the identities by which they vote in secret."""

    who: Names


@dataclass(frozen=True, kw_only=True)
class CastInPoll(Step):
    """Members vote in a poll: by name, or with a proof that somebody else sends where it is secret."""

    poll: PollName
    ballots: PollBallots


@dataclass(frozen=True, kw_only=True)
class ClosePoll(Step):
    """Voting in a poll ends; the option that is ahead has to be the one named."""

    poll: PollName
    ahead: Text


@dataclass(frozen=True, kw_only=True)
class Delegate(Step):
    """Members name whose ballot counts for them on a topic where they do not vote themselves."""

    by: Names
    to: Name
    topic: Topic
    votes: Count | None = None
    credits: Count | None = None


@dataclass(frozen=True, kw_only=True)
class Follow(Step):
    """The ballots of some people who did not vote are filled in; waits for the end of voting."""

    vote: Vote
    who: Names
    by: Name


@dataclass(frozen=True, kw_only=True)
class OpenConsent(Step):
    """A member opens a sponsored draft for consent."""

    vote: Vote
    by: Name


@dataclass(frozen=True, kw_only=True)
class Respond(Step):
    """Members say what they think of a draft that is open for consent."""

    vote: Vote
    acknowledge: Names | None = None
    block: Reasons | None = None
    aside: Reasons | None = None


@dataclass(frozen=True, kw_only=True)
class CloseConsent(Step):
    """The window for consent ends; the result has to be the one named."""

    vote: Vote
    result: ConsentResult


@dataclass(frozen=True, kw_only=True)
class CarryOut(Step):
    """Somebody carries out what passed by consent."""

    vote: Vote
    by: Name


@dataclass(frozen=True, kw_only=True)
class Escalate(Step):
    """Somebody takes what was blocked to the vote."""

    vote: Vote
    by: Name


@dataclass(frozen=True, kw_only=True)
class Give(Step):
    """Somebody sends ETH to the commons."""

    by: Name
    amount: Amount


@dataclass(frozen=True, kw_only=True)
class PayFromPurse(Step):
    """A holder pays somebody from their office's purse."""

    purse: PurseName
    by: Name
    to: Name
    amount: Amount
    reason: Text


@dataclass(frozen=True, kw_only=True)
class OpenElection(Step):
    """A member opens the election for an office's vacant seats."""

    office: OfficeName
    by: Name


@dataclass(frozen=True, kw_only=True)
class Stand(Step):
    """Members stand in an election."""

    office: OfficeName
    who: Names
    statement: Text


@dataclass(frozen=True, kw_only=True)
class StartElection(Step):
    """Somebody takes an election from standing to its poll or draw; waits for the end of standing."""

    office: OfficeName
    by: Name


@dataclass(frozen=True, kw_only=True)
class Elect(Step):
    """Members give votes to candidates."""

    office: OfficeName
    ballots: PollBallots


@dataclass(frozen=True, kw_only=True)
class FillSeats(Step):
    """Somebody seats who was elected or drawn; waits for the poll, or captures the draw's block first."""

    office: OfficeName
    by: Name
    holders: Names | None = None


@dataclass(frozen=True, kw_only=True)
class Exercise(Step):
    """A holder does something in the commune's name."""

    office: OfficeName
    by: Name
    actions: Actions


@dataclass(frozen=True, kw_only=True)
class Petition(Step):
    """A member opens a petition to recall a holder."""

    office: OfficeName
    on: Name
    by: Name
    grounds: Text


@dataclass(frozen=True, kw_only=True)
class SignPetition(Step):
    """Members sign it; `vote` names the vote that their signatures open."""

    office: OfficeName
    on: Name
    who: Names
    vote: NewVote | None = None


@dataclass(frozen=True, kw_only=True)
class Volunteer(Step):
    """Members offer to do a piece of work, or take a vacant seat of it."""

    work: WorkName
    who: Names


@dataclass(frozen=True, kw_only=True)
class Select(Step):
    """Seats are given to volunteers; waits for the end of volunteering, and a draw where too many came."""

    works: Works
    by: Name


@dataclass(frozen=True, kw_only=True)
class Heartbeat(Step):
    """A member gives a sign of progress."""

    work: WorkName
    who: Name
    note: Text


@dataclass(frozen=True, kw_only=True)
class Deliver(Step):
    """A member delivers their work."""

    work: WorkName
    who: Name
    evidence: Text


@dataclass(frozen=True, kw_only=True)
class GiveReviews(Step):
    """Whoever is drawn, or asked again, reviews a member's delivery; all say the same."""

    work: WorkName
    of: Name
    by: Name
    verdict: ReviewVerdict
    text: Text
    mark: Count | None = None


@dataclass(frozen=True, kw_only=True)
class Reopen(Step):
    """Somebody reopens the seat of a member who missed a heartbeat or the deadline; waits until they have."""

    work: WorkName
    of: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class PayWork(Step):
    """Somebody has the stipend paid of work that is done."""

    work: WorkName
    of: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class OpenOccurrence(Step):
    """The next shift of a series is opened; waits until it is due."""

    work: WorkName
    by: Name


@dataclass(frozen=True, kw_only=True)
class ConfirmShift(Step):
    """A member who was there confirms somebody's shift; waits until it has begun."""

    work: WorkName
    of: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class OpenCase(Step):
    """A member opens a case against another one, who should lose some points of a topic."""

    case: NewCase
    by: Name
    on: Name
    topic: Topic
    points: Count
    evidence: Text


@dataclass(frozen=True, kw_only=True)
class SeatMediator(Step):
    """A mediator is drawn. They and the parties accept, except for one who declines."""

    case: CaseName
    by: Name
    declined_by: Name | None = None


@dataclass(frozen=True, kw_only=True)
class Settle(Step):
    """The mediator puts an outcome on paper, and the parties sign it."""

    case: CaseName
    outcome: Text


@dataclass(frozen=True, kw_only=True)
class Convene(Step):
    """A panel is drawn for a case whose mediation failed."""

    case: CaseName
    by: Name


@dataclass(frozen=True, kw_only=True)
class PanelVotes(Step):
    """The panel's members vote, each in secret first, and are counted."""

    case: CaseName
    by: Name
    extents: Extents


@dataclass(frozen=True, kw_only=True)
class CarryOutCase(Step):
    """A panel's decision is carried out; waits for the time in which it can be appealed."""

    case: CaseName
    by: Name


@dataclass(frozen=True, kw_only=True)
class Notice(Step):
    """Somebody gives notice that a member has shown no sign of life for the whole period."""

    whom: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class MarkDormant(Step):
    """Somebody marks a silent member dormant; waits until the notice has run."""

    whom: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class CheckIn(Step):
    """A member shows that they live, with another member's signature."""

    who: Name
    attester: Name


@dataclass(frozen=True, kw_only=True)
class Guardians(Step):
    """A member names guardians and how many of them it takes."""

    of: Name
    who: Names
    threshold: Count


@dataclass(frozen=True, kw_only=True)
class Support(Step):
    """Guardians support moving a membership to the member's new account."""

    whom: Name
    by: Names


@dataclass(frozen=True, kw_only=True)
class Recover(Step):
    """Somebody completes a recovery; waits for its delay. The member acts from the new account then."""

    whom: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class Hearing(Step):
    """Two members open the hearing that must precede a vote on a member's expulsion."""

    on: Name
    by: Names
    grounds: Text


@dataclass(frozen=True, kw_only=True)
class OpenExpulsion(Step):
    """Somebody opens the vote after the hearing; waits for its end."""

    on: Name
    by: Name
    vote: NewVote


@dataclass(frozen=True, kw_only=True)
class Leave(Step):
    """A member ends their membership."""

    who: Name


@dataclass(frozen=True, kw_only=True)
class Show(Step):
    """Credits and reputation of some people are told."""

    who: Names


STEPS: dict[str, type[Step]] = {
    "tell": Tell,
    "wait": Wait,
    "apply": Apply,
    "vouch": Vouch,
    "object": Object,
    "admit": Admit,
    "draft": Draft,
    "sponsor": Sponsor,
    "propose": Propose,
    "vote": Cast,
    "close": Close,
    "queue": Queue,
    "execute": Execute,
    "register": Register,
    "poll_vote": CastInPoll,
    "close_poll": ClosePoll,
    "delegate": Delegate,
    "follow": Follow,
    "open_consent": OpenConsent,
    "respond": Respond,
    "close_consent": CloseConsent,
    "carry_out": CarryOut,
    "escalate": Escalate,
    "give": Give,
    "pay_from_purse": PayFromPurse,
    "open_election": OpenElection,
    "stand": Stand,
    "start_election": StartElection,
    "elect": Elect,
    "fill_seats": FillSeats,
    "exercise": Exercise,
    "petition": Petition,
    "sign_petition": SignPetition,
    "volunteer": Volunteer,
    "select": Select,
    "heartbeat": Heartbeat,
    "deliver": Deliver,
    "review": GiveReviews,
    "reopen": Reopen,
    "pay_work": PayWork,
    "open_occurrence": OpenOccurrence,
    "confirm_shift": ConfirmShift,
    "open_case": OpenCase,
    "seat_mediator": SeatMediator,
    "settle": Settle,
    "convene": Convene,
    "panel_votes": PanelVotes,
    "carry_out_case": CarryOutCase,
    "notice": Notice,
    "mark_dormant": MarkDormant,
    "check_in": CheckIn,
    "guardians": Guardians,
    "support": Support,
    "recover": Recover,
    "hearing": Hearing,
    "open_expulsion": OpenExpulsion,
    "leave": Leave,
    "show": Show,
}
