"""`propose`: who may open a proposal, and what it freezes."""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.assembly.drafts import described, many
from tests.contracts.clock import advance, now
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as, admit_directly, expel_directly, move_directly
from tests.contracts.people import (
    DAY,
    DEFEATED,
    FOOD,
    draft,
    opened,
    parameter_change,
    person,
    resolution,
    sponsored,
    to_end,
)


@pytest.fixture
def pending(commune, alice, bob):
    """Alice's ordinary proposal, which only some of these tests begin with."""
    return opened(commune, resolution(commune, alice), alice, [alice, bob])


def propose(commune, d, author):
    return commune.assembly.propose(*d.arguments, d.description, author.tx)


# ------------------------------------------------------------------ who


def test_stranger_cannot_propose(commune, alice, bob, stranger):
    d = sponsored(commune, resolution(commune, stranger), [alice, bob])
    with reverts(error("MembershipNotMember", stranger)):
        propose(commune, d, stranger)


def test_former_member_cannot_propose(commune, alice, bob, erin):
    d = sponsored(commune, resolution(commune, erin), [alice, bob])
    commune.membership.leave(erin.tx)
    with reverts(error("MembershipNotActive", 5, 3)):
        propose(commune, d, erin)


def test_member_on_probation_proposes_what_others_sponsor(commune, alice, bob, newcomer):
    admit_directly(commune, newcomer)
    proposal = opened(commune, resolution(commune, newcomer), newcomer, [alice, bob])
    assert commune.assembly.proposalProposer(proposal) == newcomer.address
    assert commune.assembly.liveProposalOf(6) == proposal


# ------------------------------------------------------------------ sponsors


@pytest.mark.parametrize("count", [0, 1])
def test_a_draft_without_two_sponsors_stays_a_draft(commune, founders, alice, count):
    d = sponsored(commune, resolution(commune, alice), founders[:count])
    with reverts(error("DocketNotSponsored", d.id(commune), count, 2)):
        propose(commune, d, alice)


def test_sponsor_who_left_does_not_count(commune, alice, bob, carol, dave):
    d = sponsored(commune, resolution(commune, alice), [bob, carol])
    commune.membership.leave(carol.tx)
    with reverts(error("DocketNotSponsored", d.id(commune), 1, 2)):
        propose(commune, d, alice)
    sponsored(commune, d, [dave])
    propose(commune, d, alice)


def test_sponsor_who_was_expelled_does_not_count(commune, alice, bob, carol):
    d = sponsored(commune, resolution(commune, alice), [bob, carol])
    expel_directly(commune, 3)
    with reverts(error("DocketNotSponsored", d.id(commune), 1, 2)):
        propose(commune, d, alice)


def test_sponsorship_lasts_thirty_days(commune, alice, bob, carol):
    d = sponsored(commune, resolution(commune, alice), [bob, carol])
    advance(30 * DAY + 1)
    with reverts(error("DocketNotSponsored", d.id(commune), 0, 2)):
        propose(commune, d, alice)


def test_a_commune_smaller_than_the_sponsors_it_takes_can_still_decide(commune, founders, alice, bob, carol):
    """Or it could not even lower their number."""
    commune.constitution.setParameter(communes.bytes32("assembly.sponsors"), 5, acting_as(commune.timelock))
    d = sponsored(commune, resolution(commune, alice), [alice, bob])
    for leaver in founders[3:]:
        commune.membership.leave(leaver.tx)
    with reverts(error("DocketNotSponsored", d.id(commune), 2, 3)):
        propose(commune, d, alice)
    sponsored(commune, d, [carol])
    propose(commune, d, alice)


# ------------------------------------------------------------------ one at a time, each its own


def test_an_author_has_one_live_proposal(commune, alice, bob, pending):
    d = sponsored(commune, resolution(commune, alice), [alice, bob])
    with reverts(error("AssemblyLiveProposal", 1, pending)):
        propose(commune, d, alice)
    to_end(commune, pending)
    assert commune.assembly.state(pending) == DEFEATED
    propose(commune, d, alice)


