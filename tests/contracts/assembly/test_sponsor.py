"""`sponsor`: drafts find members who stand by them, under one topic."""

import pytest
from brownie import reverts

from tests.contracts.clock import advance
from tests.contracts.errors import error
from tests.contracts.membership.steps import admit_directly
from tests.contracts.people import DAY, FOOD, GENERAL, HOUSING, opened, resolution

DRAFT = 12345


def test_sponsors_are_collected_under_their_topic(docket, alice, bob):
    tx = docket.sponsor(DRAFT, FOOD, alice.tx)
    assert tx.events["Sponsored"] == {"proposalId": DRAFT, "memberId": 1, "topic": FOOD, "sponsors": 1}
    assert docket.sponsor(DRAFT, FOOD, bob.tx).events["Sponsored"]["sponsors"] == 2
    assert docket.sponsorsOf(DRAFT) == ([1, 2], FOOD)


def test_nobody_sponsors_twice(docket, alice):
    docket.sponsor(DRAFT, FOOD, alice.tx)
    with reverts(error("DocketSponsorTwice", DRAFT, 1)):
        docket.sponsor(DRAFT, FOOD, alice.tx)


def test_all_sponsors_name_the_same_topic(docket, alice, bob):
    docket.sponsor(DRAFT, FOOD, alice.tx)
    with reverts(error("DocketTopicMismatch", DRAFT, GENERAL, FOOD)):
        docket.sponsor(DRAFT, GENERAL, bob.tx)


@pytest.mark.parametrize("topic", [0, HOUSING + 1, 65535])
def test_a_topic_the_constitution_does_not_list_is_refused(docket, alice, topic):
    with reverts(error("DocketUnknownTopic", topic)):
        docket.sponsor(DRAFT, topic, alice.tx)


def test_stranger_does_not_sponsor(docket, stranger):
    with reverts(error("MembershipNotMember", stranger)):
        docket.sponsor(DRAFT, FOOD, stranger.tx)


def test_member_on_probation_does_not_sponsor(commune, docket, newcomer):
    admit_directly(commune, newcomer)
    until = commune.membership.probationUntil(6)
    with reverts(error("MembershipOnProbation", 6, until)):
        docket.sponsor(DRAFT, FOOD, newcomer.tx)


def test_a_draft_has_at_most_five_sponsors(commune, docket, founders, newcomer):
    admit_directly(commune, newcomer)
    advance(90 * DAY)
    for founder in founders:
        docket.sponsor(DRAFT, FOOD, founder.tx)
    with reverts(error("DocketSponsorsFull", DRAFT, 5)):
        docket.sponsor(DRAFT, FOOD, newcomer.tx)


def test_a_sponsorship_lasts_thirty_days_and_then_starts_anew(docket, alice, bob):
    docket.sponsor(DRAFT, FOOD, alice.tx)
    advance(30 * DAY - 10)
    with reverts(error("DocketSponsorTwice", DRAFT, 1)):
        docket.sponsor(DRAFT, FOOD, alice.tx)
    advance(11)
    docket.sponsor(DRAFT, HOUSING, bob.tx)
    assert docket.sponsorsOf(DRAFT) == ([2], HOUSING)
    docket.sponsor(DRAFT, HOUSING, alice.tx)
    assert docket.sponsorsOf(DRAFT) == ([2, 1], HOUSING)


def test_an_open_proposal_takes_no_sponsors(commune, docket, alice, bob, carol, dave):
    proposal = opened(commune, resolution(commune, alice), alice, [bob, carol])
    with reverts(error("DocketAlreadyProposed", proposal)):
        docket.sponsor(proposal, GENERAL, dave.tx)
    assert docket.sponsorsOf(proposal) == ([], 0)


def test_only_the_assembly_opens_a_draft(commune, docket, alice):
    d = resolution(commune, alice)
    with reverts(error("DocketOnlyAssembly", alice)):
        docket.open(1, 1, (alice.address, *d.arguments, d.description), alice.tx)


def test_a_draft_has_no_pin_before_it_opens(commune, docket, alice, bob, carol):
    d = resolution(commune, alice)
    docket.sponsor(d.id(commune), FOOD, bob.tx)
    assert int(docket.pinOf(d.id(commune)).hex(), 16) == 0
    opened(commune, d, alice, [carol], FOOD)
    assert docket.pinOf(d.id(commune)) == commune.constitution.pinOf([commune.constitution])
