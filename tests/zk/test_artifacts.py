"""Proofs are made with the ceremony's files or not at all."""

from __future__ import annotations

import json
import shutil
import struct
from dataclasses import replace
from pathlib import Path

import pytest

import zk.artifacts
from tools import zk_pins
from zk._constraints import of_key
from zk._field import R
from zk.artifacts import FOLDER_VARIABLE, Artifacts
from zk.audit import audit, keys_of_source
from zk.errors import (
    ArtifactAltered,
    ArtifactMalformed,
    ArtifactMissing,
    ArtifactsMissing,
    ArtifactsOutdated,
    ArtifactTruncated,
    DepthUnknown,
)
from zk.keys import MAX_DEPTH, MIN_DEPTH, verification_key

PACKAGE = Path(__file__).parents[2] / "node_modules" / zk_pins.PACKAGE
CONTRACTS = PACKAGE.parents[1] / "@semaphore-protocol" / "contracts"
DEPTH = 2


@pytest.fixture
def copy(tmp_path):
    """The artifacts of one depth in a folder of their own, to be spoilt."""
    for path in (PACKAGE / "package.json", *PACKAGE.glob(f"semaphore-{DEPTH}.*")):
        shutil.copy(path, tmp_path)
    return Artifacts.locate(tmp_path)


def test_pins_are_those_of_the_installed_package():
    assert zk_pins.PINS.read_text() == zk_pins.render(PACKAGE), (
        "run `./dev pins`, and read docs/adr/0013 first"
    )


def test_installed_files_are_found_from_the_working_directory(monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.chdir(PACKAGE.parents[2])
    assert Artifacts.locate().folder == PACKAGE


@pytest.mark.parametrize("named", [PACKAGE, PACKAGE.parents[1]])
def test_a_folder_is_named_by_an_argument_or_the_environment(named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Artifacts.locate(named).folder == PACKAGE
    monkeypatch.setenv(FOLDER_VARIABLE, str(named))
    assert Artifacts.locate().folder == PACKAGE


def test_missing_package_is_told_with_the_places_that_were_searched(tmp_path):
    with pytest.raises(ArtifactsMissing, match=str(tmp_path)):
        Artifacts.locate(tmp_path)


def test_artifacts_of_an_older_release_are_refused(copy):
    (copy.folder / "package.json").write_text(json.dumps({"version": "4.0.0"}))
    with pytest.raises(ArtifactsOutdated, match=r"4\.0\.0; only 4\.13\.0 is pinned"):
        Artifacts.locate(copy.folder)


@pytest.mark.parametrize("kind", ["zkey", "wasm", "json"])
def test_truncated_artifact_is_refused(copy, kind):
    path = copy.path(DEPTH, kind)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ArtifactTruncated, match=f"{len(data) // 2} of {len(data)} bytes"):
        copy.read(DEPTH, kind)


@pytest.mark.parametrize("kind", ["zkey", "wasm", "json"])
def test_artifact_with_one_bit_changed_is_refused(copy, kind):
    path = copy.path(DEPTH, kind)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArtifactAltered, match="SHA-256"):
        copy.read(DEPTH, kind)


def test_artifact_that_is_not_there_is_told(copy):
    with pytest.raises(ArtifactMissing):
        copy.read(DEPTH + 1, "zkey")


@pytest.mark.parametrize("depth", [0, 33, -1, True, "10", 10.0])
def test_there_is_no_key_for_any_other_depth(copy, depth):
    with pytest.raises(DepthUnknown):
        verification_key(depth)
    with pytest.raises(DepthUnknown):
        copy.read(depth, "zkey")


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda data: b"wtns" + data[4:], "does not begin"),
        (lambda data: data[:4] + b"\2" + data[5:], "version is 2"),
        (lambda data: data[:-1], "cut short"),
        (lambda data: data[:300], "cut short"),
        (lambda data: data[:24] + b"\2" + data[25:], "no Groth16 key"),
        (lambda data: data[:48] + b"\0" + data[49:], "another curve"),
    ],
)
def test_a_zkey_of_another_form_is_refused_before_it_is_read(spoil, problem):
    path = PACKAGE / f"semaphore-{DEPTH}.zkey"
    with pytest.raises(ArtifactMalformed, match=problem):
        zk.artifacts.ZKey.parse(path, spoil(path.read_bytes()))


def test_audit_finds_installed_keys_contract_and_pins_to_be_the_same():
    findings = audit(Artifacts(PACKAGE), depths=[MIN_DEPTH, 20, MAX_DEPTH])
    assert [finding for finding in findings if not finding.good] == []
    assert {finding.check for finding in findings} == {
        "version of the package",
        "hash of the zkey",
        "hash of the wasm",
        "hash of the json",
        "key in the zkey",
        "key in the json",
        "source of the contract",
        "key in the contract",
    }


