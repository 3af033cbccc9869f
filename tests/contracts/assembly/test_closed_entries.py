"""What the assembly inherits and has closed, and what only its modules may enter."""

from brownie import reverts

from scripts import commune as communes
from tests.contracts.errors import error
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import resolution


def test_nothing_is_relayed_not_even_for_the_timelock(commune, assembly, alice):
    selector = bytes.fromhex(communes.selector(assembly, "relay")[2:])
    for sender in (alice.tx, acting_as(commune.timelock)):
        with reverts(error("AssemblyDisabled", selector)):
            assembly.relay(commune.constitution, 0, b"", sender)


def test_only_openers_open_votes_without_sponsors(commune, assembly, alice, stranger):
    for who in (alice, stranger):
        d = resolution(commune, who)
        with reverts(error("AssemblyOnlyOpener", who)):
            assembly.openFor(*d.arguments, d.description, who.tx)
    d = resolution(commune, commune.timelock)
    with reverts(error("AssemblyOnlyOpener", commune.timelock)):
        assembly.openFor(*d.arguments, d.description, acting_as(commune.timelock))


def test_a_module_that_is_no_opener_any_more_opens_nothing(commune, assembly):
    assembly.setOpener(commune.docket, False, acting_as(commune.timelock))
    d = resolution(commune, commune.docket)
    with reverts(error("AssemblyOnlyOpener", commune.docket)):
        assembly.openFor(*d.arguments, d.description, acting_as(commune.docket))


def test_an_opener_signs_with_its_own_address(commune, assembly, alice):
    d = resolution(commune, alice)
    with reverts(error("DocketDescriptionSuffix", commune.admission)):
        assembly.openFor(*d.arguments, d.description, acting_as(commune.admission))


def test_the_assembly_takes_no_tokens(assembly, accounts):
    with reverts("GovernorDisabledDeposit: "):
        assembly.onERC721Received(accounts[0], accounts[0], 1, b"", {"from": accounts[0]})


def test_powers_are_for_the_caller_itself(commune, assembly, stranger):
    for call in (
        lambda: assembly.setOpener(stranger.address, True, stranger.tx),
        lambda: assembly.setFollower(stranger.address, stranger.tx),
    ):
        with reverts(error("AccessManagedUnauthorized", stranger)):
            call()
