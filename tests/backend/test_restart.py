"""A node that is stopped, killed, or comes back with other code."""

from __future__ import annotations

import signal
import subprocess
from dataclasses import replace

import httpx
import msgspec
import pytest

from backend.chain import Batch
from backend.project import ProjectionError
from backend.store import Reader, SchemaTooNew, Store
from tests.backend.chains import free_port
from tests.backend.counting import application, counting
from tests.backend.processes import ready, spawn, wait_until


def history(emitter, blocks: int) -> None:
    for number in range(blocks):
        emitter.count(number % 3, 100 * number, 5, 1 + number)


@pytest.mark.parametrize("window", [4, 64], ids=["in history", "in the live window"])
def test_kill_9_in_the_middle_of_a_write_loses_nothing_and_counts_nothing_twice(
    chain, make_node, matches_the_chain, tmp_path, window
):
    emitter = chain.deploy("Emitter")
    history(emitter, 30)
    node = make_node(emitter, window=window)
    deaths = tmp_path / "deaths"
    deaths.write_text("xxx")
    settings = replace(node.settings, application="tests.backend.dying:application")
    for left in (2, 1, 0):
        process = spawn("run_indexer", settings, DEATHS=str(deaths))
        assert process.wait(40) == -signal.SIGKILL
        process.communicate()
        assert len(deaths.read_text()) == left
    survivor = spawn("run_indexer", settings, DEATHS=str(deaths))
    try:
        wait_until(lambda: reached(node, chain.head), survivor)
    finally:
        survivor.terminate()
        assert survivor.wait(20) == 0
        survivor.communicate()
    assert matches_the_chain(node)


def reached(node, block: int) -> bool:
    with node.store() as reader:
        cursor = reader.cursor()
        return cursor is not None and cursor.number >= block


def test_a_node_started_again_goes_on_where_it_was(chain, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter, 6)
    node = make_node(emitter)
    node.run(until=3)
    with node.store() as reader:
        assert reader.cursor().number == 3
    node.run()
    emitter.count(1, 1, 1)
    node.run()
    assert matches_the_chain(node)


def test_a_reorg_while_the_node_was_down_is_taken_back_at_its_start(chain, make_node, matches_the_chain):
    emitter = chain.deploy("Emitter")
    history(emitter, 10)
    node = make_node(emitter)
    node.run()
    chain.rpc("anvil_reorg", 4, [])
    chain.mine(6)
    node.run()
    assert matches_the_chain(node)


def test_a_changed_projection_is_rebuilt_from_the_raw_logs(chain, make_node, matches_the_chain, monkeypatch):
    emitter = chain.deploy("Emitter")
    history(emitter, 10)
    node = make_node(emitter)
    node.run()
    before = node.state_hash()
    store = Store(node.settings.database, application.tables)
    with store.transaction():
        store.connection.execute("UPDATE totals SET events = events + 1")
    store.close()
    assert node.state_hash() != before
    monkeypatch.setattr(counting, "version", 2)
    node.run()
    assert node.state_hash() == before
    chain.rpc("anvil_reorg", 3, [])
    node.run()
    assert matches_the_chain(node)


def test_a_database_filled_without_some_events_is_read_from_the_chain_again(
    chain, make_node, matches_the_chain
):
    emitter = chain.deploy("Emitter")
    history(emitter, 4)
    emitter.send("ring")
    node = make_node(emitter)
    complete = emitter.abi
    emitter.abi = [entry for entry in complete if entry.get("name") != "Rang"]
    node.run()
    with node.store() as reader:
        fewer = reader.count("logs")
    emitter.abi = complete
    node.run()
    with node.store() as reader:
        assert reader.count("logs") == fewer + 2
    assert matches_the_chain(node)


def test_a_database_of_a_later_release_is_refused(tmp_path):
    store = Store(tmp_path / "node.sqlite", application.tables)
    with store.transaction():
        store.set_meta("schema", "999")
    store.close()
    with pytest.raises(SchemaTooNew, match="has schema 999"):
        Store(tmp_path / "node.sqlite", application.tables)


def test_an_event_written_twice_fails_the_whole_batch(chain, make_node):
    emitter = chain.deploy("Emitter")
    history(emitter, 3)
    node = make_node(emitter)

    def repeat(sync) -> None:
        reader = Reader.open(node.settings.database)
        before = (reader.cursor(), reader.query("SELECT * FROM totals"))
        (log, _, _), *_ = reader.logs_after(1, -1, 1)
        block = reader.block(log.block)
        ahead = msgspec.structs.replace(block, number=before[0].number + 1)
        with pytest.raises(ProjectionError, match="UNIQUE"):
            sync.projector.write(sync.cursor, [Batch(ahead.number, ahead, [ahead], [log])], undo=True)
        assert (reader.cursor(), reader.query("SELECT * FROM totals")) == before
        reader.close()

    node.run(repeat)


def test_ctrl_c_ends_the_node_and_its_indexer_cleanly(chain, make_node):
    emitter = chain.deploy("Emitter")
    node = make_node(emitter)
    settings = replace(node.settings, port=free_port())
    process = spawn("run", settings)
    with httpx.Client(base_url=f"http://127.0.0.1:{settings.port}") as client:
        wait_until(lambda: ready(client), process)
        children = subprocess.run(
            ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True
        )
        with client.stream("GET", "/v1/stream") as stream:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
            stream.read()
    process.communicate()
    wait_until(lambda: not any(map(runs, children.stdout.split())))


def test_the_indexer_goes_when_its_node_is_killed(chain, make_node):
    emitter = chain.deploy("Emitter")
    node = make_node(emitter)
    settings = replace(node.settings, port=free_port())
    process = spawn("run", settings)
    with httpx.Client(base_url=f"http://127.0.0.1:{settings.port}") as client:
        wait_until(lambda: ready(client), process)
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
    process.kill()
    process.communicate()
    pids = children.stdout.split()
    assert pids
    wait_until(lambda: not any(map(runs, pids)))


def runs(pid: str) -> bool:
    return subprocess.run(["ps", "-p", pid], capture_output=True, check=False).returncode == 0


def test_an_indexer_that_dies_is_started_again(chain, make_node):
    emitter = chain.deploy("Emitter")
    node = make_node(emitter)
    settings = replace(node.settings, port=free_port())
    process = spawn("run", settings)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{settings.port}") as client:
            wait_until(lambda: ready(client), process)
            found = subprocess.run(
                ["pgrep", "-P", str(process.pid), "-f", "spawn_main"],
                capture_output=True,
                text=True,
                check=True,
            )
            (indexer,) = found.stdout.split()
            subprocess.run(["kill", "-9", indexer], check=True)
            emitter.count(1, 1, 1)
            wait_until(lambda: client.get("/v1/counts").json()["data"], process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_node_that_cannot_run_says_why_and_ends(chain, make_node):
    emitter = chain.deploy("Emitter")
    node = make_node(emitter)
    node.settings.deployment.write_bytes(
        msgspec.json.encode(msgspec.structs.replace(emitter.deployment, chain_id=5))
    )
    process = spawn("run", replace(node.settings, port=free_port()))
    _, stderr = process.communicate(timeout=40)
    assert process.returncode != 0
    assert b"NodeFailed: ChainMismatch" in stderr
    assert b"the deployment is on chain 5" in stderr
