"""The report and the rankings from the command line, of a commune with a ring in it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.serve.standing import NOTICE
from tests.backend.rows import served, settings_over
from tests.backend.serve.test_standing import NOW, RING, rows


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with served(settings_over(tmp_path_factory.mktemp("standing"), rows(), NOW)) as url:
        yield url


def run(node, *words):
    return CliRunner().invoke(app, ["standing", *words], env={"DUALPOWER_NODE": node})


def test_the_report_shows_the_ring_the_trees_and_who_rests_on_few(node):
    ended = run(node, "report", "--limit", "1")
    assert ended.exit_code == 0, ended.output
    ring, tree, support = (part.splitlines() for part in ended.stdout.strip().split("\n\n"))
    assert ring[1].split(maxsplit=4)[1] == "100%"
    assert ring[1].endswith(", ".join(map(str, RING)))
    assert tree[1].split() == ["3", "2", "9", "22%", "5", "7"]
    assert len(support) == 2
    assert ended.stderr == f"note: {NOTICE}\n"


def test_the_report_is_about_one_member_where_asked(node):
    found = json.loads(run(node, "report", "--member", "7", "--json").stdout)
    assert (found["rings"], found["trees"], [one["memberId"] for one in found["support"]]) == ([], [], [7])


def test_a_ranking_is_a_members_own(node):
    first, second = run(node, "ranking", "7").stdout.splitlines()[1:3]
    assert (first.split()[0], second.split()[0]) == ("1", "2")
    assert float(first.split()[2]) >= float(second.split()[2])
    found = json.loads(run(node, "ranking", "7", "--seed", "5", "--json").stdout)
    assert (found["viewer"], found["seed"]) == (7, 5)
    assert "member 41 has confirmed nobody" in run(node, "ranking", "41").stdout
    refused = run(node, "ranking", "99")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "Member 99 does not exist" in refused.stderr
