"""`exercise`: holders act within their mandate, as often and for as much as it says, and in no other way."""

import pytest
from brownie import chain, reverts, web3
from eth_abi import encode

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.code import code_hash, set_code
from tests.contracts.errors import error
from tests.contracts.membership.steps import (
    acting_as,
    admit_directly,
    expel_directly,
    move_directly,
)
from tests.contracts.offices.steps import (
    PERIOD,
    TERM,
    Call,
    adopt,
    appointed,
    created,
    next_period,
    recalled_directly,
    seated,
)
from tests.contracts.people import DAY, carried_out, draft, person


@pytest.fixture(autouse=True)
def early_in_a_period(held):
    """Tests that count by the period do not cross a border unless they mean to."""
    next_period()


def selector(contract, function):
    return bytes.fromhex(contract.signatures[function][2:])


def test_a_holder_acts_within_the_mandate(commune, offices, held, alice):
    data = adopt(commune, "Shop hours are nine to five")
    tx = offices.exercise(held, commune.constitution, data, alice.tx)
    text = "0x" + communes.text_hash("Shop hours are nine to five")
    assert tx.events["ResolutionAdopted"]["textHash"] == text
    assert tx.events["Exercised"] == {
        "officeId": held,
        "memberId": 1,
        "target": commune.constitution,
        "selector": commune.constitution.signatures["adopt"],
        "amount": 0,
        "data": data,
    }


def test_a_holder_gets_back_what_the_call_returns(offices, held, target, alice):
    result = offices.exercise.call(held, target, target.act.encode_input(1), alice.tx)
    assert len(bytes(result)) == 32
    assert 0 < int.from_bytes(bytes(result), "big") < 2**32


def test_members_who_hold_nothing_cannot(commune, offices, held, bob, stranger):
    for who in (bob, stranger):
        with reverts(error("OfficesNotHolder", held, who)):
            offices.exercise(held, commune.constitution, adopt(commune), who.tx)


@pytest.mark.parametrize("office", [0, 9])
def test_nobody_holds_an_office_there_is_not(commune, offices, held, alice, office):
    with reverts(error("OfficesNotHolder", office, alice)):
        offices.exercise(office, commune.constitution, adopt(commune), alice.tx)


def test_a_holder_of_one_office_has_not_the_mandate_of_another(commune, offices, held, target, alice):
    other = created(commune, Call(target, "act"))
    seated(commune, other, alice)
    with reverts(
        error("OfficesOutsideMandate", other, commune.constitution, selector(commune.constitution, "adopt"))
    ):
        offices.exercise(other, commune.constitution, adopt(commune), alice.tx)


def test_other_functions_and_other_targets_are_refused(commune, offices, held, target, alice):
    law = commune.constitution
    uri = law.setDaoURI.encode_input("ipfs://mine")
    with reverts(error("OfficesOutsideMandate", held, law, selector(law, "setDaoURI"))):
        offices.exercise(held, law, uri, alice.tx)
    with reverts(error("OfficesOutsideMandate", held, target, selector(law, "adopt"))):
        offices.exercise(held, target, adopt(commune), alice.tx)
    with reverts(error("OfficesOutsideMandate", held, alice, selector(law, "adopt"))):
        offices.exercise(held, alice.address, adopt(commune), alice.tx)


def test_calls_that_wrap_calls_are_refused(commune, offices, held, alice):
    powers, law = commune.powers, commune.constitution
    wrapped = law.setCharter.encode_input(b"\1" * 32)
    for contract, function, data in (
        (powers, "execute", powers.execute.encode_input(law, wrapped)),
        (powers, "multicall", powers.multicall.encode_input([wrapped])),
        (commune.assembly, "relay", commune.assembly.relay.encode_input(law, 0, wrapped)),
    ):
        with reverts(error("OfficesOutsideMandate", held, contract, selector(contract, function))):
            offices.exercise(held, contract, data, alice.tx)


@pytest.mark.parametrize("data", ["0x", "0x000000"])
def test_a_call_too_short_for_a_function_is_refused(commune, offices, target, timelock, alice, data):
    """Even where the function of four zero bytes is listed."""
    office = created(commune)
    offices.setMandate(office, [(str(target), "0x00000000", 5, 0, 0)], timelock)
    seated(commune, office, alice)
    with reverts(error("OfficesOutsideMandate", office, target, bytes(4))):
        offices.exercise(office, target, data, alice.tx)


def test_what_an_office_may_not_do_itself_fails(commune, offices, timelock, alice):
    """A mandate gives no power that the offices have not."""
    law = commune.constitution
    office = created(commune, Call(law, "setCharter"))
    seated(commune, office, alice)
    unauthorised = encoded_error("AccessManagedUnauthorized(address)", "address", offices.address)
    with reverts(error("OfficesExerciseFailed", unauthorised)):
        offices.exercise(office, law, law.setCharter.encode_input(b"\1" * 32), alice.tx)


