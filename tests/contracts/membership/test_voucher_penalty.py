"""What an expulsion costs those who vouched for the member."""

import brownie
import pytest
from brownie import web3

DAY = 24 * 60 * 60
POINT = 1_000_000
GENERAL = 1
VOUCHER = 1
GROUNDS = web3.keccak(text="They took from the till.")


@pytest.fixture
def founders_points(commune, as_module):
    """100 points for alice (member 1), 20 for bob (member 2)."""
    timelock = as_module(commune.timelock)
    for member, points in ((1, 100), (2, 20)):
        commune.reputation.award(member, GENERAL, points * POINT, 0, GROUNDS, 0, {"from": timelock})


def test_vouchers_of_an_expelled_newcomer_lose_up_to_50_points_each(
    commune, membership, as_module, join, founders_points, newcomer, admission
):
    member = join(newcomer)
    before = [commune.reputation.totalScore(i) for i in (1, 2)]
    tx = membership.expel(member, {"from": as_module(commune.assembly)})
    after = [commune.reputation.totalScore(i) for i in (1, 2)]

    assert before[0] - after[0] == pytest.approx(50 * POINT, rel=1e-4)
    assert after[1] == pytest.approx(0, abs=2)
    penalties = tx.events["Penalised"]
    assert {e["memberId"] for e in penalties} == {1, 2}
    assert {e["reason"] for e in penalties} == {VOUCHER}
    assert {int(str(e["evidence"]), 16) for e in penalties} == {admission.applicationOf(newcomer)}


def test_voucher_who_opened_the_hearing_pays_nothing(
    commune, membership, join, founders_points, vote, execute, wait, newcomer, alice, bob, carol, accounts
):
    member = join(newcomer)
    before = [commune.reputation.totalScore(i) for i in (1, 2)]
    hearing = commune.docket.requestHearing(member, GROUNDS, {"from": alice}).return_value
    commune.docket.joinHearing(hearing, {"from": carol})
    wait(7 * DAY + 60)
    proposal = commune.docket.openExpulsion(hearing, {"from": carol}).return_value
    vote(proposal, 1, accounts[1:6])
    wait(3 * DAY + 60)
    execute(proposal, bob)

    assert membership.statusOf(member) == 4
    after = [commune.reputation.totalScore(i) for i in (1, 2)]
    assert after[0] > 0.9 * before[0]
    assert after[1] == pytest.approx(0, abs=2)


def test_vouchers_pay_nothing_for_a_member_of_more_than_180_days(
    commune, membership, as_module, join, founders_points, wait, newcomer
):
    member = join(newcomer)
    wait(180 * DAY)
    tx = membership.expel(member, {"from": as_module(commune.assembly)})
    assert "Penalised" not in tx.events


def test_leaving_before_the_expulsion_spares_the_vouchers_nothing(
    commune, membership, as_module, join, founders_points, newcomer
):
    member = join(newcomer)
    membership.leave({"from": newcomer})
    tx = membership.expel(member, {"from": as_module(commune.assembly)})
    assert {e["memberId"] for e in tx.events["Penalised"]} == {1, 2}


def test_nobody_pays_for_a_founder(commune, membership, as_module, founders_points):
    tx = membership.expel(6, {"from": as_module(commune.assembly)})
    assert "Penalised" not in tx.events


def test_expulsion_ends_an_application_of_someone_who_had_left(
    admission, commune, membership, as_module, vouched, wait, frank
):
    """Else a return already vouched for would need no vote."""
    membership.leave({"from": frank})
    application = vouched(frank)
    membership.expel(6, {"from": as_module(commune.assembly)})
    wait(3 * DAY)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, 6"):
        admission.admit(application, {"from": frank})
