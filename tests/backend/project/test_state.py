"""What handlers can do to rows, and that each of it can be taken back."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.chain import Block
from backend.project import ProjectionError, RowMissing, State
from backend.store import Store, table, table_of


@table("shelves", key=["place"])
class Shelf(msgspec.Struct, frozen=True):
    place: int
    holds: str


@table("others", key=["place"])
class Other(msgspec.Struct, frozen=True):
    place: int


ORIGIN = Block(0, "0x00", None, 0)


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "node.sqlite", [table_of(Shelf)])
    with opened.transaction():
        opened.start(ORIGIN)
    yield opened
    opened.close()


def rows(store: Store) -> dict[int, str]:
    return dict(store.query("SELECT place, holds FROM shelves"))


def test_changes_are_seen_at_once_and_written_by_flush(store):
    state = State(store, [Shelf])
    state.insert(Shelf(1, "bread"))
    state.put(Shelf(1, "rye bread"))
    state.put(Shelf(2, "milk"))
    state.delete(Shelf, 2)
    assert state.need(Shelf, 1).holds == "rye bread"
    assert rows(store) == {}
    with store.transaction():
        state.flush()
    assert rows(store) == {1: "rye bread"}


def test_select_sees_what_was_not_written_yet(store):
    state = State(store, [Shelf])
    with store.transaction():
        state.insert(Shelf(2, "bread"))
        state.insert(Shelf(1, "bread"))
        state.insert(Shelf(3, "milk"))
        assert [shelf.place for shelf in state.select(Shelf, holds="bread")] == [1, 2]


def test_a_row_that_is_needed_and_missing_is_an_error(store):
    with pytest.raises(RowMissing, match=r"Shelf\(5,\) does not exist"):
        State(store, [Shelf]).need(Shelf, 5)


def test_a_row_is_inserted_only_once(store):
    state = State(store, [Shelf])
    state.insert(Shelf(1, "bread"))
    with pytest.raises(ProjectionError, match=r"Shelf\(1,\) exists already"):
        state.insert(Shelf(1, "milk"))


def test_a_table_of_no_projection_is_refused(store):
    with pytest.raises(ProjectionError, match="Other belongs to no projection"):
        State(store, [Shelf]).put(Other(1))


def test_memory_is_bounded_and_rows_are_read_again(store):
    state = State(store, [Shelf], kept=3)
    for place in range(10):
        state.put(Shelf(place, "bread"))
    with store.transaction():
        state.flush()
    state.settle()
    with store.transaction():
        store.connection.execute("UPDATE shelves SET holds = 'milk' WHERE place = 4")
    assert state.need(Shelf, 4).holds == "milk"


CHANGES = st.tuples(st.sampled_from(["put", "delete", "insert"]), st.integers(0, 4), st.text("ab"))


@settings(max_examples=60, deadline=None)
@given(
    blocks=st.lists(st.lists(CHANGES, max_size=6), min_size=1, max_size=8),
    together=st.integers(1, 4),
    data=st.data(),
)
def test_a_rewind_restores_the_rows_of_any_block(tmp_path_factory, blocks, together, data):
    """Random changes, several blocks to a transaction; then back to a random block."""
    store = Store(tmp_path_factory.mktemp("rewind") / "node.sqlite", [table_of(Shelf)])
    state = State(store, [Shelf])
    with store.transaction():
        cursor = store.start(ORIGIN)
    expected: list[dict[int, str]] = [{}]
    for at in range(0, len(blocks), together):
        with store.transaction():
            for number, block in enumerate(blocks[at : at + together], at + 1):
                state.enter(number, undo=True)
                shelves = dict(expected[-1])
                for what, place, holds in block:
                    change(state, shelves, what, place, holds)
                expected.append(shelves)
                tip = Block(number, hex(number), None, number)
                store.add_blocks([tip], {})
            state.flush()
            cursor = store.advance(cursor, tip, 0)
        state.settle()
        assert rows(store) == expected[cursor.number]
    target = data.draw(st.integers(0, len(blocks)))
    with store.transaction():
        back = store.rewind(cursor, target)
    assert (back.number, rows(store)) == (target, expected[target])
    store.close()


def change(state: State, shelves: dict[int, str], what: str, place: int, holds: str) -> None:
    """The same change to the state and to a plain dictionary."""
    if what == "delete":
        state.delete(Shelf, place)
        shelves.pop(place, None)
        return
    if what == "insert" and place not in shelves:
        state.insert(Shelf(place, holds))
    else:
        state.put(Shelf(place, holds))
    shelves[place] = holds
