"""`create` and `setMandate`: the commune decides which offices it has, and what their holders may call."""

import pytest
from brownie import ZERO_ADDRESS, reverts

from scripts import commune as communes
from tests.contracts.clock import mine_at
from tests.contracts.code import set_code
from tests.contracts.errors import error
from tests.contracts.offices.steps import (
    DRAW,
    NOTHING,
    TERM,
    TEXT,
    Call,
    adopt,
    appointed,
    created,
    office,
    seated,
)
from tests.contracts.people import DAY, FOOD, carried_out, draft

# An EIP-1167 proxy of nothing in particular.
MINIMAL_PROXY = "0x363d3d373d3d3d363d73" + "11" * 20 + "5af43d82803e903d91602b57fd5bf3"


def test_members_decide_to_have_an_office(commune, offices, mandate, alice, bob, carol, dave):
    fields = office(seats=3, filling=DRAW, stipend=20_000, topic=FOOD)
    data = offices.create.encode_input(fields, [call.struct for call in mandate])
    d = draft(alice, (offices, data), text="Let us have clerks")
    tx = carried_out(commune, d, alice, [alice, bob], [alice, bob, carol, dave])
    event = tx.events["OfficeCreated"]
    assert (event["officeId"], event["office"]) == (1, (TEXT, FOOD, 3, DRAW, TERM, 20_000, False))
    assert offices.office(1) == (TEXT, FOOD, 3, DRAW, TERM, 20_000, False)
    assert offices.mandateOf(1) == tuple(call.struct for call in mandate)
    assert tx.events["MandateSet"]["mandate"] == tuple(call.struct for call in mandate)
    assert offices.officeCount() == 1
    assert offices.holdersOf(1) == ()


def test_it_takes_the_constitutional_rule(commune, offices):
    rule = commune.constitution.ruleOf
    for function in ("create", "setMandate"):
        assert rule(offices, communes.selector(offices, function)) == communes.CONSTITUTIONAL
    for function in ("setStipend", "abolish"):
        assert rule(offices, communes.selector(offices, function)) == communes.ORDINARY
    assert rule(offices, communes.selector(offices, "recall")) == communes.RECALL


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"text": NOTHING}, error("OfficesEmptyText")),
        ({"topic": 9}, error("OfficesUnknownTopic", 9)),
        ({"seats": 0}, error("OfficesSeats", 0, 1, 15)),
        ({"seats": 16}, error("OfficesSeats", 16, 1, 15)),
        ({"term": 7 * DAY - 1}, error("OfficesTerm", 7 * DAY - 1, 7 * DAY, 730 * DAY)),
        ({"term": 730 * DAY + 1}, error("OfficesTerm", 730 * DAY + 1, 7 * DAY, 730 * DAY)),
        ({"stipend": 100_001}, error("OfficesStipendAboveWorkersPay", 100_001, 100_000)),
    ],
)
def test_an_office_that_could_not_work_is_refused(offices, timelock, fields, refusal):
    with reverts(refusal):
        offices.create(office(**fields), [], timelock)


def test_an_office_is_never_born_abolished(commune, offices, timelock):
    abolished = (*office()[:-1], True)
    event = offices.create(abolished, [], timelock).events["OfficeCreated"]
    assert event["office"][-1] is False
    assert offices.office(event["officeId"])["abolished"] is False


# ------------------------------------------------------------------ mandates


def test_a_mandate_is_replaced_at_once(commune, offices, held, target, timelock, alice):
    offices.exercise(held, target, target.act.encode_input(40), alice.tx)
    offices.setMandate(held, [Call(target, "act", calls=5, argument=1, cap=50).struct], timelock)
    with reverts(error("OfficesOutsideMandate", held, commune.constitution, _padded(commune, "adopt"))):
        offices.exercise(held, commune.constitution, adopt(commune), alice.tx)
    with reverts(error("OfficesAmountExceeded", held, _selector(target), 11, 10)):
        offices.exercise(held, target, target.act.encode_input(11), alice.tx)
    offices.exercise(held, target, target.act.encode_input(10), alice.tx)


