"""`setParameter`: every number of the commune, within the bounds it was founded with."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.errors import error
from tests.contracts.people import carried_out, opened, parameter_change

NAME = "assembly.sponsors"


def test_a_parameter_changes_by_constitutional_decision(commune, constitution, alice, bob, carol, dave):
    d = parameter_change(commune, alice, NAME, 3)
    tx = carried_out(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    event = tx.events["ParameterSet"]
    assert bytes(event["name"]) == communes.bytes32(NAME)
    assert (event["oldValue"], event["newValue"], event["floor"], event["ceiling"]) == (2, 3, 1, 5)
    assert constitution.parameter(communes.bytes32(NAME)) == (3, 1, 5)


def test_a_decision_beyond_the_bounds_cannot_be_carried_out(commune, alice, bob, carol, dave):
    d = parameter_change(commune, alice, NAME, 6)
    with reverts(error("ConstitutionParameterOutOfBounds", communes.bytes32(NAME), 6, 1, 5)):
        carried_out(commune, d, alice, [alice, bob], [alice, bob, carol, dave])


def test_no_parameter_leaves_its_bounds(constitution, constitution_file, timelock):
    """Every parameter takes its floor and its ceiling, and nothing beyond."""
    for name, _, floor, ceiling in constitution_file.parameters:
        key = communes.bytes32(name)
        for beyond in {max(floor - 1, 0), ceiling + 1} - {0, floor}:
            refused = error("ConstitutionParameterOutOfBounds", key, beyond, floor, ceiling)
            with reverts(refused):
                constitution.setParameter.call(key, beyond, timelock)
        for value in (floor, ceiling):
            constitution.setParameter.call(key, value, timelock)


def test_neighbours_in_a_word_keep_their_values(constitution, constitution_file, timelock):
    name = "assembly.maxActions"
    before = {n: constitution.parameter(communes.bytes32(n))[0] for n, *_ in constitution_file.parameters}
    constitution.setParameter(communes.bytes32(name), 20, timelock)
    after = {n: constitution.parameter(communes.bytes32(n))[0] for n, *_ in constitution_file.parameters}
    assert after == before | {name: 20}


def test_an_unknown_parameter_is_refused(constitution, timelock):
    with reverts(error("ConstitutionUnknownParameter", communes.bytes32("assembly.nonsense"))):
        constitution.setParameter(communes.bytes32("assembly.nonsense"), 1, timelock)
    with reverts(error("ConstitutionUnknownParameter", communes.bytes32("assembly.nonsense"))):
        constitution.parameter(communes.bytes32("assembly.nonsense"))


@pytest.mark.parametrize("who", ["alice", "stranger", "deployer"])
def test_nobody_changes_a_parameter_alone(constitution, request, who):
    someone = request.getfixturevalue(who)
    sender = {"from": getattr(someone, "account", someone)}
    with reverts(error("AccessManagedUnauthorized", someone)):
        constitution.setParameter(communes.bytes32(NAME), 3, sender)


def test_parameters_are_read_by_word_and_by_name_alike(constitution, constitution_file):
    names = [bytes(name).rstrip(b"\0").decode() for name in constitution.parameterNames()]
    assert names == [name for name, *_ in constitution_file.parameters]
    for i, (_, value, _, _) in enumerate(constitution_file.parameters):
        assert constitution.word(i // 8) >> (i % 8 * 32) & 0xFFFFFFFF == value


def test_a_change_takes_a_constitutional_decision(commune, constitution, alice, bob, carol):
    proposal = opened(commune, parameter_change(commune, alice, NAME, 3), alice, [bob, carol])
    assert commune.assembly.termsOf(proposal)["kind"] == communes.CONSTITUTIONAL
