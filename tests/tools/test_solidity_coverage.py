"""Coverage is counted by source file: once for each piece of code, both ways of each branch."""

import json

import pytest

from tools.solidity_coverage import table

PATHS = {"0": "contracts/a/Base.sol", "1": "node_modules/x/Lib.sol", "2": "contracts/testing/Wallet.sol"}


@pytest.fixture
def project(tmp_path):
    """Two contracts built from one base file; a third that no test deployed."""
    coverage_map = {
        "statements": {source: {"Base.f": {"0": [1, 5], "1": [6, 9]}} for source in PATHS},
        "branches": {source: {"Base.f": {"2": [2, 3, True]}} for source in PATHS},
    }
    unseen = {"statements": {"3": {"Lonely.f": {"0": [1, 5]}}}, "branches": {"3": {}}}
    artifacts = {
        "First": {"allSourcePaths": PATHS, "coverageMap": coverage_map},
        "Second": {"allSourcePaths": PATHS, "coverageMap": coverage_map},
        "Lonely": {"allSourcePaths": {"3": "contracts/b/Lonely.sol"}, "coverageMap": unseen},
    }
    for name, artifact in artifacts.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(artifact))

    def highlights(statement: str, branch: str) -> dict[str, object]:
        return {
            "statements": {source: [[1, 5, statement, ""], [6, 9, "red", ""]] for source in PATHS},
            "branches": {source: [[2, 3, branch, ""]] for source in PATHS},
        }

    first, second = highlights("green", "yellow"), highlights("red", "orange")
    report = tmp_path / "reports" / "coverage.json"
    report.parent.mkdir()
    report.write_text(
        json.dumps(
            {
                "highlights": {
                    kind: {"First": first[kind], "Second": second[kind]}
                    for kind in ("statements", "branches")
                }
            }
        )
    )
    return report, tmp_path


def test_what_either_contract_saw_of_a_shared_file_counts_once(project):
    (row,) = [line.split() for line in table(*project).splitlines() if "Base.sol" in line]
    assert row == ["contracts/a/Base.sol", "1/2", "50%", "2/2", "100%"]


def test_a_contract_no_test_deployed_counts_as_uncovered(project):
    (row,) = [line.split() for line in table(*project).splitlines() if "Lonely.sol" in line]
    assert row == ["contracts/b/Lonely.sol", "0/1", "0%", "-"]


def test_libraries_and_test_contracts_are_left_out_of_the_total(project):
    lines = table(*project).splitlines()
    assert lines[-1].split() == ["total", "1/3", "33%", "2/2", "100%"]
    assert len(lines) == 4
