"""What a plan is made from: open seats with what their texts ask for, and members with what they carry.

Open are the seats that somebody could still take: vacant ones, less one for each who has volunteered while
members volunteer. Who has volunteered counts as carrying the seat, since they may get it. Shifts that have
begun and work that is over are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.plan import MOST_SEATS, Kind, Person, Seat
from backend.plan.inputs import LONGEST
from backend.project.assignments import ASSIGNMENT_STATE, RELEASES, STRIKES
from backend.project.fading import POINT, Accumulator
from backend.read.moment import Moment
from backend.read.reputation import fading
from backend.work import Brief, parse
from backend.work.declaration import Declaration

# Of work whose text does not say how long it takes.
UNSAID = 120
# In which work counts as done lately, and in which it counts that seats stayed empty; seconds.
LATELY = 28 * 86_400
UNPOPULAR = 84 * 86_400


@dataclass(frozen=True)
class Work:
    """An assignment as the planner sees it. `open` seats, of which `trial` are kept for newcomers."""

    assignment_id: int
    kind: Kind
    brief: Brief
    minutes: int
    starts: int | None
    ends: int | None
    open: int = 0
    trial: int = 0


@dataclass
class Load:
    """What a member carries. `taken` are assignments that they hold a seat of, volunteered for or gave up."""

    carried: int = 0
    held: int = 0
    tasks: int = 0
    busy: list[tuple[int, int]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class PlanInput:
    """`work` by assignment."""

    seats: Sequence[Seat]
    people: Sequence[Person]
    work: dict[int, Work]


def plan_input(moment: Moment, declared: Iterable[Declaration]) -> PlanInput:
    newcomers = _newcomers(moment)
    work = _work(moment, newcomers)
    unpopular = _unpopular(moment)
    seats = [
        Seat(
            one.assignment_id,
            place,
            one.kind,
            one.minutes,
            one.starts,
            one.ends,
            trial=place <= one.trial,
            skills=frozenset(one.brief.skills),
            unpopular=unpopular[one.kind],
        )
        for one in work.values()
        for place in range(1, one.open + 1)
    ]
    # Where there are more than a plan takes: those that begin first.
    soonest = sorted(seats, key=lambda seat: (seat.starts is None, seat.starts or 0, seat.id))[:MOST_SEATS]
    return PlanInput(soonest, _people(moment, newcomers, work, declared), work)


# Seats


def _work(moment: Moment, newcomers: set[int]) -> dict[int, Work]:
    """All assignments, open or not: those that are over tell what people carried."""
    rows = moment.reader.query(
        f"SELECT a.assignment_id, a.topic, o.series_id, a.kind, a.start, a.deadline, a.seats, a.trial_seats,"
        f" {ASSIGNMENT_STATE.format(now=moment.now)}, t.content FROM assignments a"
        " LEFT JOIN occurrences o ON o.assignment_id = a.assignment_id"
        " LEFT JOIN texts t ON t.text_hash = a.text_hash ORDER BY a.assignment_id"
    )
    vacant = dict(
        moment.reader.query(
            "SELECT assignment_id, count(*) FROM seats WHERE state = 'Vacant' GROUP BY assignment_id"
        )
    )
    waiting = _waiting(moment)
    return {
        row[0]: _one(moment.now, row, vacant.get(row[0], 0), waiting.get(row[0], set()), newcomers)
        for row in rows
    }


def _one(now: int, row: tuple[Any, ...], vacant: int, volunteers: set[int], newcomers: set[int]) -> Work:
    assignment, topic, series, kind, start, deadline, seats, trial_seats, state, text = row
    shift = kind == "Shift"
    brief = parse(text.decode()) if text is not None else Brief("")
    minutes = brief.minutes or (min(-(-(deadline - start) // 60), LONGEST) if shift else UNSAID)
    over = (shift and start <= now) or (not shift and 0 < deadline <= now)
    if state == "Volunteering":
        new = len(volunteers & newcomers)
        trial = max(0, trial_seats - new)
        others = len(volunteers) - min(new, trial_seats)
        left = trial + max(0, seats - trial_seats - others)
    else:
        trial, left = 0, vacant if state in ("Selecting", "Open") else 0
    if over:
        trial = left = 0
    starts, ends = (start, deadline) if shift else (None, None)
    return Work(assignment, Kind(topic, series or 0), brief, minutes, starts, ends, left, trial)


def _waiting(moment: Moment) -> dict[int, set[int]]:
    """Who volunteered for what and has no seat yet, since seats are not given."""
    rows = moment.reader.query(
        "SELECT v.assignment_id, v.member_id FROM volunteers v"
        " JOIN assignments a ON a.assignment_id = v.assignment_id"
        " WHERE v.withdrawn_at IS NULL AND a.selected_at IS NULL AND a.cancelled_at IS NULL"
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for assignment, member in rows:
        found[assignment].add(member)
    return dict(found)


def _unpopular(moment: Moment) -> Counter[Kind]:
    """How often seats were given up, missed or failed, or shifts ended with vacant ones."""
    since = moment.now - UNPOPULAR
    reopened = _listed(why for why in RELEASES if why != "Cancelled")
    rows = moment.reader.query(
        "SELECT a.topic, o.series_id, count(*) FROM seat_events e"
        " JOIN assignments a ON a.assignment_id = e.assignment_id"
        " LEFT JOIN occurrences o ON o.assignment_id = a.assignment_id"
        f" WHERE e.kind IN ({reopened}) AND e.happened_at >= ? GROUP BY a.topic, o.series_id",
        (since,),
    ) + moment.reader.query(
        "SELECT a.topic, o.series_id, count(*) FROM seats s"
        " JOIN assignments a ON a.assignment_id = s.assignment_id"
        " LEFT JOIN occurrences o ON o.assignment_id = a.assignment_id"
        " WHERE s.state = 'Vacant' AND a.kind = 'Shift' AND a.cancelled_at IS NULL"
        " AND a.deadline BETWEEN ? AND ? GROUP BY a.topic, o.series_id",
        (since, moment.now),
    )
    found: Counter[Kind] = Counter()
    for topic, series, times in rows:
        found[Kind(topic, series or 0)] += times
    return found


# People


def _newcomers(moment: Moment) -> set[int]:
    rows = moment.reader.query(
        "SELECT member_id FROM members WHERE founder = 0 AND joined_at > ?",
        (moment.now - moment.parameters["admission.probation"],),
    )
    return {member for (member,) in rows}


def _people(
    moment: Moment, newcomers: set[int], work: dict[int, Work], declared: Iterable[Declaration]
) -> list[Person]:
    said = {one.member_id: one for one in declared}
    loads, lately, points = _loads(moment, work), _lately(moment, work), _points(moment)
    strikes = _strikes(moment)
    most_seats, most_strikes = (moment.parameters[f"work.{name}"] for name in ("maxSeats", "strikes"))
    active = moment.reader.query("SELECT member_id FROM members WHERE status = 'Active' ORDER BY member_id")
    found = []
    for (member,) in active:
        load, declaration = loads[member], said.get(member)
        found.append(
            Person(
                member,
                newcomer=member in newcomers,
                carried=load.carried,
                room=max(0, most_seats - load.held),
                # Whoever had them all refused would have as many strikes as there may be.
                task_room=max(0, most_strikes - strikes[member] - load.tasks),
                skills=declaration.skill_names if declaration else None,
                available=declaration.hours if declaration else None,
                lately=lately[member],
                busy=tuple(load.busy),
                not_these=frozenset(load.taken),
                points=points[member],
                barred="strikes" if strikes[member] >= most_strikes else None,
            )
        )
    return found


def _loads(moment: Moment, work: dict[int, Work]) -> defaultdict[int, Load]:
    """Of seats that are held now, or were done within the last season's length."""
    since = moment.now - moment.bounds(moment.season)[1] if moment.season is not None else 0
    found: defaultdict[int, Load] = defaultdict(Load)
    rows = moment.reader.query(
        "SELECT member_id, assignment_id, state FROM seats WHERE member_id IS NOT NULL"
        " AND (state IN ('Held', 'Delivered', 'Rework') OR taken_at >= ?)",
        (since,),
    )
    for member, assignment, state in rows:
        _carry(found[member], work[assignment], holds=state != "Done")
    for assignment, members in _waiting(moment).items():
        for member in members:
            _carry(found[member], work[assignment], holds=True)
    gave_up = moment.reader.query(
        f"SELECT DISTINCT member_id, assignment_id FROM seat_events WHERE kind IN ({_listed(RELEASES)})"
    )
    for member, assignment in gave_up:
        found[member].taken.add(assignment)
    return found


