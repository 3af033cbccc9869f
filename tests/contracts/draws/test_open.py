"""`open`, `openAmong` and the constructor: everything about a draw is fixed when it opens."""

from brownie import reverts, web3
from eth_abi import encode

from scripts import commune as communes
from tests.contracts.draws.conftest import (
    DELAY,
    POOL,
    REVEALING,
    REVEALING_LASTS,
    TEXT,
    WAITING,
    commitment,
    keccak,
)
from tests.contracts.errors import error
from tests.contracts.people import carried_out, draft

ZERO = b"\0" * 32
SECRET = b"s" * 32


def test_members_decide_to_draw(commune, founders, alice, bob):
    data = commune.draws.open.encode_input(POOL, 1_000, TEXT)
    assert commune.constitution.ruleOf(commune.draws, data[:10]) == communes.ORDINARY
    d = draft(alice, (commune.draws, data), text="We draw a panel")
    tx = carried_out(commune, d, alice, (alice, bob), founders)
    assert tx.events["DrawOpened"] == {
        "drawId": 1,
        "opener": commune.timelock,
        "pool": POOL,
        "size": 1_000,
        "text": TEXT,
        "withReveals": False,
        "revealEnd": tx.block_number,
        "targetBlock": tx.block_number + DELAY,
    }
    assert commune.draws.draw(1).dict() == {
        "opener": commune.timelock,
        "pool": POOL,
        "size": 1_000,
        "withReveals": False,
        "revealEnd": tx.block_number,
        "targetBlock": tx.block_number + DELAY,
        "retargets": 0,
        "delay": DELAY,
        "reveals": 0,
        "mix": "0x" + ZERO.hex(),
        "blockHash": "0x" + ZERO.hex(),
        "number": 0,
    }
    assert commune.draws.state(1) == WAITING


def test_the_pool_of_people_is_committed_by_name(commune, timelock):
    tx = commune.draws.openAmong([3, 1, 2], [], TEXT, timelock)
    opened, pool = tx.events["DrawOpened"], tx.events["PoolCommitted"]
    assert bytes(opened["pool"]) == keccak("uint32[]", values=([3, 1, 2],))
    assert (opened["size"], opened["withReveals"]) == (3, False)
    assert (pool["memberIds"], pool["commitments"]) == ((3, 1, 2), ())


def test_with_secrets_their_time_comes_before_the_block(commune, timelock):
    commitments = [commitment(m, SECRET) for m in (1, 2)]
    tx = commune.draws.openAmong([1, 2], commitments, TEXT, timelock)
    opened = tx.events["DrawOpened"]
    assert opened["withReveals"] is True
    assert opened["revealEnd"] == tx.block_number + REVEALING_LASTS
    assert opened["targetBlock"] == opened["revealEnd"] + DELAY
    assert commune.draws.state(opened["drawId"]) == REVEALING


def test_a_pool_cannot_change_once_it_is_committed(commune, open_among):
    """Nothing takes a pool but the opening, and the number depends on it."""
    draw = open_among([1, 2, 3])
    before = commune.draws.draw(draw)
    open_among([1, 2, 4])
    assert commune.draws.draw(draw) == before
    taking = [
        entry["name"]
        for entry in commune.draws.abi
        if entry["type"] == "function"
        and entry["stateMutability"] == "nonpayable"
        and any(i["name"] in ("pool", "memberIds", "commitments", "size") for i in entry["inputs"])
    ]
    assert sorted(taking) == ["open", "openAmong"]


def test_an_empty_pool_is_refused(commune, timelock):
    refused = error("DrawsEmptyPool")
    with reverts(refused):
        commune.draws.open(POOL, 0, TEXT, timelock)
    with reverts(refused):
        commune.draws.open(ZERO, 10, TEXT, timelock)
    with reverts(refused):
        commune.draws.openAmong([], [], TEXT, timelock)


def test_nobody_is_in_a_pool_twice(commune, timelock):
    with reverts(error("DrawsDuplicateMember", 3)):
        commune.draws.openAmong([3, 1, 2, 3], [], TEXT, timelock)
    commitments = [commitment(m, SECRET) for m in (1, 1)]
    with reverts(error("DrawsDuplicateMember", 1)):
        commune.draws.openAmong([1, 1], commitments, TEXT, timelock)


def test_everybody_has_committed_or_nobody(commune, timelock):
    with reverts(error("DrawsLengthMismatch", 2, 1)):
        commune.draws.openAmong([1, 2], [commitment(1, SECRET)], TEXT, timelock)
    with reverts(error("DrawsEmptyCommitment", 2)):
        commune.draws.openAmong([1, 2], [commitment(1, SECRET), ZERO], TEXT, timelock)


def test_only_a_decision_opens_a_draw(commune, alice, stranger):
    for who in (alice, stranger):
        refused = error("AccessManagedUnauthorized", who)
        with reverts(refused):
            commune.draws.open(POOL, 10, TEXT, who.tx)
        with reverts(refused):
            commune.draws.openAmong([1, 2], [], TEXT, who.tx)


def test_a_chain_without_block_hashes_is_refused(commune, project_contracts, deployer):
    """As the chain's first block is: there are not two hashes before it yet."""
    container = project_contracts["Draws"]
    arguments = encode(["address", "address"], [commune.powers.address, commune.constitution.address])
    creation = {"from": deployer.address, "data": container.bytecode + arguments.hex(), "gas": hex(5_000_000)}
    answers = {}
    for block in ("0x0", "latest"):
        request = {**creation, "data": "0x" + creation["data"].removeprefix("0x")}
        answers[block] = web3.provider.make_request("eth_call", [request, block])
    assert len(answers["latest"]["result"]) > 2_000
    selector = bytes(web3.keccak(text="DrawsNoBlockHashes()"))[:4].hex()
    assert selector in str(answers["0x0"]["error"]["data"])
