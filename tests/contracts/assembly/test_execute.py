"""`execute`: a decision is carried out once, in time, against the code the members voted on."""

import pytest
from brownie import reverts, web3

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.code import code_hash, set_code
from tests.contracts.errors import error, wrong_state
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import (
    ACTIVE,
    DAY,
    EXECUTED,
    EXPIRED,
    FOR,
    QUEUED,
    SUCCEEDED,
    draft,
    opened,
    passed,
    person,
    resolution,
    signed_ballot,
    vote,
)

MINIMAL_PROXY = "0x363d3d373d3d3d363d73" + "11" * 20 + "5af43d82803e903d91602b57fd5bf3"
MINIMAL_PROXY_PUSH0 = "0x365f5f375f5f365f73" + "11" * 20 + "5af43d5f5f3e5f3d91602a57fd5bf3"
DELEGATED_ACCOUNT = "0xef0100" + "11" * 20
CODE = "0x6001600055"


@pytest.fixture(scope="module")
def target(ReenteringTarget, accounts):
    """A contract outside the commune that a decision calls; it does nothing until a test prepares it."""
    return ReenteringTarget.deploy({"from": accounts[0]})


@pytest.fixture(scope="module")
def call(erin, target):
    """Erin's draft that calls the target."""
    return draft(erin, (target, target.act.encode_input()))


def queue(commune, d, who):
    commune.assembly.queue(*d.arguments, d.description_hash, who.tx)
    mine_at(max(now(), commune.assembly.proposalEta(d.id(commune))) + 1)


def execute(commune, d, who, **how):
    return commune.assembly.execute(*d.arguments, d.description_hash, {**who.tx, **how})


@pytest.fixture(scope="module")
def queued(commune, call, alice, bob, carol, dave, erin):
    """The call, passed, queued, and due."""
    passed(commune, call, erin, [alice, bob], [alice, bob, carol, dave])
    queue(commune, call, alice)
    return call


# ------------------------------------------------------------------ in order, in time, once


def test_anyone_carries_out_a_decision_that_is_due(commune, assembly, queued, target, stranger):
    assert assembly.state(queued.id(commune)) == QUEUED
    tx = execute(commune, queued, stranger)
    assert "CalledBack" in tx.events
    assert assembly.state(queued.id(commune)) == EXECUTED


def test_a_decision_is_carried_out_once(commune, queued, alice):
    execute(commune, queued, alice)
    with reverts(wrong_state(queued.id(commune), EXECUTED, SUCCEEDED, QUEUED)):
        execute(commune, queued, alice)


def test_a_decision_waits_out_its_queue(commune, assembly, alice, bob, carol):
    d = resolution(commune, alice)
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol])
    with reverts(revert_pattern="TimelockUnexpectedOperationState: .*"):
        execute(commune, d, alice)
    assembly.queue(*d.arguments, d.description_hash, alice.tx)
    mine_at(assembly.proposalEta(proposal) - 5)
    with reverts(revert_pattern="TimelockUnexpectedOperationState: .*"):
        execute(commune, d, alice)
    mine_at(assembly.proposalEta(proposal))
    execute(commune, d, alice)


def test_an_open_vote_is_not_carried_out(commune, assembly, alice, bob, carol):
    d = resolution(commune, alice)
    proposal = opened(commune, d, alice, [alice, bob])
    mine_at(assembly.proposalSnapshot(proposal) + 1)
    vote(commune, proposal, [alice, bob, carol])
    with reverts(wrong_state(proposal, ACTIVE, SUCCEEDED, QUEUED)):
        execute(commune, d, alice)


def test_a_passed_decision_expires_thirty_days_after_voting(commune, assembly, alice, bob, carol):
    d = resolution(commune, alice)
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol])
    end = assembly.followEnd(proposal)
    mine_at(end + 30 * DAY)
    assert assembly.state(proposal) == SUCCEEDED
    mine_at(end + 30 * DAY + 1)
    assert assembly.state(proposal) == EXPIRED
    with reverts(wrong_state(proposal, EXPIRED, SUCCEEDED)):
        assembly.queue(*d.arguments, d.description_hash, alice.tx)
    with reverts(wrong_state(proposal, EXPIRED, SUCCEEDED, QUEUED)):
        execute(commune, d, alice)
    assert assembly.liveProposalOf(1) == 0


