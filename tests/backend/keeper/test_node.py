"""A node with a key keeps by itself, and tells a member who listens what it does for them."""

from __future__ import annotations

import json
import queue
import threading
from dataclasses import replace

import httpx
import pytest

from backend.relay import RelaySettings
from tests.backend.chains import anvil, free_port
from tests.backend.commune import DAY, FOR, PEOPLE, Commune
from tests.backend.delegating import Delegating
from tests.backend.processes import serving, wait_until

ALICE, BOB = 1, 2


@pytest.fixture
def group(tmp_path):
    with anvil("--accounts", str(PEOPLE)) as chain:
        yield Delegating(Commune.founded(chain, 4), tmp_path, 4, 3)


def listened(url: str, heard: queue.Queue) -> None:
    """Puts each event's name and data into `heard` until the stream ends."""
    with httpx.stream("GET", url, timeout=60) as stream:
        name = ""
        for line in stream.iter_lines():
            if line.startswith("retry: "):
                heard.put(("open", None))
            elif line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                heard.put((name, json.loads(line.removeprefix("data: "))))


def test_a_node_with_a_key_follows_for_all_and_tells_each_before_and_after(group):
    commune = group.commune
    group.delegate(BOB, ALICE)
    commune.wait(60)
    proposal = group.propose()
    commune.send(group.person(ALICE), "assembly", "castBallot", proposal, FOR, 2)
    relay = RelaySettings(test_key=PEOPLE - 1, poll=0.1)
    settings = replace(group.mirror.settings, port=free_port(), poll=0.1, relay=relay)
    heard: queue.Queue = queue.Queue()
    with serving(settings) as client:
        url = f"{client.base_url}/v1/members/{BOB}/notices/stream"
        listening = threading.Thread(target=listened, args=(url, heard), daemon=True)
        listening.start()
        assert heard.get(timeout=20)[0] == "open"
        deadline = commune.call("assembly", "proposalDeadline", proposal)
        commune.wait_until(deadline - DAY + 1)
        kind, notice = heard.get(timeout=20)
        assert (kind, notice["voter"]["memberId"], notice["votes"]) == ("AboutToFollow", ALICE, 2)
        assert (notice["pending"], notice["deadline"]) == (True, deadline)
        commune.wait_until(deadline + 1)
        kind, notice = heard.get(timeout=40)
        assert (kind, notice["words"]) == ("Followed", "member 1 voted For on your behalf")
        assert commune.call("assembly", "ballotOf", proposal, BOB)[:4] == (True, FOR, 2, True)
        shown = client.get("/v1/keeper").json()["data"]
        wait_until(lambda: client.get("/v1/keeper").json()["data"]["votes"][0]["settled"] == 1)
        assert (shown["enabled"], shown["votes"][0]["proposalId"]) == (True, str(proposal))
    listening.join(20)
    assert not listening.is_alive()


def test_what_a_reorganisation_took_back_is_followed_for_again(group):
    commune, chain = group.commune, group.commune.chain
    group.delegate(BOB, ALICE)
    commune.wait(60)
    proposal = group.propose()
    commune.send(group.person(ALICE), "assembly", "castBallot", proposal, FOR, 1)
    group.to_following(proposal)
    group.mirror.follow()
    before = chain.rpc("evm_snapshot")
    group.keep(PEOPLE - 1)
    assert commune.call("assembly", "ballotOf", proposal, BOB)[0] is True
    assert chain.rpc("evm_revert", before) is True
    for _ in range(4):
        chain.mine()
    assert commune.call("assembly", "ballotOf", proposal, BOB)[0] is False
    group.keep(PEOPLE - 1)
    assert commune.call("assembly", "ballotOf", proposal, BOB)[0] is True
