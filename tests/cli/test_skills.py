"""Skills are declared, changed and taken back from the command line, and the plan is for members."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from contextlib import closing

import pytest

from backend.store.sessions import Sessions

HOURS = ("--hours", "mon-fri 18:00-22:00", "--zone", "Europe/Berlin")


def test_a_member_declares_changes_and_takes_back_in_one_block(desk):
    kept = desk.done("skills", "declare", "--skills", "Cooking, first aid", *HOURS, who=2)
    assert (kept["memberId"], kept["skills"]) == (2, ["cooking", "first aid"])
    assert kept["availability"].startswith("mon 18:00-22:00, tue 18:00-22:00")
    again = desk.done("skills", "declare", "--skills", "driving", who=2)
    assert (again["skills"], again["declaredAt"]) == (["driving"], kept["declaredAt"] + 1)
    assert desk.done("skills", "withdraw", who=2) == {"memberId": 2, "declared": False}
    said = desk.run("skills", "declare", "--skills", "tea", who=2).stdout
    assert said == f"{desk.node} knows what member 2 can do, and when\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--hours", "mon 18:00-22:00"], "hours and --zone go together"),
        (["--skills", "tea", "--zone", "UTC"], "hours and --zone go together"),
        (["--hours", "evenings", "--zone", "UTC"], "'evenings' names no hours"),
        ([], "it says nothing"),
    ],
)
def test_what_does_not_read_is_refused_before_it_is_signed(desk, words, said):
    ended = desk.run("skills", "declare", *words, who=2)
    assert ended.exit_code == 2
    assert said in ended.stderr


def test_the_plan_and_what_others_declared_need_a_session(desk):
    for words in (("plan",), ("skills", "list"), ("skills", "show", "2")):
        assert "begin one with `dualpower session start`" in desk.refused(*words)


@pytest.fixture
def signed_in(desk, tmp_path, monkeypatch):
    """A session of a member whom nobody knows, in the file in which the command line keeps it."""
    token, now = secrets.token_urlsafe(32), int(time.time())
    with closing(Sessions(desk.database)) as sessions:
        sessions.sign_in(
            challenge=secrets.token_bytes(32), challenge_ends=now + 60, scope=bytes(32), nullifier=bytes(32),
            day=now // 86_400, limit=1, token_hash=hashlib.sha256(token.encode()).digest(), ends=now + 600,
            now=now,
        )  # fmt: skip
    name = hashlib.sha256(desk.node.encode()).hexdigest()[:16]
    folder = tmp_path / "dualpower" / "sessions"
    folder.mkdir(parents=True)
    (folder / f"{name}.json").write_text(json.dumps({"node": desk.node, "token": token, "expiresAt": now}))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.mark.usefixtures("signed_in")
def test_whoever_is_signed_in_sees_the_plan_and_what_others_declared(desk):
    desk.done("skills", "declare", "--skills", "juggling", *HOURS, who=3)
    assert desk.done("skills", "show", "3")["skills"] == ["juggling"]
    assert "juggling" in desk.run("skills", "list").stdout
    assert "does not exist" in desk.refused("skills", "show", "5")
    planned = desk.done("plan")
    assert (planned["suggestions"], planned["unfilled"], planned["people"]) == ([], [], 5)
    assert desk.run("plan", "--member", "3").stdout == "nothing is suggested\n"
