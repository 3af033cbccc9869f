"""A node whose RPC is down, slow, limited, or lies. A real proxy in front of a real chain."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import msgspec
import pytest

from backend.chain import ChainMismatch, Fetch, Rpc, errors
from backend.decode import Decoders
from backend.node import make_sync
from backend.store import ForeignDatabase
from tests.backend.chains import anvil
from tests.backend.proxy import methods


def history(emitter, blocks: int = 12) -> None:
    for number in range(blocks):
        emitter.count(number % 3, 100 * number, 4, 1 + number)


def through(node, proxy):
    node.settings = replace(node.settings, rpc_url=proxy.url)
    return node


def lift_after(proxy, seconds: float) -> None:
    def lift() -> None:
        time.sleep(seconds)
        proxy.fault = None

    threading.Thread(target=lift).start()


def failing(calls, real, error):
    """The real answers, but an error for the logs."""
    answers = real()
    for call, answer in zip(calls, answers, strict=True):
        if call["method"] == "eth_getLogs":
            del answer["result"]
            answer["error"] = error
    return answers


def indexes_everything(node, matches_the_chain) -> bool:
    node.run()
    return matches_the_chain(node)


def test_an_rpc_that_is_down_for_a_while_loses_nothing(chain, proxy, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter)
    node = through(make_node(emitter), proxy)
    proxy.fault = lambda calls, real: (502, b"bad gateway", {})
    lift_after(proxy, 4)
    assert indexes_everything(node, matches_the_chain)


def test_a_node_says_that_its_rpc_is_unreachable(chain, make_node):
    emitter = chain.deploy("Emitter")
    node = make_node(emitter)
    node.settings = replace(node.settings, rpc_url="http://127.0.0.1:1")

    async def look() -> None:
        rpc = Rpc(node.settings.rpc_url, attempts=2)
        sync = make_sync(node.settings, rpc, emitter.deployment)
        stop = asyncio.Event()
        running = asyncio.create_task(sync.run(stop))
        async with asyncio.timeout(20):
            while sync.store.status().phase == "starting":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        stop.set()
        await running
        status = sync.store.status()
        assert status.phase == "retrying"
        assert "http://127.0.0.1:1" in status.error
        await rpc.close()

    asyncio.run(look())


def test_a_slow_rpc_gets_smaller_ranges(chain, proxy, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter, 20)
    chain.mine(10)

    def slow(calls, real):
        for call in calls:
            if call["method"] == "eth_getLogs":
                query = call["params"][0]
                if int(query["toBlock"], 16) - int(query["fromBlock"], 16) > 3:
                    time.sleep(2.5)
        return

    proxy.fault = slow
    assert indexes_everything(through(make_node(emitter, window=4), proxy), matches_the_chain)


@pytest.mark.parametrize(
    "message",
    [
        "query returned more than 10000 results. Try with this block range [{first:#x}, {good:#x}].",
        "query returned more than 10000 results. Try with this block range [0x0, 0xffffff].",
        "exceed maximum block range: 4",
        "Log response size exceeded",
    ],
    ids=["suggests a range", "suggests a range that is no help", "names a limit", "says nothing useful"],
)
def test_a_refused_range_is_narrowed_until_it_is_accepted(
    chain, proxy, make_node, matches_the_chain, message
):
    emitter = chain.deploy("Emitter")
    history(emitter, 24)
    chain.mine(5)
    widest = 0

    def refuse(calls, real):
        nonlocal widest
        for call in calls:
            if call["method"] == "eth_getLogs":
                first, last = (int(call["params"][0][end], 16) for end in ("fromBlock", "toBlock"))
                if last - first >= 4:
                    text = message.format(first=first, good=first + 3)
                    return failing(calls, real, {"code": -32005, "message": text})
                widest = max(widest, last - first + 1)
        return None

    proxy.fault = refuse
    assert indexes_everything(through(make_node(emitter, window=4), proxy), matches_the_chain)
    assert 1 < widest <= 4


def test_one_block_that_cannot_be_read_is_an_error_and_never_skipped(chain, proxy):
    emitter = chain.deploy("Emitter")
    history(emitter, 6)
    bad = emitter.block + 3

    def refuse(calls, real):
        for call in calls:
            if call["method"] == "eth_getLogs":
                query = call["params"][0]
                if int(query["fromBlock"], 16) <= bad <= int(query["toBlock"], 16):
                    return failing(calls, real, {"code": -32000, "message": "block range too large"})
        return None

    proxy.fault = refuse

    async def read() -> list[int]:
        rpc = Rpc(proxy.url)
        decoders_topics = Fetch(rpc, [bytes.fromhex(emitter.address[2:])], topics_of(emitter))
        reached = []
        try:
            async for batch in decoders_topics.history(emitter.block, chain.head):
                reached.append(batch.tip.number)
        except errors.RangeRefused:
            return reached
        finally:
            await rpc.close()
        raise AssertionError(f"block {bad} was skipped: {reached}")

    assert all(number < bad for number in asyncio.run(read()))


def topics_of(emitter) -> set[bytes]:
    return Decoders(emitter.deployment.interfaces).topics


def test_too_many_requests_slow_the_node_down_and_lose_nothing(chain, proxy, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter)
    served = 0

    def limit(calls, real):
        nonlocal served
        served += 1
        if served in (2, 3, 5):
            return 429, b"slow down", {"retry-after": "1"} if served == 3 else {}
        return None

    proxy.fault = limit
    assert indexes_everything(through(make_node(emitter), proxy), matches_the_chain)
    waited = [after - before for before, after in zip(proxy.times, proxy.times[1:], strict=False)]
    assert waited[2] >= 1.0


@pytest.mark.parametrize("window", [4, 64], ids=["in history", "in the live window"])
def test_half_a_block_is_noticed(chain, proxy, make_node, matches_the_chain, window):
    """The node behind the proxy drops the second half of one block's logs and receipts."""
    emitter = chain.deploy("Emitter")
    chain.mine(3)
    history(emitter, 1)
    victim = chain.head
    chain.mine(4 if window == 4 else 0)
    node = through(make_node(emitter, window=window), proxy)
    lied = 0

    def halve(calls, real):
        nonlocal lied
        answers = real()
        for answer in answers:
            result = answer.get("result")
            if not isinstance(result, list):
                continue
            for entry in result:
                if "logs" in entry and int(entry["blockNumber"], 16) == victim:
                    entry["logs"] = entry["logs"][: len(entry["logs"]) // 2]
                    lied += 1
            ours = [
                entry for entry in result if "topics" in entry and int(entry["blockNumber"], 16) == victim
            ]
            if ours:
                answer["result"] = [entry for entry in result if entry not in ours[len(ours) // 2 :]]
                lied += 1
        return answers

    proxy.fault = halve
    lift_after(proxy, 3)
    assert indexes_everything(node, matches_the_chain)
    assert lied > 0


def test_logs_that_were_not_asked_for_are_refused(chain, proxy):
    emitter = chain.deploy("Emitter")
    history(emitter, 8)

    def widen(calls, real):
        answers = real()
        for call, answer in zip(calls, answers, strict=True):
            if call["method"] == "eth_getLogs":
                query = call["params"][0] | {"fromBlock": "0x0"}
                answer["result"] = chain.rpc("eth_getLogs", query)
        return answers

    proxy.fault = widen

    async def read() -> None:
        rpc = Rpc(proxy.url)
        try:
            fetch = Fetch(rpc, [bytes.fromhex(emitter.address[2:])], topics_of(emitter))
            with pytest.raises(errors.RangeLied, match="asked for blocks 5 to 7, got a log of block 1"):
                async for _ in fetch.history(5, 7):
                    pass
        finally:
            await rpc.close()

    asyncio.run(read())


def test_a_node_that_has_not_seen_a_block_is_not_believed_to_have_no_logs_in_it(
    chain, proxy, make_node, matches_the_chain
):
    """One node of a load balancer is behind: it knows no header yet and answers eth_getLogs with nothing."""
    emitter = chain.deploy("Emitter")
    history(emitter, 10)
    chain.mine(4)
    behind = 0

    def lag(calls, real):
        nonlocal behind
        answers = real()
        if "eth_getLogs" in methods(calls) and behind < 3:
            behind += 1
            for call, answer in zip(calls, answers, strict=True):
                answer["result"] = [] if call["method"] == "eth_getLogs" else None
        return answers

    proxy.fault = lag
    assert indexes_everything(through(make_node(emitter, window=4), proxy), matches_the_chain)
    assert behind == 3


def test_an_answer_that_is_not_json_rpc_is_tried_again(chain, proxy, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter, 3)
    proxy.fault = lambda calls, real: (200, b"<html>maintenance</html>", {})
    lift_after(proxy, 2)
    assert indexes_everything(through(make_node(emitter), proxy), matches_the_chain)


def test_a_node_without_block_receipts_and_log_timestamps_is_read_as_well(
    old_chain, make_node, matches_the_chain
):
    emitter = old_chain.deploy("Emitter")
    history(emitter, 12)
    node = make_node(emitter, window=4)
    node.run()
    with node.store() as reader:
        assert reader.count("counts") == 48
        stamps = dict(reader.query("SELECT number, timestamp FROM blocks WHERE logs > 0"))
    assert all(int(old_chain.block(number)["timestamp"], 16) == stamp for number, stamp in stamps.items())
    assert matches_the_chain(node)


def test_a_database_from_another_chain_is_refused(chain, make_node, tmp_path):
    emitter = chain.deploy("Emitter")
    node = make_node(emitter)
    node.run()
    time.sleep(1.1)  # anvil's first block has the time for its hash
    with anvil() as other:
        elsewhere = other.deploy("Emitter")
        node.emitter = elsewhere
        node.settings = replace(node.settings, rpc_url=other.url)
        with pytest.raises(ForeignDatabase, match=r"node\.sqlite is a database from another chain"):
            node.run()


def test_a_chain_with_another_id_is_refused(chain, make_node):
    emitter = chain.deploy("Emitter")
    node = make_node(emitter)

    async def look() -> None:
        rpc = Rpc(chain.url)
        deployment = msgspec.structs.replace(emitter.deployment, chain_id=100)
        sync = make_sync(node.settings, rpc, deployment)
        with pytest.raises(ChainMismatch, match="is chain 31337, the deployment is on chain 100"):
            await sync.run(asyncio.Event())
        assert sync.store.status().phase == "failed"
        await rpc.close()

    asyncio.run(look())


def test_an_address_without_code_is_refused(chain, make_node):
    emitter = chain.deploy("Emitter")
    emitter.address = "0x00000000000000000000000000000000000000ff"
    with pytest.raises(
        ChainMismatch, match="Emitter has no code at 0x00000000000000000000000000000000000000ff"
    ):
        make_node(emitter).run()
