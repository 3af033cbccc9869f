"""A keystore opens with its password and with nothing else, and is there as a whole or not at all."""

from __future__ import annotations

import json
import os
import stat

import pytest

from zk import (
    Identity,
    KeystoreError,
    KeystoreExists,
    KeystoreLocked,
    KeystoreTooNew,
    KeystoreUnreadable,
    PrivateKeyMalformed,
    read_keystore,
    write_keystore,
)

PASSWORD = "correct horse battery staple"
ALICE = Identity.from_text("alice's private key, which is text")


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    path = tmp_path_factory.mktemp("keystore") / "alice.json"
    write_keystore(path, ALICE, PASSWORD)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path, content):
    path = tmp_path / "alice.json"
    path.write_bytes(content)
    return path


def altered(path, **entries):
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


def test_an_identity_comes_back_whole(path):
    back = read_keystore(path, PASSWORD)
    assert (back.export(), back.commitment) == (ALICE.export(), ALICE.commitment)


def test_the_file_shows_neither_secrets_nor_whose_it_is(content):
    text = content.decode()
    entries = json.loads(text)
    assert set(entries) == {"format", "version", "salt", "nonce", "encrypted"}
    for hidden in (ALICE.export(), "alice", str(ALICE.secret_scalar), str(ALICE.commitment), PASSWORD):
        assert hidden not in text
        assert hidden.encode().hex() not in text


def test_only_its_owner_may_read_it(tmp_path):
    old = os.umask(0)
    try:
        write_keystore(tmp_path / "new.json", ALICE, PASSWORD)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == 0o600


def test_the_same_identity_is_never_written_twice_in_the_same_way(tmp_path, content):
    write_keystore(tmp_path / "again.json", ALICE, PASSWORD)
    first, second = json.loads(content), json.loads((tmp_path / "again.json").read_text())
    assert all(first[name] != second[name] for name in ("salt", "nonce", "encrypted"))


def test_a_keystore_is_never_overwritten(path, content):
    with pytest.raises(KeystoreExists, match="never overwritten"):
        write_keystore(path, Identity.create(), PASSWORD)
    assert path.read_bytes() == content
    assert os.listdir(path.parent) == [path.name]


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeystoreError, match="No space left"):
        write_keystore(tmp_path / "new.json", ALICE, PASSWORD)
    assert os.listdir(tmp_path) == []


def test_a_wrong_password_is_told(path):
    for wrong in ("wrong", PASSWORD + " ", PASSWORD.upper()):
        with pytest.raises(KeystoreLocked, match="password is wrong"):
            read_keystore(path, wrong)


def test_an_empty_password_is_refused(tmp_path, path):
    with pytest.raises(KeystoreError, match="password is empty"):
        write_keystore(tmp_path / "new.json", ALICE, "")
    with pytest.raises(KeystoreError, match="password is empty"):
        read_keystore(path, "")
    assert not (tmp_path / "new.json").exists()


def test_a_password_is_the_same_on_every_keyboard(tmp_path):
    write_keystore(tmp_path / "new.json", ALICE, "e\u0301poque")
    assert read_keystore(tmp_path / "new.json", "\u00e9poque").commitment == ALICE.commitment


@pytest.mark.parametrize("entry", ["salt", "nonce", "encrypted"])
def test_one_bit_altered_anywhere_is_told(path, entry):
    value = bytearray.fromhex(json.loads(path.read_text())[entry])
    value[len(value) // 2] ^= 1
    altered(path, **{entry: value.hex()})
    with pytest.raises(KeystoreLocked, match="was altered"):
        read_keystore(path, PASSWORD)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_told(path, content, share):
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(KeystoreUnreadable, match="cut short"):
        read_keystore(path, PASSWORD)


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"version": 3, "address": "00"}',
        b"[" * 100_000,
        b" " * ((1 << 20) + 1),
    ],
    ids=["nothing", "bytes", "list", "null", "another kind", "deep", "long"],
)
def test_what_is_no_keystore_is_told(path, other):
    path.write_bytes(other)
    with pytest.raises(KeystoreUnreadable, match="no keystore of an identity"):
        read_keystore(path, PASSWORD)


@pytest.mark.parametrize(
    ("version", "error"),
    [(2, KeystoreTooNew), (0, KeystoreUnreadable), ("1", KeystoreUnreadable), (None, KeystoreUnreadable)],
)
def test_an_unknown_version_is_told(path, version, error):
    altered(path, version=version)
    with pytest.raises(error, match=f"version {version!r} is not the 1"):
        read_keystore(path, PASSWORD)


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ({"salt": "00"}, "salt"),
        ({"salt": None}, "salt"),
        ({"nonce": "zz" * 12}, "nonce"),
        ({"nonce": ["00"]}, "nonce"),
        ({"encrypted": "00" * 16}, "encrypted"),
        ({"encrypted": 7}, "encrypted"),
        ({"more": 1}, "entries"),
    ],
)
def test_a_malformed_entry_is_named(path, entries, problem):
    altered(path, **entries)
    with pytest.raises(KeystoreUnreadable, match=problem):
        read_keystore(path, PASSWORD)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(KeystoreError, match="cannot be read"):
        read_keystore(tmp_path / "missing.json", PASSWORD)
    with pytest.raises(KeystoreError, match="cannot be written"):
        write_keystore(tmp_path / "missing" / "new.json", ALICE, PASSWORD)


def test_an_identity_that_could_not_be_read_back_is_not_written(tmp_path):
    with pytest.raises(PrivateKeyMalformed):
        write_keystore(tmp_path / "new.json", Identity(b""), PASSWORD)
    assert not (tmp_path / "new.json").exists()
