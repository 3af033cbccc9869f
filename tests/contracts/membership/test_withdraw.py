"""Withdrawing one's own application."""

from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.membership.steps import contested, vouched

CONTESTED, WITHDRAWN = 3, 6


def test_applicant_withdraws(admission, commune, newcomer, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    tx = admission.withdraw(application, newcomer.tx)

    assert tx.events["ApplicationWithdrawn"]["applicationId"] == application
    assert admission.application(application)["status"] == WITHDRAWN


def test_nobody_else_withdraws_it(admission, commune, newcomer, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    with reverts(error("AdmissionNotApplicant", application, alice)):
        admission.withdraw(application, alice.tx)


def test_nobody_withdraws_from_a_vote(admission, commune, newcomer, alice, bob, carol):
    application, _ = contested(commune, newcomer, (alice, bob), carol)
    with reverts(error("AdmissionWrongStatus", application, CONTESTED)):
        admission.withdraw(application, newcomer.tx)


def test_nobody_withdraws_twice(admission, commune, newcomer, alice, bob):
    application = vouched(commune, newcomer, (alice, bob))
    admission.withdraw(application, newcomer.tx)
    with reverts(error("AdmissionWrongStatus", application, WITHDRAWN)):
        admission.withdraw(application, newcomer.tx)