def test_a_mandate_set_again_gives_no_second_helping(
    commune, offices, held, target, mandate, timelock, alice
):
    offices.exercise(held, target, target.act.encode_input(100), alice.tx)
    offices.setMandate(held, [], timelock)
    offices.setMandate(held, [call.struct for call in mandate], timelock)
    assert offices.mandateLeft(held, target, target.signatures["act"]) == (4, 0)
    with reverts(error("OfficesAmountExceeded", held, _selector(target), 1, 0)):
        offices.exercise(held, target, target.act.encode_input(1), alice.tx)


def test_a_mandate_may_be_lowered_below_what_was_used(offices, held, target, timelock, alice):
    offices.exercise(held, target, target.act.encode_input(60), alice.tx)
    offices.setMandate(held, [Call(target, "act", calls=1, argument=1, cap=50).struct], timelock)
    assert offices.mandateLeft(held, target, target.signatures["act"]) == (0, 0)
    with reverts(error("OfficesCallsExceeded", held, _selector(target), 1)):
        offices.exercise(held, target, target.act.encode_input(0), alice.tx)


@pytest.mark.parametrize("module", ["offices", "commons", "powers"])
def test_no_mandate_reaches_offices_money_or_powers(commune, offices, timelock, module):
    """Its own powers (seats, recall, stipends) are no holder's; money leaves from a purse only."""
    contract = commune.modules()[module]
    function = {"offices": "appoint", "commons": "payStipend", "powers": "grantRole"}[module]
    call = Call(contract, function)
    with reverts(error("OfficesBadMandate", contract, bytes.fromhex(call.selector[2:]))):
        offices.create(office(), [call.struct], timelock)


@pytest.mark.parametrize(
    "changes", [{"calls": 0}, {"cap": 1}, {"target": ZERO_ADDRESS}, {"target": "0x" + "77" * 20}]
)
def test_a_call_that_makes_no_sense_is_refused(offices, target, timelock, changes):
    """No call at all; a cap on no amount; nobody there who could refuse a call."""
    listed = dict(
        zip(("target", "selector", "calls", "argument", "cap"), Call(target, "act").struct, strict=True)
    )
    listed |= changes
    with reverts(error("OfficesBadMandate", listed["target"], _selector(target))):
        offices.create(office(), [tuple(listed.values())], timelock)


def test_a_call_is_listed_once(offices, target, timelock):
    twice = [Call(target, "act").struct, Call(target, "act", calls=1).struct]
    with reverts(error("OfficesMandateTwice", target, _selector(target))):
        offices.create(office(), twice, timelock)


def test_a_mandate_has_at_most_twenty_calls(offices, target, timelock):
    calls = [(str(target), f"0x{number:08x}", 1, 0, 0) for number in range(1, 22)]
    with reverts(error("OfficesMandateTooLong", 21, 20)):
        offices.create(office(), calls, timelock)
    offices.create(office(), calls[:20], timelock)


@pytest.mark.parametrize(
    ("module", "function"),
    [
        ("timelock", "schedule"),
        ("timelock", "executeBatch"),
        ("assembly", "relay"),
        ("assembly", "openFor"),
        ("forwarder", "execute"),
    ],
)
def test_no_mandate_lists_a_call_that_wraps_calls(commune, offices, timelock, module, function):
    contract = commune.modules()[module]
    call = Call(contract, function)
    with reverts(error("ConstitutionWrappedCall", contract, bytes.fromhex(call.selector[2:]))):
        offices.create(office(), [call.struct], timelock)


@pytest.mark.parametrize("code", [MINIMAL_PROXY, "0xef0100" + "11" * 20])
def test_no_mandate_lists_code_that_runs_other_code(offices, target, timelock, code):
    set_code(target, code)
    with reverts(revert_pattern="ConstitutionRefusedCode: .*"):
        offices.create(office(), [Call(target, "act").struct], timelock)