def test_moving_to_a_new_account_gives_no_second_live_proposal(commune, alice, bob, pending):
    new_account = person(9)
    move_directly(commune, 1, new_account)
    d = sponsored(commune, resolution(commune, new_account), [new_account, bob])
    with reverts(error("AssemblyLiveProposal", 1, pending)):
        propose(commune, d, new_account)


def test_nobody_takes_anothers_proposal_id(commune, alice, bob, carol):
    d = sponsored(commune, resolution(commune, alice), [alice, carol])
    with reverts(error("DocketDescriptionSuffix", bob)):
        propose(commune, d, bob)
    propose(commune, d, alice)
    assert commune.assembly.proposalProposer(d.id(commune)) == alice.address


def test_a_proposal_opens_once(commune, alice, bob, carol):
    d = resolution(commune, alice)
    proposal = opened(commune, d, alice, [bob, carol])
    commune.assembly.cancel(*d.arguments, d.description_hash, alice.tx)
    with reverts(error("AssemblyAlreadyOpened", proposal)):
        propose(commune, d, alice)


@pytest.mark.parametrize(
    "description",
    [
        "",
        "We resolve",
        "We resolve#proposer={me}",
        "We resolve#nonce=#proposer={me}",
        "We resolve#nonce=x1#proposer={me}",
        "We resolve#nonce=1 #proposer={me}",
        "We resolve#nonce=1#proposer={other}",
        "We resolve#nonce=1#proposer={me} ",
        "We resolve#nonce=1#proposer={me_short}",
        "We resolve#proposer={me}#nonce=1",
        "#nonce=1#proposer={me}#proposer={other}",
        "nonce=1#proposer={me}",
    ],
)
def test_a_description_ends_in_nonce_and_proposer(commune, alice, bob, description):
    me, other = alice.address.lower(), bob.address.lower()
    text = description.format(me=me, other=other, me_short=me[:-1])
    with reverts(error("DocketDescriptionSuffix", alice)):
        propose(commune, described(resolution(commune, alice), text), alice)


@pytest.mark.parametrize("text", ["#nonce=1#proposer={}", "x#nonce=00#nonce=123456789012345#proposer={}"])
def test_checksummed_and_lower_case_proposers_are_alike(commune, alice, bob, carol, text):
    for address in (alice.address, alice.address.lower(), "0x" + alice.address[2:].upper()):
        d = described(resolution(commune, alice), text.format(address))
        proposal = opened(commune, d, alice, [bob, carol])
        assert commune.assembly.proposalProposer(proposal) == alice.address
        commune.assembly.cancel(*d.arguments, d.description_hash, alice.tx)


# ------------------------------------------------------------------ what


@pytest.mark.parametrize("count", [0, 11])
def test_a_proposal_has_one_to_ten_actions(commune, alice, count):
    with reverts(error("ConstitutionActionCount", count, 10)):
        propose(commune, many(commune, alice, count), alice)


def test_ten_actions_are_fine(commune, alice, bob, carol):
    opened(commune, many(commune, alice, 10), alice, [bob, carol])


@pytest.mark.parametrize("values", [0, 2])
def test_every_action_has_a_target_a_value_and_a_call(commune, alice, values):
    d = resolution(commune, alice)
    with reverts(error("ConstitutionLengthMismatch", 1, values, 1)):
        commune.assembly.propose(d.targets, [0] * values, d.calldatas, d.description, alice.tx)
    with reverts(error("ConstitutionLengthMismatch", 1, 1, values)):
        commune.assembly.propose(d.targets, d.values, d.calldatas * values, d.description, alice.tx)


