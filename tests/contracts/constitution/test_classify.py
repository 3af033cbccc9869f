"""`classify`: which rule a list of actions falls under, and what no proposal may contain."""

import pytest
from brownie import reverts, web3

from scripts import commune as communes
from tests.contracts.code import code_hash, set_code
from tests.contracts.errors import error
from tests.contracts.people import person

WRAPPERS = [
    "relay(address,uint256,bytes)",
    "propose(address[],uint256[],bytes[],string)",
    "openFor(address[],uint256[],bytes[],string)",
    "queue(address[],uint256[],bytes[],bytes32)",
    "execute(address[],uint256[],bytes[],bytes32)",
    "schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
    "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)",
    "execute(address,uint256,bytes,bytes32,bytes32)",
    "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)",
    "execute(address,bytes)",
    "schedule(address,bytes,uint48)",
    "multicall(bytes[])",
    "open(address[],bytes[],string)",
    "execute(address[],bytes[],bytes32)",
    "escalate(address[],bytes[],string)",
    "exercise(uint32,address,bytes)",
    "execute((address,address,uint256,uint256,uint48,bytes),bytes)",
    "executeBatch((address,address,uint256,uint256,uint48,bytes)[],bytes[])",
    "multicall(uint256,bytes[])",
    "multicall(bytes32,bytes[])",
    "execute(address,uint256,bytes)",
    "execute(bytes32,bytes)",
    "execute(address,uint256,bytes,uint8)",
    "executeBatch((address,uint256,bytes)[])",
    "executeBatch(address[],uint256[],bytes[])",
    "executeBatch(address[],bytes[])",
    "executeTransaction(address,uint256,string,bytes,uint256)",
    "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
    "execTransactionFromModule(address,uint256,bytes,uint8)",
    "execTransactionFromModuleReturnData(address,uint256,bytes,uint8)",
    "multiSend(bytes)",
    "aggregate((address,bytes)[])",
    "aggregate3((address,bool,bytes)[])",
    "aggregate3Value((address,bool,uint256,bytes)[])",
    "tryAggregate(bool,(address,bytes)[])",
    "blockAndAggregate((address,bytes)[])",
    "tryBlockAndAggregate(bool,(address,bytes)[])",
]


def kind(constitution, *actions):
    """The rule of actions given as (target, calldata)."""
    targets, calldatas = zip(*actions, strict=True)
    return constitution.classify(targets, [0] * len(targets), calldatas)[0]


@pytest.fixture(scope="module")
def ordinary(constitution):
    return constitution, constitution.adopt.encode_input(communes.text_hash("a text"))


@pytest.fixture(scope="module")
def constitutional(constitution):
    return constitution, constitution.setParameter.encode_input(communes.bytes32("assembly.sponsors"), 1)


@pytest.fixture(scope="module")
def person_vote(commune):
    return commune.recovery, commune.recovery.recoverByVote.encode_input(1, person(9).address)


# ------------------------------------------------------------------ which rule


def test_the_listed_actions_fall_under_their_rules(commune, constitution):
    modules = commune.modules()
    for target, function, rule in communes.RULES:
        selector = communes.selector(modules[target], function)
        assert constitution.ruleOf(modules[target], selector) == rule
        assert kind(constitution, (modules[target], selector)) == rule


def test_whatever_is_not_listed_is_constitutional(commune, constitution, stranger):
    listed = {(target, function) for target, function, _ in communes.RULES}
    wrappers = {"0x" + bytes(web3.keccak(text=signature)[:4]).hex() for signature in WRAPPERS}
    unlisted = [
        (contract, selector)
        for name, contract in commune.modules().items()
        for function, selector in contract.signatures.items()
        if (name, function) not in listed and selector not in wrappers
    ]
    assert {constitution.ruleOf(*action) for action in unlisted} == {communes.CONSTITUTIONAL}
    for start in range(0, len(unlisted), 10):
        assert kind(constitution, *unlisted[start : start + 10]) == communes.CONSTITUTIONAL
    assert kind(constitution, (stranger.address, "0x")) == communes.CONSTITUTIONAL


def test_a_listed_selector_on_another_target_is_constitutional(commune, ordinary):
    assert kind(commune.constitution, (commune.membership, ordinary[1])) == communes.CONSTITUTIONAL


def test_the_strictest_rule_of_several_actions_holds(constitution, ordinary, constitutional):
    assert kind(constitution, ordinary, ordinary) == communes.ORDINARY
    for mixed in ([ordinary, constitutional], [constitutional, ordinary], [ordinary] * 9 + [constitutional]):
        assert kind(constitution, *mixed) == communes.CONSTITUTIONAL


@pytest.mark.parametrize("others", ["ordinary", "constitutional", "person_vote"])
def test_a_person_vote_stands_alone(constitution, person_vote, request, others):
    other = request.getfixturevalue(others)
    assert kind(constitution, person_vote) == communes.PERSON
    for mixed in ([person_vote, other], [other, person_vote], [other, other, person_vote]):
        with reverts(error("ConstitutionPersonVoteStandsAlone", len(mixed))):
            kind(constitution, *mixed)


