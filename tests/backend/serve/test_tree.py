"""Whether the leaves that a node serves lead to the root that the chain names, and what happens if not."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

from backend.deployment import LATER
from tests.backend.chains import free_port
from tests.backend.processes import serving, wait_until


@pytest.fixture
def own(lived, tmp_path):
    """A node with a database of its own, which a test may spoil."""
    target = sqlite3.connect(tmp_path / "node.sqlite")
    source = sqlite3.connect(lived.settings.database)
    source.backup(target)
    source.close()
    target.close()
    settings = replace(lived.settings, database=tmp_path / "node.sqlite", port=free_port(), poll=0.1)
    with serving(settings) as client:
        yield client, settings


def agrees(client):
    return client.get("/v1/group").json()["data"]["agrees"]


def test_leaves_that_do_not_lead_to_the_root_are_told_of_and_stop_nothing_else(own):
    client, settings = own
    wait_until(lambda: agrees(client) is True)
    with sqlite3.connect(settings.database) as database:
        changed = database.execute(
            "UPDATE leaves SET leaf = ? WHERE leaf_index = 2", ((12345).to_bytes(32, "big"),)
        )
        assert changed.rowcount == 1
        # As a change of the group would: a root that was seen to agree is not worked out again.
        database.execute("UPDATE member_groups SET root = ?", ((5).to_bytes(32, "big"),))
    database.close()
    wait_until(lambda: agrees(client) is False)
    assert "dualpower_group_agrees 0.0" in client.get("/metrics").text
    assert client.get("/ready").status_code == 200
    assert client.get("/v1/members").status_code == 200


def test_a_commune_that_was_founded_without_later_modules_is_served(lived, tmp_path):
    """One of an earlier release: the same chain, and a record that does not name them."""
    record = json.loads(lived.settings.deployment.read_text())
    for module in LATER:
        del record["contracts"][module]
    deployment = tmp_path / "deployment.json"
    deployment.write_text(json.dumps(record))
    settings = replace(
        lived.settings, deployment=deployment, database=tmp_path / "node.sqlite", port=free_port(), poll=0.1
    )
    with serving(settings) as client:
        assert client.get("/v1/group").json()["data"]["root"] == "0"
        assert client.get("/v1/polls").json()["data"] == []
        assert client.get("/v1/offices").json()["data"] == []
        assert len(client.get("/v1/members").json()["data"]) == 13
        assert client.post("/v1/session/challenge").status_code == 409
