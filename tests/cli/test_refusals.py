"""Every error of every contract becomes a sentence."""

from __future__ import annotations

import json
import re
from string import Formatter
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak

from backend.cli.contracts import Contracts, canonical
from backend.cli.refusals import SENTENCES, sentence
from backend.decode import Refusal
from backend.deployment import ABIS, MODULES, Contract, Deployment, abi

ACCOUNT = "0x" + "5f" * 20


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    found = {name: Contract(ACCOUNT, abi(name)) for name in MODULES.values()}
    return Contracts(Deployment(31337, 1, found))


def declared_errors() -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(ABIS.glob("*.json")):
        for entry in json.loads(path.read_text()):
            if entry["type"] == "error":
                found[entry["name"]] = entry
    return found


ERRORS = declared_errors()


def some_value(kind: str) -> Any:
    """A value of the type, different from zero."""
    if kind.endswith("]"):
        return [some_value(kind[: kind.rindex("[")])]
    if kind == "address":
        return ACCOUNT
    if kind == "bool":
        return True
    if kind == "string":
        return "some text"
    if match := re.fullmatch(r"bytes(\d*)", kind):
        return b"x" * int(match[1] or 5)
    return 3


def data_of(entry: dict[str, Any]) -> bytes:
    types = [canonical(argument) for argument in entry["inputs"]]
    selector = keccak(f"{entry['name']}({','.join(types)})".encode())[:4]
    return selector + encode(types, [some_value(kind) for kind in types])


def test_there_are_errors_to_tell():
    assert len(ERRORS) > 150


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_of_the_contracts_is_told_with_its_name_or_in_words(contracts, name):
    refusal = contracts.refusal(data_of(ERRORS[name]))
    assert refusal.error == name
    assert list(refusal.arguments) == [argument["name"] for argument in ERRORS[name]["inputs"]]

    told = sentence(refusal)
    if name in SENTENCES:
        assert told
        assert not re.search(r"[{}]", told)
        assert name not in told
    else:
        assert name in told
        for argument, value in refusal.arguments.items():
            assert f"{argument} {value}" in told


@pytest.mark.parametrize("name", SENTENCES)
def test_words_speak_of_nothing_but_what_the_error_says(name):
    known = {argument["name"] for argument in ERRORS[name]["inputs"]}
    used = {field for _, field, _, _ in Formatter().parse(SENTENCES[name]) if field is not None}
    assert used <= known


def test_times_are_told_as_dates(contracts):
    refusal = Refusal("MembershipOnProbation", {"memberId": 7, "until": 1767225600})
    assert "member 7 is on probation until 2026-01-01 00:00 UTC" in sentence(refusal)


def test_a_time_beyond_every_calendar_does_not_end_in_a_traceback():
    refusal = Refusal("MembershipOnProbation", {"memberId": 7, "until": 2**48 - 1})
    assert "until never" in sentence(refusal)


def test_statuses_and_states_are_told_by_their_names():
    assert "member 3 is expelled" in sentence(Refusal("MembershipNotActive", {"memberId": 3, "status": 4}))
    wrong = Refusal("AdmissionWrongStatus", {"applicationId": "2", "status": 3})
    assert "application 2 is contested" in sentence(wrong)
    state = {"proposalId": "1", "current": 3, "expectedStates": "0x00"}
    assert "the proposal is defeated" in sentence(Refusal("GovernorUnexpectedProposalState", state))


@pytest.mark.parametrize("problem", [4, "NullifierUsed"])
def test_a_secret_ballots_problem_is_told_in_words_whether_chain_or_relay_found_it(problem):
    told = sentence(Refusal("PollsSecretBallotRefused", {"pollId": 3, "nullifier": "7", "problem": problem}))
    assert told == "the ballot in poll 3 is refused: this identity has voted already, and ballots are final"


def test_a_parameter_is_told_by_its_name(contracts):
    name = "0x" + b"assembly.sponsors".ljust(32, b"\0").hex()
    bounds = {"name": name, "value": 99, "floor": 2, "ceiling": 10}
    assert "assembly.sponsors cannot be 99: it lies between 2 and 10" in sentence(
        Refusal("ConstitutionParameterOutOfBounds", bounds)
    )


def test_a_vote_over_budget_is_told_with_its_price():
    over = {"memberId": 2, "season": 1, "cost": "399", "left": "100"}
    told = sentence(Refusal("VoiceCreditsExceeded", over))
    assert "costs 399 voice credits, and member 2 has 100 left in season 1" in told


@pytest.mark.parametrize("error", ["OfficesExerciseFailed", "ConsentCallFailed"])
def test_a_call_within_a_call_is_refused_with_its_own_reason(contracts, error):
    entry = ERRORS[error]
    within = data_of(ERRORS["ConstitutionZeroTextHash"])
    values = [within if argument["type"] == "bytes" else 2 for argument in entry["inputs"]]
    types = [canonical(argument) for argument in entry["inputs"]]
    refusal = contracts.refusal(data_of(entry)[:4] + encode(types, values))
    assert sentence(refusal).endswith(": there is no text")


def test_reverts_without_a_known_error_are_told_too(contracts):
    plain = keccak(b"Error(string)")[:4] + encode(["string"], ["no such thing"])
    assert sentence(contracts.refusal(plain)) == "the contract says: no such thing"
    panic = keccak(b"Panic(uint256)")[:4] + encode(["uint256"], [0x11])
    assert sentence(contracts.refusal(panic)) == "the contract failed with panic code 0x11"
    assert "not known here" in sentence(contracts.refusal(bytes.fromhex("deadbeef")))
    assert "no data" in sentence(contracts.refusal(b""))
