"""`Penalties`: what is to be lost shows, waits, can be appealed once, and is struck or taken."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, move_directly
from tests.contracts.people import DAY, FOOD, draft, member_id, passed
from tests.contracts.reputation.conftest import EVIDENCE, POINT, REVIEW

WINDOW = APPEAL = 14 * DAY
GROUNDS = "0x" + communes.text_hash("I was ill.")
NOTHING = "0x" + "00" * 32
# IPenalties.PenaltyState
PENDING, CARRIED, STRUCK = 1, 2, 3


@pytest.fixture(scope="module")
def impose(commune, deployer):
    """Imposes a penalty on a person as reviews and panels do; returns its id."""

    def send(who, points=1, topic=FOOD):
        member = member_id(commune, who)
        return commune.penalties.impose(
            member, topic, int(points * POINT), REVIEW, EVIDENCE, {"from": deployer}
        ).return_value

    return send


@pytest.fixture(scope="module")
def penalties(commune):
    return commune.penalties


def due(penalties, penalty):
    return penalties.penalty(penalty)["dueAt"]


# ------------------------------------------------------------------ imposing


def test_a_penalty_shows_at_once_and_does_not_count(commune, penalties, alice, deployer, award):
    award(alice, 10)
    who = member_id(commune, alice)
    tx = penalties.impose(who, FOOD, POINT, REVIEW, EVIDENCE, {"from": deployer})
    event = tx.events["PenaltyImposed"]
    assert (event["penaltyId"], event["memberId"], event["topic"]) == (1, who, FOOD)
    shown = penalties.penalty(1)
    assert dict(event["penalty"].items()) == dict(shown.items())
    assert shown.dict() == {
        "memberId": who,
        "topic": FOOD,
        "amount": POINT,
        "reason": REVIEW,
        "state": PENDING,
        "appealed": False,
        "dueAt": tx.timestamp + WINDOW,
        "evidence": EVIDENCE,
        "source": deployer,
    }
    assert commune.reputation.scoreAt(who, FOOD, tx.timestamp) > 9 * POINT


def test_a_penalty_that_could_not_be_carried_out_is_refused(commune, penalties, alice, deployer):
    who, sender = member_id(commune, alice), {"from": deployer}
    with reverts(error("PenaltiesUnknownMember", 99)):
        penalties.impose(99, FOOD, POINT, REVIEW, EVIDENCE, sender)
    with reverts(error("PenaltiesUnknownTopic", 9)):
        penalties.impose(who, 9, POINT, REVIEW, EVIDENCE, sender)
    with reverts(error("PenaltiesZeroAmount")):
        penalties.impose(who, FOOD, 0, REVIEW, EVIDENCE, sender)
    with reverts(error("PenaltiesEmptyEvidence")):
        penalties.impose(who, FOOD, POINT, REVIEW, NOTHING, sender)


def test_nobody_without_the_power_imposes_or_strikes(commune, penalties, alice, bob, impose):
    with reverts(error("AccessManagedUnauthorized", bob)):
        penalties.impose(member_id(commune, alice), FOOD, POINT, REVIEW, EVIDENCE, bob.tx)
    with reverts(error("AccessManagedUnauthorized", alice)):
        penalties.strike(impose(alice), GROUNDS, alice.tx)


# ------------------------------------------------------------------ carrying out


def test_anyone_carries_it_out_when_it_is_due(commune, penalties, alice, stranger, award, impose):
    award(alice, 10)
    penalty = impose(alice, 4)
    before = commune.reputation.score(member_id(commune, alice), FOOD)
    mine_at(due(penalties, penalty) - 2)
    with reverts(error("PenaltiesTooEarly", penalty, due(penalties, penalty))):
        penalties.carryOut.call(penalty, stranger.tx)
    mine_at(due(penalties, penalty))
    tx = penalties.carryOut(penalty, stranger.tx)
    lost = tx.events["Penalised"]
    assert (lost["amount"], lost["reason"], lost["source"]) == (4 * POINT, REVIEW, penalties)
    assert tx.events["PenaltyCarried"]["taken"] == tx.return_value == 4 * POINT
    assert penalties.penalty(penalty)["state"] == CARRIED
    assert commune.reputation.score(member_id(commune, alice), FOOD) <= before - 4 * POINT


def test_a_penalty_larger_than_the_score_takes_what_there_is(commune, penalties, alice, bob, award, impose):
    award(alice, 3)
    hers, his = impose(alice, 50), impose(bob, 50)
    mine_at(due(penalties, his))
    taken = penalties.carryOut(hers, bob.tx).events["PenaltyCarried"]["taken"]
    assert 0 < taken <= 3 * POINT
    assert commune.reputation.score(member_id(commune, alice), FOOD) == 0
    assert penalties.carryOut(his, bob.tx).events["PenaltyCarried"]["taken"] == 0
    assert penalties.penalty(his)["state"] == CARRIED


def test_it_is_taken_once(penalties, alice, bob, award, impose):
    award(alice, 10)
    penalty = impose(alice)
    mine_at(due(penalties, penalty))
    penalties.carryOut(penalty, bob.tx)
    with reverts(error("PenaltiesWrongState", penalty, CARRIED)):
        penalties.carryOut(penalty, bob.tx)


@pytest.mark.parametrize("gone", ["left", "expelled"])
def test_leaving_sheds_no_penalty(commune, penalties, alice, bob, award, impose, gone):
    award(alice, 10)
    penalty = impose(alice, 4)
    if gone == "left":
        commune.membership.leave(alice.tx)
    else:
        commune.membership.expel(member_id(commune, alice), acting_as(commune.assembly))
    mine_at(due(penalties, penalty))
    assert penalties.carryOut(penalty, bob.tx).return_value == 4 * POINT


# ------------------------------------------------------------------ appeal and strike


def test_an_appeal_lets_it_wait_once(penalties, alice, bob, impose):
    penalty = impose(alice)
    first = due(penalties, penalty)
    tx = penalties.appeal(penalty, GROUNDS, alice.tx)
    event = tx.events["PenaltyAppealed"]
    assert (event["memberId"], event["grounds"], event["dueAt"]) == (1, GROUNDS, first + APPEAL)
    assert (due(penalties, penalty), penalties.penalty(penalty)["appealed"]) == (first + APPEAL, True)
    with reverts(error("PenaltiesAppealedTwice", penalty)):
        penalties.appeal(penalty, GROUNDS, alice.tx)
    mine_at(first + 1)
    with reverts(error("PenaltiesTooEarly", penalty, first + APPEAL)):
        penalties.carryOut(penalty, bob.tx)
    mine_at(first + APPEAL)
    penalties.carryOut(penalty, bob.tx)


def test_an_appeal_comes_too_late_once_it_is_due(penalties, alice, impose):
    penalty = impose(alice)
    until = due(penalties, penalty)
    mine_at(until - 2)
    penalties.appeal.call(penalty, GROUNDS, alice.tx)
    mine_at(until)
    with reverts(error("PenaltiesAppealTooLate", penalty, until)):
        penalties.appeal(penalty, GROUNDS, alice.tx)


def test_nobody_appeals_for_another_or_without_grounds(penalties, alice, bob, stranger, impose):
    penalty = impose(alice)
    for who in (bob, stranger):
        with reverts(error("PenaltiesNotTheirs", penalty, who)):
            penalties.appeal(penalty, GROUNDS, who.tx)
    with reverts(error("PenaltiesEmptyGrounds")):
        penalties.appeal(penalty, NOTHING, alice.tx)


def test_who_has_left_can_appeal(commune, penalties, alice, impose):
    penalty = impose(alice)
    commune.membership.leave(alice.tx)
    penalties.appeal(penalty, GROUNDS, alice.tx)


def test_after_a_recovery_the_new_account_appeals(commune, penalties, alice, stranger, impose):
    penalty = impose(alice)
    move_directly(commune, member_id(commune, alice), stranger)
    with reverts(error("PenaltiesNotTheirs", penalty, alice)):
        penalties.appeal(penalty, GROUNDS, alice.tx)
    penalties.appeal(penalty, GROUNDS, stranger.tx)


def test_what_was_struck_is_never_taken(commune, penalties, alice, bob, deployer, impose):
    penalty = impose(alice)
    with reverts(error("PenaltiesEmptyReason")):
        penalties.strike.call(penalty, NOTHING, {"from": deployer})
    tx = penalties.strike(penalty, GROUNDS, {"from": deployer})
    assert (tx.events["PenaltyStruck"]["penaltyId"], tx.events["PenaltyStruck"]["reason"]) == (
        penalty,
        GROUNDS,
    )
    for refused in (
        lambda: penalties.carryOut(penalty, bob.tx),
        lambda: penalties.appeal(penalty, GROUNDS, alice.tx),
        lambda: penalties.strike(penalty, GROUNDS, {"from": deployer}),
    ):
        with reverts(error("PenaltiesWrongState", penalty, STRUCK)):
            refused()


def test_a_penalty_that_there_is_not_is_refused(penalties, alice, deployer):
    for refused in (
        lambda: penalties.penalty(1),
        lambda: penalties.carryOut(1, alice.tx),
        lambda: penalties.appeal(1, GROUNDS, alice.tx),
        lambda: penalties.strike(1, GROUNDS, {"from": deployer}),
    ):
        with reverts(error("PenaltiesUnknown", 1)):
            refused()
    assert penalties.penaltyCount() == 0


def test_an_ordinary_decision_strikes_it_within_an_appeals_time(
    commune, penalties, alice, bob, carol, dave, deployer, impose
):
    """Appealed on the last day: there is time enough."""
    commune.powers.grantRole(communes.ADMIN, commune.timelock, 0, {"from": deployer})
    penalty = impose(alice)
    mine_at(due(penalties, penalty) - DAY)
    penalties.appeal(penalty, GROUNDS, alice.tx)
    d = draft(dave, (penalties, penalties.strike.encode_input(penalty, GROUNDS)), text="She was ill.")
    passed(commune, d, dave, (alice, bob), (alice, bob, carol))
    commune.assembly.queue(*d.arguments, d.description_hash, bob.tx)
    mine_at(now() + DAY + 1)
    commune.assembly.execute(*d.arguments, d.description_hash, bob.tx)
    assert now() < due(penalties, penalty)
    assert penalties.penalty(penalty)["state"] == STRUCK
