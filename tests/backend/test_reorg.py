"""A node on a chain that changes its mind. The chains are real anvil processes."""

from __future__ import annotations

import asyncio

import pytest

from backend.chain import Rpc
from backend.node import make_sync


def history(emitter, blocks: int) -> None:
    for number in range(blocks):
        emitter.count(number % 3, 100 * number, 4, 1 + number)


@pytest.mark.parametrize("depth", [1, 2, 7, 30])
def test_a_reorg_leaves_no_trace_of_the_blocks_that_were_dropped(chain, make_node, matches_the_chain, depth):
    emitter = chain.deploy("Emitter")
    history(emitter, 35)
    node = make_node(emitter)
    node.run()
    chain.rpc("anvil_reorg", depth, [])
    emitter.count(9, 1, 3)
    node.run()
    with node.store() as reader:
        (rewind,) = reader.rewinds_after(0)
        assert rewind.dropped - rewind.ancestor == depth
        assert reader.cursor().hash == chain.block(chain.head)["hash"]
    assert matches_the_chain(node)


def test_a_reorg_that_keeps_the_height_is_noticed_by_the_tips_hash(chain, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter, 5)
    node = make_node(emitter)
    node.run()
    height, before = chain.head, chain.block(chain.head)["hash"]
    chain.rpc("anvil_reorg", 2, [])
    assert chain.head == height
    assert chain.block(height)["hash"] != before
    node.run()
    with node.store() as reader:
        assert reader.cursor().hash == chain.block(height)["hash"]
    assert matches_the_chain(node)


@pytest.mark.parametrize("depth", [1, 5, 30])
def test_a_reorg_in_the_middle_of_a_sync_is_taken_back(chain, make_node, matches_the_chain, depth):
    emitter = chain.deploy("Emitter")
    history(emitter, 90)
    node = make_node(emitter, window=40)

    async def work() -> None:
        rpc = Rpc(chain.url)
        sync = make_sync(node.settings, rpc, emitter.deployment)
        sync.LIVE_BLOCKS = 25
        stop = asyncio.Event()
        while await sync.step():
            if sync.cursor.number > chain.head - 20:
                break
        chain.rpc("anvil_reorg", depth, [])
        emitter.count(5, 5, 5)
        await sync.run(stop, until=chain.head)
        await rpc.close()
        sync.store.close()

    asyncio.run(work())
    assert matches_the_chain(node)


def test_a_second_reorg_before_the_first_is_over_is_taken_back_as_well(chain, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter, 20)
    node = make_node(emitter)
    node.run()
    for depth in (3, 8, 1):
        chain.rpc("anvil_reorg", depth, [])
        emitter.count(depth, 1, 1)
        node.run()
    with node.store() as reader:
        assert len(reader.rewinds_after(0)) == 3
    assert matches_the_chain(node)


def test_a_reorg_deeper_than_the_window_is_rebuilt_from_the_chain(chain, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter, 40)
    node = make_node(emitter, window=8)
    node.run()
    chain.rpc("anvil_reorg", 20, [])
    emitter.count(5, 5, 5)
    phases = []

    async def work() -> None:
        rpc = Rpc(chain.url)
        sync = make_sync(node.settings, rpc, emitter.deployment)
        report = sync.store.report
        sync.store.report = lambda phase, *rest: (phases.append(phase), report(phase, *rest))
        await sync.run(asyncio.Event(), until=chain.head)
        await rpc.close()
        sync.store.close()

    asyncio.run(work())
    assert phases[0] == "stale"
    assert matches_the_chain(node)


def test_a_lagging_rpc_node_is_not_a_reorg(chain, make_node):
    emitter = chain.deploy("Emitter")
    history(emitter, 3)
    snapshot = chain.rpc("evm_snapshot")
    chain.mine(4)
    node = make_node(emitter)
    node.run()
    with node.store() as reader:
        before = reader.cursor()
    chain.rpc("evm_revert", snapshot)
    assert chain.head < before.number

    async def look() -> None:
        rpc = Rpc(chain.url)
        sync = make_sync(node.settings, rpc, emitter.deployment)
        assert not await sync.step()
        await rpc.close()
        sync.store.close()

    asyncio.run(look())
    with node.store() as reader:
        assert reader.cursor() == before
        assert reader.rewinds_after(0) == []
        assert reader.status().phase == "lagging"


def test_a_chain_that_went_back_and_grew_differently_is_a_reorg(chain, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter, 3)
    snapshot = chain.rpc("evm_snapshot")
    emitter.count(1, 1, 1)
    emitter.count(1, 2, 1)
    node = make_node(emitter)
    node.run()
    chain.rpc("evm_revert", snapshot)
    emitter.count(2, 1, 2)
    node.run(until=chain.head)
    emitter.count(2, 5, 1)
    emitter.count(2, 6, 1)
    node.run()
    assert matches_the_chain(node)
