"""What members and modules do over and over in these tests: create work, volunteer, select, deliver."""

from dataclasses import astuple, dataclass

from brownie import accounts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.offices.steps import captured
from tests.contracts.people import DAY, FOOD

TEXT = "0x" + communes.text_hash("Paint the hall\n\nTwo coats, white")
WHY = "0x" + communes.text_hash("The hall was sold")
NOTHING = b"\0" * 32
HOUR = 3_600
POINT = 1_000_000
# IAssignments.Kind
TASK, SHIFT = range(2)
# IAssignments.Selection
DRAW, SCORE = range(2)
# IAssignments.AssignmentState
UNKNOWN, VOLUNTEERING, SELECTING, DRAWING, OPEN, FINISHED, CANCELLED = range(7)
# IAssignments.SeatState
VACANT, HELD, DELIVERED, REWORK, DONE, LAPSED = range(6)
# IAssignments.Release
WITHDREW, MISSED_HEARTBEAT, MISSED_DEADLINE, GONE, FAILED, BY_CANCELLATION = range(6)
# work.rework, work.confirmWindow
REWORK_TIME = 7 * DAY
CONFIRM_WINDOW = 3 * DAY


@dataclass(frozen=True)
class Brief:
    """`IAssignments.Brief`, as it is sent; unless said otherwise a task of a week with one seat."""

    text: object = TEXT
    topic: int = FOOD
    kind: int = TASK
    selection: int = DRAW
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

    @property
    def struct(self):
        return astuple(self)


def shift(start=None, length=4 * HOUR, **fields):
    """A shift of four hours, in two days."""
    start = now() + 2 * DAY if start is None else start
    return Brief(kind=SHIFT, start=start, deadline=start + length, duration=0, **fields)


def created(commune, *briefs):
    """Assignments that the commune decided on; returns the first one's id."""
    structs = [brief.struct for brief in briefs or (Brief(),)]
    tx = commune.assignments.create(structs, acting_as(commune.timelock))
    return tx.events["AssignmentCreated"][0]["assignmentId"]


def volunteered(commune, assignment, *people):
    for who in people:
        commune.assignments.volunteer(assignment, who.tx)


def volunteering_over(commune, assignment):
    """Go to the first second after volunteering, if it is not over."""
    end = commune.assignments.assignment(assignment)["volunteerUntil"]
    if now() <= end:
        mine_at(end + 1)


def selected(commune, assignment):
    """Wait until volunteering is over, and let anyone select, through the draw if there is one; returns the
    transaction that gave the seats."""
    anyone = {"from": accounts[0]}
    volunteering_over(commune, assignment)
    tx = commune.assignments.select(assignment, anyone)
    if "SelectionDrawn" in tx.events:
        capture(commune, tx.events["SelectionDrawn"]["drawId"])
        tx = commune.assignments.select(assignment, anyone)
    return tx


def capture(commune, draw):
    """Wait for a draw's block, and take its hash."""

    class Anyone:
        tx = {"from": accounts[0]}  # noqa: RUF012

    captured(commune, draw, Anyone)


def opened(commune, brief=None):
    """An assignment that nobody volunteered for in time: its seats are vacant for who comes first."""
    assignment = created(commune, brief or Brief())
    volunteering_over(commune, assignment)
    return assignment


def taken(commune, assignment, *people):
    """Seats taken one after the other; returns the last one's number."""
    for who in people:
        tx = commune.assignments.volunteer(assignment, who.tx)
    return tx.events["SeatTaken"]["seat"]


def seat_of(commune, assignment, seat=1):
    return commune.assignments.seatOf(assignment, seat).dict()


def holders(commune, assignment):
    """The memberIds on an assignment's seats in order, 0 for none."""
    return [seat["memberId"] for seat in commune.assignments.seatsOf(assignment)]


def late(commune, assignment, seat=1):
    """Go to the first second in which the holder is late."""
    mine_at(commune.assignments.lateAfter(assignment, seat) + 1)


def delivered(commune, reviewer, assignment, who, seat=1):
    """Delivered as the reviews note it."""
    return commune.assignments.markDelivered(assignment, seat, who.address, reviewer)


def award(commune, member, points, topic=FOOD):
    """Reputation that was earned before."""
    sender = acting_as(commune.timelock)
    return commune.reputation.award(member, topic, points * POINT, 0, WHY, 0, sender)