def test_audit_names_the_file_that_was_altered(copy):
    copy.path(DEPTH, "wasm").write_bytes(b"\0asm")
    bad = [finding for finding in audit(copy, CONTRACTS, [DEPTH]) if not finding.good]
    assert [(finding.check, finding.depth) for finding in bad] == [("hash of the wasm", DEPTH)]


def test_audit_names_the_depth_whose_key_the_contract_has_otherwise(tmp_path):
    shutil.copytree(CONTRACTS, tmp_path / "contracts")
    points = tmp_path / "contracts/base/SemaphoreVerifierKeyPts.sol"
    words = [line for line in points.read_text().splitlines() if 'hex"' in line]
    # The first word of delta at the second depth.
    changed = words[14].replace('hex"0', 'hex"1').replace('hex"2', 'hex"0')
    points.write_text(points.read_text().replace(words[14], changed))
    assert words[14] != changed
    bad = [
        finding
        for finding in audit(Artifacts(PACKAGE), tmp_path / "contracts", [1, 2, 3])
        if not finding.good
    ]
    assert [(finding.check, finding.depth, finding.problem) for finding in bad] == [
        ("key in the contract", 2, "delta other than pinned")
    ]


def test_audit_says_that_the_contract_has_no_source_here(tmp_path):
    bad = [finding for finding in audit(Artifacts(PACKAGE), tmp_path, [1]) if not finding.good]
    assert [finding.check for finding in bad] == ["source of the contract"]


def test_every_key_of_the_contract_is_the_pinned_one():
    in_source = keys_of_source(CONTRACTS)
    assert in_source == {depth: verification_key(depth) for depth in range(MIN_DEPTH, MAX_DEPTH + 1)}


def r1cs_of(key, change=lambda rows: rows, count=None):
    """What circom would have written for a proving key's constraints, with an empty matrix C."""
    rows = change([[{}, {}, {}] for _ in range(key.count)])
    for place, matrix in enumerate((key.a, key.b)):
        for (row, signal), value in matrix.items():
            if row < len(rows):
                rows[row][place].setdefault(signal, value)
    entry = struct.Struct("<I32s")
    body = b"".join(
        struct.pack("<I", len(matrix))
        + b"".join(entry.pack(signal, value.to_bytes(32, "little")) for signal, value in matrix.items())
        for row in rows
        for matrix in row
    )
    head = struct.pack("<I", 32) + R.to_bytes(32, "little")
    head += struct.pack(
        "<IIIIQI", key.signals, 2, key.public - 2, 0, 0, len(rows) if count is None else count
    )
    sections = b"".join(struct.pack("<IQ", kind, len(data)) + data for kind, data in ((1, head), (2, body)))
    return b"r1cs" + struct.pack("<II", 1, 2) + sections


def other_coefficient(rows):
    rows[7][0][3] = 5
    return rows


@pytest.fixture(scope="module")
def constraints():
    return of_key(Artifacts(PACKAGE).zkey(DEPTH))


def circuit_findings(folder, data):
    (folder / f"semaphore-{DEPTH}.r1cs").write_bytes(data)
    findings = audit(Artifacts(PACKAGE), depths=[DEPTH], circuits=folder)
    return [finding for finding in findings if finding.check == "constraints of the circuit"]


def test_audit_finds_the_key_to_be_of_the_circuit(constraints, tmp_path):
    (finding,) = circuit_findings(tmp_path, r1cs_of(constraints))
    assert finding.good
    assert (constraints.public, constraints.count, constraints.signals) == (4, 2003, 2008)


@pytest.mark.parametrize(
    ("change", "problem"),
    [(other_coefficient, "a other than"), (lambda rows: rows[:-1], "count, a, b other than")],
    ids=["a coefficient", "a constraint less"],
)
def test_audit_tells_another_circuit(constraints, tmp_path, change, problem):
    (finding,) = circuit_findings(tmp_path, r1cs_of(constraints, change))
    assert problem in finding.problem


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-40], lambda data: data[:70], lambda data: b"", lambda data: b"x" * 99]
)
def test_audit_tells_a_file_that_is_no_circuit(constraints, tmp_path, spoil):
    (finding,) = circuit_findings(tmp_path, spoil(r1cs_of(constraints)))
    assert not finding.good


def test_a_circuit_that_is_not_there_is_told(tmp_path):
    findings = audit(Artifacts(PACKAGE), depths=[DEPTH], circuits=tmp_path)
    assert [finding.check for finding in findings if not finding.good] == ["constraints of the circuit"]


def test_a_key_whose_last_rows_bind_no_signals_is_told():
    key = Artifacts(PACKAGE).zkey(DEPTH)
    rows = bytearray(key.sections[4])
    rows[-20] ^= 1
    with pytest.raises(ArtifactMalformed, match="public signals"):
        of_key(replace(key, sections={**key.sections, 4: memoryview(bytes(rows))}))
