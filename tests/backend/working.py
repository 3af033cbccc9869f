"""Work that a decision, a mandate and a series made, from its volunteers to what it earned, in a commune that
has lived for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

import pytest

from backend.work.occurrences import starts_of
from backend.work.starts import proof_of, root_of
from tests.backend.commune import DAY, ETH, FOOD, FOR, GENERAL, POINT, Commune, Person, Reverted, text_hash
from tests.backend.drawing import decide, to_number
from tests.backend.offices import BY_DRAW, Holding

HOUR = 3_600
ETHER = 10**18
STIPEND = ETHER // 100
TASK, SHIFT = range(2)
BY_LOT, BY_SCORE = range(2)
ACCEPT, SEND_BACK = 1, 2
PAINT = "Paint the hall\n\nSkills: painting, ladders\nHours: 6\nWhere: The hall\n\nTwo coats, white."
COUNT = "Count the stores\n\nHours: 2\n\nEvery shelf."
PARTY = "Bake for the party\n\nSkills: baking\n\nForty loaves."
SHOP = "Open the shop\n\nHours: 3\nWhere: The shop\n\nThe keys are with Anna."
GARDEN = "Water the garden"
FEES = "Who counts is paid a little."
HALFWAY = "The first coat is dry."
ONE_COAT = "One coat, on all walls."
TWO_COATS = "Two coats now."
COUNTED = "Forty jars, two sacks."
GOOD = "Good work."
THIN = "The grey shines through."
ILL = "I was ill."
NO_PARTY = "It rains."
NO_SHOP = "The shop is closed for good."
Happened = Callable[[str], None]


@dataclass(frozen=True)
class Brief:
    """`IAssignments.Brief`: unless said otherwise a task of a week with one seat, for ten points."""

    text: bytes
    topic: int = FOOD
    kind: int = TASK
    selection: int = BY_LOT
    seats: int = 1
    trial_seats: int = 0
    volunteering: int = DAY
    start: int = 0
    deadline: int = 0
    duration: int = 7 * DAY
    heartbeat: int = 0
    reward: int = 10 * POINT
    purse: int = 0
    stipend: int = 0


class Working:
    """Of one commune. `members` by their numbers."""

    def __init__(self, commune: Commune, members: dict[int, Person]) -> None:
        self.commune = commune
        self.members = members

    @property
    def last(self) -> int:
        return int(self.commune.call("assignments", "assignmentCount"))

    def vote_for(self, title: str, action: tuple[str, bytes]) -> None:
        """A proposal by member 1, from its sponsors to its execution."""
        c, author = self.commune, self.members[1]
        draft = c.draft(author, action, text=title)
        proposal = c.propose(draft, author, (author, self.members[2]))
        c.to_voting(proposal)
        for voter in (1, 2, 3, 5):
            c.send(self.members[voter], "assembly", "castBallot", proposal, FOR, 1)
        c.to_end(proposal)
        c.carry_out(draft)

    def do(self, member: int, function: str, *arguments: object, module: str = "assignments") -> None:
        self.commune.send(self.members[member], module, function, *arguments)

    def volunteer(self, assignment: int, *members: int) -> None:
        for member in members:
            self.do(member, "volunteer", assignment)

    def select(self, assignment: int) -> None:
        """Waits until volunteering is over, and has the seats given, by a draw where one is needed."""
        c = self.commune
        c.wait_until(int(c.call("assignments", "assignment", assignment)[6]) + 1)
        c.send(c.people[0], "assignments", "select", assignment)
        if draw := int(c.call("assignments", "assignment", assignment)[15]):
            to_number(c, draw)
            c.send(c.people[0], "assignments", "select", assignment)

    def deliver(
        self, assignment: int, seat: int, evidence: str, shares: Sequence[tuple[int, int]] = ()
    ) -> int:
        """By its holder; the review's number."""
        holder = self.holders(assignment)[seat - 1]
        self.do(holder, "deliver", assignment, seat, text_hash(evidence), list(shares), module="reviews")
        return int(self.commune.call("reviews", "lastReviewOf", assignment, seat))

    def seat_reviewers(self, review: int) -> None:
        """Has the draw's number captured, and asks whom it names."""
        c = self.commune
        to_number(c, int(c.call("reviews", "reviewOf", review)[5]))
        c.send(c.people[0], "reviews", "seatReviewers", review)

    def reviewers(self, review: int) -> list[int]:
        return [int(reviewer[0]) for reviewer in self.commune.call("reviews", "reviewersOf", review)]

    def judge(self, review: int, member: int, verdict: int, mark: int, why: str) -> None:
        self.do(member, "review", review, verdict, mark, text_hash(why), module="reviews")

    def holders(self, assignment: int) -> list[int]:
        """Of its seats, from the first; 0 where nobody holds one."""
        return [int(seat[0]) for seat in self.commune.call("assignments", "seatsOf", assignment)]


