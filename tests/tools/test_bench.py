"""A benchmark's result file is what later work reads, so its shape is checked after every run."""

import json

import pytest

from tools import bench

ROW = {
    "id": "propose",
    "value": 2.1,
    "unit": "gas",
    "reference": None,
    "reference_value": None,
    "ratio": None,
}


def test_a_name_stands_for_its_parts_too():
    known = ["gas", "zk", "zk_gas"]
    assert bench.parts(["zk"], known) == ["zk", "zk_gas"]
    assert bench.parts(["zk_gas", "zk"], known) == ["zk_gas", "zk"]
    assert bench.parts(["gas"], known) == ["gas"]
    assert bench.parts([], known) == known


def test_the_rows_of_the_parts_are_a_benchmarks_too(tmp_path):
    for name in ("zk", "zk_gas"):
        (tmp_path / f"{name}.json").write_text(json.dumps([{**ROW, "id": name}]))
    bench._join("zk", ["zk_gas"], tmp_path)
    assert [row["id"] for row in json.loads((tmp_path / "zk.json").read_text())] == ["zk", "zk_gas"]
    assert bench.fault(tmp_path / "zk.json") is None


def test_rows_with_every_field_are_accepted(tmp_path):
    result = tmp_path / "gas.json"
    result.write_text(json.dumps([ROW]))
    assert bench.fault(result) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[]", "is not a list of rows"),
        ('{"id": 1}', "is not a list of rows"),
        (json.dumps([{**ROW, "note": ""}]), "has the row"),
        (json.dumps([{k: v for k, v in ROW.items() if k != "unit"}]), "has the row"),
        ("[1", "is not JSON"),
    ],
)
def test_anything_else_is_refused(tmp_path, text, complaint):
    result = tmp_path / "gas.json"
    result.write_text(text)
    assert complaint in str(bench.fault(result))


def test_a_benchmark_that_writes_nothing_has_failed(tmp_path):
    assert "did not write" in str(bench.fault(tmp_path / "gas.json"))
