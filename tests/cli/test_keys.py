"""Whose key signs, and whose never does."""

from __future__ import annotations

import io
import json

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from typer.testing import CliRunner

from backend.cli import app, keys
from backend.cli.errors import Misused, Refused

PASSWORD = "correct horse"
TYPED_DATA = {
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}],
        "Mail": [{"name": "text", "type": "bytes"}],
    },
    "primaryType": "Mail",
    "domain": {"name": "Test"},
    "message": {"text": b"hello"},
}


@pytest.fixture
def alice():
    return Account.create()


@pytest.fixture
def keystore(alice, tmp_path):
    path = tmp_path / "alice.json"
    path.write_text(json.dumps(Account.encrypt(alice.key, PASSWORD, kdf="pbkdf2", iterations=10)))
    return path


def signer_of(signature):
    return Account.recover_message(encode_typed_data(full_message=TYPED_DATA), signature=signature)


def test_a_keystore_opens_with_its_password_and_signs(keystore, alice):
    key = keys.from_keystore(keystore, PASSWORD)
    assert key.account == alice.address
    assert signer_of(key.sign(TYPED_DATA)) == alice.address


def test_a_wrong_password_is_refused_without_showing_it(keystore):
    with pytest.raises(Misused, match="password does not open") as refused:
        keys.from_keystore(keystore, "wrong password")
    assert "wrong password" not in str(refused.value)


@pytest.mark.parametrize(
    "content", ["", "{}", "[1]", '{"version": 3}', '{"version": 3, "crypto": {}}', "null"]
)
def test_what_is_no_keystore_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "key.json"
    path.write_text(content)
    with pytest.raises(Misused, match=r"no (readable )?keystore file"):
        keys.from_keystore(path, PASSWORD)


def test_a_missing_keystore_is_named(tmp_path):
    with pytest.raises(Misused, match=r"nowhere\.json"):
        keys.from_keystore(tmp_path / "nowhere.json", PASSWORD)


def test_the_password_comes_from_the_named_file_without_its_line_end(tmp_path, monkeypatch):
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD} \n")
    monkeypatch.setenv(keys.PASSWORD_FILE, str(file))
    assert keys.password_for(tmp_path / "key.json") == f"{PASSWORD} "


def test_a_password_file_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv(keys.PASSWORD_FILE, str(tmp_path / "nowhere"))
    with pytest.raises(Misused, match="nowhere"):
        keys.password_for(tmp_path / "key.json")


def test_without_a_terminal_nobody_waits_for_a_password(tmp_path, monkeypatch):
    monkeypatch.delenv(keys.PASSWORD_FILE, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Misused, match=keys.PASSWORD_FILE):
        keys.password_for(tmp_path / "key.json")


def test_the_published_keys_are_those_that_local_chains_fund():
    # The first two accounts of anvil and hardhat, as their manuals list them.
    known = ["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]
    url = "http://127.0.0.1:8545"
    assert [keys.published_key(index, 31337, url).account for index in range(2)] == known


@pytest.mark.parametrize("chain_id", [31337, 1337])
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8545", "http://localhost:8545", "http://[::1]:8545", "http://127.1.2.3"]
)
def test_published_keys_are_for_local_chains(chain_id, url):
    assert keys.published_key(0, chain_id, url).account.startswith("0xf39F")


@pytest.mark.parametrize("chain_id", [0, 1, 10, 100, 11155111])
def test_published_keys_are_refused_on_any_other_chain(chain_id):
    with pytest.raises(Refused, match=f"not for chain {chain_id}"):
        keys.published_key(1, chain_id, "http://127.0.0.1:8545")


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1:8545",
        "https://rpc.example.org",
        "http://localhost.example.org:8545",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "http://example.org/127.0.0.1",
        "http://0.0.0.0:8545",
        "file:///127.0.0.1",
        "127.0.0.1:8545",
        "http://[::1",
        "",
    ],
)
def test_published_keys_are_refused_for_any_other_machine(url):
    with pytest.raises(Refused, match="a chain of this machine"):
        keys.published_key(1, 31337, "http://127.0.0.1:8545", url)


def test_an_unlocked_account_signs_and_sends_through_its_node():
    asked = []

    def rpc(method, parameters):
        asked.append((method, parameters))
        return "0x" + "ab" * 65 if method == "eth_signTypedData_v4" else "0x" + "cd" * 32

    key = keys.unlocked("0x70997970c51812dc3a010c7d01b50e0d17dc79c8", rpc)
    assert key.account == "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
    assert key.sign(TYPED_DATA) == bytes.fromhex("ab" * 65)
    sent = key.send({"from": key.account, "to": key.account, "gas": 21000, "nonce": 4, "chainId": 1}, rpc)
    assert sent == "0x" + "cd" * 32
    (signed, (account, document)), (method, (transaction,)) = asked
    assert (signed, account) == ("eth_signTypedData_v4", key.account)
    assert document["message"] == {"text": "0x68656c6c6f"}
    assert method == "eth_sendTransaction"
    assert transaction == {"from": key.account, "to": key.account, "gas": "0x5208"}


@pytest.mark.parametrize("account", ["0x12", "alice", "70997970c51812dc3a010c7d01b50e0d17dc79c8x", ""])
def test_what_is_no_account_is_refused(account):
    with pytest.raises(Misused, match="is no account"):
        keys.unlocked(account, lambda method, parameters: None)


def test_a_new_key_opens_with_its_password_only_and_is_its_owners_alone(tmp_path, monkeypatch):
    file, password = tmp_path / "key.json", tmp_path / "password"
    password.write_text(PASSWORD)
    monkeypatch.setenv(keys.PASSWORD_FILE, str(password))
    made = CliRunner().invoke(app, ["key", "new", str(file), "--json"])
    assert made.exit_code == 0, made.output
    assert keys.from_keystore(file, PASSWORD).account == json.loads(made.stdout)["account"]
    assert file.stat().st_mode & 0o077 == 0
    shown = CliRunner().invoke(app, ["key", "show", str(file), "--json"])
    assert json.loads(shown.stdout) == json.loads(made.stdout)

    content = file.read_bytes()
    again = CliRunner().invoke(app, ["key", "new", str(file)])
    assert again.exit_code == 2
    assert "never overwritten" in again.stderr
    assert file.read_bytes() == content


def test_a_key_is_not_made_with_an_empty_password_or_nowhere(tmp_path, monkeypatch):
    password = tmp_path / "password"
    password.write_text("\n")
    monkeypatch.setenv(keys.PASSWORD_FILE, str(password))
    assert CliRunner().invoke(app, ["key", "new", str(tmp_path / "key.json")]).exit_code == 2
    password.write_text(PASSWORD)
    assert CliRunner().invoke(app, ["key", "new", str(tmp_path / "nowhere" / "key.json")]).exit_code == 2
    assert list(tmp_path.iterdir()) == [password]
