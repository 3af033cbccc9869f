"""`verify`: agrees with an honest node, and finds the row that was altered by hand."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.verify import VerifyError, verify
from tests.backend.chains import free_port
from tests.backend.processes import serving


@pytest.fixture
def own_node(lived, tmp_path):
    """A node with a database of its own, which a test may spoil."""
    target = sqlite3.connect(tmp_path / "node.sqlite")
    sqlite3.connect(lived.settings.database).backup(target)
    target.close()
    settings = replace(lived.settings, database=tmp_path / "node.sqlite", port=free_port(), poll=0.1)
    with serving(settings) as client:
        yield client, settings


def verdict(client, settings, folder):
    rebuilt = replace(settings, database=folder / "rebuilt.sqlite")
    return asyncio.run(verify(str(client.base_url), rebuilt))


def spoil(settings, sql: str, *arguments) -> None:
    with sqlite3.connect(settings.database) as database:
        assert database.execute(sql, arguments).rowcount == 1
    database.close()


def test_a_node_that_followed_the_commune_agrees_with_one_rebuilt_from_nothing(lived, own_node, tmp_path):
    client, settings = own_node
    found = verdict(client, settings, tmp_path)
    assert found.agrees
    assert found.block == lived.commune.chain.head
    assert found.node_hash == found.rebuilt_hash
    assert found.differing == found.differences == []


def test_one_row_altered_by_hand_is_found(own_node, tmp_path):
    client, settings = own_node
    spoil(settings, "UPDATE ballots SET votes = 31 WHERE member_id = 1 AND votes = 5")
    found = verdict(client, settings, tmp_path)
    assert not found.agrees
    assert found.differing == ["ballots"]
    (row,) = found.differences
    assert (row.table, row.chain["votes"], row.node["votes"]) == ("ballots", 5, 31)
    assert row.chain | {"votes": 31} == row.node


def test_a_row_that_was_removed_is_found(own_node, tmp_path):
    client, settings = own_node
    spoil(settings, "DELETE FROM topics WHERE topic = 2")
    found = verdict(client, settings, tmp_path)
    assert found.differing == ["topics"]
    assert (found.differences[0].chain["name"], found.differences[0].node) == ("food", None)


def test_an_altered_log_is_found_although_no_row_depends_on_it(own_node, tmp_path):
    client, settings = own_node
    spoil(
        settings, "UPDATE logs SET data = x'00' WHERE block = (SELECT max(block) FROM logs) AND position = 0"
    )
    found = verdict(client, settings, tmp_path)
    assert found.differing == ["logs"]
    assert not found.agrees


def test_a_node_that_does_not_answer_cannot_be_compared(own_node, tmp_path):
    _, settings = own_node
    rebuilt = replace(settings, database=tmp_path / "rebuilt.sqlite")
    with pytest.raises(VerifyError):
        asyncio.run(verify(f"http://127.0.0.1:{free_port()}", rebuilt))


def test_the_command_agrees_and_names_the_row_that_was_altered(own_node, tmp_path):
    client, settings = own_node
    command = [
        *("verify", "--node", str(client.base_url), "--rpc", settings.rpc_url),
        *("--deployment", str(settings.deployment), "--json"),
    ]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0, said.output
    assert json.loads(said.stdout)["agrees"] is True
    spoil(settings, "UPDATE members SET status = 'Active' WHERE member_id = 7")
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 1
    assert "tables that differ: members" in said.output
    assert "'status': 'Expelled'" in said.output
