"""One season of `benchmarks/_season.py` on the contracts: a ring of 20 among 100, beside two who work.

Everybody is a member from the start and answers when asked. Fakes deliver rubbish in one assignment after the
other until their strikes end it, accept each other's and send back everybody else's, confirm one another's
shifts and settle sham cases; the two do a task every six days. Who reviews and who mediates is what the
draws say, from block hashes that nobody chose: each run is another season. It breaks where what was gained is
beyond five standard deviations of what the model says: then the model is not one of these contracts.
"""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from statistics import mean, stdev

from brownie import accounts, chain

from benchmarks._results import Row, publish, transcript
from benchmarks._season import Rules, Scene, seasons
from scripts import commune as communes
from scripts import local_chain
from tests.contracts.clock import mine_at, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, GENERAL, Person, wait
from tests.contracts.work.reviewing import ACCEPT, ASK_REWORK, DRAWING, IN_REWORK, REMARK, REVIEWING
from tests.contracts.work.steps import POINT, Brief, created, selected, shift, volunteering_over

SCENE = Scene(answers=1.0)
# memberIds count from 1.
RING = range(1, SCENE.ring + 1)
HONEST = range(SCENE.ring + 1, SCENE.ring + SCENE.honest + 1)
MEMBERS = range(1, SCENE.members + 1)
MOST_SEATS = 16
EVIDENCE = "0x" + communes.text_hash("It is done")
OUTCOME = "0x" + communes.text_hash("We are friends again")
PENALTY = 0
# IMediation.CaseState
CASE_DRAWING = 1
SEASONS = 300
SPREAD = 5
# By `Reason`; of tasks and shifts it is the same.
WAYS = {2: "tasks", 3: "reviews", 5: "mediation"}


class Sender:
    """A member's own account, also where the chain's wallet does not have it."""

    def __init__(self, member: int) -> None:
        key = local_chain.key(member)
        self.address = key.address
        self.tx = acting_as(key)


@cache
def sender(member: int) -> Sender:
    return Sender(member)


def main() -> None:
    """Play, print and write build/bench/work_season.json."""
    with transcript("work_season"):
        commune = founded()
        first = now()
        shifts(commune)
        cases(commune)
        tasks(commune)
        length = commune.constitution.seasonBounds(1)[1]
        if now() - first > length:
            raise RuntimeError("it took longer than a season")
        ring, honest = (gained(commune, members) for members in (RING, HONEST))
        scores = [
            sum(commune.reputation.totalScore(m) for m in members) / POINT for members in (RING, HONEST)
        ]
    rows = [
        Row("sybil.chain.ratio", ring.total() / honest.total(), "x"),
        Row(
            "sybil.chain.ring20", ring.total(), "points", "the model's mean", compared(ring.total(), "fakes")
        ),
        Row(
            *("sybil.chain.honest2", honest.total(), "points", "the model's mean"),
            compared(honest.total(), "workers"),
        ),
        *(Row(f"sybil.chain.ring20.{way}", ring[way], "points") for way in sorted(ring)),
        Row("sybil.chain.ring20.faded", scores[0], "points"),
        Row("sybil.chain.honest2.faded", scores[1], "points"),
    ]
    publish("work_season", rows, {})


def compared(points: float, whose: str) -> float:
    """The model's mean. Raises where the contracts gave something that it does not explain."""
    played = [seasons(Rules.of(), SCENE, seed)[0].of(getattr(SCENE, whose)) for seed in range(SEASONS)]
    if abs(points - mean(played)) > SPREAD * stdev(played):
        raise RuntimeError(
            f"{whose} gained {points}, the model says {mean(played):.0f} +- {stdev(played):.0f}"
        )
    return mean(played)


def gained(commune: communes.Commune, members: range) -> Counter[str]:
    """Points awarded to these members, by way."""
    found: Counter[str] = Counter()
    for event in commune.reputation.events.get_sequence(0, event_type="Awarded"):
        told = event["args"]
        if told["memberId"] in members:
            found[WAYS[told["reason"]]] += told["amount"] / POINT
    for event in commune.reviews.events.get_sequence(0, event_type="ShiftConfirmed"):
        told = event["args"]
        if told["memberId"] in members:
            found["tasks"] -= told["amount"] / POINT
            found["shifts"] += told["amount"] / POINT
    return found


def founded() -> communes.Commune:
    commune = communes.deploy(accounts[0], communes.Constitution.load())
    addresses = [local_chain.key(member).address for member in MEMBERS]
    communes.announce(commune, addresses, accounts[0])
    message = communes.founding_message(commune, addresses)
    communes.found(commune, addresses, [Person(member).sign(message) for member in MEMBERS], accounts[0])
    wait(DAY)
    return commune


# ---------------------------------------------------------------------------------------------- tasks


