"""Drafts: what people write, and the calls and ids that become of it."""

from __future__ import annotations

import json

import pytest
from eth_abi.abi import decode
from eth_hash.auto import keccak

from backend.cli import drafts
from backend.cli.contracts import Contracts, module_named
from backend.cli.errors import Misused
from backend.deployment import MODULES, Contract, Deployment, abi

ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
BOUNDS = {"assembly.sponsors": (1, 10)}
TOPICS = {"general": 1, "food": 2}


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    found = {
        name: Contract(f"0x{number:040x}", abi(name)) for number, name in enumerate(MODULES.values(), start=1)
    }
    return Contracts(Deployment(31337, 1, found))


def arguments(action: drafts.Action, types: list[str]) -> tuple[object, ...]:
    return decode(types, action.data[4:])


def test_adopting_a_text_calls_the_constitution_with_its_hash(contracts):
    action = drafts.adopt(contracts, "We buy a freezer")
    assert action.target == contracts.address("constitution")
    assert action.data == keccak(b"adopt(bytes32)")[:4] + keccak(b"We buy a freezer")
    assert action.text == "We buy a freezer"


def test_a_parameter_is_set_by_its_name(contracts):
    action = drafts.set_parameter(contracts, "assembly.sponsors=3", BOUNDS)
    assert action.words == "set assembly.sponsors to 3"
    assert arguments(action, ["bytes32", "uint32"]) == (b"assembly.sponsors".ljust(32, b"\0"), 3)


@pytest.mark.parametrize("given", ["assembly.sponsors", "=3", "assembly.sponsors=", "a=b", "a=-1", "a=1.5"])
def test_a_parameter_without_name_or_number_is_refused(contracts, given):
    with pytest.raises(Misused, match="name=number"):
        drafts.set_parameter(contracts, given, BOUNDS)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("assembly.sponsor=3", "no parameter assembly.sponsor; there are assembly.sponsors"),
        ("assembly.sponsors=0", "between 1 and 10"),
        ("assembly.sponsors=11", "between 1 and 10"),
    ],
)
def test_a_parameter_that_no_vote_can_set_is_refused_before_anybody_votes(contracts, given, why):
    with pytest.raises(Misused, match=why):
        drafts.set_parameter(contracts, given, BOUNDS)


@pytest.mark.parametrize(
    ("given", "amount", "reason"),
    [("7:food:50", 50_000_000, 0), ("7:2:2.5:agreement", 2_500_000, 4), ("7:food:0.000001", 1, 0)],
)
def test_an_award_names_member_topic_and_points(contracts, given, amount, reason):
    action = drafts.award(contracts, given, TOPICS, "the ledger")
    types = ["uint32", "uint16", "uint64", "uint8", "bytes32", "uint32"]
    assert arguments(action, types) == (7, 2, amount, reason, keccak(b"the ledger"), 0)
    assert action.text == "the ledger"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("7:food", "member:topic:points"),
        ("x:food:5", "member:topic:points"),
        ("7:opera:5", "no topic opera; there are 1 general, 2 food"),
        ("7:9:5", "no topic 9"),
        ("7:food:-5", "points are"),
        ("7:food:1.0000001", "points are"),
        ("7:food:many", "points are"),
        ("7:food:5:charm", "charm is no reason"),
    ],
)
def test_an_award_that_says_too_little_is_refused(contracts, given, why):
    with pytest.raises(Misused, match=why):
        drafts.award(contracts, given, TOPICS, "the ledger")


def test_an_award_needs_evidence(contracts):
    with pytest.raises(Misused, match="--evidence"):
        drafts.award(contracts, "7:food:50", TOPICS, None)


def test_any_call_can_be_written_as_words(contracts):
    action = drafts.call_in_words(contracts, "constitution addTopic 'child care'")
    assert arguments(action, ["string"]) == ("child care",)
    rule = drafts.call_in_words(contracts, "Constitution setRule reputation 0x6c3bf4f3 ordinary")
    assert rule.target == contracts.address("constitution")
    assert arguments(rule, ["address", "bytes4", "uint8"]) == (
        contracts.address("reputation"),
        bytes.fromhex("6c3bf4f3"),
        1,
    )


def test_lists_structs_and_bytes_are_written_as_json_and_hex(contracts):
    guardians = drafts.call_in_words(contracts, "recovery setGuardians [2,3,9] 2")
    assert arguments(guardians, ["uint32[]", "uint8"]) == ((2, 3, 9), 2)
    checked = drafts.call_in_words(contracts, "presence checkIn 2 1767225600 0xabcd")
    assert arguments(checked, ["uint32", "uint48", "bytes"]) == (2, 1767225600, b"\xab\xcd")
    ballot = drafts.call(contracts, "assembly", "castBallotBySig", [[7, 2, 1, 3, "0x01"]])
    assert arguments(ballot, ["(uint256,uint32,uint8,uint8,bytes)"]) == ((7, 2, 1, 3, b"\x01"),)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("recovery setGuardians 2 2", "takes a list"),
        ("recovery setGuardians [2 2", "takes a list"),
        ("assembly castBallotBySig [1,2]", "takes a list of proposalId, memberId"),
        ("presence checkIn 2 1 perhaps", "bytes in hex"),
        ("constitution", "module function value"),
        ("constitution addTopic 'open", "cannot be read"),
        ("parliament addTopic x", "parliament is no module"),
        ("constitution addTax 3", "no function addTax"),
        ("constitution addTopic", r"takes \(name\); got 0"),
        ("assembly setOpener 0x12 true", "40 hex digits, or a module's name"),
        ("assembly setOpener docket perhaps", "true or false"),
        ("constitution setParameter assembly.sponsors 4294967296", "from 0 to 4294967295"),
        ("constitution setParameter assembly.sponsors three", "whole number"),
        ("constitution setRule docket 0x01 ordinary", "4 bytes"),
        ("constitution setRule docket 0x01020304 royal", "one of Constitutional"),
        ("constitution setRule docket 0x01020304 9", "from 0 to 5"),
        (f"constitution setParameter {'x' * 33} 3", "32 bytes"),
    ],
)
def test_a_call_that_does_not_fit_the_abi_is_refused(contracts, given, why):
    with pytest.raises(Misused, match=why):
        drafts.call_in_words(contracts, given)


