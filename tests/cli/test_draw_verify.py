"""A draw is repeated from the chain alone, and whatever differs is named."""

from __future__ import annotations

import json

import pytest

from backend.cli import draw_verify
from backend.panels import draw_up, read_people, read_quotas
from tests.backend.commune import DAY, GENERAL, text_hash
from tests.backend.drawing import JURY, PANEL, commitment_of, decide, secret_of, to_number
from tests.cli.conftest import opened

PUBLISHED, MIXED, PLAIN, OPEN, SEATS = 1, 2, 3, 4, 5
ELECTION = 1
DRAW_WITH_REVEALS = 2
PEOPLE = "id,gender\nann,woman\nbob,man\ncleo,woman\ndan,man\n"
QUOTAS = "attribute,value,min,max\ngender,woman,1,1\ngender,man,1,1\n"
LOTTERY = draw_up(read_people(PEOPLE), read_quotas(QUOTAS), 2, tickets=20)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A lottery of panels, a draw with reveals that was missed once, one without, and one to come."""
    with opened(tmp_path_factory.mktemp("desk"), 5, "--no-keep", draw__reveal=10) as desk:
        c = desk.commune
        decide(c, "draws", "open", LOTTERY.hash, 20, text_hash(PANEL))
        to_number(c, PUBLISHED)
        commitments = [commitment_of(member, secret_of(member)) for member in (1, 2, 3, 4)]
        decide(c, "draws", "openAmong", [1, 2, 3, 4], commitments, text_hash(JURY))
        for member in (4, 1, 3):
            c.send(c.people[0], "draws", "reveal", MIXED, member, secret_of(member))
        c.chain.rpc("anvil_mine", hex(700))
        c.send(c.people[0], "draws", "retarget", MIXED)
        to_number(c, MIXED)
        decide(c, "draws", "openAmong", [5, 3, 1], [], text_hash(JURY))
        to_number(c, PLAIN)
        decide(c, "draws", "open", text_hash("something else"), 5, text_hash(PANEL))
        elect(c)
        yield desk


def elect(c) -> None:
    """Two seats, for which four stand; one of them does not reveal the secret."""
    terms = (text_hash("Keepers of the keys"), GENERAL, 2, DRAW_WITH_REVEALS, 120 * DAY, 0, False)
    decide(c, "offices", "create", terms, [])
    c.send(c.people[1], "elections", "open", 1)
    for member in (2, 4, 1, 5):
        commitment = commitment_of(member, secret_of(member))
        c.send(c.people[member], "elections", "stand", ELECTION, bytes(32), commitment)
    c.wait(8 * DAY)
    c.send(c.people[0], "elections", "start", ELECTION)
    for member in (5, 2, 1):
        c.send(c.people[0], "draws", "reveal", SEATS, member, secret_of(member))
    to_number(c, SEATS)
    c.send(c.people[0], "elections", "fill", ELECTION)


@pytest.fixture
def document(tmp_path):
    file = tmp_path / "panel.json"
    file.write_bytes(LOTTERY.encode())
    return file


def picked(desk, draw: int, n: int) -> list[int]:
    return list(desk.commune.call("draws", "pick", draw, n, n))


def test_a_panel_is_drawn_as_the_published_lottery_says(desk, document):
    told = desk.done("draw", "verify", str(PUBLISHED), "--document", str(document))
    (ticket,) = desk.commune.call("draws", "pick", PUBLISHED, 20, 1)
    assert told["drawn"]["ticket"] == ticket
    assert told["drawn"]["members"] == [person.id for person in LOTTERY.members(ticket)]
    assert any("each of its 20 tickets keeps the quotas" in check for check in told["checks"])


def test_without_the_document_it_says_which_ticket_and_asks_for_it(desk):
    shown = desk.run("draw", "verify", str(PUBLISHED)).stdout
    assert "of 20 is drawn; with --document it says who is on it" in shown


def test_a_node_that_holds_the_document_gives_it(desk, document):
    assert desk.done("texts", "put", "--file", str(document))["textHash"] == f"0x{LOTTERY.hash.hex()}"
    assert desk.done("draw", "verify", str(PUBLISHED))["drawn"]["members"] is not None


def test_another_document_is_refused_with_both_hashes(desk, tmp_path):
    other = draw_up(read_people(PEOPLE), read_quotas(QUOTAS), 2, tickets=20, seed=1)
    file = tmp_path / "other.json"
    file.write_bytes(other.encode())
    told = desk.refused("draw", "verify", str(PUBLISHED), "--document", str(file))
    assert "the lottery's hash differs" in told
    assert other.hash.hex() in told
    assert LOTTERY.hash.hex() in told


def test_secrets_and_a_missed_block_are_repeated(desk):
    told = desk.done("draw", "verify", str(MIXED))
    pool = [1, 3, 4]
    assert told["drawn"] == [pool[place] for place in picked(desk, MIXED, 3)]
    assert any(check.startswith("3 secrets open their commitments") for check in told["checks"])
    assert any("after 1 that nobody captured" in check for check in told["checks"])


def test_a_draw_among_people_gives_their_order(desk):
    told = desk.done("draw", "verify", str(PLAIN))
    assert told["drawn"] == [[5, 3, 1][place] for place in picked(desk, PLAIN, 3)]
    order = ", ".join(map(str, told["drawn"]))
    assert f"members are taken in this order: {order}" in desk.run("draw", "verify", str(PLAIN)).stdout


def test_who_is_seated_is_who_was_drawn_among_those_that_revealed(desk):
    told = desk.done("draw", "verify", str(SEATS))
    pool = [member for member in candidates(desk) if member != 4]
    assert told["drawn"] == [pool[place] for place in picked(desk, SEATS, 3)[:2]]
    assert set(told["drawn"]) == set(desk.commune.call("offices", "holdersOf", 1))
    assert "seated in election 1" in desk.run("draw", "verify", str(SEATS)).stdout


def candidates(desk) -> list[int]:
    return list(desk.commune.call("elections", "candidatesOf", ELECTION))


def test_a_draw_to_come_is_checked_as_far_as_it_is(desk):
    told = desk.done("draw", "verify", str(OPEN))
    assert (told["number"], told["drawn"]) == (None, None)
    assert "has no number yet" in desk.run("draw", "verify", str(OPEN)).stdout


def test_an_unknown_draw_and_a_chain_that_is_not_there_are_told(desk):
    assert "Draw 9 does not exist" in desk.refused("draw", "verify", "9")
    assert "no chain answers" in desk.refused("draw", "verify", "1", "--rpc", "http://127.0.0.1:9")


def altered(monkeypatch, event: str, change) -> None:
    """A chain that tells one event otherwise."""
    honest = draw_verify._Repeated._events

    def told(self, *wanted):
        events = honest(self, *wanted)
        for at in events:
            if at.event == event:
                at.arguments.update(change(at.arguments))
        return events

    monkeypatch.setattr(draw_verify._Repeated, "_events", told)


@pytest.mark.parametrize(
    ("draw", "event", "change", "differs"),
    [
        (PLAIN, "PoolCommitted", lambda a: {"memberIds": [5, 3, 2]}, "the pool"),
        (
            MIXED,
            "PoolCommitted",
            lambda a: {"commitments": a["commitments"][::-1]},
            "the commitment of member 4",
        ),
        (MIXED, "SecretRevealed", lambda a: {"secret": "0x" + "11" * 32}, "the commitment of member 4"),
        (MIXED, "DrawRetargeted", lambda a: {"targetBlock": a["targetBlock"] + 1}, "the deciding block"),
        (PLAIN, "DrawOpened", lambda a: {"targetBlock": a["targetBlock"] + 1}, "the deciding block"),
        (PLAIN, "DrawOpened", lambda a: {"size": 4}, "size"),
        (SEATS, "ElectionDrawn", lambda a: {"candidates": [1, 2, 3]}, "the election's candidates"),
        (SEATS, "ElectionFilled", lambda a: {"seated": [4]}, "who was seated in election 1"),
        (PLAIN, "DrawOpened", lambda a: {"pool": "0x" + "11" * 32}, "pool"),
    ],
)
def test_what_was_tampered_with_is_named(desk, monkeypatch, draw, event, change, differs):
    altered(monkeypatch, event, change)
    ended = desk.run("draw", "verify", str(draw), "--json")
    assert ended.exit_code == 1
    assert json.loads(ended.stderr)["differs"] == differs


def test_a_node_that_tells_another_number_is_found_out(desk, monkeypatch):
    honest = draw_verify.Node.data

    def lying(self, path, **filters):
        found = honest(self, path, **filters)
        return found | {"number": "7"} if path.startswith("/v1/draws/") else found

    monkeypatch.setattr(draw_verify.Node, "data", lying)
    assert "the node's number differs" in desk.refused("draw", "verify", str(PLAIN))
