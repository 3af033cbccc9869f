"""Drawing by commands: what is revealed, captured, missed, and captured after all."""

from __future__ import annotations

import pytest

from backend.cli import draw_secrets
from backend.cli.contracts import Contracts
from tests.backend.commune import text_hash
from tests.backend.drawing import JURY, commitment_of, decide
from tests.cli.conftest import opened

ALICE, BOB, CAROL, STRANGER = 1, 2, 3, 19


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("desk"), 5, "--no-keep", draw__reveal=10) as desk:
        yield desk


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """One machine for all."""
    folder = tmp_path_factory.getbasetemp() / "machine"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder / "dualpower"


def test_a_commitment_is_what_the_contract_takes():
    assert draw_secrets.commitment_of(7, b"\1" * 32) == commitment_of(7, b"\1" * 32)


def test_a_secret_is_kept_for_its_owner_alone(desk, home):
    contracts = Contracts(desk.commune.deployment)
    commitments = [draw_secrets.commit(contracts, member) for member in (ALICE, BOB)]
    elsewhere = commitment_of(CAROL, b"\3" * 32)
    decide(desk.commune, "draws", "openAmong", [1, 2, 3], [*commitments, elsewhere], text_hash(JURY))
    files = list(home.glob("draws/*/*.json"))
    assert len(files) == 2
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    assert "Revealing" in desk.run("draw", "list").stdout
    assert "nobody yet" in desk.run("draw", "show", "1").stdout
    told = desk.refused("draw", "capture", "1", who=STRANGER)
    assert "draw 1 is revealing, and would have to be capturable" in told


def test_from_another_machine_nothing_is_revealed(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert "was committed to on this machine" in desk.refused("draw", "reveal", "1", who=ALICE)
    assert "Draw 9 does not exist" in desk.refused("draw", "reveal", "9", who=ALICE)


def test_a_damaged_secret_is_named_and_left_alone(desk, home):
    damaged = next(home.glob("draws/*/*.json")).with_name("damaged.json")
    damaged.write_text('{"memberId": 1}')
    ended = desk.run("draw", "reveal", "1", who=ALICE)
    assert ended.exit_code == 2
    assert "damaged.json holds no secret" in ended.stderr
    damaged.unlink()


def test_secrets_are_revealed_from_this_machine_once(desk):
    told = desk.run("draw", "reveal", "1", who=STRANGER)
    assert told.stdout.count("is in draw 1") == 2
    again = desk.run("draw", "reveal", "1", who=STRANGER)
    assert again.stdout.count("is revealed already") == 2
    assert "1, 2" in desk.run("draw", "show", "1").stdout


def test_a_missed_draw_has_another_block_and_then_its_number(desk):
    desk.commune.chain.rpc("anvil_mine", hex(400))
    assert "is missed" in desk.refused("draw", "capture", "1", who=STRANGER)
    (missed,) = desk.done("draw", "list", "--state", "missed")
    block = desk.done("draw", "retarget", "1", who=STRANGER)["targetBlock"]
    assert block > missed["targetBlock"]
    assert "is waiting" in desk.refused("draw", "capture", "1", who=STRANGER)
    desk.commune.chain.rpc("anvil_mine", hex(block + 1 - desk.commune.chain.head))
    assert f"to be captured by block {block + 256}" in desk.run("draw", "show", "1").stdout
    number = desk.done("draw", "capture", "1", who=STRANGER)["number"]
    assert desk.done("draw", "show", "1")["number"] == number
    assert "is captured, and would have to be missed" in desk.refused("draw", "retarget", "1", who=BOB)
