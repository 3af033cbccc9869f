"""`dualpower panel` draws up a lottery from two tables, and shows what is in one."""

import json

import pytest
from typer.testing import CliRunner

from backend.cli import app
from tests.backend.commune import FOOD, GENERAL, POINT, text_hash
from tests.backend.drawing import decide
from tests.cli.conftest import opened

PEOPLE = "id,gender\nann,woman\nbob,man\ncleo,woman\ndan,man\n"
QUOTAS = "attribute,value,min,max\ngender,woman,1,1\ngender,man,1,1\n"


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "quotas.csv").write_text(QUOTAS)
    return tmp_path


def run(*words):
    ended = CliRunner().invoke(app, ["panel", *map(str, words)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended


def make(tables, *words):
    return run("make", "--people", tables / "people.csv", "-o", tables / "panel.json", *words)


def test_a_lottery_is_made_and_shown(tables):
    made = make(tables, "--quotas", tables / "quotas.csv", "--size", 2, "--tickets", 8, "--json")
    assert made.exit_code == 0, made.output
    shown = run("show", tables / "panel.json", "--ticket", 7, "--json")
    assert shown.exit_code == 0, shown.output
    told = json.loads(shown.stdout)
    assert json.loads(made.stdout) == {
        "file": str(tables / "panel.json"),
        **{name: value for name, value in told.items() if name != "members"},
    }
    assert (told["tickets"], told["size"], told["leastChance"], told["optimum"]) == (8, 2, 0.5, 0.5)
    assert len(told["members"]) == 2


def test_without_quotas_a_panel_mirrors_the_people(tables):
    assert make(tables, "--size", 2).exit_code == 0
    shown = run("show", tables / "panel.json", "--ticket", 0)
    assert "gender     man    2       1    1" in shown.stdout
    assert "on ticket 0" in shown.stdout


@pytest.mark.parametrize(
    ("quotas", "size", "status", "told"),
    [
        (QUOTAS, 5, 1, "4 people are fewer than the 5 seats"),
        (QUOTAS.replace("woman,1,1", "woman,3,3"), 4, 1, "no panel keeps all the quotas"),
        (QUOTAS.replace("1,1", "1"), 2, 2, "line 2 has 3 cells"),
        (QUOTAS, 3, 2, "add up to 2 to 2 seats, the panel has 3"),
    ],
)
def test_what_cannot_be_drawn_up_is_told_and_leaves_no_file(tables, quotas, size, status, told):
    (tables / "quotas.csv").write_text(quotas)
    ended = make(tables, "--quotas", tables / "quotas.csv", "--size", size)
    assert ended.exit_code == status
    assert told in ended.stderr
    assert not (tables / "panel.json").exists()


def test_files_that_are_not_there_or_not_text_are_told(tables):
    assert "cannot be read" in make(tables, "--quotas", tables / "none.csv", "--size", 2).stderr
    (tables / "people.csv").write_bytes(b"\xff\xfe")
    assert "is not text in UTF-8" in make(tables, "--size", 2).stderr
    assert run("show", tables / "none.json").exit_code == 2


def test_a_lottery_that_was_changed_is_refused(tables):
    make(tables, "--size", 2)
    file = tables / "panel.json"
    file.write_text(file.read_text().replace('"seed":0', '"seed": 0'))
    ended = run("show", file)
    assert ended.exit_code == 1
    assert "not in the canonical form" in ended.stderr


def test_a_ticket_that_there_is_not_is_told(tables):
    make(tables, "--size", 2, "--tickets", 5)
    ended = run("show", tables / "panel.json", "--ticket", 5)
    assert ended.exit_code == 2
    assert "the tickets are 0 to 4; got 5" in ended.stderr


def test_the_members_table_has_what_the_chain_knows(tmp_path_factory, tmp_path):
    with opened(tmp_path_factory.mktemp("desk"), 5) as desk:
        c = desk.commune
        decide(c, "reputation", "award", 3, FOOD, 50 * POINT, 0, text_hash("soup"), 0)
        decide(c, "reputation", "award", 3, GENERAL, 20 * POINT, 0, text_hash("minutes"), 0)
        c.join(c.people[6], (c.people[1], c.people[2]))
        table = tmp_path / "people.csv"
        assert desk.done("panel", "people", "-o", str(table)) == {"file": str(table), "people": 5}
        header, *rows = table.read_text().splitlines()
        assert header == "id,topic,joined"
        # Six is on probation.
        assert [row.split(",")[:2] for row in rows] == [
            [str(member), "food" if member == 3 else "none"] for member in range(1, 6)
        ]
        made = run("make", "--people", table, "--size", 3, "-o", tmp_path / "panel.json", "--json")
        assert json.loads(made.stdout)["people"] == 5
