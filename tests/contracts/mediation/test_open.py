"""Opening a case: against whom, for what, how often."""

import pytest
from brownie import reverts, web3
from eth_abi import encode

from scripts import commune as communes
from tests.contracts.errors import error
from tests.contracts.mediation.steps import (
    AWARD,
    DRAWING,
    EVIDENCE,
    EXPULSION,
    NOTHING,
    OVERTURN,
    PENALTY,
    POINT,
    in_electorate,
    opened_case,
    remedy,
)
from tests.contracts.membership.steps import admit_directly, expel_directly, fall_silent, to_season
from tests.contracts.people import GENERAL, joined, member_id, person


def test_a_case_says_who_what_and_who_may_help(commune, mediation, alice, bob, carol):
    tx = mediation.open([2, 3], GENERAL, remedy(3), EVIDENCE, alice.tx)
    case = tx.events["CaseOpened"]["caseId"]
    assert (tx.events["CaseOpened"]["claimant"], tx.events["CaseOpened"]["parties"]) == (1, (1, 2, 3))
    opened = mediation.caseOf(case)
    assert tx.events["CaseOpened"]["opened"][:3] == (1, 0, GENERAL)
    assert (opened["state"], opened["claimant"], opened["pool"]) == (DRAWING, 1, 5)
    assert (opened["openedAt"], opened["electorateAt"]) == (tx.timestamp, tx.timestamp - 1)
    assert opened["remedy"] == (PENALTY, 3, 10 * POINT)
    assert mediation.partiesOf(case) == (1, 2, 3)
    assert [mediation.isParty(case, member) for member in range(7)] == [0, 1, 1, 1, 0, 0, 0]
    assert [mediation.isEligible(case, member) for member in range(7)] == [0, 0, 0, 0, 1, 1, 0]
    assert mediation.eligibleCount(case) == 2


def test_the_draws_pool_is_who_may_help(commune, mediation, newcomer, alice, bob, carol, dave):
    joined(commune, newcomer, (carol, dave))
    tx = mediation.open([6, 2], GENERAL, remedy(6), EVIDENCE, alice.tx)
    assert mediation.vouchersOf(tx.events["CaseOpened"]["caseId"]) == (3, 4)
    types = ("uint48", "uint32", "uint32[]", "uint32[]")
    pool = web3.keccak(encode(types, (tx.timestamp - 1, 6, [1, 6, 2], [3, 4])))
    assert bytes(tx.events["DrawOpened"]["pool"]) == bytes(pool)
    assert tx.events["DrawOpened"]["size"] == 6
    text = f"Mediator 1 for case {tx.events['CaseOpened']['caseId']}"
    assert tx.events["DrawOpened"]["text"] == "0x" + communes.text_hash(text)


def test_nobody_has_a_case_against_themselves(mediation, alice):
    with reverts(error("MediationAgainstSelf", 1)):
        mediation.open([2, 1], GENERAL, remedy(2), EVIDENCE, alice.tx)


@pytest.mark.parametrize("leave", [True, False], ids=["left", "expelled"])
def test_nobody_has_a_case_against_who_is_gone(commune, mediation, alice, bob, leave):
    if leave:
        commune.membership.leave(bob.tx)
    else:
        expel_directly(commune, 2)
    with reverts(error("MediationPartyGone", 2)):
        mediation.open([2], GENERAL, remedy(2), EVIDENCE, alice.tx)


def test_nobody_has_a_case_against_who_never_was(mediation, alice):
    with reverts(error("MediationPartyGone", 6)):
        mediation.open([6], GENERAL, remedy(6), EVIDENCE, alice.tx)


def test_who_is_dormant_can_be_a_party(commune, mediation, alice, bob, carol, dave):
    fall_silent(commune, 2)
    assert mediation.isParty(opened_case(commune, alice, bob), 2)


@pytest.mark.parametrize("parties", [0, 8, 10_000])
def test_a_case_has_one_to_seven_respondents(mediation, alice, parties):
    with reverts(error("MediationParties", parties, 7)):
        mediation.open(list(range(2, 2 + parties)), GENERAL, remedy(2), EVIDENCE, alice.tx)


