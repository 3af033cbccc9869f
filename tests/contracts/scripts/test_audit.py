"""The audit passes on a founded commune and fails when anything but its contracts holds a power."""

from dataclasses import replace

import pytest
from brownie import ZERO_ADDRESS, Forwarder, Powers, web3

from scripts import audit
from scripts import commune as communes
from tests.contracts.clock import now
from tests.contracts.membership.steps import acting_as
from tests.contracts.offices.steps import Call, appointed, created, recalled_directly, seated
from tests.contracts.people import DAY, carried_out, draft
from tests.contracts.work.steps import Brief

AWARD, PENALISE = 6, 7
EXECUTOR = web3.keccak(text="EXECUTOR_ROLE")


@pytest.fixture(scope="module")
def announced(deployer, founders, constitution_file):
    """A commune about to be founded: the deployer still holds the powers, the founders have signed."""
    deployed = communes.deploy(deployer, constitution_file)
    addresses = [f.address for f in founders]
    communes.announce(deployed, addresses, deployer)
    message = communes.founding_message(deployed, addresses)
    return deployed, addresses, [f.sign(message) for f in founders]


@pytest.fixture
def founding(announced, deployer):
    """Let the deployer do something first and then found the commune; returns what the audit objects to."""

    def found_after(mischief):
        deployed, addresses, signatures = announced
        mischief(deployed)
        communes.found(deployed, addresses, signatures, deployer)
        return audit.violations(deployed)

    return found_after


def test_a_founded_commune_passes(announced, deployer, capsys):
    deployed, addresses, signatures = announced
    communes.found(deployed, addresses, signatures, deployer)
    audit.report(deployed)
    told = capsys.readouterr().out
    assert "no externally owned account holds any power" in told
    held = {(p.where, p.what, p.holder) for p in audit.powers(deployed)}
    assert ("powers", "role ADMIN", deployed.timelock.address) in held
    assert ("timelock", "role EXECUTOR", deployed.assembly.address) in held
    assert ("credits", "spend", deployed.assembly.address) in held


def test_a_deployer_who_has_not_renounced_is_found(announced, deployer):
    deployed, _, _ = announced
    assert audit.violations(deployed) == [
        f"powers: role ADMIN is held by {deployer.address}, an externally owned account"
    ]
    with pytest.raises(audit.AuditFailed, match=deployer.address):
        audit.report(deployed)


def test_a_role_granted_to_a_person_is_found(founding, deployer, stranger):
    found = founding(lambda c: c.powers.grantRole(AWARD, stranger.address, 0, {"from": deployer}))
    assert found == [f"powers: role AWARD is held by {stranger.address}, an externally owned account"]


def test_a_role_that_was_taken_back_is_no_violation(founding, deployer, stranger):
    def grant_and_revoke(c):
        c.powers.grantRole(AWARD, stranger.address, 0, {"from": deployer})
        c.powers.revokeRole(AWARD, stranger.address, {"from": deployer})

    assert founding(grant_and_revoke) == []


def test_a_role_of_a_new_number_is_found(founding, deployer, stranger):
    found = founding(lambda c: c.powers.grantRole(77, stranger.address, 0, {"from": deployer}))
    assert found == [f"powers: role 77 is held by {stranger.address}, an externally owned account"]


def test_powers_given_away_by_a_decision_are_found(commune, alice, bob, carol, dave, stranger):
    """Members may decide it, and the audit says so: an open timelock, a person told of every change."""
    assert audit.violations(commune) == []
    open_to_all = (commune.timelock, commune.timelock.grantRole.encode_input(EXECUTOR, ZERO_ADDRESS))
    tell = (commune.membership, commune.membership.setObserver.encode_input(3, stranger.address))
    carried_out(commune, draft(alice, open_to_all, tell), alice, [alice, bob], [alice, bob, carol, dave])
    assert audit.violations(commune) == [
        f"membership: observer 3 is held by {stranger.address}, an externally owned account",
        f"timelock: role EXECUTOR is held by {ZERO_ADDRESS}, the zero address",
    ]


# ------------------------------------------------------------------ offices


