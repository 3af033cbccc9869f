"""`fill` after a draw: the number picks from the pool that was committed, of those who revealed."""

import pytest
from brownie import chain, reverts, web3

from scripts import commune as communes
from tests.contracts.draws.conftest import commitment, number_of, picked
from tests.contracts.errors import error
from tests.contracts.membership.steps import expel_directly
from tests.contracts.offices.steps import (
    DRAW,
    DRAW_WITH_REVEALS,
    NOTHING,
    captured,
    created,
    opened_election,
    recalled_directly,
    started,
    stood,
)
from tests.contracts.people import person

SECRETS = {member: bytes([member]) * 32 for member in range(1, 6)}


@pytest.fixture(scope="module")
def constitution_file():
    """Secrets are revealed in ten blocks instead of a day's."""
    return communes.Constitution.load(topics=("general", "food", "housing"), parameters={"draw.reveal": 10})


@pytest.fixture
def drawing(commune, founders):
    """All five stand for two seats that are drawn: (office, election, draw)."""
    office = created(commune, seats=2, filling=DRAW)
    election = opened_election(commune, office, founders[0])
    stood(commune, election, *founders)
    return office, election, started(commune, election, founders[0]).events["ElectionDrawn"]["drawId"]


@pytest.fixture
def revealing(commune, founders):
    """The same with secrets, which are being revealed."""
    office = created(commune, seats=2, filling=DRAW_WITH_REVEALS)
    election = opened_election(commune, office, founders[0])
    for member, who in enumerate(founders, start=1):
        commune.elections.stand(election, NOTHING, commitment(member, SECRETS[member]), who.tx)
    return office, election, started(commune, election, founders[0]).events["ElectionDrawn"]["drawId"]


def picks_of(commune, draw, pool, seats):
    """Who the number takes, from public data."""
    drawn = commune.draws.draw(draw)
    number = number_of(commune, draw, bytes(drawn["blockHash"]), bytes(drawn["mix"]))
    return tuple(pool[place] for place in picked(number, len(pool), seats))


def test_the_drawn_take_the_seats(commune, offices, drawing, stranger):
    office, election, draw = drawing
    with reverts(error("ElectionsNotDrawn", election, draw)):
        commune.elections.fill(election, stranger.tx)
    captured(commune, draw, stranger)
    expected = picks_of(commune, draw, (1, 2, 3, 4, 5), 2)
    tx = commune.elections.fill(election, stranger.tx)
    assert tx.events["ElectionFilled"]["seated"] == expected
    assert offices.holdersOf(office) == expected


def test_a_draw_nobody_captured_in_time_is_captured_at_another_block(commune, drawing, stranger):
    _, election, draw = drawing
    chain.mine(300)
    with reverts(error("ElectionsNotDrawn", election, draw)):
        commune.elections.fill(election, stranger.tx)
    commune.draws.retarget(draw, stranger.tx)
    captured(commune, draw, stranger)
    expected = picks_of(commune, draw, (1, 2, 3, 4, 5), 2)
    assert commune.elections.fill(election, stranger.tx).events["ElectionFilled"]["seated"] == expected


def test_the_pool_does_not_change_after_it_was_committed(commune, offices, drawing, stranger):
    """Whoever goes before it is filled leaves a seat vacant; nobody else moves up, or down."""
    office, election, draw = drawing
    captured(commune, draw, stranger)
    first, second = picks_of(commune, draw, (1, 2, 3, 4, 5), 2)
    loser = next(member for member in range(1, 6) if member not in (first, second))
    expel_directly(commune, first)
    recalled_directly(commune, office, person(loser))
    assert commune.elections.fill(election, stranger.tx).events["ElectionFilled"]["seated"] == (second,)
    assert offices.vacantAt(office, chain[-1].timestamp) == 1


def test_only_who_revealed_is_drawn(commune, revealing, stranger):
    _, election, draw = revealing
    for member in (5, 2, 3):
        commune.draws.reveal(draw, member, SECRETS[member], stranger.tx)
    captured(commune, draw, stranger)
    expected = picks_of(commune, draw, (2, 3, 5), 2)
    assert commune.elections.fill(election, stranger.tx).events["ElectionFilled"]["seated"] == expected


def test_as_many_as_revealed_are_seated(commune, revealing, stranger):
    _, election, draw = revealing
    commune.draws.reveal(draw, 4, SECRETS[4], stranger.tx)
    captured(commune, draw, stranger)
    assert commune.elections.fill(election, stranger.tx).events["ElectionFilled"]["seated"] == (4,)


def test_where_nobody_reveals_nobody_is_seated(commune, offices, revealing, alice, stranger):
    office, election, draw = revealing
    captured(commune, draw, stranger)
    assert "ElectionFailed" in commune.elections.fill(election, stranger.tx).events
    assert offices.vacantAt(office, chain[-1].timestamp) == 2
    opened_election(commune, office, alice)


def test_the_block_is_fixed_before_standing_candidates_know_it(commune, drawing):
    """It lies ahead of the transaction that committed the pool."""
    drawn = commune.draws.draw(drawing[2])
    assert drawn["targetBlock"] == web3.eth.block_number + 5
    assert drawn["opener"] == commune.elections