def test_seven_are_not_too_many(commune, mediation, alice):
    admit_directly(commune, *map(person, range(6, 9)))
    tx = mediation.open(list(range(2, 9)), GENERAL, remedy(8), EVIDENCE, alice.tx)
    assert mediation.eligibleCount(tx.events["CaseOpened"]["caseId"]) == 0


def test_nobody_is_a_party_twice(mediation, alice):
    with reverts(error("MediationPartyTwice", 2)):
        mediation.open([2, 3, 2], GENERAL, remedy(2), EVIDENCE, alice.tx)


@pytest.mark.parametrize(
    ("kind", "member", "amount"),
    [
        (PENALTY, 2, 0),
        (PENALTY, 2, 100 * POINT + 1),
        (AWARD, 2, 0),
        (PENALTY, 1, POINT),
        (AWARD, 1, POINT),
        (EXPULSION, 1, 0),
        (PENALTY, 4, POINT),
        (PENALTY, 0, POINT),
        (EXPULSION, 2, 1),
        (OVERTURN, 2, 0),
        (OVERTURN, 0, 0),
    ],
)
def test_what_is_asked_for_is_of_a_respondent_and_within_bounds(mediation, alice, kind, member, amount):
    """An award goes to the claimant, so it is a respondent's loss too; reviews are challenged."""
    with reverts(error("MediationRemedy", kind, member, amount)):
        mediation.open([2, 3], GENERAL, (kind, member, amount), EVIDENCE, alice.tx)


def test_as_much_as_a_panel_may_grant_can_be_asked_for(commune, alice, bob):
    assert commune.mediation.caseOf(opened_case(commune, alice, bob, points=100))["remedy"][2] == 100 * POINT


def test_a_case_needs_a_topic_and_evidence(mediation, alice):
    with reverts(error("MediationUnknownTopic", 9)):
        mediation.open([2], 9, remedy(2), EVIDENCE, alice.tx)
    with reverts(error("MediationEmptyHash")):
        mediation.open([2], GENERAL, remedy(2), NOTHING, alice.tx)


def test_two_cases_a_season_and_then_no_more(commune, mediation, alice, bob, carol):
    """Copying a case over and over comes to an end soon."""
    assert mediation.casesLeft(1) == 2
    opened_case(commune, alice, bob)
    opened_case(commune, alice, bob)
    assert mediation.casesLeft(1) == 0
    season = commune.constitution.currentSeason()
    with reverts(error("MediationCasesExhausted", 1, season, 2)):
        mediation.open([2], GENERAL, remedy(2), EVIDENCE, alice.tx)
    assert mediation.casesLeft(2) == 2
    to_season(commune, season + 1)
    assert mediation.casesLeft(1) == 2
    opened_case(commune, alice, bob)


def test_who_is_on_probation_can_open_a_case(commune, newcomer, alice, bob, carol):
    """Who is new needs help, too."""
    member = joined(commune, newcomer, (bob, carol))
    case = opened_case(commune, newcomer, alice)
    assert commune.mediation.caseOf(case)["claimant"] == member


def test_who_is_no_active_member_cannot(commune, mediation, stranger, bob):
    with reverts(error("MembershipNotMember", stranger)):
        mediation.open([2], GENERAL, remedy(2), EVIDENCE, stranger.tx)
    commune.membership.leave(bob.tx)
    with reverts(error("MembershipNotActive", 2, 3)):
        mediation.open([1], GENERAL, remedy(1), EVIDENCE, bob.tx)


def test_an_unknown_case_is_refused(mediation):
    with reverts(error("MediationUnknown", 1)):
        mediation.caseOf(1)
    assert (mediation.partiesOf(1), mediation.isEligible(1, 1)) == ((), False)


def test_whoever_joins_in_the_second_it_opens_is_not_in_it(commune, mediation, newcomer, alice, bob):
    admit_directly(commune, newcomer)
    in_electorate(commune)
    case = opened_case(commune, alice, bob)
    assert mediation.eligibleCount(case) == 4
    assert not mediation.isEligible(case, member_id(commune, newcomer))