@pytest.fixture
def clerk(commune, alice, bob, deployer, project_contracts):
    """An office of two seats with two calls in its mandate; Alice holds it, Bob is to come."""
    target = project_contracts["ForwardingTarget"].deploy(commune.forwarder, {"from": deployer})
    calls = Call(commune.constitution, "adopt", calls=3), Call(target, "act", argument=1, cap=100)
    office = created(commune, *calls, seats=2)
    seated(commune, office, alice)
    appointed(commune, office, bob, now() + 10 * DAY)
    return office, target


def told(commune, capsys):
    """What the audit reports of the offices."""
    audit.report(commune)
    lines = capsys.readouterr().out.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("  office "))
    return [line.strip() for line in lines[first:-1]]


def test_offices_are_reported_with_holders_mandates_and_terms(commune, clerk, alice, bob, capsys):
    office, target = clerk
    summary, adopt, act, hers, his = told(commune, capsys)
    assert summary.split() == f"office {office} 1 of 2 seats held, terms of 90 days".split()
    assert adopt == "may call constitution.adopt, 3 times a period"
    selector = target.signatures["act"]
    assert act == f"may call {selector} of {target}, 10 times a period, 100 in all by argument 1"
    assert hers.startswith(f"member 1 ({alice.address}) holds it, from 20")
    assert his.startswith(f"member 2 ({bob.address}) does not hold it now, from 20")


def test_who_is_gone_is_no_holder(commune, clerk, alice, capsys):
    commune.membership.leave(alice.tx)
    summary, *_, hers, _ = told(commune, capsys)
    assert "0 of 2 seats held" in summary
    assert "does not hold it now" in hers


def test_what_ended_is_reported_no_more(commune, clerk, alice, bob, capsys):
    office, _ = clerk
    recalled_directly(commune, office, alice)
    commune.offices.resign(office, bob.tx)
    assert len(told(commune, capsys)) == 3
    commune.offices.abolish(office, acting_as(commune.timelock))
    assert audit.offices(commune) == []
    assert audit.violations(commune) == []


def test_holders_and_mandates_that_no_event_tells_of_are_found(commune, clerk):
    """Replayed from too late a block, as if the events were not there."""
    office, target = clerk
    late = replace(commune, deployed_at=web3.eth.block_number + 1)
    named = ("constitution.adopt", f"{target.signatures['act']} of {target}")
    untold = [found for found in audit.violations(late) if found.startswith("offices: ")]
    assert sorted(untold) == sorted(
        [
            f"offices: member 1 holds office {office}, and no event tells of it",
            *(f"offices: office {office} may call {call}, and no event tells of it" for call in named),
        ]
    )


def test_powers_are_held_by_the_modules_that_need_them(commune, clerk):
    held = {(p.what, p.holder) for p in audit.powers(commune) if p.where == "powers"}
    modules = commune.modules()
    for role, holders in {
        "RECALL": ("assembly", "recall"),
        "SEATS": ("elections",),
        "STIPEND": ("offices",),
        "DRAW": ("timelock", "elections", "assignments", "reviews", "mediation", "panels"),
        "POLL": ("timelock", "elections"),
        "RESOLVE": ("timelock", "consent", "offices"),
        "DESCRIBE": ("timelock", "offices"),
        "PURSE": ("offices", "assignments"),
        "PERSON": ("assembly",),
        "AWARD": ("timelock", "reviews", "mediation", "panels"),
        "PENALISE": ("admission", "penalties", "reviews", "panels"),
        "REVIEW": ("reviews",),
        "IMPOSE": ("reviews", "panels"),
        "OVERTURN": ("panels",),
        "CONVENE": ("panels",),
        "ASSIGN": ("timelock", "offices", "series"),
        "PAID_WORK": ("timelock", "series"),
    }.items():
        assert {holder for what, holder in held if what == f"role {role}"} == {
            modules[name].address for name in holders
        }


def test_an_unknown_contract_that_may_spend_credits_is_found(founding, deployer):
    unknown = Forwarder.deploy({"from": deployer})
    found = founding(lambda c: c.credits.setSpender(unknown, True, {"from": deployer}))
    assert found == [f"credits: spend is held by {unknown}, a contract that the constitution does not list"]


