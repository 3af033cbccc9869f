"""Withdrawing one's own application."""

import brownie

WITHDRAWN, CONTESTED = 6, 3


def test_applicant_withdraws(admission, vouched, newcomer):
    application = vouched(newcomer)
    tx = admission.withdraw(application, {"from": newcomer})

    assert tx.events["ApplicationWithdrawn"]["applicationId"] == application
    assert admission.application(application)["status"] == WITHDRAWN


def test_nobody_else_withdraws_it(admission, vouched, newcomer, alice):
    application = vouched(newcomer)
    with brownie.reverts(revert_pattern=f"(?i)AdmissionNotApplicant: {application}, {alice}"):
        admission.withdraw(application, {"from": alice})


def test_nobody_withdraws_from_a_vote(admission, contested, newcomer):
    application, _ = contested(newcomer)
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {CONTESTED}"):
        admission.withdraw(application, {"from": newcomer})


def test_nobody_withdraws_twice(admission, vouched, newcomer):
    application = vouched(newcomer)
    admission.withdraw(application, {"from": newcomer})
    with brownie.reverts(f"AdmissionWrongStatus: {application}, {WITHDRAWN}"):
        admission.withdraw(application, {"from": newcomer})
