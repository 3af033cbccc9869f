"""`Founding`: announce, found, constitute: the deployer's one task, and nothing beyond it.

One file for three functions: they are the steps of one thing, and every test needs a commune not yet founded.
"""

import pytest
from brownie import reverts

from scripts import commune as communes
from tests.contracts.errors import error
from tests.contracts.people import person

ANYWHERE = b"anything".ljust(32, b"\0")


@pytest.fixture(scope="module")
def commune(deployer, constitution_file):
    """Deployed and wired, not announced to anybody yet."""
    return communes.deploy(deployer, constitution_file)


@pytest.fixture
def announced(commune, deployer, founders):
    communes.announce(commune, [f.address for f in founders], deployer)
    return commune


@pytest.fixture
def renounced(announced, deployer):
    communes.renounce(announced, deployer)
    return announced


@pytest.fixture
def signatures(announced, founders):
    message = communes.founding_message(announced, [f.address for f in founders])
    return [f.sign(message) for f in founders]


@pytest.fixture
def addresses(founders):
    return [f.address for f in founders]


# ------------------------------------------------------------------ the way it goes


def test_founders_sign_in_pages_and_the_commune_starts(renounced, deployer, addresses, signatures):
    founding = renounced.founding
    founding.found(addresses[:2], signatures[:2], {"from": deployer})
    tx = founding.found(addresses[2:], signatures[2:], {"from": deployer})
    assert [e["memberId"] for e in tx.events["FounderSigned"]] == [3, 4, 5]
    signed = renounced.constitution.constitutionHash()
    tx = founding.constitute({"from": deployer})
    assert tx.events["Constituted"]["founders"] == 5
    assert tx.events["Constituted"]["constitutionHash"] == signed
    assert renounced.constitution.currentSeason() == 1


def test_nothing_works_before_the_commune_is_constituted(
    renounced, deployer, addresses, signatures, newcomer
):
    renounced.founding.found(addresses, signatures, {"from": deployer})
    with reverts("ConstitutionNotConstituted: "):
        renounced.constitution.currentSeason()
    with reverts("ConstitutionNotConstituted: "):
        renounced.admission.applyToJoin(communes.text_hash("me"), newcomer.tx)


# ------------------------------------------------------------------ only the deployer


def test_nobody_but_the_deployer_founds(announced, stranger, addresses, signatures, deployer):
    refusal = error("FoundingOnlyDeployer", stranger, deployer)
    with reverts(refusal):
        announced.founding.announce(communes.founders_hash(addresses), 5, stranger.tx)
    with reverts(refusal):
        announced.founding.found(addresses, signatures, stranger.tx)
    with reverts(refusal):
        announced.founding.constitute(stranger.tx)


def test_founders_are_announced_once(announced, deployer, addresses):
    chain_hash = communes.founders_hash(addresses)
    with reverts(error("FoundingAlreadyAnnounced", chain_hash)):
        announced.founding.announce(chain_hash, 5, {"from": deployer})


def test_two_people_are_no_commune(commune, deployer, addresses):
    with reverts(error("FoundingTooFewFounders", 2, 3)):
        commune.founding.announce(communes.founders_hash(addresses[:2]), 2, {"from": deployer})


def test_nobody_signs_before_the_list_is_fixed(commune, deployer):
    with reverts("FoundingNotAnnounced: "):
        commune.founding.foundingDigest()
    with reverts("FoundingNotAnnounced: "):
        commune.founding.constitute({"from": deployer})


# ------------------------------------------------------------------ signatures


def test_a_founder_without_signature_stops_the_founding(renounced, deployer, addresses, signatures):
    with reverts(error("FoundingBadSignature", addresses[1])):
        renounced.founding.found(addresses, [signatures[0], b"", *signatures[2:]], {"from": deployer})


def test_a_signature_by_someone_else_stops_the_founding(renounced, deployer, addresses, signatures):
    swapped = [signatures[1], signatures[0], *signatures[2:]]
    with reverts(error("FoundingBadSignature", addresses[0])):
        renounced.founding.found(addresses, swapped, {"from": deployer})


def test_a_signature_for_another_list_of_founders_is_none(renounced, deployer, founders, addresses):
    message = communes.founding_message(renounced, list(reversed(addresses)))
    with reverts(error("FoundingBadSignature", addresses[0])):
        renounced.founding.found(addresses[:1], [founders[0].sign(message)], {"from": deployer})


def test_a_signature_for_another_chain_is_none(renounced, deployer, founders, addresses):
    message = communes.founding_message(renounced, addresses)
    message["domain"]["chainId"] += 1
    with reverts(error("FoundingBadSignature", addresses[0])):
        renounced.founding.found(addresses[:1], [founders[0].sign(message)], {"from": deployer})


