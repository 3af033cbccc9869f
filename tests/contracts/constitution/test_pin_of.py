"""`pinOf`: what a proposal remembers of its targets' code."""

from brownie import web3

from tests.contracts.code import code_hash, set_code

NOBODY = "0x" + "7b" * 20


def pin(constitution, targets):
    return bytes(constitution.pinOf(targets))


def test_the_pin_is_the_hash_of_all_code_hashes_in_order(commune, constitution):
    a, b = commune.membership, commune.docket
    assert pin(constitution, [a, b]) == bytes(web3.keccak(code_hash(a) + code_hash(b)))
    assert pin(constitution, [b, a]) == bytes(web3.keccak(code_hash(b) + code_hash(a)))


def test_no_code_is_one_value_whether_the_account_exists_or_not(constitution, stranger):
    none = bytes(web3.keccak(bytes(32)))
    assert pin(constitution, [NOBODY]) == none
    stranger.account.transfer(NOBODY, 1)
    assert pin(constitution, [NOBODY]) == none
    assert pin(constitution, [stranger.address]) == none


def test_code_that_appears_changes_the_pin(constitution):
    before = pin(constitution, [NOBODY])
    set_code(NOBODY, "0x00")
    assert pin(constitution, [NOBODY]) != before
    set_code(NOBODY, "0x")
