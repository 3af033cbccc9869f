"""A secret poll of 200 members, end to end: identities, a proposal that opens the poll, proofs, relay,
chain, index, tally, and a search for anything that links a ballot to a member.

Everything is real: a commune of 200 on a local anvil, each member registered in the group on chain, the
poll opened by a proposal that they passed, 200 proofs at the depth that the poll froze, handed one by one
and in an order of chance to a node that relays them. At the end the node's tally, the contract's and the
ballots as they were made have to agree, and the node's tables, log and events are searched as
tests/backend/linking.py says. It fails if anything disagrees or links.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from eth_hash.auto import keccak

from backend.relay import RelaySettings
from benchmarks._results import Row, publish
from tests.backend.chains import anvil, free_port
from tests.backend.commune import FOOD, FOR, Commune, text_hash
from tests.backend.linking import Listed, Voter, links, opened, traces
from tests.backend.mirror import Mirror
from tests.backend.polling import OVEN, Polling, ballot
from tests.backend.processes import serving, wait_until

MEMBERS = 200
RELAYS_KEY = MEMBERS + 1
OPTIONS = 3
BUDGET = 100
INTERVAL = 5


def main() -> None:
    """Run it, print the figures and write build/bench/secret_poll.json."""
    with (
        anvil("--accounts", str(MEMBERS + 2)) as chain,
        tempfile.TemporaryDirectory() as place,
    ):
        folder = Path(place)
        commune = Commune.founded(chain, MEMBERS, people=MEMBERS + 2)
        polling = Polling(commune)
        for number in range(1, MEMBERS + 1):
            polling.register(commune.people[number], number)
        poll = decided(commune)
        settings = replace(
            Mirror(commune, folder).settings,
            port=free_port(),
            poll=0.1,
            relay=RelaySettings(
                test_key=RELAYS_KEY, poll=0.2, secret_interval=INTERVAL, secret_per_minute=6000
            ),
        )
        log = folder / "node.log"
        with serving(settings, log=log, LOG_LEVEL="DEBUG") as client:
            listed = Listed(commune, polling, client, settings, log)
            listed.caught_up()
            voters, proving, relaying = voted(listed, poll)
            agree(listed, poll, voters)
            gas = gas_of(listed, poll)
            search(listed, voters)
    publish(
        "secret_poll",
        [
            Row("members", MEMBERS, "members"),
            Row("prove.s", round(proving / MEMBERS, 3), "s/ballot"),
            Row("relay.s", round(relaying, 1), "s until the last is on chain, after the last was handed in"),
            Row("end_to_end.s", round(proving + relaying, 1), "s"),
            Row("gas.ballot", round(gas), "gas/ballot"),
            Row("links", 0, "rows, log lines or events"),
        ],
        {},
    )


def decided(commune: Commune) -> int:
    """A secret poll, opened by a proposal that a quorum passed."""
    author, second = commune.people[1], commune.people[2]
    call = commune.data("polls", "open", text_hash(OVEN), OPTIONS, FOOD, True, False)
    draft = commune.draft(author, ("polls", call), text="Ask all of us what to buy")
    proposal = commune.propose(draft, author, (author, second), FOOD)
    commune.to_voting(proposal)
    for voter in commune.people[1 : MEMBERS // 8]:
        commune.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    commune.to_end(proposal)
    commune.carry_out(draft)
    return int(commune.call("polls", "pollCount"))


def voted(listed: Listed, poll: int) -> tuple[list[Voter], float, float]:
    """All ballots, once each is on the chain; seconds for proving and handing in, then for the rest."""
    given = listed.client.get(f"/v1/polls/{poll}/group").json()["data"]
    leaves = [int(leaf) for leaf in given["leaves"]]
    chance = secrets.SystemRandom()
    voters, started = [], time.monotonic()
    for count, number in enumerate(chance.sample(range(1, MEMBERS + 1), MEMBERS), 1):
        word = ballot(*(chance.randrange(6) for _ in range(OPTIONS)))
        proof = listed.polling.proved(poll, number, word, leaves)
        headers = {"user-agent": f"agent-of-{number:03}", "x-forwarded-for": f"10.9.8.{number}"}
        body = {"pollId": poll, "ballot": str(word), "proof": proof.to_json()}
        answer = listed.client.post("/v1/relay/secret-ballots", json=body, headers=headers)
        if answer.status_code != 202:
            sys.exit(f"the relay refused a ballot: {answer.text}")
        voters.append(Voter(number, word, proof, headers, answer.json()["data"]["ticket"]))
        print(f"\r{count} of {MEMBERS} ballots proved and handed in", end="", flush=True)
    print()
    handed_in = time.monotonic()
    wait_until(lambda: listed.commune.call("polls", "ballotCount", poll) == MEMBERS, seconds=300)
    return voters, handed_in - started, time.monotonic() - handed_in


def agree(listed: Listed, poll: int, voters: list[Voter]) -> None:
    """Ballots as they were made, the contract's tally, the node's."""
    made = [sum((voter.word >> 4 * option) & 15 for voter in voters) for option in range(OPTIONS)]
    on_chain = list(listed.commune.call("polls", "tally", poll))
    listed.caught_up()
    shown = listed.client.get(f"/v1/polls/{poll}").json()["data"]
    served = [row["votes"] for row in shown["tally"]]
    if not (made == on_chain == served and shown["ballots"] == MEMBERS):
        sys.exit(f"tallies differ: made {made}, on chain {on_chain}, served {served}")
    print(f"tally {made} of {MEMBERS} ballots: as made, on chain and served")


def gas_of(listed: Listed, poll: int) -> float:
    """Gas for each ballot, all that the relay's transactions used."""
    chain, topic = listed.commune.chain, f"0x{poll:064x}"
    address = listed.commune.addresses["polls"]
    event = keccak(b"SecretBallotCast(uint32,uint256,uint256)")
    logs = chain.rpc(
        "eth_getLogs", {"address": address, "fromBlock": "0x0", "topics": [f"0x{event.hex()}", topic]}
    )
    used = (int(chain.receipt(sent)["gasUsed"], 16) for sent in {log["transactionHash"] for log in logs})
    return sum(used) / len(logs)


def search(listed: Listed, voters: list[Voter]) -> None:
    database = opened(listed)
    knowing, found = links(listed, voters, database)
    database.close()
    left = traces(listed, voters)
    if found or left or not knowing:
        sys.exit(f"ballots are linked to members: {[*found, *left]}")
    print(f"searched: tables with ballots are {', '.join(sorted(knowing))}; no row, log line or event links")


if __name__ == "__main__":
    main()
