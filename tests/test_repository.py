"""What holds of every tracked file: nothing of one machine or one registry in it, and the licence on it."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))

# The text the Free Software Foundation publishes, unchanged.
AGPL_SHA256 = "8486a10c4393cee1c25392769ddd3b2d6c242d6ec7928e1414efff7dfb2f07ef"

REGISTRY_HOST = re.compile(
    r"registry\.(?:npmjs|yarnpkg)|pypi\.(?:org|python)|pythonhosted\.org|proxy\.golang"
)
# A path of somebody's machine, not the tail of a URL: nothing that could belong to a name stands before it.
MACHINE_PATH = re.compile(r"(?<![\w.~)\]}-])/(?:root|home|work|opt|Users)/[\w.]")


def tracked_files() -> list[Path]:
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked_files():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line[:120]}")
    return found


def test_no_tracked_file_names_a_registry_host():
    assert lines_matching(REGISTRY_HOST) == []


def test_no_tracked_file_names_a_path_of_one_machine():
    assert lines_matching(MACHINE_PATH) == []


@pytest.mark.parametrize("line", ["see /home/" + "ann/x", '"/root/' + '.cache"', "at /Users/" + "ann"])
def test_a_path_of_one_machine_is_recognised(line):
    assert MACHINE_PATH.search(line)


@pytest.mark.parametrize("line", ["https://example.org/home/page", "./work/it", "~/opt/x", "text/root/x"])
def test_other_paths_are_left_alone(line):
    assert not MACHINE_PATH.search(line)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_python_requirement_is_pinned_by_hash_and_comes_from_nowhere_in_particular(lock):
    # A requirement and its hashes are one logical line, continued by backslashes.
    logical_lines = lock.read_text().replace("\\\n", " ").splitlines()
    requirements = [line for line in logical_lines if line.strip() and not line.startswith("#")]
    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9][a-z0-9.-]*==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_there_is_a_lock_for_each_environment():
    assert [lock.stem for lock in LOCKS] == ["bootstrap", "chain", "node"]


def test_every_node_package_is_pinned_by_hash_and_comes_from_nowhere_in_particular():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    unpinned = [
        name for name, p in packages.items() if name and not p.get("inBundle") and "integrity" not in p
    ]
    assert unpinned == []


def test_the_licence_is_the_agpl_to_the_letter():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL_SHA256


def test_every_solidity_file_begins_with_the_licence_identifier():
    header = "// SPDX-License-Identifier: AGPL-3.0-or-later\n"
    sources = [path for path in tracked_files() if path.suffix == ".sol"]
    assert sources
    assert [str(path.relative_to(ROOT)) for path in sources if not path.read_text().startswith(header)] == []