def test_a_call_that_wraps_its_real_call_is_refused(commune, alice, bob, carol):
    inner = commune.constitution.setParameter.encode_input(communes.bytes32("assembly.sponsors"), 1)
    data = commune.assembly.relay.encode_input(commune.constitution, 0, inner)
    d = sponsored(commune, draft(alice, (commune.assembly, data)), [bob, carol])
    selector = bytes.fromhex(communes.selector(commune.assembly, "relay")[2:])
    with reverts(error("ConstitutionWrappedCall", commune.assembly, selector)):
        propose(commune, d, alice)


def test_admissions_and_expulsions_are_opened_by_their_modules_only(commune, alice, bob, carol):
    for target, function, kind in ((commune.membership, "expel", 4), (commune.admission, "admitByVote", 3)):
        data = getattr(target, function).encode_input(1)
        d = sponsored(commune, draft(alice, (target, data)), [bob, carol])
        with reverts(error("DocketModuleOpensThis", kind)):
            propose(commune, d, alice)


# ------------------------------------------------------------------ what it freezes


def test_an_ordinary_proposal_freezes_the_ordinary_rule_and_its_topic(commune, alice, bob, carol):
    d = sponsored(commune, resolution(commune, alice), [bob, carol], FOOD)
    tx = propose(commune, d, alice)
    terms = commune.assembly.termsOf(d.id(commune)).dict()
    assert terms == {
        "kind": communes.ORDINARY,
        "topic": FOOD,
        "season": 1,
        "quorum": 3,
        "forHeads": 2,
        "electorateAt": tx.timestamp - 1,
        "approvalPpm": 500_000,
        "follow": DAY,
        "queue": DAY,
        "lateExtension": DAY,
        "expiryHours": 720,
    }
    assert tx.events["ProposalOpened"]["terms"] == tuple(terms.values())
    assert tx.events["ProposalCreated"]["voteStart"] == tx.timestamp + DAY
    assert tx.events["ProposalCreated"]["voteEnd"] == tx.timestamp + 5 * DAY


def test_a_constitutional_proposal_freezes_the_constitutional_rule(commune, alice, bob, carol):
    d = sponsored(commune, parameter_change(commune, alice, "assembly.sponsors", 3), [bob, carol])
    tx = propose(commune, d, alice)
    terms = commune.assembly.termsOf(d.id(commune))
    assert (terms["kind"], terms["quorum"], terms["forHeads"]) == (communes.CONSTITUTIONAL, 3, 0)
    assert (terms["approvalPpm"], terms["follow"], terms["queue"]) == (666_666, 0, 2 * DAY)
    assert tx.events["ProposalCreated"]["voteStart"] == tx.timestamp + 3 * DAY
    assert tx.events["ProposalCreated"]["voteEnd"] == tx.timestamp + 10 * DAY


def test_a_person_vote_starts_at_once_and_needs_no_queue(commune, alice, bob, carol):
    data = commune.recovery.recoverByVote.encode_input(5, person(9).address)
    d = sponsored(commune, draft(alice, (commune.recovery, data)), [bob, carol])
    tx = propose(commune, d, alice)
    assert commune.assembly.termsOf(d.id(commune))["kind"] == communes.PERSON
    assert tx.events["ProposalCreated"]["voteStart"] == tx.timestamp
    assert tx.events["ProposalCreated"]["voteEnd"] == tx.timestamp + 3 * DAY
    assert not commune.assembly.proposalNeedsQueuing(d.id(commune))


def test_a_module_fixes_no_electorate_but_that_of_its_own_votes(commune, alice, bob):
    """What members propose has the electorate of the second before, whatever a module says of its id."""
    d = sponsored(commune, resolution(commune, alice), (alice, bob))
    commune.docket.fixElectorate(d.id(commune), now() - DAY, acting_as(commune.panels))
    tx = commune.assembly.propose(*d.arguments, d.description, alice.tx)
    assert commune.assembly.electorateAt(d.id(commune)) == tx.timestamp - 1