def tasks(commune: communes.Commune) -> None:
    """A round for each task of the two; fakes are in it until they are barred."""
    limit = Rules.of().strikes
    for _ in range(SCENE.tasks):
        began = now()
        fakes = [fake for fake in RING if commune.assignments.strikesOf(fake) < limit]
        deliveries(commune, [*fakes, *HONEST])
        mine_at(max(now(), began + 6 * DAY))


def deliveries(commune: communes.Commune, workers: list[int]) -> None:
    """Each takes a seat and delivers, and every review is brought to its end."""
    task = Brief(topic=GENERAL, seats=MOST_SEATS, reward=int(SCENE.task * POINT))
    firsts = [created(commune, task) for _ in range(0, len(workers), MOST_SEATS)]
    volunteering_over(commune, firsts[-1])
    open_reviews: list[tuple[int, int, int, int]] = []
    for place, worker in enumerate(workers):
        assignment = firsts[place // MOST_SEATS]
        tx = commune.assignments.volunteer(assignment, sender(worker).tx)
        seat = tx.events["SeatTaken"]["seat"]
        open_reviews.append((delivered(commune, assignment, seat, worker), assignment, seat, worker))
    while open_reviews:
        open_reviews = [one for one in open_reviews if moved_on(commune, *one)]


def delivered(commune: communes.Commune, assignment: int, seat: int, worker: int) -> int:
    tx = commune.reviews.deliver(assignment, seat, EVIDENCE, [], sender(worker).tx)
    return int(tx.events["Delivered"]["reviewId"])


def moved_on(commune: communes.Commune, review: int, assignment: int, seat: int, worker: int) -> bool:
    """Takes the next step of a review; whether there is another."""
    found = commune.reviews.reviewOf(review)
    if found["state"] == DRAWING:
        captured(commune, found["drawId"])
        commune.reviews.seatReviewers(review, {"from": accounts[0]})
    elif found["state"] == REVIEWING:
        for member, verdict, _ in commune.reviews.reviewersOf(review):
            if not verdict:
                accepts = (member in RING) == (worker in RING)
                said = (ACCEPT, 100) if accepts else (ASK_REWORK, 0)
                commune.reviews.review(review, *said, REMARK, sender(member).tx)
    elif found["state"] == IN_REWORK:
        delivered(commune, assignment, seat, worker)
    else:
        return False
    return True


def captured(commune: communes.Commune, draw: int) -> None:
    """Waits for a draw's block, and takes its hash if nobody has."""
    found = commune.draws.draw(draw)
    if int(str(found["blockHash"]), 16):
        return
    chain.mine(max(0, found["targetBlock"] - chain.height))
    commune.draws.capture(draw, {"from": accounts[0]})


# ---------------------------------------------------------------------------------------------- shifts, cases


def shifts(commune: communes.Commune) -> None:
    """Two shifts on one evening that all the ring is on; each confirms the next one's."""
    halves = [RING[:MOST_SEATS], RING[MOST_SEATS:]]
    brief = shift(topic=GENERAL, reward=int(SCENE.shift * POINT))
    seats: dict[int, tuple[int, int]] = {}
    for half in halves:
        evening = created(commune, Brief(**{**vars(brief), "seats": len(half)}))
        for fake in half:
            commune.assignments.volunteer(evening, sender(fake).tx)
        selected(commune, evening)
        for number, holder in enumerate(commune.assignments.seatsOf(evening), start=1):
            seats[holder["memberId"]] = evening, number
    mine_at(max(now(), brief.start) + 1)
    for fake in RING:
        confirmer = fake % SCENE.ring + 1
        commune.reviews.confirmShift(*seats[fake], sender(confirmer).tx)


def cases(commune: communes.Commune) -> None:
    """As many sham cases as each may open, settled where the lot gives a mediator of the ring."""
    chance = random.Random(1)  # noqa: S311 - whom they pick does not matter
    for claimant in RING:
        for _ in range(Rules.of().mediation_cases):
            respondent = chance.choice([fake for fake in RING if fake != claimant])
            settled(commune, claimant, respondent)


def settled(commune: communes.Commune, claimant: int, respondent: int) -> None:
    m = commune.mediation
    remedy = (PENALTY, respondent, POINT)
    tx = m.open([respondent], GENERAL, remedy, EVIDENCE, sender(claimant).tx)
    case = tx.events["CaseOpened"]["caseId"]
    while m.caseOf(case)["state"] == CASE_DRAWING:
        captured(commune, m.caseOf(case)["drawId"])
        m.seatMediator(case, {"from": accounts[0]})
        mediator = m.caseOf(case)["mediator"]
        if mediator not in RING:
            m.decline(case, sender(claimant).tx)
            continue
        for member in (claimant, respondent, mediator):
            m.accept(case, sender(member).tx)
        m.propose(case, OUTCOME, sender(mediator).tx)
        for member in (claimant, respondent):
            m.sign(case, OUTCOME, sender(member).tx)