def test_founders_in_another_order_than_announced_are_no_commune(renounced, deployer, addresses, signatures):
    order = [1, 0, 2, 3, 4]
    renounced.founding.found(
        [addresses[i] for i in order], [signatures[i] for i in order], {"from": deployer}
    )
    found = communes.founders_hash([addresses[i] for i in order])
    with reverts(error("FoundingHashMismatch", found, communes.founders_hash(addresses))):
        renounced.founding.constitute({"from": deployer})


def test_nobody_founds_twice(renounced, deployer, addresses, signatures):
    with reverts(error("MembershipAccountTaken", addresses[0], 1)):
        renounced.founding.found([addresses[0]] * 2, [signatures[0]] * 2, {"from": deployer})


def test_a_missing_founder_keeps_the_commune_from_starting(renounced, deployer, addresses, signatures):
    renounced.founding.found(addresses[:4], signatures[:4], {"from": deployer})
    with reverts(error("FoundingIncomplete", 4, 5)):
        renounced.founding.constitute({"from": deployer})


def test_every_founder_needs_one_signature(renounced, deployer, addresses, signatures):
    with reverts(error("FoundingLengthMismatch", 5, 4)):
        renounced.founding.found(addresses, signatures[:4], {"from": deployer})


# ------------------------------------------------------------------ the deployer's powers


@pytest.mark.parametrize("role", [communes.ADMIN, *(role for role, _, _ in communes.ROLES.values())])
def test_the_deployer_gives_up_every_power_before_the_first_founder_is_in(
    announced, deployer, addresses, signatures, role
):
    if role != communes.ADMIN:
        announced.powers.grantRole(role, deployer, 0, {"from": deployer})
        communes.renounce(announced, deployer)
    with reverts(error("FoundingDeployerStillHoldsPower", deployer, role)):
        announced.founding.found(addresses, signatures, {"from": deployer})


def test_a_constitution_changed_after_the_announcement_is_not_what_was_signed(
    announced, deployer, addresses, signatures
):
    signed = announced.constitution.constitutionHash()
    law = announced.constitution
    law.setParameter(communes.bytes32("assembly.sponsors"), 1, {"from": deployer})
    communes.renounce(announced, deployer)
    announced.founding.found(addresses, signatures, {"from": deployer})
    with reverts(error("FoundingConstitutionChanged", law.constitutionHash(), signed)):
        announced.founding.constitute({"from": deployer})


def test_someone_who_signed_nothing_is_no_founder(announced, deployer, addresses, signatures, stranger):
    announced.powers.grantRole(communes.ROLES["FOUNDING"][0], deployer, 0, {"from": deployer})
    announced.membership.admitFounder(stranger.address, {"from": deployer})
    announced.powers.renounceRole(communes.ROLES["FOUNDING"][0], deployer, {"from": deployer})
    communes.renounce(announced, deployer)
    announced.founding.found(addresses, signatures, {"from": deployer})
    with reverts(error("FoundingUnsignedMembers", 6, 5)):
        announced.founding.constitute({"from": deployer})


def test_the_deployer_can_do_nothing_after_the_founding(renounced, deployer, addresses, signatures):
    late = person(20)
    founding = renounced.founding
    founding.found(addresses, signatures, {"from": deployer})
    message = communes.founding_message(renounced, addresses)
    for constituted in (False, True):
        if constituted:
            founding.constitute({"from": deployer})
        with reverts(error("FoundingTooManyFounders", 6, 5)):
            founding.found([late.address], [late.sign(message)], {"from": deployer})
        with reverts(error("AccessManagedUnauthorized", deployer)):
            renounced.constitution.setParameter(ANYWHERE, 1, {"from": deployer})
        with reverts(error("AccessManagerUnauthorizedAccount", deployer, 0)):
            renounced.powers.grantRole(0, deployer, 0, {"from": deployer})
    with reverts(error("ConstitutionAlreadyConstituted", renounced.constitution.constitutedAt())):
        founding.constitute({"from": deployer})


# ------------------------------------------------------------------ what they sign


def test_the_hash_that_founders_sign_changes_with_whatever_the_deployer_sets(commune, deployer, stranger):
    law, sender = commune.constitution, {"from": deployer}
    seen = [law.constitutionHash()]
    for change in (
        lambda: law.setParameter(communes.bytes32("assembly.sponsors"), 3, sender),
        lambda: law.setRule(stranger.address, "0x12345678", communes.ORDINARY, sender),
        lambda: law.addTopic("care", sender),
        lambda: law.setModule(ANYWHERE, stranger.address, sender),
        lambda: law.setCodeHashRefusal(ANYWHERE, True, sender),
        lambda: law.setCharter(ANYWHERE, sender),
    ):
        change()
        assert law.constitutionHash() not in seen
        seen.append(law.constitutionHash())
