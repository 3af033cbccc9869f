"""The check that every signed action and ballot goes through: signatures of every kind of wallet."""

import pytest
from brownie import reverts, web3
from brownie.exceptions import VirtualMachineError

DIGEST = "0x" + "d1" * 32
CAP = 100_000
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture(scope="module")
def check(SignatureCheck, accounts):
    return SignatureCheck.deploy({"from": accounts[0]})


@pytest.fixture
def wallet_of(SigningWallet, accounts):
    """Deploys a contract wallet for a person."""

    def deploy(owner, gas=0, length=32):
        return SigningWallet.deploy(owner.address, gas, length, {"from": accounts[0]})

    return deploy


def signed(who):
    return bytes(who.key.unsafe_sign_hash(DIGEST).signature)


def test_a_key_signs_for_its_own_account_only(check, alice, stranger):
    assert check.isValid(alice.address, DIGEST, signed(alice), CAP)
    assert not check.isValid(stranger.address, DIGEST, signed(alice), CAP)
    assert not check.isValid(alice.address, "0x" + "d2" * 32, signed(alice), CAP)


def test_a_broken_signature_is_nobodys(check, alice):
    for broken in (b"", signed(alice)[:-1], signed(alice) + b"\0", bytes(65), bytes(64) + b"\x1b"):
        assert not check.isValid(alice.address, DIGEST, broken, CAP)
        assert not check.isValid("0x" + "00" * 20, DIGEST, broken, CAP)


def test_the_mirrored_form_of_a_signature_is_refused(check, alice):
    signature = signed(alice)
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    assert not check.isValid(
        alice.address, DIGEST, r + (ORDER - s).to_bytes(32, "big") + bytes([55 - v]), CAP
    )


def test_a_wallet_accepts_what_its_owner_signed(check, alice, stranger, wallet_of):
    wallet = wallet_of(alice)
    assert check.isValid(wallet, DIGEST, signed(alice), CAP)
    assert not check.isValid(wallet, DIGEST, signed(stranger), CAP)
    assert not check.isValid(wallet, DIGEST, b"", CAP)


def test_a_contract_that_is_no_wallet_signs_nothing(check, alice):
    assert not check.isValid(check, DIGEST, signed(alice), CAP)


@pytest.mark.parametrize("length", [0, 4, 31])
def test_an_answer_of_fewer_than_32_bytes_is_no_consent(check, alice, wallet_of, length):
    assert not check.isValid(wallet_of(alice, length=length), DIGEST, signed(alice), CAP)


def test_a_flood_of_an_answer_is_read_but_not_copied(check, alice, wallet_of):
    """The flood costs the wallet 28,000 for its own memory; copying it would cost the caller 37,000 more."""
    plain, flooding = (wallet_of(alice, length=length) for length in (32, 100_000))
    costs = [
        web3.eth.estimate_gas(
            {"to": str(check), "data": check.isValid.encode_input(wallet, DIGEST, signed(alice), CAP)}
        )
        for wallet in (plain, flooding)
    ]
    assert check.isValid(flooding, DIGEST, signed(alice), CAP)
    assert costs[1] - costs[0] < 35_000


def test_a_wallet_gets_the_capped_gas_and_no_more(check, alice, wallet_of):
    frugal, greedy, burning = (wallet_of(alice, gas=gas) for gas in (90_000, 110_000, 2**255))
    assert check.isValid(frugal, DIGEST, signed(alice), CAP)
    assert not check.isValid(greedy, DIGEST, signed(alice), CAP)
    assert check.isValid(greedy, DIGEST, signed(alice), 2 * CAP)
    assert not check.isValid(burning, DIGEST, signed(alice), CAP)


@pytest.mark.skip_coverage  # Brownie then reads by transaction, with all the gas there is
def test_however_little_gas_there_is_a_good_wallet_signature_never_looks_bad(
    check, alice, wallet_of, accounts
):
    wallet = wallet_of(alice, gas=90_000)
    verified = refused = 0
    for gas_limit in range(40_000, 180_000, 2_500):
        try:
            assert check.isValid(
                wallet, DIGEST, signed(alice), CAP, {"from": accounts[0], "gas_limit": gas_limit}
            )
            verified += 1
        except (VirtualMachineError, ValueError):
            refused += 1
    assert verified
    assert refused


@pytest.mark.skip_coverage  # Brownie then reads by transaction, with all the gas there is
def test_too_little_gas_is_said_so(check, alice, wallet_of, accounts):
    wallet = wallet_of(alice)
    with reverts(revert_pattern=r"SignaturesTooLittleGas: \d+, 102587"):
        check.isValid(wallet, DIGEST, signed(alice), CAP, {"from": accounts[0], "gas_limit": 90_000})


def test_a_key_is_good_for_its_account_also_where_that_has_code(check, alice, stranger, wallet_of):
    """As under EIP-7702: the account's own key stands above whatever its code says."""
    code = bytes(web3.eth.get_code(wallet_of(stranger).address)).hex()
    method = "anvil_setCode" if "anvil" in web3.client_version.lower() else "evm_setAccountCode"
    web3.provider.make_request(method, [alice.address, "0x" + code])
    assert check.isValid(alice.address, DIGEST, signed(alice), CAP)
    assert check.isValid(alice.address, DIGEST, signed(stranger), CAP)
