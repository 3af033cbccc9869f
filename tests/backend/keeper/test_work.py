"""The keeper brings work on: seats, reviewers, those who do not answer, what comes again, what waited."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from backend.store.content import Content
from backend.work.starts import root_of
from tests.backend.chains import anvil
from tests.backend.commune import DAY, PEOPLE, Commune, text_hash
from tests.backend.delegating import Delegating
from tests.backend.drawing import decide
from tests.backend.working import HOUR, PAINT, SHIFT, SHOP, Brief, Working, active, weekly

PAYER = PEOPLE - 1


@pytest.fixture
def group(tmp_path):
    with anvil("--accounts", str(PEOPLE)) as chain:
        yield Delegating(Commune.founded(chain, 6), tmp_path, 6, 1)


def mine(commune: Commune, blocks: int) -> None:
    commune.chain.rpc("anvil_mine", hex(blocks))


def test_a_keeper_gives_seats_finds_reviewers_and_replaces_who_is_silent(group):
    commune = group.commune
    working = Working(commune, active(commune))
    decide(commune, "assignments", "create", [astuple(Brief(text_hash(PAINT)))])
    working.volunteer(1, 2, 3)
    group.keep(PAYER)
    assert group.told == []
    commune.wait(DAY + 1)
    group.keep(PAYER)
    assert group.told == ["assignment 1: select"]
    mine(commune, 20)
    group.keep(PAYER)
    assert group.told[1:] == ["draw 1: capture", "assignment 1: select"]
    (holder,) = working.holders(1)
    assert holder in (2, 3)
    review = working.deliver(1, 1, "Painted.")
    mine(commune, 20)
    group.told.clear()
    group.keep(PAYER)
    assert group.told == ["draw 2: capture", "review 1: seatReviewers"]
    silent = working.reviewers(review)
    assert len(silent) == 2
    commune.wait(3 * DAY + 1)
    group.told.clear()
    group.keep(PAYER)
    assert group.told == ["review 1: redraw"]
    mine(commune, 20)
    group.keep(PAYER)
    assert not set(silent) & set(working.reviewers(review))
    commune.wait(15 * DAY)
    group.told.clear()
    group.keep(PAYER)
    assert sorted(group.told)[:2] == ["penalty 1: carryOut", "penalty 2: carryOut"]
    assert [commune.call("penalties", "penalty", number)[4] for number in (1, 2)] == [2, 2]


def test_nothing_is_selected_where_nobody_volunteered(group):
    commune = group.commune
    decide(commune, "assignments", "create", [astuple(Brief(text_hash(PAINT)))])
    commune.wait(2 * DAY)
    group.keep(PAYER)
    assert group.told == []


def test_what_comes_again_is_opened_when_it_is_due_once_the_node_has_its_text(group):
    commune = group.commune
    rule, starts = weekly(commune, 3, 10 * DAY)
    brief = astuple(Brief(text_hash(SHOP), kind=SHIFT, duration=0))
    decide(commune, "series", "create", (text_hash(rule), root_of(starts), 3, 8 * DAY, 3 * HOUR, brief))
    commune.wait(3 * DAY)
    group.keep(PAYER)
    assert group.told == []
    group.mirror.follow()
    Content(group.mirror.settings.database).add_text(text_hash(rule), rule.encode(), commune.now)
    group.keep(PAYER)
    assert group.told == ["series 1: openOccurrence"]
    assert commune.call("series", "assignmentOf", 1, 0) == 1
    commune.wait(7 * DAY)
    group.keep(PAYER)
    assert [commune.call("series", "assignmentOf", 1, number) for number in range(3)] == [1, 2, 0]
