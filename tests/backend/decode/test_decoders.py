"""The compiled decoders against eth-abi, an independent implementation, on random values."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import encode
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.chain import Log
from backend.decode import AbiUnsupported, Decoders, LogMalformed, present
from backend.decode.abi import snake

ADDRESS = bytes.fromhex("5fbdb2315678afecb367f032d93f642f64180aa3")
STATIC = ["uint8", "uint16", "uint48", "uint64", "uint72", "uint256", "int8", "int64", "int128", "int256"]
STATIC += ["bool", "address", "bytes1", "bytes4", "bytes20", "bytes32"]
DYNAMIC = ["string", "bytes"]
ARRAYS = ["uint256[]", "address[]", "string[]", "bytes32[3]", "uint8[][2]", "bool[]"]


def values_of(declared: str) -> st.SearchStrategy[Any]:
    if declared.endswith("]"):
        inner, _, size = declared[:-1].rpartition("[")
        items = values_of(inner)
        return st.lists(items, min_size=int(size or 0), max_size=int(size or 4))
    if declared == "bool":
        return st.booleans()
    if declared == "address":
        return st.binary(min_size=20, max_size=20)
    if declared == "string":
        return st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=80)
    if declared == "bytes":
        return st.binary(max_size=80)
    if declared.startswith("bytes"):
        return st.binary(min_size=int(declared[5:]), max_size=int(declared[5:]))
    bits = int(declared.lstrip("uint"))
    if declared.startswith("uint"):
        return st.integers(0, 2**bits - 1)
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def same(ours: Any, encoded: Any) -> bool:
    if isinstance(ours, tuple):
        return len(ours) == len(encoded) and all(same(a, b) for a, b in zip(ours, encoded, strict=True))
    return bool(ours == encoded)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_event_decodes_to_what_was_encoded(data):
    indexed = data.draw(st.lists(st.sampled_from(STATIC), max_size=3))
    plain = data.draw(st.lists(st.sampled_from(STATIC + DYNAMIC + ARRAYS), max_size=6))
    inputs = [{"name": f"topic{n}", "type": declared, "indexed": True} for n, declared in enumerate(indexed)]
    inputs += [{"name": f"value{n}", "type": declared, "indexed": False} for n, declared in enumerate(plain)]
    topics = [data.draw(values_of(declared)) for declared in indexed]
    values = [data.draw(values_of(declared)) for declared in plain]
    decoders = Decoders({"Thing": (ADDRESS, [{"type": "event", "name": "Happened", "inputs": inputs}])})
    signature = keccak(f"Happened({','.join([*indexed, *plain])})".encode())
    words = [encode([declared], [topic]) for declared, topic in zip(indexed, topics, strict=True)]
    log = Log(7, 3, ADDRESS, b"".join([signature, *words]), encode(plain, values), b"\1" * 32)
    event = decoders.decode(log, 1000)
    assert (event.at.block, event.at.index, event.at.timestamp) == (7, 3, 1000)
    for number, topic in enumerate(topics):
        assert same(getattr(event, f"topic{number}"), topic)
    for number, value in enumerate(values):
        assert same(getattr(event, f"value{number}"), value)
    assert set(present(decoders.events[ADDRESS, signature], event)) == {entry["name"] for entry in inputs}


def happened(*inputs: tuple[str, str, bool]) -> tuple[Decoders, bytes]:
    entries = [{"name": name, "type": declared, "indexed": indexed} for name, declared, indexed in inputs]
    decoders = Decoders({"Thing": (ADDRESS, [{"type": "event", "name": "Happened", "inputs": entries}])})
    return decoders, next(iter(decoders.topics))


def test_an_indexed_text_is_known_by_its_hash_only():
    decoders, topic = happened(("title", "string", True))
    event = decoders.decode(Log(1, 0, ADDRESS, topic + keccak(b"food"), b"", b""), 0)
    assert event.title == keccak(b"food")


@pytest.mark.parametrize("declared", ["string", "string[]"])
def test_text_that_is_not_utf_8_or_holds_nul_cannot_stop_the_node(declared):
    decoders, topic = happened(("text", declared, False))
    raw = b"a\xff\x00b"
    data = encode([declared.replace("string", "bytes")], [[raw] if declared.endswith("]") else raw])
    event = decoders.decode(Log(1, 0, ADDRESS, topic, data, b""), 0)
    text = event.text[0] if declared.endswith("]") else event.text
    assert text == "a\ufffd\ufffdb"


@pytest.mark.parametrize(
    ("topics", "data"),
    [
        (b"", encode(["uint256", "string"], [1, "x"])),
        (b"\0" * 32, b""),
        (b"\0" * 32, encode(["uint256", "string"], [1, "x"])[:-33]),
        (b"\0" * 32, encode(["uint256", "uint256"], [1, 2**40])),
        (b"\0" * 64, encode(["uint256", "string"], [1, "x"])),
    ],
    ids=["a topic is missing", "no data", "data cut short", "an offset outside the data", "a topic too many"],
)
def test_a_log_that_does_not_fit_its_event_is_refused(topics, data):
    decoders, topic = happened(
        ("id", "uint256", True), ("number", "uint256", False), ("text", "string", False)
    )
    with pytest.raises(LogMalformed, match=r"Thing\.Happened at 5-2"):
        decoders.decode(Log(5, 2, ADDRESS, topic + topics, data, b""), 0)


def test_a_struct_becomes_a_class_of_its_own():
    components = [{"name": "opensAt", "type": "uint48"}, {"name": "who", "type": "address"}]
    entry = {
        "name": "terms",
        "type": "tuple",
        "internalType": "struct IThing.Terms",
        "components": components,
    }
    abi = [{"type": "event", "name": "Opened", "inputs": [{**entry, "indexed": False}]}]
    decoders = Decoders({"Thing": (ADDRESS, abi)})
    (topic,) = decoders.topics
    assert topic == keccak(b"Opened((uint48,address))")
    event = decoders.decode(Log(1, 0, ADDRESS, topic, encode(["(uint48,address)"], [(9, ADDRESS)]), b""), 0)
    assert type(event.terms).__name__ == "ThingTerms"
    assert (event.terms.opens_at, event.terms.who) == (9, ADDRESS)
    shown = present(decoders.events[ADDRESS, topic], event)
    assert shown == {"terms": {"opensAt": 9, "who": f"0x{ADDRESS.hex()}"}}


def test_another_contracts_event_at_this_address_is_nobodys():
    one = [{"type": "event", "name": "One", "inputs": []}]
    two = [{"type": "event", "name": "Two", "inputs": []}]
    decoders = Decoders({"A": (ADDRESS, one), "B": (b"\2" * 20, two)})
    assert decoders.decode(Log(1, 0, ADDRESS, keccak(b"Two()"), b"", b""), 0) is None


@pytest.mark.parametrize(
    ("abi", "reason"),
    [
        ([{"type": "event", "name": "E", "inputs": [], "anonymous": True}], "anonymous"),
        ([{"type": "event", "name": "E", "inputs": []}] * 2, "overloads"),
    ],
)
def test_an_abi_that_no_decoder_can_be_made_for_is_refused(abi, reason):
    with pytest.raises(AbiUnsupported, match=reason):
        Decoders({"Thing": (ADDRESS, abi)})


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("memberId", "member_id"),
        ("from", "from_"),
        ("at", "at_"),
        ("daoURI", "dao_uri"),
        ("ERC20Paid", "erc20_paid"),
    ],
)
def test_fields_keep_the_abis_word_in_pythons_casing(name, field):
    assert snake(name) == field
