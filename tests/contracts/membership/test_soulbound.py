"""The token of a membership: read by every wallet, moved by none."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from tests.contracts.errors import error
from tests.contracts.people import person


@pytest.mark.parametrize("by", [1, 2], ids=["by its holder", "by another member"])
def test_membership_is_not_transferred(membership, alice, bob, by):
    sender = person(by).tx
    with reverts(error("MembershipSoulbound")):
        membership.transferFrom(alice.address, bob.address, 1, sender)
    with reverts(error("MembershipSoulbound")):
        membership.safeTransferFrom(alice.address, bob.address, 1, sender)
    with reverts(error("MembershipSoulbound")):
        membership.safeTransferFrom(alice.address, bob.address, 1, b"", sender)


def test_membership_is_not_lent_to_an_operator(membership, alice, bob):
    with reverts(error("MembershipSoulbound")):
        membership.approve(bob.address, 1, alice.tx)
    with reverts(error("MembershipSoulbound")):
        membership.setApprovalForAll(bob.address, True, alice.tx)
    assert membership.getApproved(1) == ZERO_ADDRESS
    assert not membership.isApprovedForAll(alice.address, bob.address)


def test_votes_are_not_delegated_by_token(membership, alice, bob):
    with reverts(error("MembershipNoDelegation")):
        membership.delegate(bob.address, alice.tx)
    with reverts(error("MembershipNoDelegation")):
        membership.delegateBySig(bob.address, 0, 2**40, 27, b"\1" * 32, b"\2" * 32, alice.tx)
    assert membership.delegates(alice.address) == alice.address


def test_token_is_owned_by_its_member_and_locked(membership, constitution_uri, alice, stranger):
    assert membership.ownerOf(1) == alice.address
    assert membership.balanceOf(alice.address) == 1
    assert membership.balanceOf(stranger.address) == 0
    assert membership.locked(1)
    assert membership.tokenURI(1) == constitution_uri + "/members/1"


@pytest.fixture
def constitution_uri(commune):
    return commune.constitution.daoURI()


def test_there_is_no_token_of_someone_who_left(membership, alice):
    membership.leave(alice.tx)
    for token in (1, 99, 2**32 + 2):
        for read in (membership.ownerOf, membership.locked, membership.tokenURI, membership.getApproved):
            with reverts(error("ERC721NonexistentToken", token)):
                read(token)
    with reverts(error("ERC721InvalidOwner", ZERO_ADDRESS)):
        membership.balanceOf(ZERO_ADDRESS)


@pytest.mark.parametrize(
    "interface",
    [
        pytest.param("0x01ffc9a7", id="ERC-165"),
        pytest.param("0x80ac58cd", id="ERC-721"),
        pytest.param("0x5b5e139f", id="ERC-721 metadata"),
        pytest.param("0xb45a3c0e", id="ERC-5192"),
        pytest.param("0xe90fb3f6", id="ERC-5805 votes"),
        pytest.param("0xda287a1d", id="ERC-6372"),
    ],
)
def test_membership_says_which_standards_it_keeps(membership, interface):
    assert membership.supportsInterface(interface)
    assert not membership.supportsInterface("0xffffffff")