def test_a_person_who_may_open_votes_or_follow_is_found(founding, deployer, stranger):
    def let_in(c):
        c.assembly.setOpener(stranger.address, True, {"from": deployer})
        c.assembly.setFollower(stranger.address, {"from": deployer})

    held = f"is held by {stranger.address}, an externally owned account"
    assert founding(let_in) == [
        f"assembly: castFollowed {held}",
        f"assembly: openFor {held}",
    ]


def test_a_follower_who_was_replaced_is_no_violation(founding, deployer, stranger):
    def replace(c):
        c.assembly.setFollower(stranger.address, {"from": deployer})
        c.assembly.setFollower(c.docket, {"from": deployer})

    assert founding(replace) == []


def test_what_the_deployer_lets_pass_by_consent_is_found(founding, deployer):
    """Founders do not sign it, and it would outlive the deployer's powers."""

    def allow(c):
        pay = communes.selector(c.commons, "pay")
        c.consent.setAllowance(c.commons, pay, bytes(32), (True, True, 3, 10**30), {"from": deployer})

    [found] = founding(allow)
    assert found.startswith("consent: AllowanceSet by the deployer, unsigned")
    assert str(10**30) in found


def test_offices_purses_and_pay_of_the_deployers_making_are_found(founding, deployer):
    def set_up(c):
        sender = {"from": deployer}
        text = "0x" + communes.text_hash("For me and my friends")
        c.offices.create((text, 1, 1, 0, 7 * 86_400, 0, False), [], sender)
        c.commons.openPurse(c.offices, 1, ZERO_ADDRESS, 10**18, text, sender)
        c.commons.setPayUnit(ZERO_ADDRESS, 10**18, sender)

    assert [line.split(",")[0] for line in founding(set_up)] == [
        "commons: PayUnitSet by the deployer",
        "commons: PurseOpened by the deployer",
        "offices: OfficeCreated by the deployer",
    ]


def test_work_of_the_deployers_making_is_found(founding, deployer):
    def set_up(c):
        sender = {"from": deployer}
        c.powers.grantRole(communes.ROLES["ASSIGN"][0], deployer, 0, sender)
        c.assignments.create([Brief().struct], sender)
        c.powers.revokeRole(communes.ROLES["ASSIGN"][0], deployer, sender)

    assert founding(set_up) == ["assignments: AssignmentCreated by the deployer, unsigned: [1]"]


def test_a_function_open_to_everybody_is_found(founding, deployer):
    def open_up(c):
        expel = communes.selector(c.membership, "expel")
        c.powers.setTargetFunctionRole(c.membership, [expel], audit.PUBLIC_ROLE, {"from": deployer})

    [found] = founding(open_up)
    assert found.endswith("is open to everybody")


def test_a_role_that_everybody_may_grant_is_found(founding, deployer):
    found = founding(lambda c: c.powers.setRoleAdmin(AWARD, audit.PUBLIC_ROLE, {"from": deployer}))
    assert found == ["powers: role AWARD: anybody is its admin"]


def test_a_module_that_answers_to_another_table_of_powers_is_found(founding, deployer):
    other = Powers.deploy(deployer, {"from": deployer})
    found = founding(lambda c: c.powers.updateAuthority(c.credits, other, {"from": deployer}))
    assert found == [f"credits: answers to {other}, not to the commune's table of powers"]


def test_an_account_that_delegates_its_code_is_still_an_account(founding, deployer, stranger):
    """EIP-7702: such an account has code, and a private key all the same."""

    def delegate(c):
        set_code = "anvil_setCode" if "anvil" in web3.client_version.lower() else "evm_setAccountCode"
        code = "0xef0100" + c.forwarder.address[2:]
        web3.provider.make_request(set_code, [stranger.address, code])
        c.powers.grantRole(PENALISE, stranger.address, 0, {"from": deployer})

    held = f"is held by {stranger.address}, a delegated externally owned account"
    assert founding(delegate) == [f"powers: role PENALISE {held}"]
