"""Rows, columns and what the API shows of them."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.store import Int256, SchemaUnsupported, Store, Uint256, table, table_of


@table("samples", key=["big", "flag"], indexes=[["name"]])
class Sample(msgspec.Struct, frozen=True):
    big: Uint256
    flag: bool
    signed: Int256
    small: int
    name: str
    raw: bytes
    maybe: Uint256 | None
    note_on_it: str | None


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
samples = st.builds(
    Sample,
    st.integers(0, 2**256 - 1),
    st.booleans(),
    st.integers(-(2**255), 2**255 - 1),
    st.integers(-(2**63), 2**63 - 1),
    texts,
    st.binary(max_size=40),
    st.none() | st.integers(0, 2**256 - 1),
    st.none() | texts,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = Store(tmp_path_factory.mktemp("store") / "node.sqlite", [table_of(Sample)])
    with opened.transaction():
        opened.create_tables()
    yield opened
    opened.close()


@given(row=samples)
def test_a_row_comes_back_from_the_database_as_it_was(store, row):
    shape = table_of(Sample)
    with store.transaction():
        store.upsert(shape, [row])
    assert store.get(shape, shape.key_of(row)) == row


@given(one=st.integers(-(2**255), 2**255 - 1), other=st.integers(-(2**255), 2**255 - 1))
def test_big_integers_sort_in_the_database_as_numbers(one, other):
    shape = table_of(Sample)
    assert (shape.value_to_sql("signed", one) < shape.value_to_sql("signed", other)) == (one < other)
    one, other = abs(one), abs(other)
    assert (shape.value_to_sql("big", one) < shape.value_to_sql("big", other)) == (one < other)


def test_the_api_shows_big_integers_as_text_and_bytes_as_hex():
    shape = table_of(Sample)
    row = Sample(2**200, True, -5, 7, "bread", b"\x01\xff", None, None)
    assert shape.to_json(shape.to_sql(row)) == {
        "big": str(2**200),
        "flag": True,
        "signed": "-5",
        "small": 7,
        "name": "bread",
        "raw": "0x01ff",
        "maybe": None,
        "noteOnIt": None,
    }


def test_a_second_row_with_the_same_key_is_refused(store):
    key = 2**77 + 3  # none that the random rows in the same table would take
    row = Sample(key, False, 0, 0, "", b"", None, None)
    with pytest.raises(sqlite3.IntegrityError):
        with store.transaction():
            store.insert(table_of(Sample), [row, row])
    assert store.get(table_of(Sample), (key, False)) is None


def test_a_row_that_can_change_is_no_table():
    with pytest.raises(SchemaUnsupported, match="must be frozen"):
        table("loose", key=["a"])(msgspec.defstruct("Loose", [("a", int)]))


@pytest.mark.parametrize(
    ("fields", "key", "reason"),
    [
        ([("a", float)], ["a"], "no column type for"),
        ([("a", int)], ["b"], "has no column b"),
        ([("a", int)], [], "has no key"),
        ([("a", int | None)], ["a"], "has a nullable key"),
    ],
)
def test_a_table_that_no_portable_database_can_hold_is_refused(fields, key, reason):
    with pytest.raises(SchemaUnsupported, match=reason):
        table("odd", key=key)(msgspec.defstruct("Odd", fields, frozen=True))