def test_no_mandate_is_set_for_an_office_there_is_not(commune, offices, clerk, timelock):
    for unknown in (0, 2):
        with reverts(error("OfficesUnknown", unknown)):
            offices.setMandate(unknown, [], timelock)
    offices.abolish(clerk, timelock)
    with reverts(error("OfficesAbolished", clerk)):
        offices.setMandate(clerk, [], timelock)


# ------------------------------------------------------------------ the stipend


def test_a_stipend_holds_for_tenures_given_from_then_on(commune, offices, timelock, alice, bob):
    two = created(commune, seats=2, stipend=10_000)
    first = seated(commune, two, alice)
    assert offices.setStipend(two, 20_000, timelock).events["StipendSet"] == {
        "officeId": two,
        "stipend": 20_000,
    }
    second = appointed(commune, two, bob).events["TenureGiven"]["tenureId"]
    assert (offices.tenure(first)["stipend"], offices.tenure(second)["stipend"]) == (10_000, 20_000)


def test_no_stipend_is_above_workers_pay(commune, offices, clerk, timelock):
    with reverts(error("OfficesStipendAboveWorkersPay", 100_001, 100_000)):
        offices.setStipend(clerk, 100_001, timelock)
    offices.setStipend(clerk, 100_000, timelock)
    offices.abolish(clerk, timelock)
    with reverts(error("OfficesAbolished", clerk)):
        offices.setStipend(clerk, 1, timelock)


# ------------------------------------------------------------------ the end of an office


def test_an_abolished_office_has_no_holders_and_no_powers(commune, offices, mandate, timelock, alice, bob):
    """Alice holds it, and Bob was to follow."""
    clerk = created(commune, *mandate)
    first = seated(commune, clerk, alice)
    ends = offices.tenure(first)["until"]
    mine_near(ends)
    second = appointed(commune, clerk, bob, ends).events["TenureGiven"]["tenureId"]
    tx = offices.abolish(clerk, timelock)
    ended = {e["tenureId"]: e["until"] for e in tx.events["TenureEnded"]}
    assert ended == {first: tx.timestamp, second: ends}
    assert offices.holdersOf(clerk) == offices.tenuresAt(clerk, ends) == ()
    assert (offices.vacantAt(clerk, ends), offices.nextVacancy(clerk, TERM)) == (0, 0)
    assert not offices.mayHold(clerk, 3, ends)
    with reverts(error("OfficesNotHolder", clerk, alice)):
        offices.exercise(clerk, commune.constitution, adopt(commune), alice.tx)
    with reverts(error("OfficesAbolished", clerk)):
        appointed(commune, clerk, bob)
    with reverts(error("OfficesAbolished", clerk)):
        offices.abolish(clerk, timelock)


def test_an_abolished_office_undoes_what_was_to_follow(commune, offices, timelock, alice, bob):
    """Alice holds a seat of two, and follows herself; Bob takes the other one then."""
    two = created(commune, seats=2)
    first = seated(commune, two, alice)
    ends = offices.tenure(first)["until"]
    mine_near(ends)
    followers = [appointed(commune, two, who, ends).events["TenureGiven"]["tenureId"] for who in (bob, alice)]
    tx = offices.abolish(two, timelock)
    assert {e["tenureId"] for e in tx.events["TenureEnded"]} == {first, *followers}
    assert [offices.lastTenureOf(two, member) for member in (1, 2)] == [first, 0]


def mine_near(ends):
    """Go to half a term before `ends`, from when on the next tenure may be given."""
    mine_at(ends - TERM // 2)


def _selector(target):
    return bytes.fromhex(target.signatures["act"][2:])


def _padded(commune, function):
    return bytes.fromhex(commune.constitution.signatures[function][2:])
