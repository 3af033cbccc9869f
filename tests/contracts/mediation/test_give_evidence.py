"""Evidence: by hash, from parties, a bounded number of times."""

import pytest
from brownie import reverts

from tests.contracts.errors import error
from tests.contracts.mediation.steps import EVIDENCE, NOTHING, WITHDRAWN
from tests.contracts.membership.steps import expel_directly


def test_parties_add_evidence(mediation, case, bob):
    tx = mediation.giveEvidence(case, EVIDENCE, bob.tx)
    assert (tx.events["EvidenceGiven"]["memberId"], tx.events["EvidenceGiven"]["evidence"]) == (2, EVIDENCE)


def test_eight_times_each(mediation, case, alice, bob):
    for _ in range(8):
        mediation.giveEvidence(case, EVIDENCE, bob.tx)
    with reverts(error("MediationEvidenceFull", case, 2, 8)):
        mediation.giveEvidence(case, EVIDENCE, bob.tx)
    mediation.giveEvidence(case, EVIDENCE, alice.tx)


@pytest.mark.parametrize("convene", [False, True])
def test_also_who_was_expelled_and_while_a_panel_decides(commune, mediation, case, bob, convened, convene):
    expel_directly(commune, 2)
    if convene:
        convened(case)
    mediation.giveEvidence(case, EVIDENCE, bob.tx)


def test_others_have_none(mediation, case, carol, stranger):
    for who in (carol, stranger):
        with reverts(error("MediationNotParty", case, who)):
            mediation.giveEvidence(case, EVIDENCE, who.tx)


def test_an_empty_hash_shows_nothing(mediation, case, alice):
    with reverts(error("MediationEmptyHash")):
        mediation.giveEvidence(case, NOTHING, alice.tx)


def test_a_case_that_was_taken_back_needs_none(mediation, case, alice):
    mediation.withdraw(case, alice.tx)
    with reverts(error("MediationWrongState", case, WITHDRAWN)):
        mediation.giveEvidence(case, EVIDENCE, alice.tx)
