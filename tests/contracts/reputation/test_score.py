"""`score` and its past: how reputation fades, against exact arithmetic over more than sixty years."""

from random import Random

import pytest
from brownie import reverts
from brownie.test import given, strategy
from hypothesis import settings

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.errors import error
from tests.contracts.people import DAY, FOOD, GENERAL, HOUSING, member_id
from tests.contracts.reputation.ledger import Accumulator, exact

POINT = 10**6
EVIDENCE = "0x" + "e1" * 32
YEAR = 365 * DAY
HALF_LIFE = 90 * DAY
TOPICS = (GENERAL, FOOD, HOUSING)


@pytest.fixture(scope="module")
def constitution_file():
    """With the widest cap, so that large awards can meet in one season."""
    return communes.Constitution.load(
        topics=("general", "food", "housing"), parameters={"reputation.seasonCap": 2_000}
    )


def test_a_score_halves_in_a_half_life(commune, reputation, alice, award):
    who = member_id(commune, alice)
    at = award(alice, 100).timestamp
    for half_lives, points in enumerate((100, 50, 25, 12.5, 6.25)):
        mine_at(at + half_lives * HALF_LIFE) if half_lives else None
        assert abs(reputation.scoreAt(who, FOOD, at + half_lives * HALF_LIFE) - points * POINT) <= 1


def test_the_past_does_not_change(commune, reputation, alice, award, penalise):
    who = member_id(commune, alice)
    at = award(alice, 100).timestamp
    advance(30 * DAY)
    before = [reputation.scoreAt(who, FOOD, at + day * DAY) for day in range(30)]
    award(alice, 70)
    penalise(alice, 120)
    advance(20 * YEAR)
    award(alice, 70)
    assert [reputation.scoreAt(who, FOOD, at + day * DAY) for day in range(30)] == before


def test_the_future_cannot_be_read(commune, reputation, alice):
    ahead = now() + 100
    with reverts(revert_pattern=f"ReputationFutureLookup: {ahead}, \\d+"):
        reputation.scoreAt(member_id(commune, alice), FOOD, ahead)
    with reverts(revert_pattern=f"ReputationFutureLookup: {ahead}, \\d+"):
        reputation.totalScoreAt(member_id(commune, alice), ahead)


def test_before_the_origin_there_is_no_score(commune, reputation, alice, award):
    award(alice, 10)
    assert reputation.scoreAt(member_id(commune, alice), FOOD, reputation.origin() - 1) == 0
    assert reputation.totalScoreAt(member_id(commune, alice), 0) == 0


@pytest.mark.parametrize("half_life", [DAY - 1, 3650 * DAY + 1])
def test_a_half_life_beyond_its_bounds_is_refused(Reputation, commune, deployer, half_life):
    with reverts(error("ReputationHalfLifeOutOfBounds", half_life, DAY, 3650 * DAY)):
        Reputation.deploy(
            commune.powers, commune.constitution, commune.membership, half_life, {"from": deployer}
        )


def test_after_a_thousand_half_lives_nothing_is_left_and_nothing_breaks(commune, reputation, alice, award):
    who = member_id(commune, alice)
    award(alice, 2_000)
    advance(250 * YEAR)
    assert reputation.score(who, FOOD) == 0
    tx = award(alice, 5)
    assert reputation.scoreAt(who, FOOD, tx.timestamp) == 5 * POINT
    assert reputation.totalScoreAt(who, tx.timestamp) == 5 * POINT


def life_of(random):
    """Six events: what happens to a member, in which topic, how much, and how long after the last one.

    A quarter of the pauses may go beyond the sixty half-lives (15 years) after which an accumulator is
    expressed anew.
    """
    for _ in range(6):
        what = random.choice(["award", "award", "penalise", "penaliseAcross"])
        pause = random.randint(1, 20 * YEAR if random.random() < 0.25 else 60 * DAY)
        yield what, random.choice(TOPICS), random.randint(1, 3_000 * POINT), pause


@pytest.mark.skip_coverage  # thousands of reads that all go the same way
@given(seed=strategy("uint32"))
@settings(max_examples=8)
def test_scores_fade_exactly_and_never_grow_by_themselves_in_sixty_years(
    commune, reputation, alice, deployer, seed
):
    """Scores agree with the documented integers to the last digit and with exact arithmetic within the
    documented bound; without an award none ever grows."""
    random = Random(seed)
    who = member_id(commune, alice)
    ledger = {topic: [] for topic in TOPICS}
    model = {part: Accumulator(reputation.origin(), HALF_LIFE) for part in (*TOPICS, "total")}
    last = now()
    for what, topic, amount, pause in life_of(random):
        advance(pause)
        where = (topic,) if what != "penaliseAcross" else ()
        confirmer = (0,) if what == "award" else ()
        tx = getattr(reputation, what)(who, *where, amount, 0, EVIDENCE, *confirmer, {"from": deployer})
        last = tx.timestamp
        for topic, change in changes_in(tx):
            ledger[topic].append((last, change))
            model[topic].change(last, change)
            model["total"].change(last, change)
        assert scores_at(reputation, who, last) == {part: model[part].score(last) for part in model}

    mine_at(now() + 61 * YEAR)
    # Both sides of a half-life's turn, where the factor starts anew and the exponent takes over.
    turn = reputation.origin() + ((last - reputation.origin()) // HALF_LIFE + 1) * HALF_LIFE
    times = {
        last + 1,
        last + 2,
        turn - 1,
        turn,
        turn + 1,
        *(last + random.randint(1, 61 * YEAR) for _ in range(8)),
    }
    previous = scores_at(reputation, who, last)
    for t in sorted(times):
        current = scores_at(reputation, who, t)
        assert current == {part: model[part].score(t) for part in model}
        assert all(current[part] <= previous[part] for part in model)
        for topic in TOPICS:
            truth = exact(ledger[topic], t, HALF_LIFE)
            assert abs(current[topic] - truth) <= 1 + abs(truth) / 2**56
        assert abs(current["total"] - sum(current[topic] for topic in TOPICS)) < len(TOPICS) + 1
        previous = current


def changes_in(tx):
    """The changes a transaction logged, as (topic, signed amount)."""
    for name, sign in (("Awarded", 1), ("Penalised", -1)):
        # Brownie's events are no dict: they have no `get`.
        for event in tx.events[name] if name in tx.events else []:  # noqa: SIM401
            if event["amount"]:
                yield event["topic"], sign * event["amount"]


def scores_at(reputation, who, t):
    topics = {topic: reputation.scoreAt(who, topic, t) for topic in TOPICS}
    return {**topics, "total": reputation.totalScoreAt(who, t)}