def test_a_queued_decision_expires_as_well(commune, assembly, queued, alice):
    proposal = queued.id(commune)
    mine_at(assembly.followEnd(proposal) + 30 * DAY + 1)
    assert assembly.state(proposal) == EXPIRED
    with reverts(wrong_state(proposal, EXPIRED, SUCCEEDED, QUEUED)):
        execute(commune, queued, alice)


def test_a_decision_whose_call_fails_can_be_tried_again(commune, assembly, alice, bob, carol, dave):
    """An award in a topic that does not exist yet."""
    data = commune.reputation.award.encode_input(1, 4, 10**6, 0, b"\1" * 32, 0)
    d = draft(alice, (commune.reputation, data))
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol])
    queue(commune, d, alice)
    with reverts(error("ReputationUnknownTopic", 4)):
        execute(commune, d, alice)
    assert assembly.state(proposal) == QUEUED
    commune.constitution.addTopic("care", acting_as(commune.timelock))
    execute(commune, d, alice)


def test_all_actions_happen_or_none(commune, assembly, alice, bob, carol):
    law = commune.constitution
    d = draft(
        alice,
        (law, law.adopt.encode_input(communes.text_hash("first"))),
        (law, law.adopt.encode_input(b"\0" * 32)),
    )
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol])
    queue(commune, d, alice)
    with reverts("ConstitutionZeroTextHash: "):
        execute(commune, d, alice)
    assert assembly.state(proposal) == QUEUED


# ------------------------------------------------------------------ the code they voted on


@pytest.mark.parametrize("code", [CODE, "0x"], ids=["swapped", "gone"])
def test_a_target_whose_code_changed_is_not_called(commune, docket, queued, target, alice, code):
    proposal = queued.id(commune)
    pinned = docket.pinOf(proposal)
    set_code(target, code)
    with reverts(error("DocketCodeChanged", proposal, pinned, commune.constitution.pinOf([target]))):
        execute(commune, queued, alice)


@pytest.mark.parametrize(
    "code", [MINIMAL_PROXY, MINIMAL_PROXY_PUSH0, DELEGATED_ACCOUNT], ids=["clone", "push0-clone", "delegated"]
)
def test_a_target_that_became_a_proxy_is_not_called(commune, queued, target, alice, code):
    set_code(target, code)
    with reverts(error("ConstitutionRefusedCode", target, code_hash(target))):
        execute(commune, queued, alice)


def test_a_target_whose_code_was_refused_after_the_vote_is_not_called(commune, queued, target, alice):
    commune.constitution.setCodeHashRefusal(code_hash(target), True, acting_as(commune.timelock))
    with reverts(error("ConstitutionRefusedCode", target, code_hash(target))):
        execute(commune, queued, alice)
    commune.constitution.setCodeHashRefusal(code_hash(target), False, acting_as(commune.timelock))
    execute(commune, queued, alice)


def test_a_target_where_code_appeared_after_the_vote_is_not_called(commune, docket, alice, bob, carol, dave):
    empty = "0x" + "5a" * 20
    d = draft(alice, (empty, "0x12345678"))
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    queue(commune, d, alice)
    set_code(empty, CODE)
    with reverts(revert_pattern=f"DocketCodeChanged: {proposal}, .*"):
        execute(commune, d, alice)
    set_code(empty, "0x")
    execute(commune, d, alice)


def test_receiving_ether_is_no_change_of_code(commune, alice, bob, carol, dave, stranger):
    """An account that nobody used and one that holds Ether have different code hashes, and no code both."""
    empty = "0x" + "5b" * 20
    d = draft(alice, (empty, "0x12345678"))
    passed(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    queue(commune, d, alice)
    stranger.account.transfer(empty, 1)
    execute(commune, d, alice)


def test_a_person_vote_checks_the_code_too(commune, alice, bob, carol):
    new_account = person(9)
    d = draft(alice, (commune.recovery, commune.recovery.recoverByVote.encode_input(5, new_account.address)))
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol])
    recovery = commune.recovery.address
    code = web3.eth.get_code(recovery).hex()
    set_code(recovery, CODE)
    with reverts(revert_pattern=f"DocketCodeChanged: {proposal}, .*"):
        execute(commune, d, alice)
    set_code(recovery, "0x" + code.removeprefix("0x"))
    execute(commune, d, alice)
    assert commune.membership.accountOf(5) == new_account.address