def weekly(c: Commune, count: int, ahead: int) -> tuple[str, list[int]]:
    """A rule whose first start is `ahead` seconds from now, and its starts."""
    first = datetime.fromtimestamp(c.now + ahead, UTC)
    rule = f"DTSTART:{first:%Y%m%dT%H%M%SZ}\nRRULE:FREQ=WEEKLY;COUNT={count}"
    return rule, starts_of(rule)


def active(c: Commune) -> dict[int, Person]:
    """The active members, by their numbers."""
    members = {c.member_id(person): person for person in c.people}
    return {
        number: who for number, who in members.items() if number and c.call("membership", "isFull", number)
    }


def work(c: Commune, happened: Happened) -> None:
    working = Working(c, active(c))
    _decide(c, working, happened)
    _volunteer(c, working, happened)
    _miss(c, working, happened)
    _deliver(c, working, happened)
    _confirm(c, working, happened)
    _mandate(c, working, happened)
    _again(c, working, happened)
    _cancel(c, working, happened)


def _decide(c: Commune, working: Working, happened: Happened) -> None:
    """Three assignments by one proposal; a purse pays for the counting."""
    given = {"from": c.people[14].address, "to": c.addresses["commons"], "value": hex(2 * ETHER)}
    assert c.chain.receipt(c.chain.rpc("eth_sendTransaction", given))["status"] == "0x1"
    purse = (c.addresses["assignments"], GENERAL, ETH, ETHER // 10, text_hash(FEES))
    decide(c, "commons", "openPurse", *purse)
    briefs = [
        Brief(text_hash(PAINT), seats=2, heartbeat=2 * DAY),
        Brief(
            text_hash(COUNT),
            topic=GENERAL,
            selection=BY_SCORE,
            trial_seats=1,
            purse=int(c.call("commons", "purseCount")),
            stipend=STIPEND,
        ),
        Brief(
            text_hash(PARTY),
            kind=SHIFT,
            seats=3,
            start=c.now + 40 * DAY,
            deadline=c.now + 40 * DAY + 4 * HOUR,
            duration=0,
            reward=5 * POINT,
        ),
    ]
    create = ("assignments", c.data("assignments", "create", [astuple(brief) for brief in briefs]))
    working.vote_for("A party in a white hall", create)
    happened("three assignments were created")


def _volunteer(c: Commune, working: Working, happened: Happened) -> None:
    paint, count, party = working.last - 2, working.last - 1, working.last
    working.volunteer(paint, 1, 2, 3)
    working.do(1, "withdraw", paint)
    working.volunteer(paint, 1)
    working.volunteer(count, 2, 5)
    with pytest.raises(Reverted, match="AssignmentsVolunteeredTwice"):
        working.volunteer(count, 5)
    working.volunteer(party, 5, 6)
    happened("members volunteer, too many for two of them")
    c.wait_until(int(c.call("assignments", "assignment", paint)[6]) + 1)
    happened("volunteering is over")
    c.send(c.people[0], "assignments", "select", paint)
    happened("a draw selects")
    to_number(c, int(c.call("assignments", "assignment", paint)[15]))
    happened("its number is there")
    c.send(c.people[0], "assignments", "select", paint)
    working.select(count)
    working.select(party)
    happened("seats are given")


def _miss(c: Commune, working: Working, happened: Happened) -> None:
    """Of two painters one gives no sign; another member takes the seat over."""
    paint = working.last - 2
    first, second = working.holders(paint)
    working.do(first, "heartbeat", paint, 1, text_hash(HALFWAY))
    c.wait(DAY)
    working.do(first, "heartbeat", paint, 1, bytes(32))
    c.wait(DAY + HOUR)
    happened("one gives signs of progress, the other does not")
    with pytest.raises(Reverted, match="AssignmentsNotMissed"):
        c.send(c.people[0], "assignments", "reopen", paint, 1)
    c.send(c.people[0], "assignments", "reopen", paint, 2)
    happened("and loses the seat")
    other = next(member for member in (1, 2, 3) if member not in (first, second))
    working.volunteer(paint, other)
    happened("which somebody else takes")
    working.do(other, "withdraw", paint)
    happened("and gives up again")
    working.volunteer(paint, 5)
    happened("so that five paints")


def _deliver(c: Commune, working: Working, happened: Happened) -> None:
    """One delivery is sent back, delivered again, and accepted; another is left to a vote."""
    paint, count = working.last - 2, working.last - 1
    painter = working.holders(paint)[0]
    review = working.deliver(paint, 1, ONE_COAT)
    happened("one painter delivered, and reviewers are drawn")
    working.seat_reviewers(review)
    first, second = working.reviewers(review)
    happened("two reviewers are asked")
    working.judge(review, first, ACCEPT, 80, GOOD)
    with pytest.raises(Reverted, match="ReviewsTwice"):
        working.judge(review, first, ACCEPT, 80, GOOD)
    happened("one accepts")
    working.judge(review, second, SEND_BACK, 0, THIN)
    happened("the other sends it back")
    working.do(painter, "deliver", paint, 1, text_hash(TWO_COATS), [], module="reviews")
    happened("and is asked again, like the first")
    working.judge(review, first, ACCEPT, 80, GOOD)
    working.judge(review, second, ACCEPT, 100, GOOD)
    happened("both accept")
    counter = working.holders(count)[0]
    other = working.deliver(count, 1, COUNTED, [(counter, 7_000), (1, 3_000)])
    working.seat_reviewers(other)
    c.wait(4 * DAY)
    happened("a reviewer of the other one is silent, and so is the second")
    c.send(c.people[0], "reviews", "redraw", other)
    penalty = int(c.call("penalties", "penaltyCount"))
    assert c.call("penalties", "penalty", penalty - 1)[0] in working.members
    happened("both are replaced, and may lose for it")
    working.seat_reviewers(other)
    happened("nobody else can be drawn")
    decide(c, "reviews", "decide", other, 9_000)
    c.send(c.people[0], "assignments", "payStipend", count, 1)
    happened("so that a vote decides, and the stipend is paid")
    late = int(c.call("penalties", "penalty", penalty)[0])
    working.do(late, "appeal", penalty, text_hash(ILL), module="penalties")
    decide(c, "penalties", "strike", penalty, text_hash(ILL))
    happened("one appeals, with success")
    c.wait(15 * DAY)
    c.send(c.people[0], "penalties", "carryOut", penalty - 1)
    happened("the other's penalty is carried out")


def _confirm(c: Commune, working: Working, happened: Happened) -> None:
    """Of two who have a shift one comes."""
    party = working.last
    shift = c.call("assignments", "assignment", party)
    c.wait_until(int(shift[7]))
    came, absent = working.holders(party)[:2]
    other = next(member for member in (1, 2, 3) if member not in (came, absent))
    working.do(other, "confirmShift", party, 1, module="reviews")
    happened("who came is confirmed")
    c.wait_until(int(c.call("assignments", "lateAfter", party, 2)))
    c.send(c.people[0], "assignments", "reopen", party, 2)
    assert working.holders(party)[1] == 0 != absent
    happened("and who did not lost it")


def _mandate(c: Commune, working: Working, happened: Happened) -> None:
    """An office whose holder creates assignments."""
    holding = Holding(c, working.members)
    decide(c, "offices", "create", *_terms(c))
    office = int(c.call("offices", "officeCount"))
    election = holding.elect(office, (5,))
    holding.standing_over(election)
    c.send(c.people[0], "elections", "start", election)
    create = c.data("assignments", "create", [astuple(Brief(text_hash(GARDEN)))])
    working.do(5, "exercise", office, c.addresses["assignments"], create, module="offices")
    working.volunteer(working.last, 6)
    happened("a holder created an assignment, for which six volunteers")
    working.select(working.last)
    happened("and is the only one")


def _terms(c: Commune) -> tuple[object, ...]:
    entry = (c.addresses["assignments"], c.selector("assignments", "create"), 4, 0, 0)
    terms = (text_hash("Gardener\n\nSays what the garden needs."), GENERAL, 1, BY_DRAW, 120 * DAY, 0, False)
    return terms, [entry]


def _again(c: Commune, working: Working, happened: Happened) -> None:
    """A weekly shift, of which two are opened, before it is stopped."""
    rule, starts = weekly(c, 5, 20 * DAY)
    brief = Brief(text_hash(SHOP), kind=SHIFT, duration=0, reward=2 * POINT, volunteering=DAY)
    plan = (text_hash(rule), root_of(starts), len(starts), 30 * DAY, 3 * HOUR, astuple(brief))
    working.vote_for("The shop opens every week", ("series", c.data("series", "create", plan)))
    series = int(c.call("series", "seriesCount"))
    happened("a series begins")
    for number in (0, 1):
        c.send(
            c.people[0], "series", "openOccurrence", series, number, starts[number], proof_of(starts, number)
        )
    with pytest.raises(Reverted, match="SeriesTooEarly"):
        c.send(c.people[0], "series", "openOccurrence", series, 4, starts[4], proof_of(starts, 4))
    first = working.last - 1
    working.volunteer(first, 3)
    happened("two occurrences are opened")
    working.select(first)
    decide(c, "series", "stop", series, text_hash(NO_SHOP))
    happened("and no further one")


def _cancel(c: Commune, working: Working, happened: Happened) -> None:
    second = working.last
    working.volunteer(second, 1)
    decide(c, "assignments", "cancel", second, text_hash(NO_PARTY))
    happened("one is cancelled")
