"""The state hash: equal for equal chains, different for any altered row."""

from __future__ import annotations

import sqlite3

import pytest


@pytest.fixture
def node(chain, make_node):
    emitter = chain.deploy("Emitter")
    for number in range(6):
        emitter.count(number % 2, 10 * number, 3, -number)
    made = make_node(emitter)
    made.run()
    return made


def test_nodes_that_read_in_different_steps_hold_the_same(node, make_node, chain):
    halting = make_node(node.emitter, window=2)
    for block in range(1, chain.head + 1):
        halting.run(until=block)
    assert halting.state_hash() == node.state_hash()


@pytest.mark.parametrize(
    ("relation", "change"),
    [
        ("totals", "UPDATE totals SET events = events + 1 WHERE rowid = 1"),
        ("counts", "UPDATE counts SET said = '' WHERE rowid = 2"),
        ("counts", "DELETE FROM counts WHERE rowid = 3"),
        ("leavings", "INSERT INTO leavings (counter, who) VALUES (randomblob(32), 1)"),
        ("logs", "UPDATE logs SET data = zeroblob(160) WHERE block = 3 AND position = 0"),
        ("blocks", "UPDATE blocks SET timestamp = timestamp + 1 WHERE number = 3"),
    ],
)
def test_one_row_altered_by_hand_changes_the_hash_of_its_table_and_no_other(node, relation, change):
    before = node.state_hash()
    with sqlite3.connect(node.settings.database) as connection:
        assert connection.execute(change).rowcount == 1
    after = node.state_hash()
    assert after.state_hash != before.state_hash
    assert {name for name in before.tables if before.tables[name] != after.tables[name]} == {relation}


def test_the_same_rows_at_another_block_have_another_hash(node, chain):
    before = node.state_hash()
    chain.mine()
    node.run()
    after = node.state_hash()
    assert after.tables == before.tables
    assert after.state_hash != before.state_hash
