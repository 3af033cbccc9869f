"""What RFC 5545 texts say, and trees of starts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from eth_abi import encode
from eth_hash.auto import keccak

from backend.work.occurrences import RuleInvalid, starts_of
from backend.work.starts import leaf_of, proof_of, root_of

WEEKLY = "DTSTART;TZID=Europe/Berlin:20261012T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4"


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type]


def test_a_weekly_shift_keeps_its_hour_when_clocks_change():
    assert starts_of(WEEKLY) == [
        at(2026, 10, 12, 7),
        at(2026, 10, 19, 7),
        at(2026, 10, 26, 8),
        at(2026, 11, 2, 8),
    ]


def test_dates_are_left_out_and_added():
    text = f"{WEEKLY}\r\nEXDATE;TZID=Europe/Berlin:20261019T090000\r\nRDATE:20261014T180000Z\r\n"
    assert starts_of(text) == [
        at(2026, 10, 12, 7),
        at(2026, 10, 14, 18),
        at(2026, 10, 26, 8),
        at(2026, 11, 2, 8),
    ]


def test_folded_lines_are_one():
    folded = "DTSTART:20270104T090000Z\r\nRRULE:FREQ=WEEK\r\n LY;COUNT=2"
    assert starts_of(folded) == [at(2027, 1, 4, 9), at(2027, 1, 11, 9)]


def test_a_rule_without_an_end_gives_as_many_as_are_asked_for():
    endless = "DTSTART:20270101T090000Z\nRRULE:FREQ=DAILY"
    assert len(starts_of(endless)) == 1_000
    assert starts_of(endless, 3) == [at(2027, 1, day, 9) for day in (1, 2, 3)]


def test_a_rule_that_seldom_comes_true_ends():
    never = "DTSTART:20270101T090000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"
    with pytest.raises(RuleInvalid, match="no start"):
        starts_of(never)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "one DTSTART and one RRULE"),
        ("RRULE:FREQ=DAILY", "one DTSTART"),
        ("DTSTART:20270101T090000Z", "one RRULE"),
        ("DTSTART:20270101T090000\nRRULE:FREQ=DAILY", "lacks its time zone"),
        ("DTSTART;TZID=Mars/Base:20270101T090000\nRRULE:FREQ=DAILY", "no time zone Mars/Base"),
        ("DTSTART;VALUE=DATE:20270101\nRRULE:FREQ=DAILY", "not understood"),
        ("DTSTART:20271301T090000Z\nRRULE:FREQ=DAILY", "is no time"),
        ("DTSTART:tomorrow\nRRULE:FREQ=DAILY", "is no time"),
        ("DTSTART:19690101T090000Z\nRRULE:FREQ=DAILY", "before 1970"),
        ("DTSTART:20270101T090000Z\nRRULE:FREQ=SECONDLY", "FREQ is one of"),
        ("DTSTART:20270101T090000Z\nRRULE:FREQ=DAILY;BYSECOND=1", "BYSECOND"),
        ("DTSTART:20270101T090000Z\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20280101T000000Z", "exclude"),
        ("DTSTART:20270101T090000Z\nRRULE:FREQ=DAILY;INTERVAL=often", "does not read"),
        ("DTSTART:20270101T090000Z\nRRULE:FREQ=DAILY\nVALARM:1", "neither DTSTART"),
        ("x" * 4_001, "4000 letters"),
    ],
)
def test_what_says_no_starts_is_refused(text, reason):
    with pytest.raises(RuleInvalid, match=reason):
        starts_of(text)


def test_a_leaf_is_openzeppelins():
    assert leaf_of(3, 77) == keccak(keccak(encode(["uint32", "uint48"], [3, 77])))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 52])
def test_every_start_is_proven_and_no_other(count):
    starts = [at(2027, 1, 4, 9) + 604_800 * week for week in range(count)]
    for index, start in enumerate(starts):
        proof = proof_of(starts, index)
        assert climbed(leaf_of(index, start), proof) == root_of(starts)
        assert climbed(leaf_of(index + 1, start), proof) != root_of(starts)
        assert climbed(leaf_of(index, start + 1), proof) != root_of(starts)


def climbed(node: bytes, proof: list[bytes]) -> bytes:
    """As OpenZeppelin's MerkleProof does it."""
    for other in proof:
        node = keccak(b"".join(sorted((node, other))))
    return node
