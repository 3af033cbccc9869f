"""`AssemblyTimelock`: nothing happens behind the assembly's back."""

import pytest
from brownie import ZERO_ADDRESS, reverts, web3

from scripts import commune as communes
from tests.contracts.clock import mine_at
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import QUEUED, passed, resolution

PROPOSER, EXECUTOR, CANCELLER = (
    bytes(web3.keccak(text=f"{role}_ROLE")) for role in ("PROPOSER", "EXECUTOR", "CANCELLER")
)


@pytest.fixture(scope="module")
def timelock(commune):
    return commune.timelock


@pytest.fixture(scope="module")
def due(commune, assembly, alice, bob, carol):
    """A decision that is queued and due, and its operation's arguments."""
    d = resolution(commune, alice)
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol])
    assembly.queue(*d.arguments, d.description_hash, alice.tx)
    mine_at(assembly.proposalEta(proposal) + 1)
    salt = int(assembly.address, 16) << 96 ^ int(d.description_hash, 16)
    return proposal, (*d.arguments, b"\0" * 32, salt.to_bytes(32, "big"))


def test_a_decision_that_is_due_is_carried_out_by_the_assembly_only(
    commune, assembly, timelock, due, alice, stranger
):
    proposal, operation = due
    assert timelock.isOperationReady(timelock.hashOperationBatch(*operation))
    for who in (alice, stranger):
        with reverts(error("AccessControlUnauthorizedAccount", who, EXECUTOR)):
            timelock.executeBatch(*operation, who.tx)
    assert assembly.state(proposal) == QUEUED


def test_nobody_but_the_assembly_cancels_what_is_queued(timelock, due, alice):
    operation = timelock.hashOperationBatch(*due[1])
    with reverts(error("AccessControlUnauthorizedAccount", alice, CANCELLER)):
        timelock.cancel(operation, alice.tx)


def test_nobody_but_the_assembly_schedules(commune, timelock, alice):
    data = commune.constitution.addTopic.encode_input("mine")
    with reverts(error("AccessControlUnauthorizedAccount", alice, PROPOSER)):
        timelock.schedule(commune.constitution, 0, data, b"\0" * 32, b"\0" * 32, 10**6, alice.tx)
    with reverts(error("AccessControlUnauthorizedAccount", alice, PROPOSER)):
        timelock.scheduleBatch([commune.constitution], [0], [data], b"\0" * 32, b"\0" * 32, 10**6, alice.tx)


def test_nobody_executes_at_once(commune, timelock, alice):
    data = commune.constitution.addTopic.encode_input("mine")
    with reverts(error("AccessControlUnauthorizedAccount", alice, EXECUTOR)):
        timelock.execute(commune.constitution, 0, data, b"\0" * 32, b"\0" * 32, alice.tx)


def test_the_delay_is_a_parameter_of_the_constitution(timelock, alice):
    for sender in (alice.tx, acting_as(timelock)):
        with reverts("AssemblyTimelockDelayIsParameter: "):
            timelock.updateDelay(0, sender)


def test_only_the_assembly_holds_roles_and_only_the_timelock_gives_them(assembly, timelock, alice, deployer):
    admin = bytes(32)
    for role in (PROPOSER, EXECUTOR, CANCELLER):
        assert timelock.hasRole(role, assembly)
        assert timelock.getRoleAdmin(role) == "0x" + admin.hex()
        for nobody in (ZERO_ADDRESS, alice.address, deployer, timelock.address):
            assert not timelock.hasRole(role, nobody)
        with reverts(error("AccessControlUnauthorizedAccount", alice, admin)):
            timelock.grantRole(role, alice.address, alice.tx)
    assert timelock.hasRole(admin, timelock)
    assert not timelock.hasRole(admin, assembly)
    assert not timelock.hasRole(admin, deployer)


def test_no_queue_can_be_shorter_than_the_timelocks_own_delay(timelock, constitution_file):
    for name, _, floor, _ in constitution_file.parameters:
        if name in ("constitutional.queue", "ordinary.queue"):
            assert timelock.getMinDelay() <= floor


def test_selectors_of_the_timelock_are_refused_in_proposals(commune, timelock):
    for function in ("schedule", "scheduleBatch", "execute", "executeBatch"):
        selector = communes.selector(timelock, function)
        with reverts(error("ConstitutionWrappedCall", timelock, bytes.fromhex(selector[2:]))):
            commune.constitution.classify([timelock], [0], [selector])
