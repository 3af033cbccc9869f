"""`payFromPurse`: who holds a purse pays others from it, up to its cap in a calendar period."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.code import set_code
from tests.contracts.commons.conftest import ETH, KEY, NOTHING, PERIOD, PURSE, PURSES, REASON
from tests.contracts.errors import error
from tests.contracts.membership.steps import expel_directly
from tests.contracts.people import DAY, carried_out, draft, member_id


def test_who_holds_a_purse_pays_from_it(commune, purse, bob, shop):
    before = shop.balance()
    tx = commune.commons.payFromPurse(purse.id, shop, 60, REASON, bob.tx)
    assert shop.balance() == before + 60
    paid = tx.events["Paid"]
    assert (paid["kind"], paid["purseId"], paid["by"]) == (PURSE, purse.id, member_id(commune, bob))
    assert commune.commons.purseLeft(purse.id) == 40
    assert commune.commons.purse(purse.id).dict() == {
        "controller": purse.controller,
        "key": KEY,
        "asset": ETH,
        "cap": 100,
        "periodStart": now() - now() % PERIOD,
        "periodEnd": now() - now() % PERIOD + PERIOD,
        "spent": 60,
        "closed": False,
    }


def test_members_decide_to_open_change_and_close_a_purse(commune, payers, founders, alice, bob):
    commons, law = commune.commons, commune.constitution
    purse = commons.purseCount() + 1
    actions = (
        commons.openPurse.encode_input(payers, KEY, ETH, 100, REASON),
        commons.setPurseCap.encode_input(purse, 50),
        commons.closePurse.encode_input(purse),
    )
    assert {law.ruleOf(commons, data[:10]) for data in actions} == {communes.ORDINARY}
    d = draft(alice, *((commons, data) for data in actions))
    tx = carried_out(commune, d, alice, (alice, bob), founders)
    assert tx.events["PurseOpened"] == {
        "purseId": purse,
        "controller": payers,
        "key": KEY,
        "asset": ETH,
        "cap": 100,
        "reason": REASON,
    }
    assert tx.events["PurseCapSet"] == {"purseId": purse, "cap": 50}
    assert (commons.purse(purse)["closed"], commons.purseLeft(purse)) == (True, 0)


def test_one_unit_more_than_its_cap_is_too_much(commune, purse, bob, shop):
    with reverts(error("CommonsPurseExceeded", purse.id, 101, 100)):
        commune.commons.payFromPurse(purse.id, shop, 101, REASON, bob.tx)
    commune.commons.payFromPurse(purse.id, shop, 70, REASON, bob.tx)
    with reverts(error("CommonsPurseExceeded", purse.id, 31, 30)):
        commune.commons.payFromPurse(purse.id, shop, 31, REASON, bob.tx)
    commune.commons.payFromPurse(purse.id, shop, 30, REASON, bob.tx)
    with reverts(error("CommonsPurseExceeded", purse.id, 1, 0)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)


def test_what_a_purse_did_not_pay_is_not_saved_up(commune, purse, bob, shop):
    """Across a period's border: as much as the cap before it, and as much after it."""
    border = now() - now() % PERIOD + PERIOD
    mine_at(border - 60)
    commune.commons.payFromPurse(purse.id, shop, 80, REASON, bob.tx)
    mine_at(border)
    assert commune.commons.purseLeft(purse.id) == 100
    with reverts(error("CommonsPurseExceeded", purse.id, 120, 100)):
        commune.commons.payFromPurse(purse.id, shop, 120, REASON, bob.tx)
    commune.commons.payFromPurse(purse.id, shop, 100, REASON, bob.tx)
    assert commune.commons.purseLeft(purse.id) == 0


@pytest.mark.parametrize("length", [7, 60])
def test_another_length_of_periods_frees_nothing(commune, purse, bob, shop, timelock, length):
    old_end = now() - now() % PERIOD + PERIOD
    commune.commons.payFromPurse(purse.id, shop, 100, REASON, bob.tx)
    commune.constitution.setParameter(communes.bytes32("commons.period"), length * DAY, timelock)
    mine_at(old_end - 60)
    with reverts(error("CommonsPurseExceeded", purse.id, 1, 0)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)
    mine_at(old_end + 60 * DAY)
    assert commune.commons.purseLeft(purse.id) == 100


def test_a_lower_cap_holds_at_once(commune, purse, bob, shop, timelock):
    commune.commons.payFromPurse(purse.id, shop, 60, REASON, bob.tx)
    commune.commons.setPurseCap(purse.id, 50, timelock)
    assert commune.commons.purseLeft(purse.id) == 0
    with reverts(error("CommonsPurseExceeded", purse.id, 1, 0)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)
    commune.commons.setPurseCap(purse.id, 61, timelock)
    commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)


