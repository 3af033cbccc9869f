"""Draws over HTTP, of a commune that has drawn twice."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

from tests.backend.commune import text_hash
from tests.backend.drawing import MIXED, PANEL, POOL, PUBLISHED, commitment_of, secret_of
from tests.backend.serve.test_commune import all_rows, get


@pytest.fixture(scope="module", autouse=True)
def text(api):
    answer = api.put(f"/v1/texts/0x{text_hash(PANEL).hex()}", content=PANEL)
    assert answer.json()["data"]["kind"] == "draw"


def test_a_draw_shows_all_that_its_number_is_made_of(api, lived):
    shown = get(api, f"/v1/draws/{PUBLISHED}")["data"]
    assert (shown["state"], shown["openerModule"], shown["size"]) == ("Captured", "timelock", 1_000)
    assert (shown["title"], shown["text"]) == ("A panel on the new bylaws", PANEL)
    assert shown["pool"] == f"0x{keccak(b'the published panels').hex()}"
    assert (shown["members"], shown["withReveals"], shown["retargets"]) == ([], False, 0)
    assert shown["targetBlock"] > shown["revealEnd"] == shown["block"]
    assert shown["blockHash"] == lived.commune.chain.block(shown["targetBlock"])["hash"]
    assert shown["number"] == str(lived.commune.call("draws", "draw", PUBLISHED)[11])


def test_a_draw_with_reveals_shows_who_revealed(api):
    shown = get(api, f"/v1/draws/{MIXED}")["data"]
    assert (shown["reveals"], shown["retargets"], shown["state"]) == (2, 1, "Captured")
    assert [row["memberId"] for row in shown["members"]] == list(POOL)
    for row in shown["members"]:
        member, secret = row["memberId"], secret_of(row["memberId"])
        assert row["commitment"] == f"0x{commitment_of(member, secret).hex()}"
        assert row["secret"] == (f"0x{secret.hex()}" if member in POOL[:2] else None)
        assert (row["revealedAt"] is None) == (row["secret"] is None)
    assert int(shown["mix"], 16) != 0


def test_draws_are_found_by_their_state(api):
    drawn = [row["drawId"] for row in all_rows(api, "/v1/draws", state="Captured", limit=1)]
    assert drawn[-2:] == [MIXED, PUBLISHED]
    assert all_rows(api, "/v1/draws", state="Revealing") == []
    assert [row["drawId"] for row in all_rows(api, "/v1/draws", limit=1)][-2:] == [MIXED, PUBLISHED]


def test_activity_tells_of_draws_in_words(api):
    rows = all_rows(api, "/v1/activity", limit=200)
    words = [row["words"] for row in rows if row["drawId"] == MIXED]
    target = get(api, f"/v1/draws/{MIXED}")["data"]["targetBlock"]
    assert words[:2] == [
        "draw 2 has its number",
        f"nobody captured draw 2 in time: block {target} decides instead",
    ]
    assert "member 3 revealed a secret for draw 2" in words
    assert words[-1].startswith("draw 2 opened, from a pool of 3: block ")
