"""The tree that the node keeps: as the whole set of leaves makes it, and beside what the chain says of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend import events
from backend.chain import Block
from backend.decode.event import At
from backend.project import State
from backend.project.group import MemberGroup, group, leaf_changed, poll_opened
from backend.store import Store, table_of
from zk import Group, filled


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = Store(tmp_path_factory.mktemp("group") / "node.sqlite", [table_of(row) for row in group.tables])
    with opened.transaction():
        opened.start(Block(0, "0x00", None, 0))
    yield opened
    opened.close()


def at(position: int) -> At:
    return At(1, 1_700_000_000, position, b"\1" * 20, b"\1" * 32)


def opened_with(root: int, *, secret: bool = True) -> events.PollsPollOpened:
    poll = events.PollsPoll(
        text=b"\1" * 32,
        options=2,
        secret=secret,
        hidden=False,
        topic=1,
        season=1,
        electorate_at=1,
        voting_end=2,
        reveal_end=2,
        follow_end=2,
        credits=100,
        quorum=3,
        depth=1,
        root=root,
    )
    return events.PollsPollOpened(at(999), 1, poll)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=60))
def test_the_root_is_that_of_the_full_tree_after_every_change(store, changes):
    """Members register one after the other; between that, leaves are emptied and filled again."""
    state = State(store, group.tables)
    leaves: list[int] = []
    for position, (which, value) in enumerate(changes):
        index = which if which < len(leaves) else len(leaves)
        leaf = value if index < len(leaves) else 100 + index
        leaves[index : index + 1] = [leaf]
        leaf_changed(state, events.MemberGroupLeafChanged(at(position), index, index + 1, leaf))
        kept = state.need(MemberGroup, 1)
        expected = Group(filled(leaves))
        assert (kept.root, kept.size) == (expected.root, expected.size)
        assert kept.listed == sum(1 for leaf in leaves if leaf)


def test_a_poll_that_froze_another_root_is_noticed(store):
    state = State(store, group.tables)
    leaf_changed(state, events.MemberGroupLeafChanged(at(0), 0, 1, 7))
    leaf_changed(state, events.MemberGroupLeafChanged(at(1), 1, 2, 8))
    root = Group([7, 8]).root
    poll_opened(state, opened_with(root + 1))
    assert state.need(MemberGroup, 1).agrees is False
    poll_opened(state, opened_with(0, secret=False))
    assert state.need(MemberGroup, 1).agrees is False
    poll_opened(state, opened_with(root))
    assert state.need(MemberGroup, 1).agrees is True