# ------------------------------------------------------------------ re-entering


def reentered(commune, assembly, target, queued, who, data):
    """Have the target call the assembly with `data` while it is being called; returns (success, result)."""
    target.prepare(assembly, data, who.tx)
    event = execute(commune, queued, who).events["CalledBack"]
    return event["success"], bytes(event["result"])


def test_an_execution_that_re_enters_is_not_carried_out_twice(commune, assembly, queued, target, alice):
    data = assembly.execute.encode_input(*queued.arguments, queued.description_hash)
    success, result = reentered(commune, assembly, target, queued, alice, data)
    assert not success
    assert result[:4] == web3.keccak(text="GovernorUnexpectedProposalState(uint256,uint8,bytes32)")[:4]
    assert int.from_bytes(result[4:36], "big") == queued.id(commune)
    assert int.from_bytes(result[36:68], "big") == EXECUTED


def test_nobody_votes_on_what_is_being_carried_out(commune, assembly, queued, target, alice, erin):
    ballot = signed_ballot(commune, queued.id(commune), erin)
    data = assembly.castBallotBySig.encode_input(ballot)
    success, result = reentered(commune, assembly, target, queued, alice, data)
    assert not success
    assert result[:4] == web3.keccak(text="GovernorUnexpectedProposalState(uint256,uint8,bytes32)")[:4]


def test_a_target_can_not_have_itself_called_through_the_timelock(commune, queued, target, alice):
    """The timelock is in the middle of a batch, and only the assembly may start another one."""
    timelock = commune.timelock
    salt = int(commune.assembly.address, 16) << 96 ^ int(queued.description_hash, 16)
    data = timelock.executeBatch.encode_input(*queued.arguments, b"\0" * 32, salt.to_bytes(32, "big"))
    target.prepare(timelock, data, alice.tx)
    event = execute(commune, queued, alice).events["CalledBack"]
    assert not event["success"]
    denied = web3.keccak(text="AccessControlUnauthorizedAccount(address,bytes32)")[:4]
    assert bytes(event["result"])[:4] == denied


def test_a_member_gains_nothing_from_being_called(commune, assembly, target, alice, bob, carol, dave):
    """Even a target that is itself a member, and re-enters with its own ballot."""
    admit_directly(commune, target)
    d = draft(alice, (target, target.act.encode_input()))
    passed(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    queue(commune, d, alice)
    data = assembly.castBallot.encode_input(d.id(commune), FOR, 1)
    success, result = reentered(commune, assembly, target, d, alice, data)
    assert not success
    assert result[:4] == web3.keccak(text="GovernorUnexpectedProposalState(uint256,uint8,bytes32)")[:4]


# ------------------------------------------------------------------ person votes


def test_a_person_vote_is_carried_out_at_once_by_the_assembly(commune, assembly, alice, bob, carol):
    new_account = person(9)
    d = draft(alice, (commune.recovery, commune.recovery.recoverByVote.encode_input(5, new_account.address)))
    proposal = passed(commune, d, alice, [alice, bob], [alice, bob, carol])
    assert assembly.state(proposal) == SUCCEEDED
    with reverts(error("AssemblyNoQueue", proposal)):
        assembly.queue(*d.arguments, d.description_hash, alice.tx)
    execute(commune, d, alice)
    assert commune.membership.accountOf(5) == new_account.address


def test_ether_sent_along_goes_with_the_decision(commune, alice, bob, carol, dave, stranger):
    d = draft(alice, (stranger.address, "0x"), values=[5])
    passed(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    queue(commune, d, alice)
    before = stranger.account.balance()
    execute(commune, d, alice, value=5)
    assert stranger.account.balance() == before + 5


def test_the_assembly_itself_takes_no_ether(assembly, alice):
    with reverts("GovernorDisabledDeposit: "):
        alice.account.transfer(assembly, 1)
