"""An identity's file: made, moved, opened by its password only, and never shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.cli.identities import IDENTITY, PASSWORD_FILE
from tests.backend.chains import ROOT

PASSWORD = "four words, well remembered"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Somebody's own machine, with the password in a file."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv(IDENTITY, raising=False)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    monkeypatch.setenv(PASSWORD_FILE, str(tmp_path / "password"))
    return tmp_path


def run(*words):
    ended = CliRunner().invoke(app, ["identity", *map(str, words)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended


def done(*words):
    ended = run(*words, "--json")
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)


def misused(*words):
    ended = run(*words)
    assert (ended.exit_code, ended.stdout) == (2, "")
    return ended.stderr


def test_an_identity_is_made_in_its_usual_place_for_its_owner_alone(home):
    made = done("new")
    usual = home / "data" / "dualpower" / "identity.json"
    assert made["keystore"] == str(usual)
    assert usual.stat().st_mode & 0o077 == 0
    assert usual.parent.stat().st_mode & 0o077 == 0
    assert done("show") == made


def test_an_identity_is_never_overwritten(home):
    done("new")
    content = (home / "data/dualpower/identity.json").read_bytes()
    assert "never overwritten" in misused("new")
    assert (home / "data/dualpower/identity.json").read_bytes() == content


def test_an_exported_identity_is_the_same_one_wherever_it_is_imported(home):
    made = done("new")
    exported, elsewhere = home / "secret", home / "elsewhere.json"
    told = run("export", exported)
    assert exported.stat().st_mode & 0o077 == 0
    assert exported.read_text().strip() not in told.output
    assert "never overwritten" in misused("export", exported)
    assert done("import", exported, "--identity", elsewhere)["commitment"] == made["commitment"]


def test_semaphores_javascript_knows_what_is_exported(home):
    done("new")
    run("export", home / "secret")
    script = (
        'const { Identity } = require("@semaphore-protocol/identity");'
        "console.log(Identity.import(process.argv[1]).commitment.toString())"
    )
    exported = (home / "secret").read_text().strip()
    told = subprocess.run(
        ["node", "-e", script, exported], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == done("show")["commitment"]


def test_a_wrong_password_opens_nothing_and_is_not_shown(home):
    done("new")
    (home / "password").write_text("something else\n")
    told = misused("show")
    assert "the password does not open" in told
    assert "something else" not in told


@pytest.mark.parametrize("cut", [0, 1, 100, -3])
def test_a_keystore_that_was_cut_short_is_said_to_be_none(home, cut):
    done("new")
    file = home / "data/dualpower/identity.json"
    file.write_bytes(file.read_bytes()[:cut])
    assert "no keystore of an identity, or was cut short" in misused("show")


def test_a_keystore_of_a_later_release_is_said_to_be_too_new(home):
    done("new")
    file = home / "data/dualpower/identity.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"version": 2}))
    assert "version 2 is not the 1" in misused("show")


def test_without_an_identity_one_is_told_how_to_make_it(home):
    assert "make one with `dualpower identity new`" in misused("show")
    assert "make one with `dualpower identity new`" in misused("export", home / "secret")
    assert not (home / "secret").exists()


@pytest.mark.parametrize("content", ["", "not base64!", "????", "Zm9v\nZm9v"])
def test_what_is_no_exported_identity_is_refused_without_showing_it(home, content):
    (home / "secret").write_text(content)
    told = misused("import", home / "secret")
    assert "exported identity" in told
    assert not content or content not in told
    assert not (home / "data").exists()


def test_an_empty_password_protects_nothing(home):
    (home / "password").write_text("\n")
    assert "the password is empty" in misused("new")
    assert not (home / "data/dualpower/identity.json").exists()


def test_a_secret_that_cannot_be_read_or_written_is_named(home):
    assert "nowhere" in misused("import", home / "nowhere")
    assert "nowhere" in misused("new", "--identity", home / "nowhere" / "identity.json")


def test_a_crash_shows_nothing_of_the_secret(home):
    """A traceback tells lines of code, and must not tell the values in them."""
    done("new")
    run("export", home / "secret")
    script = (
        "import backend.cli, zk.identity\n"
        "def broken(self): raise RuntimeError('bad luck')\n"
        "zk.identity.Identity.export = broken\n"
        "backend.cli.app(['identity', 'export', 'again'])"
    )
    crashed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=home,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "bad luck" in crashed.stderr
    for secret in ((home / "secret").read_text().strip(), PASSWORD):
        assert secret not in crashed.stdout + crashed.stderr
