"""A commune whose powers the deployer still holds, to award and penalise in the place of modules."""

import pytest

from tests.contracts.clock import mine_at
from tests.contracts.people import FOOD, held_by, member_id

POINT = 10**6
EVIDENCE = "0x" + "e1" * 32
# Reason in contracts/reputation/IReputation.sol
DECISION, VOUCHER, ASSIGNMENT, REVIEW, AGREEMENT, MEDIATION = range(6)


@pytest.fixture(scope="module")
def commune(deployer, founders, constitution_file):
    return held_by(deployer, founders, constitution_file)


@pytest.fixture(scope="module")
def reputation(commune):
    return commune.reputation


@pytest.fixture(scope="module")
def award(commune, deployer):
    """Awards points to a person (by decision, in "food", unless told otherwise); returns the transaction."""

    def send(who, points, topic=FOOD, confirmer=None, evidence=EVIDENCE):
        confirmer_id = member_id(commune, confirmer) if confirmer else 0
        return commune.reputation.award(
            member_id(commune, who),
            topic,
            int(points * POINT),
            REVIEW if confirmer else DECISION,
            evidence,
            confirmer_id,
            {"from": deployer},
        )

    return send


@pytest.fixture(scope="module")
def penalise(commune, deployer):
    """Takes points from a person; returns the transaction."""

    def send(who, points, topic=FOOD, evidence=EVIDENCE):
        amount = int(points * POINT)
        return commune.reputation.penalise(
            member_id(commune, who), topic, amount, MEDIATION, evidence, {"from": deployer}
        )

    return send


@pytest.fixture(scope="module")
def penalise_across(commune, deployer):
    """Takes points from a person wherever they have some; returns the transaction."""

    def send(who, points, evidence=EVIDENCE):
        return commune.reputation.penaliseAcross(
            member_id(commune, who), int(points * POINT), VOUCHER, evidence, {"from": deployer}
        )

    return send


@pytest.fixture(scope="module")
def next_season(commune):
    """Lets time pass into the next season."""

    def go():
        start, _ = commune.constitution.seasonBounds(commune.constitution.currentSeason() + 1)
        mine_at(start)

    return go