@pytest.mark.parametrize("data", ["0x", "0xab", "0xabcdef"])
def test_a_call_without_a_whole_selector_is_constitutional(constitution, stranger, timelock, data):
    """Whatever is listed for the selector it would be padded to."""
    padded = "0x" + data[2:].ljust(8, "0")
    constitution.setRule(stranger.address, padded, communes.ORDINARY, timelock)
    assert kind(constitution, (stranger.address, padded)) == communes.ORDINARY
    assert kind(constitution, (stranger.address, data)) == communes.CONSTITUTIONAL


def test_a_rule_is_read_with_the_numbers_of_its_kind(constitution):
    words = [constitution.ruleWord(rule) for rule in range(6)]
    assert words == [constitution.word(index) for index in (0, 1, 2, 2, 3, 2)]


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("signature", WRAPPERS)
def test_a_call_that_wraps_other_calls_is_refused(constitution, stranger, ordinary, signature):
    selector = bytes(web3.keccak(text=signature)[:4])
    for target in (constitution, stranger.address):
        with reverts(error("ConstitutionWrappedCall", target, selector)):
            kind(constitution, ordinary, (target, selector + b"\1" * 36))


def test_every_wrapper_among_the_communes_own_functions_is_known(commune):
    """A function that takes calls, or a call's bytes and its target, carries out what it is handed."""
    known = {bytes(web3.keccak(text=signature)[:4]).hex() for signature in WRAPPERS}
    for name, contract in commune.modules().items():
        for entry in contract.abi:
            if entry["type"] != "function" or entry["stateMutability"] in ("view", "pure"):
                continue
            types = [i["type"] for i in entry["inputs"]]
            carries = "bytes[]" in types or {"address", "bytes"} <= set(types) or "tuple" in "".join(types)
            selector = contract.signatures[entry["name"]][2:]
            if carries and selector not in known:
                assert (name, entry["name"]) in HARMLESS, f"{name}.{entry['name']} may wrap a call"


# They take bytes that are no call, or their entry is closed or another module's.
HARMLESS = {
    ("assembly", "cancel"),
    ("assembly", "castBallotBySig"),
    ("assembly", "castBallots"),
    ("assembly", "castVoteBySig"),
    ("assembly", "castVoteWithReasonAndParamsBySig"),
    ("assembly", "onERC721Received"),
    ("assembly", "onERC1155Received"),
    ("assembly", "onERC1155BatchReceived"),
    ("timelock", "onERC721Received"),
    ("timelock", "onERC1155Received"),
    ("timelock", "onERC1155BatchReceived"),
    ("membership", "safeTransferFrom"),
    ("powers", "cancel"),
    ("powers", "consumeScheduledOp"),
    ("docket", "open"),
    ("founding", "found"),
    ("polls", "castSecret"),
    ("polls", "castSecretBatch"),
    ("consent", "setAllowance"),
    ("offices", "create"),
    ("offices", "setMandate"),
    ("assignments", "create"),
    ("series", "create"),
    ("reviews", "deliver"),
    ("mediation", "open"),
}


@pytest.mark.parametrize("count", [0, 11, 300])
def test_actions_are_one_to_ten(constitution, ordinary, count):
    target, data = ordinary
    with reverts(error("ConstitutionActionCount", count, 10)):
        constitution.classify([target] * count, [0] * count, [data] * count)


def test_lists_have_one_length(constitution, ordinary):
    target, data = ordinary
    for lengths in ((2, 1, 1), (1, 2, 1), (1, 1, 2)):
        t, v, c = lengths
        with reverts(error("ConstitutionLengthMismatch", *lengths)):
            constitution.classify([target] * t, [0] * v, [data] * c)


@pytest.mark.parametrize(
    "code",
    [
        "0x363d3d373d3d3d363d73" + "11" * 20 + "5af43d82803e903d91602b57fd5bf3",
        "0x363d3d373d3d3d363d73" + "11" * 20 + "5af43d82803e903d91602b57fd5bf3" + "22" * 64,
        "0x365f5f375f5f365f73" + "11" * 20 + "5af43d5f5f3e5f3d91602a57fd5bf3",
        "0xef0100" + "11" * 20,
    ],
    ids=["clone", "clone-with-arguments", "push0-clone", "delegated-account"],
)
def test_a_target_that_runs_other_code_is_refused(constitution, ordinary, code):
    target = "0x" + "6a" * 20
    set_code(target, code)
    with reverts(error("ConstitutionRefusedCode", target, code_hash(target))):
        kind(constitution, ordinary, (target, "0x12345678"))
    set_code(target, "0x")


def test_refused_code_is_refused_until_it_is_allowed_again(constitution, commune, timelock, ordinary):
    code = code_hash(commune.membership)
    call = (commune.membership, "0x12345678")
    constitution.setCodeHashRefusal(code, True, timelock)
    with reverts(error("ConstitutionRefusedCode", commune.membership, code)):
        kind(constitution, ordinary, call)
    constitution.setCodeHashRefusal(code, False, timelock)
    assert kind(constitution, ordinary, call) == communes.CONSTITUTIONAL