def _carry(load: Load, work: Work, *, holds: bool) -> None:
    load.carried += work.minutes
    load.held += holds
    load.tasks += holds and work.starts is None
    load.taken.add(work.assignment_id)
    if holds and work.starts is not None and work.ends is not None:
        load.busy.append((work.starts, work.ends))


def _lately(moment: Moment, work: dict[int, Work]) -> defaultdict[int, Counter[Kind]]:
    found: defaultdict[int, Counter[Kind]] = defaultdict(Counter)
    rows = moment.reader.query(
        "SELECT member_id, assignment_id FROM seat_events WHERE kind = 'Taken' AND happened_at >= ?",
        (moment.now - LATELY,),
    )
    for member, assignment in rows:
        found[member][work[assignment].kind] += 1
    return found


def _points(moment: Moment) -> defaultdict[int, dict[int, int]]:
    """Whole points by topic."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    rows = moment.reader.query("SELECT member_id, topic, mantissa, base FROM scores WHERE topic > 0")
    if rows:
        fades = fading(moment)
        for member, topic, mantissa, base in rows:
            score = fades.score(Accumulator(int.from_bytes(mantissa, "big"), base), moment.now)
            found[member][topic] = score // POINT
    return found


def _strikes(moment: Moment) -> Counter[int]:
    rows = moment.reader.query(
        "SELECT member_id, count(*) FROM seat_events"
        f" WHERE kind IN ({_listed(STRIKES)}) AND happened_at >= ? GROUP BY member_id",
        (moment.season_start,),
    )
    return Counter(dict(rows))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
