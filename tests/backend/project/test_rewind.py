"""Taking back what a commune did, and reading it again: nothing is left over and nothing is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace

import pytest

from backend.chain import Rpc
from backend.deployment import load
from backend.node import application_of, make_sync, rebuild
from backend.store import state_hash


@pytest.fixture
def settings(lived, tmp_path):
    """Over a copy of the database that followed the commune."""
    target = sqlite3.connect(tmp_path / "node.sqlite")
    sqlite3.connect(lived.settings.database).backup(target)
    target.close()
    return replace(lived.settings, database=tmp_path / "node.sqlite")


def test_every_turn_of_a_commune_s_life_can_be_taken_back(lived, settings):
    """The state hash after the rewind is the one that was there when it happened."""
    application = application_of(settings)
    back = sorted(lived.hashes, reverse=True)
    assert len(back) >= 40

    async def work() -> None:
        rpc = Rpc(settings.rpc_url)
        sync = make_sync(settings, rpc, load(settings.deployment))
        while await sync.step():
            pass
        cursor = sync.cursor
        for block in back:
            if block < cursor.number:
                cursor = sync.projector.rewind(cursor, block)
            with sync.store.snapshot() as found:
                assert state_hash(sync.store, application.tables, found) == lived.hashes[block]
        sync._cursor = cursor
        while await sync.step():
            pass
        for block in back[:1]:
            cursor = sync.projector.rewind(sync.cursor, block)
            with sync.store.snapshot() as found:
                assert state_hash(sync.store, application.tables, found) == lived.hashes[block]
        await rpc.close()
        sync.store.close()

    asyncio.run(work())


def test_history_read_in_ranges_gives_the_same_rows_as_blocks_read_one_by_one(lived, settings, tmp_path):
    last = max(lived.hashes)
    in_ranges = replace(settings, window=8)
    found, _ = asyncio.run(rebuild(in_ranges, tmp_path / "rebuilt.sqlite", last))
    assert found == lived.hashes[last]
