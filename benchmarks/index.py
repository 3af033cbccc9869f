"""How fast a node reads a history: 100,000 ballots on a local anvil, from nothing to rows and totals on disk.

The events are the Assembly's own (`BallotRecorded`, decoded by its ABI), emitted by a contract that does
nothing else, 50 to a block. One row is written for each, and totals for each proposal are kept, in the
database that a node uses. The reference of `backfill.events_per_s` is the same logs fetched and thrown away.
`backfill.rpc_share` is the part of the time in which the indexer was not computing: it waited for the chain
(and, on a busy machine, for a processor).
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from backend.chain import Fetch, Rpc
from backend.chain.rpc import Call
from backend.decode import Decoders, Event
from backend.deployment import Contract, Deployment
from backend.project import Projection, Projector, State
from backend.store import Store, Uint256, table, table_of
from backend.sync import Sync
from tests.backend.chains import CHAIN_ID, Chain, Emitter, anvil

ROOT = Path(__file__).resolve().parents[1]
BLOCKS = 2_000
EVENTS_PER_BLOCK = 50
EVENTS = BLOCKS * EVENTS_PER_BLOCK
PROPOSALS = 20
RUNS = 3


@table("ballots", key=["proposal_id", "member_id"])
class Ballot(msgspec.Struct, frozen=True):
    proposal_id: Uint256
    member_id: int
    support: int
    votes: int
    cost: int
    followed: bool
    timestamp: int


@table("tallies", key=["proposal_id", "support"])
class Tally(msgspec.Struct, frozen=True):
    proposal_id: Uint256
    support: int
    heads: int
    votes: int
    cost: int


def make_history(chain: Chain) -> Emitter:
    """One transaction to a block, since two of their gas limits do not fit into one."""
    emitter = chain.deploy("Emitter")
    chain.rpc("evm_setAutomine", False)
    chain.rpc("evm_setBlockGasLimit", hex(30_000_000))
    calls = []
    for block in range(BLOCKS):
        proposal, nth = block % PROPOSALS, block // PROPOSALS
        transaction = emitter.transaction("ballots", proposal, nth * EVENTS_PER_BLOCK, EVENTS_PER_BLOCK)
        calls.append(("eth_sendTransaction", [transaction | {"nonce": hex(block + 1)}]))
    for at in range(0, BLOCKS, 100):
        chain.rpcs(calls[at : at + 100])
        chain.rpc("anvil_mine", hex(100))
    return emitter


def ballots_projection(decoders: Decoders) -> Projection:
    projection = Projection("ballots", tables=[Ballot, Tally])
    recorded: type[Event] = decoders.classes["Assembly", "BallotRecorded"]

    @projection.on(recorded)
    def ballot_recorded(state: State, event: Any) -> None:
        state.insert(
            Ballot(
                event.proposal_id,
                event.member_id,
                event.support,
                event.votes,
                event.cost,
                event.followed,
                event.at.timestamp,
            )
        )
        before = state.get(Tally, event.proposal_id, event.support)
        tally = before or Tally(event.proposal_id, event.support, 0, 0, 0)
        state.put(
            Tally(
                tally.proposal_id,
                tally.support,
                tally.heads + 1,
                tally.votes + event.votes,
                tally.cost + event.cost,
            )
        )

    return projection


async def backfill(url: str, deployment: Deployment, head: int) -> tuple[float, float]:
    """Seconds to index everything, and seconds of it in which this process was idle."""
    decoders = Decoders(deployment.interfaces)
    rpc = Rpc(url)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "node.sqlite", [table_of(Ballot), table_of(Tally)])
        projector = Projector(store, decoders, [ballots_projection(decoders)])
        sync = Sync(rpc, deployment, decoders, store, projector)
        started, computed = time.perf_counter(), time.process_time()
        await sync.run(asyncio.Event(), until=head)
        seconds = time.perf_counter() - started
        idle = max(0.0, seconds - (time.process_time() - computed))
        counted = (store.one("SELECT sum(heads) FROM tallies") or (0,))[0]
        if not counted == store.count("ballots") == EVENTS:
            sys.exit(f"{counted} ballots in the totals, {store.count('ballots')} rows, {EVENTS} on chain")
        store.close()
    await rpc.close()
    return seconds, idle


async def fetch_only(url: str, deployment: Deployment, head: int) -> float:
    """Seconds for the logs alone, two requests in flight, with nothing done to the answers."""
    rpc = Rpc(url)
    query = Fetch(rpc, deployment.addresses.values(), Decoders(deployment.interfaces).topics).filter
    started = time.perf_counter()
    width = 80
    ranges = [(first, min(head, first + width - 1)) for first in range(1, head + 1, width)]
    waiting: list[asyncio.Task[list[Any]]] = []
    for first, last in ranges:
        call: Call[Any] = Call(
            "eth_getLogs", (query | {"fromBlock": hex(first), "toBlock": hex(last)},), msgspec.Raw
        )
        waiting.append(asyncio.create_task(rpc.batch([call])))
        if len(waiting) == Fetch.IN_FLIGHT:
            await waiting.pop(0)
    await asyncio.gather(*waiting)
    seconds = time.perf_counter() - started
    await rpc.close()
    return seconds


def main() -> None:
    abi = json.loads((ROOT / "backend/abi/Assembly.json").read_text())
    with anvil() as chain:
        emitter = make_history(chain)
        deployment = Deployment(CHAIN_ID, emitter.block, {"Assembly": Contract(emitter.address, abi)})
        head = chain.head
        runs, fetches = [], []
        for _ in range(RUNS):
            fetches.append(asyncio.run(fetch_only(chain.url, deployment, head)))
            runs.append(asyncio.run(backfill(chain.url, deployment, head)))
    seconds = statistics.median(run[0] for run in runs)
    share = statistics.median(run[1] / run[0] for run in runs)
    reference = EVENTS / statistics.median(fetches)
    rate = EVENTS / seconds
    rows = [
        {
            "id": "backfill.events_per_s",
            "value": round(rate),
            "unit": "events/s",
            "reference": "eth_getLogs alone, answers thrown away",
            "reference_value": round(reference),
            "ratio": round(rate / reference, 3),
        },
        {
            "id": "backfill.rpc_share",
            "value": round(share, 3),
            "unit": "share of time",
            "reference": None,
            "reference_value": None,
            "ratio": None,
        },
    ]
    target = ROOT / "build/bench/index.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(rows, indent=2) + "\n")
    print(f"{EVENTS:,} events in {BLOCKS + 1:,} blocks, median of {RUNS} runs")
    for row in rows:
        value = row["value"]
        shown = f"{value:,}" if isinstance(value, int) else f"{value:.1%}"
        compared = (
            f"   {row['ratio']:.2f}x of {row['reference_value']:,} ({row['reference']})"
            if row["ratio"]
            else ""
        )
        print(f"{row['id']:24} {shown:>10} {row['unit']}{compared}")


if __name__ == "__main__":
    main()
