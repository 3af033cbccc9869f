"""A commune of six founders, and what its people do over and over."""

import pytest
from brownie import accounts, chain, web3

from scripts import commune as law
from scripts import local_chain

DAY = 24 * 60 * 60
FOUNDERS = ("alice", "bob", "carol", "dave", "erin", "frank")


@pytest.fixture(scope="module")
def founder_count():
    """How many found the commune; a test file may say otherwise."""
    return len(FOUNDERS)


@pytest.fixture(scope="module")
def commune(founder_count):
    """A founded commune with the default constitution, its deployer without powers."""
    indices = range(1, founder_count + 1)
    founders = [accounts[i] for i in indices]
    deployed = law.deploy(accounts[0], law.Constitution.load())
    law.announce(deployed, founders, accounts[0])
    message = law.founding_message(deployed, founders)
    law.found(deployed, founders, [local_chain.sign(i, message) for i in indices], accounts[0])
    return deployed


@pytest.fixture(scope="module")
def membership(commune):
    return commune.membership


@pytest.fixture(scope="module")
def admission(commune):
    return commune.admission


@pytest.fixture(scope="module")
def presence(commune):
    return commune.presence


@pytest.fixture(scope="module")
def recovery(commune):
    return commune.recovery


@pytest.fixture(scope="module")
def assembly(commune):
    return commune.assembly


@pytest.fixture(scope="module")
def alice():
    """Founder and member 1."""
    return accounts[1]


@pytest.fixture(scope="module")
def bob():
    """Founder and member 2."""
    return accounts[2]


@pytest.fixture(scope="module")
def carol():
    """Founder and member 3."""
    return accounts[3]


@pytest.fixture(scope="module")
def dave():
    """Founder and member 4."""
    return accounts[4]


@pytest.fixture(scope="module")
def erin():
    """Founder and member 5."""
    return accounts[5]


@pytest.fixture(scope="module")
def frank():
    """Founder and member 6."""
    return accounts[6]


@pytest.fixture(scope="module")
def newcomer():
    """Someone who wants to join."""
    return accounts[40]


@pytest.fixture(scope="module")
def stranger():
    """Someone who has nothing to do with the commune."""
    return accounts[50]


@pytest.fixture(scope="module")
def thief():
    """Whoever got hold of what is not theirs."""
    return accounts[51]


@pytest.fixture(scope="module")
def new_account():
    """Where a member wants to go who lost their account."""
    return accounts[52]


@pytest.fixture(scope="module")
def wait():
    """Let time pass on the chain."""

    def pass_time(seconds):
        chain.sleep(seconds)
        chain.mine()

    return pass_time


@pytest.fixture(scope="module")
def as_module():
    """Act as one of the commune's contracts: what the table of powers lets that contract do, nothing else."""

    def account_of(contract):
        address = contract.address
        kind = web3.client_version.lower()
        web3.provider.make_request(
            "anvil_setBalance" if "anvil" in kind else "evm_setAccountBalance", [address, hex(10**20)]
        )
        return accounts.at(address, force=True)

    return account_of


@pytest.fixture(scope="module")
def apply_to_join(admission):
    """Apply; returns the application's id."""

    def applied(applicant, profile="I cook."):
        return admission.applyToJoin(web3.keccak(text=profile), {"from": applicant}).return_value

    return applied


@pytest.fixture(scope="module")
def vouched(admission, apply_to_join, alice, bob):
    """Apply and find two vouchers (alice and bob, unless said otherwise); returns the application's id."""

    def application(applicant, vouchers=(alice, bob)):
        application_id = apply_to_join(applicant)
        for voucher in vouchers:
            admission.vouch(application_id, {"from": voucher})
        return application_id

    return application


@pytest.fixture(scope="module")
def join(admission, vouched, wait, alice, bob):
    """Join by the usual way; returns the memberId."""

    def joined(applicant, vouchers=(alice, bob)):
        application_id = vouched(applicant, vouchers)
        wait(3 * DAY)
        return admission.admit(application_id, {"from": applicant}).return_value

    return joined


@pytest.fixture(scope="module")
def contested(admission, vouched, dave):
    """Apply, find vouchers, and meet dave's objection; returns the ids of application and proposal."""

    def application(applicant):
        application_id = vouched(applicant)
        admission.object(application_id, web3.keccak(text="I do not trust them."), {"from": dave})
        return application_id, admission.application(application_id)["proposalId"]

    return application


@pytest.fixture(scope="module")
def vote(assembly):
    """Cast ballots of one vote each, 1 For and 0 Against."""

    def cast(proposal_id, support, voters):
        for voter in voters:
            assembly.castBallot(proposal_id, support, 1, {"from": voter})

    return cast


@pytest.fixture(scope="module")
def execute(assembly):
    """Carry out a passed vote on a person, from the event that opened it."""

    def carried_out(proposal_id, sender):
        created = assembly.events.get_sequence(0, web3.eth.block_number, "ProposalCreated")
        proposal = next(e["args"] for e in created if e["args"]["proposalId"] == proposal_id)
        return assembly.execute(
            proposal["targets"],
            proposal["values"],
            proposal["calldatas"],
            web3.keccak(text=proposal["description"]),
            {"from": sender},
        )

    return carried_out


@pytest.fixture(scope="module")
def attest(presence, membership):
    """Sign that a member lives; every part of the attestation can be replaced."""

    def signed(member_id, attester, deadline=None, check_in=None, chain_id=None, signer=None):
        deadline = chain.time() + 10 * DAY if deadline is None else deadline
        message = {
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "Attestation": [
                    {"name": "memberId", "type": "uint32"},
                    {"name": "attester", "type": "uint32"},
                    {"name": "checkIn", "type": "uint32"},
                    {"name": "deadline", "type": "uint48"},
                ],
            },
            "primaryType": "Attestation",
            "domain": {
                "name": "Dual Power Presence",
                "version": "1",
                "chainId": web3.eth.chain_id if chain_id is None else chain_id,
                "verifyingContract": presence.address,
            },
            "message": {
                "memberId": member_id,
                "attester": attester,
                "checkIn": presence.checkInCount(member_id) if check_in is None else check_in,
                "deadline": deadline,
            },
        }
        signer = membership.accountOf(attester) if signer is None else signer
        index = [str(account) for account in accounts].index(str(signer))
        return attester, deadline, local_chain.sign(index, message)

    return signed


@pytest.fixture(scope="module")
def check_in(presence, membership, attest):
    """Check in with another member's attestation."""

    def checked_in(member_id, attester):
        return presence.checkIn(*attest(member_id, attester), {"from": membership.accountOf(member_id)})

    return checked_in


@pytest.fixture(scope="module")
def fall_silent(presence, membership, wait, stranger):
    """A year without any sign of life, notice and its two weeks: the members named end up dormant."""

    def silenced(*member_ids):
        wait(365 * DAY)
        for member_id in member_ids:
            presence.giveNotice(member_id, {"from": stranger})
        wait(14 * DAY)
        for member_id in member_ids:
            presence.markDormant(member_id, {"from": stranger})

    return silenced

