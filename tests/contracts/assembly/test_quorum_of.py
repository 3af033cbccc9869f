"""`quorumOf`: what every rule takes in communes of different size."""

import pytest

from scripts import commune as communes
from tests.contracts.clock import advance, now
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import person

# Constitutional, ordinary, person, admission, expulsion; a commune of 100 is in test_cast_ballots.py.
HEADS = {
    3: [3, 3, 3, 3, 3],
    5: [3, 3, 3, 3, 3],
    10: [3, 3, 3, 3, 3],
    13: [4, 3, 3, 3, 3],
    20: [5, 3, 4, 4, 4],
}


@pytest.mark.parametrize("size", HEADS)
def test_quorums_round_up_and_never_fall_below_three(commune, docket, assembly, founders, size):
    for leaver in founders[size:]:
        commune.membership.leave(leaver.tx)
    admit_directly(commune, *(person(i) for i in range(10, 10 + size - 5)))
    advance(2)
    assert commune.membership.activeCount() == size
    assert [docket.quorumOf(kind, now() - 1) for kind in range(5)] == HEADS[size]
    assert assembly.quorum(now() - 1) == HEADS[size][communes.ORDINARY]


def test_a_wave_of_leaving_does_not_hand_the_commune_to_the_two_who_stay(commune, docket, founders):
    """Half the highest count of five is three: they need a third member, and can admit one."""
    for leaver in founders[2:]:
        commune.membership.leave(leaver.tx)
    advance(2)
    assert commune.membership.quorumBase(now() - 1) == 3
    assert docket.quorumOf(communes.CONSTITUTIONAL, now() - 1) == 3


def test_the_quorum_follows_its_parameters(commune, docket):
    law, timelock = commune.constitution, acting_as(commune.timelock)
    law.setParameter(communes.bytes32("constitutional.quorumBps"), 5_000, timelock)
    law.setParameter(communes.bytes32("assembly.quorumFloor"), 2, timelock)
    assert docket.quorumOf(communes.CONSTITUTIONAL, now() - 1) == 3
    assert docket.quorumOf(communes.ORDINARY, now() - 1) == 2
