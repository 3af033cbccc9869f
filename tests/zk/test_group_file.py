"""A group file: what was answered for is there after a kill, and what is no group is refused."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from zk import Group, GroupFile, GroupFileBusy, GroupFileDamaged, GroupFileError, GroupFileTooNew, LeafEmpty
from zk._field import R

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def path(tmp_path):
    return tmp_path / "members.group"


def by_hand(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def test_a_group_is_the_same_after_it_was_closed(path):
    memory = Group()
    for number in range(1, 40):
        with GroupFile(path) as members:
            assert members.leaves == memory.leaves
            for group in (memory, members):
                group.append(number)
                if number % 5 == 0:
                    group.remove(number // 2)
                if number % 10 == 0:
                    group.update(number // 2, 1000 + number)
            assert members.root == memory.root
    with GroupFile(path) as members:
        members.check()
        assert (members.leaves, members.root, members.depth) == (memory.leaves, memory.root, memory.depth)
        assert members.proof(18) == memory.proof(18)


def test_many_leaves_at_once_are_one_change(path):
    with GroupFile(path) as members:
        members.append_many(range(1, 101))
        members.append_many([0, 7, 0])
    with GroupFile(path) as members:
        assert members.root == Group([*range(1, 101), 0, 7, 0]).root


def test_a_refused_change_is_neither_in_memory_nor_on_disk(path):
    with GroupFile(path) as members:
        members.append(1)
        with pytest.raises(LeafEmpty):
            members.append(0)
        members._connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON nodes BEGIN SELECT raise(ABORT, 'full'); END"
        )
        with pytest.raises(GroupFileError, match="full"):
            members.append(2)
        assert members.leaves == (1,)
        members._connection.execute("DROP TRIGGER full")
        members.append(3)
    with GroupFile(path) as members:
        assert members.leaves == (1, 3)


APPENDING = """
import sys
from zk import GroupFile
with GroupFile(sys.argv[1]) as members:
    while True:
        index = members.append(members.size + 1)
        if index % 7 == 6:
            members.remove(index - 3)
        print(index, flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_process_loses_nothing_it_has_answered_for(path, seed):
    answered = 0
    for attempt in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", APPENDING, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline()
        time.sleep(random.Random(10 * seed + attempt).uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        answered = max([answered, *(int(line) for line in process.stdout if line.endswith("\n"))])
        process.stdout.close()
        with GroupFile(path) as members:
            members.check()
            assert members.size > answered
            assert all(leaf in (0, index + 1) for index, leaf in enumerate(members.leaves))


def test_one_process_has_it_at_a_time(path):
    with GroupFile(path) as members:
        members.append(1)
        with pytest.raises(GroupFileBusy, match="locked"):
            GroupFile(path)
    GroupFile(path).close()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM nodes WHERE level = 1 AND position = 1",
        "DELETE FROM nodes WHERE level = 0 AND position = 4",
        "DELETE FROM nodes WHERE level = 3",
        "DELETE FROM nodes WHERE level = 0",
        "INSERT INTO nodes VALUES (4, 0, zeroblob(32))",
        "INSERT INTO nodes VALUES (9, 0, zeroblob(32))",
        "UPDATE nodes SET node = zeroblob(31) WHERE level = 0 AND position = 2",
        "UPDATE nodes SET node = 'thirty-two letters, and no bytes' WHERE level = 0 AND position = 2",
        f"UPDATE nodes SET node = x'{R:064x}' WHERE level = 0 AND position = 2",
        "PRAGMA application_id = 1",
        "DROP TABLE nodes",
    ],
)
def test_a_file_without_a_whole_tree_is_refused(path, damage):
    with GroupFile(path) as members:
        members.append_many(range(1, 6))
    by_hand(path, damage)
    with pytest.raises(GroupFileError, match=r"members\.group"):
        GroupFile(path)


def test_a_node_altered_in_its_value_is_found_by_a_check(path):
    with GroupFile(path) as members:
        members.append_many(range(1, 6))
        members.check()
    by_hand(path, "UPDATE nodes SET node = zeroblob(32) WHERE level = 1 AND position = 0")
    with GroupFile(path) as members, pytest.raises(GroupFileDamaged, match="not the hash of its children"):
        members.check()


def test_a_later_form_is_refused_and_left_alone(path):
    GroupFile(path).close()
    by_hand(path, "PRAGMA user_version = 2")
    with pytest.raises(GroupFileTooNew, match="form 2 is not the 1"):
        GroupFile(path)


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to look like one" * 40, bytes(range(256)) * 16]
)
def test_another_kind_of_file_is_refused_and_left_alone(path, content):
    path.write_bytes(content)
    with pytest.raises(GroupFileDamaged):
        GroupFile(path)
    assert path.read_bytes() == content


def test_another_database_is_refused(path):
    by_hand(path, "CREATE TABLE nodes (level, position, node)")
    with pytest.raises(GroupFileDamaged, match="it is no group file"):
        GroupFile(path)


def test_a_file_cut_short_is_refused(path):
    with GroupFile(path) as members:
        members.append_many(range(1, 400))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(GroupFileError):
        GroupFile(path)


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path):
    with pytest.raises(GroupFileError, match="unable to open"):
        GroupFile(tmp_path / "missing" / "members.group")
