"""A node's database is copied while it runs, whole or not at all."""

import sqlite3

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.node import application_of
from backend.store import NotADatabase, Reader, backup, state_hash


def hash_of(path, tables):
    reader = Reader.open(path)
    try:
        with reader.snapshot() as cursor:
            return state_hash(reader, tables, cursor)
    finally:
        reader.close()


def test_a_running_nodes_copy_holds_the_same_rows(lived, api, tmp_path):
    target = tmp_path / "backups" / "node.sqlite"
    cursor = backup(lived.settings.database, target)
    assert api.get("/ready").json()["block"]["number"] == cursor.number
    tables = application_of(lived.settings).tables
    assert hash_of(target, tables) == hash_of(lived.settings.database, tables)
    assert [path.name for path in target.parent.iterdir()] == ["node.sqlite"]


def test_nobody_else_on_the_machine_reads_a_nodes_database_or_its_copy(lived, tmp_path):
    target = tmp_path / "node.sqlite"
    backup(lived.settings.database, target)
    for path in (target, lived.settings.database):
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_copy_is_never_written_over(lived, tmp_path):
    target = tmp_path / "node.sqlite"
    target.write_text("the only copy")
    with pytest.raises(FileExistsError):
        backup(lived.settings.database, target)
    assert target.read_text() == "the only copy"


@pytest.mark.parametrize("kind", ["missing", "text", "empty", "foreign"])
def test_what_is_no_nodes_database_is_refused_and_nothing_is_left_behind(kind, tmp_path):
    database, target = tmp_path / "other.sqlite", tmp_path / "copy" / "node.sqlite"
    if kind == "text":
        database.write_text("Dear diary, " * 500)
    if kind == "empty":
        database.touch()
    if kind == "foreign":
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE cursor (id INTEGER)")
    with pytest.raises(NotADatabase):
        backup(database, target)
    assert list(target.parent.iterdir()) == []


def test_the_command_says_how_far_the_copy_is_and_what_is_wrong(lived, tmp_path):
    target = tmp_path / "node.sqlite"
    words = ["node", "backup", str(target), "--database", str(lived.settings.database)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "holds everything as of block" in done.stdout
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 2
    assert "not written over" in again.stderr
