"""A benchmark's table tells every figure, and which of them fall short of what they must reach."""

import json

import pytest

from benchmarks import _results
from benchmarks._results import Row, publish, table

ROWS = [
    Row("ballot.first", 84_000, "gas", "castVote", 66_000),
    Row("propose", 180_000, "gas", "propose", 70_000),
    Row("apply", 126_000, "gas"),
]


def line(text, name):
    return next(words for words in (row.split() for row in text.splitlines()) if words[0] == name)


def test_a_ratio_below_its_limit_passes_and_one_above_falls_short():
    text = table(ROWS, {"ballot.first": ("ratio", 1.3), "propose": ("ratio", 2.5)})
    assert line(text, "ballot.first")[-3:] == ["1.27", "1.3x", "PASS"]
    assert line(text, "propose")[-3:] == ["2.57", "2.5x", "SHORT"]
    assert line(text, "apply") == ["apply", "126,000", "gas"]


def test_a_rate_passes_from_its_limit_upwards():
    rates = [Row("backfill", 12_000, "events/s"), Row("proposals", 900, "requests/s")]
    text = table(rates, {"backfill": ("value", 10_000), "proposals": ("value", 1_000)}, at_least=True)
    assert line(text, "backfill")[-1] == "PASS"
    assert line(text, "proposals")[-1] == "SHORT"


def test_a_limit_for_a_figure_that_was_not_measured_is_refused():
    with pytest.raises(ValueError, match=r"ballot\.last"):
        table(ROWS, {"ballot.last": ("ratio", 1.0)})


def test_a_limit_on_a_ratio_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="apply has no ratio"):
        table(ROWS, {"apply": ("ratio", 1.0)})


def test_rows_are_written_with_the_fields_that_later_work_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(_results, "ROOT", tmp_path)
    publish("gas", ROWS, {})
    written = json.loads((tmp_path / "build/bench/gas.json").read_text())
    assert written[0] == {
        "id": "ballot.first",
        "value": 84_000,
        "unit": "gas",
        "reference": "castVote",
        "reference_value": 66_000,
        "ratio": 1.273,
    }
    assert written[2]["reference"] is written[2]["reference_value"] is written[2]["ratio"] is None