def test_a_call_that_fails_says_why_and_costs_nothing(offices, held, target, alice):
    reason = encoded_error("ForwardingTargetRefused(address,uint256)", "address,uint256", offices.address, 7)
    with reverts(error("OfficesExerciseFailed", reason)):
        offices.exercise(held, target, target.refuse.encode_input(7), alice.tx)
    assert offices.mandateLeft(held, target, target.signatures["refuse"]) == (10, 0)


def encoded_error(signature, types, *values):
    return bytes(web3.keccak(text=signature)[:4]) + encode(types.split(","), values)


# ------------------------------------------------------------------ caps


def test_an_amount_is_capped_by_the_period(offices, held, target, alice):
    act = target.act.encode_input
    offices.exercise(held, target, act(60), alice.tx)
    assert offices.mandateLeft(held, target, target.signatures["act"]) == (4, 40)
    for amount in (41, 2**128, 2**256 - 1):
        with reverts(error("OfficesAmountExceeded", held, selector(target, "act"), amount, 40)):
            offices.exercise(held, target, act(amount), alice.tx)
    assert offices.exercise(held, target, act(40), alice.tx).events["Exercised"]["amount"] == 40
    with reverts(error("OfficesAmountExceeded", held, selector(target, "act"), 1, 0)):
        offices.exercise(held, target, act(1), alice.tx)


def test_calls_are_counted_by_the_period(commune, offices, held, alice):
    law = commune.constitution
    for number in range(3):
        offices.exercise(held, law, adopt(commune, f"text {number}"), alice.tx)
    with reverts(error("OfficesCallsExceeded", held, selector(law, "adopt"), 3)):
        offices.exercise(held, law, adopt(commune, "text 4"), alice.tx)
    assert offices.mandateLeft(held, law, law.signatures["adopt"]) == (0, 0)


def test_the_next_calendar_period_starts_afresh(offices, held, target, alice):
    act = target.act.encode_input
    border = now() - now() % PERIOD + PERIOD
    mine_at(border - 100)
    offices.exercise(held, target, act(100), alice.tx)
    mine_at(border - 1)
    assert offices.mandateLeft(held, target, target.signatures["act"]) == (4, 0)
    mine_at(border)
    assert offices.mandateLeft(held, target, target.signatures["act"]) == (5, 100)
    offices.exercise(held, target, act(100), alice.tx)


def test_holders_share_the_caps(commune, offices, target, alice, bob):
    two = created(commune, Call(target, "act", calls=2, argument=1, cap=100), seats=2)
    for who in (alice, bob):
        appointed(commune, two, who)
    advance(100)
    offices.exercise(two, target, target.act.encode_input(90), alice.tx)
    with reverts(error("OfficesAmountExceeded", two, selector(target, "act"), 11, 10)):
        offices.exercise(two, target, target.act.encode_input(11), bob.tx)
    offices.exercise(two, target, target.act.encode_input(10), bob.tx)
    with reverts(error("OfficesCallsExceeded", two, selector(target, "act"), 2)):
        offices.exercise(two, target, target.act.encode_input(0), alice.tx)


def test_another_length_of_periods_frees_nothing(commune, offices, held, target, timelock, alice):
    offices.exercise(held, target, target.act.encode_input(100), alice.tx)
    end = now() - now() % PERIOD + PERIOD
    commune.constitution.setParameter(communes.bytes32("commons.period"), 7 * DAY, timelock)
    mine_at(end - 100)
    assert offices.mandateLeft(held, target, target.signatures["act"]) == (4, 0)
    mine_at(end + 7 * DAY)
    assert offices.mandateLeft(held, target, target.signatures["act"]) == (5, 100)


def test_a_call_without_its_amount_is_refused(commune, offices, target, timelock, alice):
    office = created(commune, Call(target, "act", argument=2, cap=100))
    seated(commune, office, alice)
    with reverts(error("OfficesShortCall", 36, 68)):
        offices.exercise(office, target, target.act.encode_input(1), alice.tx)
    data = target.act.encode_input(1) + f"{99:064x}"
    assert offices.exercise(office, target, data, alice.tx).events["Exercised"]["amount"] == 99


def test_outside_the_mandate_nothing_is_left(offices, held, target):
    assert offices.mandateLeft(held, target, "0x12345678") == (0, 0)
    assert offices.mandateLeft(9, target, target.signatures["act"]) == (0, 0)


# ------------------------------------------------------------------ code


def test_other_code_behind_a_target_is_not_called(commune, offices, held, target, alice):
    set_code(target, "0x5f5ff3")
    with reverts(revert_pattern=f"OfficesCodeChanged: {target.address.lower()}, .*"):
        offices.exercise(held, target, target.act.encode_input(1), alice.tx)


def test_code_that_the_constitution_refuses_since_is_not_called(
    commune, offices, held, target, timelock, alice
):
    commune.constitution.setCodeHashRefusal(code_hash(target), True, timelock)
    with reverts(error("ConstitutionRefusedCode", target, code_hash(target))):
        offices.exercise(held, target, target.act.encode_input(1), alice.tx)


# ------------------------------------------------------------------ coming back


