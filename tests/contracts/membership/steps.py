"""What members do over and over in these tests: join, contest, attest, fall silent, expel, recover."""

from brownie import accounts, web3

from scripts import commune as communes
from tests.contracts import people
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.people import DAY, FOR

REASON = communes.text_hash("They broke an agreement with us.")


def acting_as(contract):
    """Send as one of the commune's contracts: what the table of powers lets it do, and nothing else."""
    on_anvil = "anvil" in web3.client_version.lower()
    method = "anvil_setBalance" if on_anvil else "evm_setAccountBalance"
    web3.provider.make_request(method, [contract.address, hex(10**20)])
    return {"from": accounts.at(contract.address, force=True)}


# ---------------------------------------------------------------------------------------------- joining


def vouched(commune, applicant, vouchers):
    """Apply and find vouchers; returns the application's id."""
    application = people.apply(commune, applicant)
    for voucher in vouchers:
        commune.admission.vouch(application, voucher.tx)
    return application


def contested(commune, applicant, vouchers, objector):
    """Apply, find vouchers and meet an objection; returns the application's id and the vote's."""
    application = vouched(commune, applicant, vouchers)
    commune.admission.object(application, REASON, objector.tx)
    advance(2)
    return application, commune.admission.application(application)["proposalId"]


def admit_directly(commune, *newcomers):
    """Admit people as the admission module would, without their applications."""
    for newcomer in newcomers:
        commune.membership.admit(newcomer.address, acting_as(commune.admission))


def expel_directly(commune, member):
    """Expel a member as the assembly would, without the vote."""
    return commune.membership.expel(member, acting_as(commune.assembly))


def move_directly(commune, member, to):
    """Move a membership as the recovery module would, without guardians."""
    return commune.membership.moveAccount(member, to.address, acting_as(commune.recovery))


# ---------------------------------------------------------------------------------------------- person votes


def voted(commune, proposal, voters, support=FOR):
    """Vote on a person, and wait until the vote is over."""
    people.vote(commune, proposal, voters, support)
    people.to_end(commune, proposal)


def execute(commune, opening, sender):
    """Carry out what the transaction `opening` put to the vote."""
    created = opening.events["ProposalCreated"]
    description = web3.keccak(text=created["description"])
    return commune.assembly.execute(
        created["targets"], created["values"], created["calldatas"], description, sender.tx
    )


# ---------------------------------------------------------------------------------------------- presence


def attestation(commune, member, attester, by, deadline=None, check_in=None, chain_id=None):
    """The arguments of `checkIn`: `by` signs that `member` lives, in the name of the memberId `attester`."""
    deadline = now() + 10 * DAY if deadline is None else deadline
    message = people.typed_data(
        commune.presence,
        "Dual Power Presence",
        "Attestation",
        {"memberId": "uint32", "attester": "uint32", "checkIn": "uint32", "deadline": "uint48"},
        {
            "memberId": member,
            "attester": attester,
            "checkIn": commune.presence.checkInCount(member) if check_in is None else check_in,
            "deadline": deadline,
        },
    )
    if chain_id is not None:
        message["domain"]["chainId"] = chain_id
    return attester, deadline, by.sign(message)


def check_in(commune, who, attester):
    """Check in with another member's attestation."""
    member, other = people.member_id(commune, who), people.member_id(commune, attester)
    return commune.presence.checkIn(*attestation(commune, member, other, attester), who.tx)


def fall_silent(commune, *members):
    """Let a year pass, give notice of these members, let its two weeks pass, and mark them dormant."""
    advance(365 * DAY)
    for member in members:
        commune.presence.giveNotice(member, {"from": accounts[0]})
    advance(14 * DAY)
    for member in members:
        commune.presence.markDormant(member, {"from": accounts[0]})


# ---------------------------------------------------------------------------------------------- seasons


def to_season(commune, season):
    """Go to a season's first second."""
    mine_at(commune.constitution.seasonBounds(season)[0])
