"""What work costs in gas: volunteering, signs of progress, delivering, reviewing, confirming shifts.

A commune of 50, a day old, whose members have no reputation yet. Figures are whole transactions: 21,000 gas,
calldata and all. docs/benchmarks.md says how to read them.
"""

from __future__ import annotations

from typing import Any

from brownie import accounts

from benchmarks._results import Row, publish, transcript
from scripts import commune as communes
from tests.contracts import people
from tests.contracts.clock import mine_at, now
from tests.contracts.people import DAY, GENERAL, Person
from tests.contracts.work.reviewing import (
    ACCEPT,
    ASK_REWORK,
    anyone,
    delivers,
    drawn,
    reviewers,
    says,
    under_review,
    window_over,
)
from tests.contracts.work.steps import (
    SCORE,
    Brief,
    capture,
    created,
    late,
    opened,
    selected,
    shift,
    taken,
    volunteering_over,
)

MEMBERS = range(1, 51)
ALICE, BOB, CAROL, DAVE = (Person(i) for i in range(1, 5))
NOTE = "0x" + communes.text_hash("Half of it is done")
EVIDENCE = "0x" + communes.text_hash("It is done: pictures 1 to 4")
TASK = Brief(topic=GENERAL)


def main() -> None:
    """Measure, print and write build/bench/work_gas.json."""
    with transcript("work_gas"):
        commune = people.founded_by(
            [Person(member) for member in MEMBERS], accounts[0], communes.Constitution.load()
        )
        rows = [*volunteering(commune), *working(commune), *reviewing(commune), *shifts(commune)]
    publish("work_gas", rows, {})


def gas(name: str, tx: Any) -> Row:
    return Row(f"gas.{name}", int(tx.gas_used), "gas")


def volunteering(commune: communes.Commune) -> list[Row]:
    a = commune.assignments
    waiting = created(commune, TASK)
    for who in (DAVE, ALICE):
        a.volunteer(waiting, who.tx)
    volunteered = a.volunteer(waiting, BOB.tx)
    withdrawn = a.withdraw(waiting, BOB.tx)
    volunteering_over(commune, waiting)
    opening = a.select(waiting, anyone())
    capture(commune, opening.events["SelectionDrawn"]["drawId"])
    seats_given = a.select(waiting, anyone())
    by_score = created(commune, Brief(topic=GENERAL, selection=SCORE, seats=5))
    for member in range(11, 31):
        a.volunteer(by_score, Person(member).tx)
    volunteering_over(commune, by_score)
    scored = a.select(by_score, anyone())
    vacant = opened(commune, TASK)
    seat = a.volunteer(vacant, CAROL.tx)
    return [
        gas("volunteer", volunteered),
        gas("volunteer.takes_seat", seat),
        gas("withdraw.as_volunteer", withdrawn),
        gas("select.opens_draw", opening),
        gas("select.draw_of_2_for_1", seats_given),
        gas("select.scores_of_20_for_5", scored),
        gas("withdraw.from_seat", a.withdraw(vacant, CAROL.tx)),
    ]


def working(commune: communes.Commune) -> list[Row]:
    a, r = commune.assignments, commune.reviews
    held = opened(commune, Brief(topic=GENERAL, heartbeat=DAY, seats=2))
    taken(commune, held, ALICE, BOB)
    first = a.heartbeat(held, 1, NOTE, ALICE.tx)
    later = a.heartbeat(held, 1, NOTE, ALICE.tx)
    delivered = r.deliver(held, 1, EVIDENCE, [], ALICE.tx)
    late(commune, held, 2)
    reopened = a.reopen(held, 2, anyone())
    shared = opened(commune, TASK)
    taken(commune, shared, ALICE)
    shares = [(member, 2_500) for member in (1, 2, 3, 4)]
    return [
        gas("heartbeat", later),
        gas("heartbeat.first", first),
        gas("deliver", delivered),
        gas("deliver.four_shares", r.deliver(shared, 1, EVIDENCE, shares, ALICE.tx)),
        gas("reopen", reopened),
    ]


def reviewing(commune: communes.Commune) -> list[Row]:
    r = commune.reviews
    assignment = opened(commune, TASK)
    taken(commune, assignment, CAROL)
    review = delivers(commune, assignment, CAROL)
    seated = drawn(commune, review)
    one, two = reviewers(commune, review)
    said = says(commune, review, one, ASK_REWORK)
    sent_back = says(commune, review, two, ASK_REWORK)
    again = r.deliver(assignment, 1, EVIDENCE, [], CAROL.tx)
    accepted = says(commune, review, one, ACCEPT, 90)
    concluded = says(commune, review, two, ACCEPT, 100)
    _, silent, (_, second) = under_review(commune, DAVE, TASK)
    says(commune, silent, second, ACCEPT, 100)
    window_over(commune, silent)
    return [
        gas("review", said),
        gas("review.concludes", concluded),
        gas("review.again", accepted),
        gas("review.sends_back", sent_back),
        gas("deliver.after_rework", again),
        gas("seat_reviewers", seated),
        gas("redraw", r.redraw(silent, anyone())),
    ]


def shifts(commune: communes.Commune) -> list[Row]:
    brief = shift(topic=GENERAL, seats=2, reward=2_000_000)
    evening = created(commune, brief)
    commune.assignments.volunteer(evening, ALICE.tx)
    commune.assignments.volunteer(evening, BOB.tx)
    seats = selected(commune, evening)
    mine_at(max(now(), brief.start) + 1)
    return [
        gas("select.all_seated", seats),
        gas("confirm_shift", commune.reviews.confirmShift(evening, 1, BOB.tx)),
    ]
