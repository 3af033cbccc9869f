"""A commune whose powers the deployer still holds, and a spender in the place of the assembly."""

import pytest

from tests.contracts.clock import mine_at
from tests.contracts.people import held_by, member_id

POINT = 10**6
EVIDENCE = "0x" + "e1" * 32


@pytest.fixture(scope="module")
def spender(accounts):
    return accounts[50]


@pytest.fixture(scope="module")
def commune(deployer, founders, constitution_file, spender):
    commune = held_by(deployer, founders, constitution_file)
    commune.credits.setSpender(spender, True, {"from": deployer})
    return commune


@pytest.fixture(scope="module")
def voice_credits(commune):
    return commune.credits


@pytest.fixture(scope="module")
def spend(commune, spender):
    """Charges a person for a direct ballot in the current season, unless told otherwise."""

    def send(who, cost, season=None, direct=True):
        season = season or commune.constitution.currentSeason()
        return commune.credits.spend(member_id(commune, who), season, cost, direct, {"from": spender})

    return send


@pytest.fixture(scope="module")
def award(commune, deployer):
    """Awards points to a person, spread over the topics so that no cap of 200 cuts them."""

    def send(who, points):
        for topic in range(1, commune.constitution.topicCount() + 1):
            part = min(points, 200)
            if part:
                amount = part * POINT
                commune.reputation.award(
                    member_id(commune, who), topic, amount, 0, EVIDENCE, 0, {"from": deployer}
                )
            points -= part
        assert points == 0, "more than the caps of all topics"

    return send


@pytest.fixture(scope="module")
def go_to(commune):
    """Lets time pass until a part of a season (0 its start, 1 its end) is over."""

    def go(season, part=0.0):
        start, length = commune.constitution.seasonBounds(season)
        mine_at(int(start + part * length))

    return go
