"""How fast a node answers while it indexes: the list of proposals, and one proposal after the other.

A commune of 30 on a local anvil has decided 60 proposals and votes on 30 more. While the node is asked, by 16
clients that each wait for their answer, ballots go on being cast, a block each, so that answers are made anew
all the time. The figures are the node's on this machine, which runs the chain, the voters and the clients as
well.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from backend.node import Settings
from benchmarks._results import Row, publish
from tests.backend.chains import Chain, anvil, free_port
from tests.backend.commune import AGAINST, FOR, Commune
from tests.backend.processes import serving, wait_until

MEMBERS = 30
ROUNDS = 3
CLIENTS = 16
SECONDS = 8.0
WARM_UP = 1.0
BALLOTS_PER_SECOND = 40


@dataclass(frozen=True)
class Load:
    """What one path bore: answers a second, and how long they took, in milliseconds."""

    rps: float
    p50: float
    p99: float


def decided(commune: Commune, rounds: int) -> list[int]:
    """A proposal of each member in each round, all voted on but the last round's, which are open."""
    members = commune.people[1 : MEMBERS + 1]
    proposals = []
    for number in range(rounds):
        opened = []
        for place, author in enumerate(members):
            data = commune.data("constitution", "addTopic", f"topic {number} {place}")
            draft = commune.draft(author, ("constitution", data), text=f"Add topic {number} {place}")
            opened.append(commune.propose(draft, author, (author, members[place - 1])))
        commune.to_voting(opened[-1])
        proposals += opened
        if number < rounds - 1:
            for proposal in opened:
                for place, voter in enumerate(members):
                    support = FOR if place % 3 == 0 else AGAINST
                    commune.send(voter, "assembly", "castBallot", proposal, support, 1)
            commune.to_end(opened[-1])
    return proposals


def keep_voting(url: str, calls: list[tuple[str, str, str]]) -> None:
    """Casts ballots, each in a block of its own, at a steady pace."""
    chain = Chain(url)
    started = time.monotonic()
    for number, (sender, to, data) in enumerate(calls):
        chain.rpc("eth_sendTransaction", {"from": sender, "to": to, "data": data, "gas": hex(1_000_000)})
        pause = started + (number + 1) / BALLOTS_PER_SECOND - time.monotonic()
        if pause > 0:
            time.sleep(pause)


def ballots(commune: Commune, proposals: list[int]) -> list[tuple[str, str, str]]:
    members = commune.people[1 : MEMBERS + 1]
    return [
        (
            voter.address,
            commune.addresses["assembly"],
            f"0x{commune.data('assembly', 'castBallot', proposal, FOR, 1).hex()}",
        )
        for voter in members
        for proposal in proposals
    ]


async def bear(port: int, paths: list[str], seconds: float) -> Load:
    """Asks for `paths` in turn with all clients until `seconds` are over."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def client(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        number = first
        while time.perf_counter() < end:
            path = paths[number % len(paths)]
            started = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: node\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                sys.exit(f"{path} answered {head[:60]!r}")
            length = next(
                int(line.partition(b":")[2])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            )
            await reader.readexactly(length)
            took.append(time.perf_counter() - started)
            number += CLIENTS
        writer.close()
        await writer.wait_closed()

    started = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    elapsed = time.perf_counter() - started
    centiles = statistics.quantiles(took, n=100)
    return Load(len(took) / elapsed, 1_000 * centiles[49], 1_000 * centiles[98])


def rows(name: str, load: Load) -> list[Row]:
    return [
        Row(f"{name}.rps", round(load.rps), "answers/s"),
        Row(f"{name}.p50_ms", round(load.p50, 2), "ms"),
        Row(f"{name}.p99_ms", round(load.p99, 2), "ms"),
    ]


def main() -> None:
    """Measure, print and write build/bench/api.json."""
    with anvil("--accounts", str(MEMBERS + 2)) as chain, tempfile.TemporaryDirectory() as folder:
        commune = Commune.founded(chain, MEMBERS, people=MEMBERS + 2)
        proposals = decided(commune, ROUNDS)
        record = Path(folder) / "deployment.json"
        record.write_text(json.dumps(commune.record))
        settings = Settings(
            chain.url,
            record,
            Path(folder) / "node.sqlite",
            application="backend.commune:COMMUNE",
            port=free_port(),
            poll=0.05,
        )
        calls = ballots(commune, proposals[-MEMBERS:])
        with serving(settings) as api:
            wait_until(lambda: api.get("/v1/node").json()["block"]["number"] == chain.head)
            voting = multiprocessing.get_context("spawn").Process(
                target=keep_voting, args=(chain.url, calls), daemon=True
            )
            voting.start()
            listed = ["/v1/proposals"]
            single = [f"/v1/proposals/{proposal}" for proposal in proposals]
            asyncio.run(bear(settings.port, listed + single, WARM_UP))
            before = api.get("/v1/node").json()["block"]["number"]
            loads = {
                "proposals.list": asyncio.run(bear(settings.port, listed, SECONDS)),
                "proposal": asyncio.run(bear(settings.port, single, SECONDS)),
            }
            indexed = api.get("/v1/node").json()["block"]["number"] - before
            voting.terminate()
            voting.join()
    if indexed < SECONDS:
        sys.exit(f"only {indexed} blocks were indexed meanwhile: the node was not under load")
    print(f"{len(proposals)} proposals, {CLIENTS} clients; the node indexed {indexed} blocks meanwhile")
    publish("api", [row for name, load in loads.items() for row in rows(name, load)], {})


if __name__ == "__main__":
    main()