def test_purses_are_under_the_brake_too(commune, purse, bob, shop, timelock):
    commune.commons.pay(ETH, shop, 150, REASON, timelock)
    with reverts(error("CommonsBraked", ETH, 51, 50)):
        commune.commons.payFromPurse(purse.id, shop, 51, REASON, bob.tx)
    commune.commons.payFromPurse(purse.id, shop, 50, REASON, bob.tx)


def test_nobody_else_pays_from_it(commune, purse, alice, stranger, shop):
    with reverts(error("PayerListRefused", KEY, alice)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, alice.tx)
    with reverts(error("MembershipNotMember", stranger)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, stranger.tx)


def test_who_holds_it_is_not_paid_from_it(commune, purse, bob):
    with reverts(error("CommonsBadReceiver", bob)):
        commune.commons.payFromPurse(purse.id, bob.address, 1, REASON, bob.tx)


def test_a_controller_that_names_somebody_else_is_not_believed(commune, purse, payers, alice, bob, shop):
    """Nor one that lets in who is no member, or not any more."""
    alices = member_id(commune, alice)
    payers.allow(KEY, bob.address, alices, bob.tx)
    with reverts(error("CommonsNotPayer", purse.id, bob, alices)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)
    payers.allow(KEY, bob.address, member_id(commune, bob), bob.tx)
    expel_directly(commune, member_id(commune, bob))
    with reverts(error("MembershipNotActive", member_id(commune, bob), 4)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)


def test_a_purse_needs_a_contract_that_says_who_holds_it(commune, alice, payers, timelock):
    with reverts(error("CommonsNoController", alice)):
        commune.commons.openPurse(alice.address, KEY, ETH, 100, REASON, timelock)
    with reverts(error("CommonsNoToken", alice)):
        commune.commons.openPurse(payers, KEY, alice.address, 100, REASON, timelock)
    with reverts(error("CommonsEmptyReason")):
        commune.commons.openPurse(payers, KEY, ETH, 100, NOTHING, timelock)


def test_an_ordinary_decision_gives_no_new_contract_a_say_over_money(
    commune, project_contracts, founders, alice, bob, deployer
):
    """A mandate takes the constitutional rule; a purse for any contract would be one by another name."""
    own = project_contracts["PayerList"].deploy({"from": deployer})
    opening = commune.commons.openPurse.encode_input(own, KEY, ETH, 100, REASON)
    with reverts(error("CommonsNoController", own)):
        carried_out(commune, draft(alice, (commune.commons, opening)), alice, (alice, bob), founders)
    granting = commune.powers.grantRole.encode_input(PURSES, own, 0)
    assert commune.constitution.ruleOf(commune.powers, granting[:10]) == communes.CONSTITUTIONAL


def test_a_purse_whose_controller_lost_its_power_pays_nobody(commune, purse, bob, shop, timelock):
    commune.powers.revokeRole(PURSES, purse.controller, timelock)
    with reverts(error("CommonsNoController", purse.controller)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)


def test_a_purse_whose_controller_is_gone_pays_nobody(commune, purse, bob, shop):
    set_code(purse.controller, "0x")
    with reverts(error("CommonsNoController", purse.controller)):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)


def test_a_closed_purse_stays_closed(commune, purse, bob, shop, timelock):
    commune.commons.closePurse(purse.id, timelock)
    refused = error("CommonsPurseClosed", purse.id)
    with reverts(refused):
        commune.commons.payFromPurse(purse.id, shop, 1, REASON, bob.tx)
    with reverts(refused):
        commune.commons.setPurseCap(purse.id, 1, timelock)
    with reverts(refused):
        commune.commons.closePurse(purse.id, timelock)


@pytest.mark.parametrize("unknown", [0, 2])
def test_a_purse_that_was_never_opened_is_nobodys(commune, purse, bob, shop, timelock, unknown):
    refused = error("CommonsUnknownPurse", unknown)
    for call in (commune.commons.purse, commune.commons.purseLeft):
        with reverts(refused):
            call(unknown)
    with reverts(refused):
        commune.commons.payFromPurse(unknown, shop, 1, REASON, bob.tx)
    with reverts(refused):
        commune.commons.setPurseCap(unknown, 1, timelock)


def test_what_is_no_payment_is_refused(commune, purse, bob, shop):
    with reverts(error("CommonsEmptyReason")):
        commune.commons.payFromPurse(purse.id, shop, 1, NOTHING, bob.tx)
    with reverts(error("CommonsZeroAmount")):
        commune.commons.payFromPurse(purse.id, shop, 0, REASON, bob.tx)
    for nobody in (ZERO_ADDRESS, commune.commons):
        with reverts(error("CommonsBadReceiver", nobody)):
            commune.commons.payFromPurse(purse.id, nobody, 1, REASON, bob.tx)