def test_a_target_that_calls_back_finds_the_caps_used(commune, offices, project_contracts, deployer, alice):
    """And it is no holder: nobody acts for one."""
    caller = project_contracts["ReenteringTarget"].deploy({"from": deployer})
    office = created(commune, Call(caller, "act", calls=1))
    seated(commune, office, alice)
    again = offices.exercise.encode_input(office, caller, caller.act.encode_input())
    caller.prepare(offices, again, {"from": deployer})
    tx = offices.exercise(office, caller, caller.act.encode_input(), alice.tx)
    refused = encoded_error("OfficesNotHolder(uint32,address)", "uint32,address", office, caller.address)
    assert tx.events["CalledBack"] == {"success": False, "result": "0x" + refused.hex()}
    assert offices.mandateLeft(office, caller, caller.signatures["act"]) == (0, 0)


def test_a_holder_who_is_a_contract_cannot_spend_a_cap_twice(commune, offices, project_contracts, deployer):
    """The target calls back as the holder itself: the one call a period is used already."""
    caller = project_contracts["ReenteringTarget"].deploy({"from": deployer})
    commune.membership.admit(caller, acting_as(commune.admission))
    office = created(commune, Call(caller, "act", calls=1))
    start = now() + 60
    offices.appoint(office, 6, start, acting_as(commune.elections))
    mine_at(start)
    again = offices.exercise.encode_input(office, caller, caller.act.encode_input())
    caller.prepare(offices, again, {"from": deployer})
    tx = offices.exercise(office, caller, caller.act.encode_input(), acting_as(caller))
    refused = encoded_error(
        "OfficesCallsExceeded(uint32,bytes4,uint256)",
        "uint32,bytes4,uint256",
        office,
        bytes.fromhex(caller.signatures["act"][2:]),
        1,
    )
    assert tx.events["CalledBack"] == {"success": False, "result": "0x" + refused.hex()}


# ------------------------------------------------------------------ who holds


def refused_to(commune, office, who):
    with reverts(error("OfficesNotHolder", office, who)):
        commune.offices.exercise(office, commune.constitution, adopt(commune), who.tx)


def test_powers_begin_and_end_with_the_tenure(commune, offices, mandate, alice, bob):
    office = created(commune, *mandate)
    start = now() + DAY
    appointed(commune, office, alice, start)
    refused_to(commune, office, alice)
    mine_at(start)
    offices.exercise(office, commune.constitution, adopt(commune), alice.tx)
    mine_at(start + TERM - 100)
    appointed(commune, office, bob, start + TERM)
    offices.exercise(office, commune.constitution, adopt(commune), alice.tx)
    refused_to(commune, office, bob)
    mine_at(start + TERM)
    refused_to(commune, office, alice)
    offices.exercise(office, commune.constitution, adopt(commune), bob.tx)


def test_a_recalled_holder_loses_every_power_in_the_same_transaction(commune, offices, held, alice):
    """In the same block, too."""
    offices.exercise(held, commune.constitution, adopt(commune), alice.tx)
    tx = recalled_directly(commune, held, alice)
    assert tx.events["TenureEnded"]["until"] == tx.timestamp == chain[-1].timestamp
    assert not offices.isHolder(held, 1)
    refused_to(commune, held, alice)


def test_whoever_leaves_or_is_expelled_has_no_power(commune, offices, held, mandate, alice, bob):
    other = created(commune, *mandate)
    seated(commune, other, bob)
    commune.membership.leave(alice.tx)
    expel_directly(commune, 2)
    for office, who in ((held, alice), (other, bob)):
        refused_to(commune, office, who)
        assert offices.holdersOf(office) == ()


def test_a_dormant_holder_has_no_power_until_they_wake(commune, offices, held, alice):
    commune.membership.setDormant(1, acting_as(commune.presence))
    refused_to(commune, held, alice)
    commune.membership.wake(1, acting_as(commune.presence))
    offices.exercise(held, commune.constitution, adopt(commune), alice.tx)


def test_who_left_and_came_back_holds_nothing(commune, offices, held, alice):
    commune.membership.leave(alice.tx)
    advance(DAY)
    admit_directly(commune, alice)
    refused_to(commune, held, alice)
    assert offices.holdersOf(held) == ()


def test_powers_follow_the_member_to_a_new_account(commune, offices, held, alice):
    """The old account loses them at once."""
    new = person(11)
    move_directly(commune, 1, new)
    refused_to(commune, held, alice)
    offices.exercise(held, commune.constitution, adopt(commune), new.tx)


def test_a_decision_gives_nobody_a_holders_power(commune, offices, held, alice, bob, carol, dave):
    """A recalled holder's call wraps another, so that nobody can propose it; the timelock holds no seat."""
    law = commune.constitution
    call = offices.exercise.encode_input(held, law, adopt(commune))
    d = draft(alice, (offices, call), text="In my name")
    recalled_directly(commune, held, alice)
    with reverts(error("ConstitutionWrappedCall", offices, bytes.fromhex(call[2:10]))):
        carried_out(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    with reverts(error("OfficesNotHolder", held, commune.timelock)):
        offices.exercise(held, law, adopt(commune), acting_as(commune.timelock))
