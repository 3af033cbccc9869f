"""The keeper brings conflicts on where nobody else does, up to what only people can do."""

from __future__ import annotations

import pytest

from tests.backend.chains import anvil
from tests.backend.commune import DAY, PEOPLE, Commune
from tests.backend.conflicts import ACCEPTING, CONVENED, FAILED, PENALTY, Conflicts
from tests.backend.delegating import Delegating

MEMBERS = 10
PAYER = PEOPLE - 1
COMMITTING, ASSEMBLY, CARRIED, DISMISSED = 2, 7, 8, 9


@pytest.fixture
def group(tmp_path):
    with anvil("--accounts", str(PEOPLE)) as chain:
        yield Delegating(Commune.founded(chain, MEMBERS), tmp_path, MEMBERS, 1)


@pytest.fixture
def conflicts(group):
    commune = group.commune
    return Conflicts(commune, {member: commune.people[member] for member in range(1, MEMBERS + 1)})


def keep(group) -> None:
    """With blocks enough for a draw that may be open."""
    group.commune.chain.rpc("anvil_mine", hex(10))
    group.keep(PAYER)
    group.commune.chain.rpc("anvil_mine", hex(10))
    group.keep(PAYER)


def panel_state(group, case: int) -> int:
    return int(group.commune.call("panels", "stateOf", case))


def test_a_case_in_which_everyone_is_silent_is_put_to_the_members_and_dismissed(group, conflicts):
    case = conflicts.open(1, (2,), PENALTY, 5)
    for _ in range(2):
        keep(group)
        assert conflicts.state(case) == ACCEPTING
        group.commune.wait(3 * DAY + 60)
    keep(group)
    assert conflicts.state(case) == CONVENED
    for _ in range(2):
        assert panel_state(group, case) == COMMITTING
        group.commune.wait(5 * DAY + 60)
        keep(group)
    assert panel_state(group, case) == ASSEMBLY
    keep(group)
    assert panel_state(group, case) == ASSEMBLY
    group.commune.to_end(conflicts.proposal_of(case))
    keep(group)
    assert panel_state(group, case) == DISMISSED
    told = [line for line in group.told if line.startswith("case")]
    assert told == [
        f"case {case}: {function}"
        for function in (
            *("seatMediator", "moveOn", "seatMediator", "moveOn", "convene"),
            *("seat", "count", "seat", "count", "carryOut"),
        )
    ]
    assert group.work_of(PAYER) == []


def test_a_decision_is_carried_out_once_nobody_can_appeal(group, conflicts):
    case = conflicts.open(1, (2,), PENALTY, 5)
    conflicts.ask(case)
    conflicts.send(2, "mediation", "decline", case)
    conflicts.ask(case)
    conflicts.send(1, "mediation", "decline", case)
    assert conflicts.state(case) == FAILED
    keep(group)
    votes = dict.fromkeys(conflicts.panelists(case), 4)
    conflicts.commit(case, votes)
    group.commune.wait(3 * DAY + 60)
    conflicts.reveal(case, votes)
    keep(group)
    assert group.told[-1] == f"case {case}: count"
    assert group.work_of(PAYER) == []
    group.commune.wait(7 * DAY + 60)
    keep(group)
    assert panel_state(group, case) == CARRIED