def test_a_file_gives_title_text_and_actions(contracts, tmp_path):
    toml = tmp_path / "energy.toml"
    toml.write_text(
        'title = "Energy"\ntext = "At length"\n'
        '[[action]]\ncall = "constitution.addTopic"\narguments = ["energy"]\n'
        '[[action]]\nadopt = "We share the meter"\n'
    )
    fields, actions = drafts.from_file(contracts, toml)
    assert fields == {"title": "Energy", "text": "At length"}
    assert [action.words for action in actions] == [
        "call constitution.addTopic(energy)",
        "adopt a text as a resolution",
    ]
    written = {
        "title": "Energy",
        "text": "At length",
        "action": [
            {"call": "constitution.addTopic", "arguments": ["energy"]},
            {"adopt": "We share the meter"},
        ],
    }
    same = tmp_path / "energy.json"
    same.write_text(json.dumps(written))
    assert drafts.from_file(contracts, same) == (fields, actions)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("title = ", "cannot be read"),
        ('title = "x"', "no actions"),
        ('[[action]]\ncall = "addTopic"', "module.function"),
        ('[[action]]\ncall = "constitution.addTopic"\narguments = "energy"', "is a list"),
        ('[[action]]\ntarget = "constitution"', "an action has"),
        ('titel = "x"\n[[action]]\nadopt = "y"', "unknown fields titel"),
        ("action = 3", "another type"),
        ('nonce = "one"\n[[action]]\nadopt = "y"', "another type"),
        ("action = [3]", "an action has"),
    ],
)
def test_a_file_that_says_something_else_is_refused(contracts, tmp_path, content, why):
    path = tmp_path / "draft.toml"
    path.write_text(content)
    with pytest.raises(Misused, match=why):
        drafts.from_file(contracts, path)


def test_the_suffix_names_nonce_and_proposer_after_the_long_text(contracts):
    long = "Because the old one leaks."
    described = drafts.described("A freezer", long, 4, ALICE)
    assert described == f"A freezer\n\ntext:0x{keccak(long.encode()).hex()}#nonce=4#proposer={ALICE.lower()}"


def test_a_title_cannot_bring_a_suffix_of_its_own():
    with pytest.raises(Misused, match="suffix is added"):
        drafts.described(f"A freezer#proposer={ALICE}", None, 1, ALICE)


def test_the_same_draft_has_the_same_id_and_another_nonce_another(contracts):
    def made(nonce: int) -> int:
        actions = (drafts.adopt(contracts, "We buy a freezer"),)
        return drafts.Draft(actions, drafts.described("A freezer", None, nonce, ALICE)).proposal_id

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_modules_are_known_by_their_own_and_by_their_contracts_names():
    assert module_named("credits") == module_named("VoiceCredits") == "credits"


def test_an_office_can_be_called_for_in_a_file_too_with_names_for_its_choices(contracts, tmp_path):
    file = tmp_path / "office.json"
    text = f"0x{keccak(b'Treasurer').hex()}"
    terms = [text, 1, 2, "drawWithReveals", 7_776_000, 100, False]
    entry = ["constitution", "0x" + "12" * 4, 4, 0, 0]
    action = {"call": "offices.create", "arguments": [terms, [entry]]}
    file.write_text(json.dumps({"title": "A treasurer", "action": [action]}))
    _, (made,) = drafts.from_file(contracts, file)
    office, mandate = arguments(
        made,
        [
            "(bytes32,uint16,uint8,uint8,uint32,uint32,bool)",
            "(address,bytes4,uint16,uint8,uint128)[]",
        ],
    )
    assert office == (keccak(b"Treasurer"), 1, 2, 2, 7_776_000, 100, False)
    assert mandate == ((contracts.address("constitution").lower(), b"\x12" * 4, 4, 0, 0),)


def test_a_mandate_says_which_call_how_often_and_up_to_what(contracts):
    entry = drafts.mandate(contracts, "polls.open:2:options:9")
    selector = keccak(b"open(bytes32,uint8,uint16,bool,bool)")[:4]
    assert entry == (contracts.address("polls"), selector, 2, 2, 9)
    assert drafts.mandate(contracts, "constitution.adopt:4")[2:] == (4, 0, 0)
