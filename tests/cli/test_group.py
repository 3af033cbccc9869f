"""Members list their identities in the group, on a chain."""

from __future__ import annotations

import json

import pytest

from backend.cli.identities import PASSWORD_FILE

ALICE, BOB, CAROL, DAVE, STRANGER = 1, 2, 3, 4, 9


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("identities")


@pytest.fixture(autouse=True)
def _password(files, monkeypatch):
    (files / "password").write_text("four words, well remembered\n")
    monkeypatch.setenv(PASSWORD_FILE, str(files / "password"))


@pytest.fixture(scope="module")
def identity(desk, files):
    """Somebody's identity file, made when it is first asked for."""

    def of(name):
        file = files / f"{name}.json"
        if not file.exists():
            desk.done("identity", "new", "--identity", str(file))
        return str(file)

    return of


def test_a_member_registers_and_replaces_their_identity_once_a_season(desk, identity):
    shown = desk.done("identity", "show", "--identity", identity("alice"))
    listed = desk.done("identity", "register", "--identity", identity("alice"), who=ALICE)
    assert listed["commitment"] == shown["commitment"]
    found, _ = desk.commune.call("group", "identityOf", 1)[:2]
    assert str(found) == shown["commitment"]

    again = ["identity", "register", "--identity"]
    assert "is registered already" in desk.refused(*again, identity("alice"), who=ALICE)
    desk.done(*again, identity("alice's second"), who=ALICE)
    assert "again in the next season" in desk.refused(*again, identity("alice's third"), who=ALICE)


def test_an_identity_belongs_to_who_registered_it_first(desk, identity):
    told = desk.refused("identity", "register", "--identity", identity("alice"), who=BOB)
    assert "belongs to member 1, who registered it first" in told


def test_only_members_are_in_the_group(desk, identity):
    told = desk.refused("identity", "register", "--identity", identity("stranger"), who=STRANGER)
    assert "is not a member" in told


def test_a_relay_registers_an_identity(desk, identity):
    told = desk.run("identity", "register", "--identity", identity("carol"), "--relay", who=CAROL)
    assert told.exit_code == 0, told.output
    assert "is in the members' group as leaf 1" in told.stdout


def test_a_wrong_password_sends_nothing(desk, identity, files):
    file = identity("dave")
    (files / "password").write_text("something else\n")
    before = desk.commune.chain.head
    ended = desk.run("identity", "register", "--identity", file, who=DAVE)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "the password does not open" in ended.stderr
    assert desk.commune.chain.head == before


def test_what_is_registered_is_public_and_nothing_else_is_told(desk, identity, files):
    exported = files / "exported"
    desk.done("identity", "export", str(exported), "--identity", identity("bob"))
    ended = desk.run("identity", "register", "--identity", identity("bob"), "--json", who=BOB)
    assert set(json.loads(ended.stdout)) == {"transaction", "commitment", "index"}
    assert exported.read_text().strip() not in ended.output
