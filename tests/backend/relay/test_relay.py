"""The relay on a real chain: what it takes, what it refuses, and that nothing is ever paid for twice."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from eth_abi import encode

from backend.chain.errors import Unreachable
from backend.decode import Decoders
from backend.deployment import load
from backend.node import application_of
from backend.proofs import Verifier
from backend.relay import KeyRefused, Relay, RelaySettings
from backend.relay.key import load_key
from backend.serve import Service
from backend.store.content import Content
from tests.backend.chains import CHAIN_ID, ROOT, anvil
from tests.backend.commune import (
    ABSTAIN,
    AGAINST,
    DAY,
    FOR,
    PEOPLE,
    Commune,
    text_hash,
)
from tests.backend.mirror import Mirror

SENDER = 9


class Node:
    """A relay over a database that follows the commune when it is told to, in the test's own process."""

    def __init__(self, commune: Commune, folder, **settings) -> None:
        self.commune = commune
        self.mirror = Mirror(commune, folder)
        self.mirror.follow()
        self.settings = RelaySettings(test_key=SENDER, poll=0.02, **settings)
        self.relay = self.made()

    def made(self) -> Relay:
        """As a process that starts makes it."""
        settings = self.mirror.settings
        deployment, application = load(settings.deployment), application_of(settings)
        decoders = Decoders(deployment.interfaces, application.events)
        self.service = Service(settings.database, deployment, decoders, application.tables)
        self.content = Content(settings.database)
        return Relay(self.settings, settings.rpc_url, self.service, self.content, Verifier())

    def do(self, action):
        """Runs `action(relay)`, each time with connections of its own."""

        async def work():
            relay = self.made()
            relay.checks._members, relay.checks._strangers = (
                self.relay.checks._members,
                self.relay.checks._strangers,
            )
            relay.checks._nullifiers, relay.checks._secrets = (
                self.relay.checks._nullifiers,
                self.relay.checks._secrets,
            )
            self.relay = relay
            checking = asyncio.create_task(relay.verifier.run())
            try:
                async with asyncio.timeout(60):
                    return await action(relay)
            finally:
                checking.cancel()
                await relay.verifier.close()
                await relay.close()

        return asyncio.run(work())

    def take(self, kind: str, items: list):
        self.mirror.follow()
        taken = self.do(lambda relay: relay.take(kind, items))
        problems = [json.loads(item.problem) for item in taken.items if item.problem]
        self.last = problems[-1] if problems else {}
        return taken.ticket, [self.shown(item) for item in taken.items]

    def work(self, ticket: str) -> list[tuple]:
        """Steps until nothing waits; what came of the ticket."""

        async def steps(relay: Relay) -> None:
            for _ in range(50):
                if not await relay.step() and not relay.content.batches("Sent"):
                    return
            raise TimeoutError(self.outcome(ticket))

        self.do(steps)
        return self.outcome(ticket)

    def outcome(self, ticket: str) -> list[tuple]:
        rows = self.service.reader.query(
            "SELECT status, problem FROM relay_items WHERE ticket = ? ORDER BY position", (ticket,)
        )
        return [(status, json.loads(problem)["error"] if problem else None) for status, problem in rows]

    @staticmethod
    def shown(item) -> tuple:
        return item.status, json.loads(item.problem)["error"] if item.problem else None

    @property
    def sent(self) -> int:
        """Transactions of the sender that are on the chain."""
        address = self.commune.people[SENDER].address
        return int(self.commune.chain.rpc("eth_getTransactionCount", address, "latest"), 16)


@pytest.fixture
def commune():
    with anvil("--accounts", str(PEOPLE)) as chain:
        yield Commune.founded(chain, 5)


@pytest.fixture
def node(commune, tmp_path):
    return Node(commune, tmp_path)


@pytest.fixture
def vote(commune):
    """An ordinary proposal that is being voted on."""
    p = commune.people
    action = ("constitution", commune.data("constitution", "addTopic", "music"))
    proposal = commune.propose(commune.draft(p[1], action), p[1], (p[1], p[2]))
    commune.to_voting(proposal)
    return proposal


def ballot(commune, who, proposal, support=FOR, votes=1, **changes) -> dict:
    proposal_id, member, support, votes, signature = commune.signed_ballot(who, proposal, support, votes)
    cast = {
        "proposalId": str(proposal_id),
        "memberId": member,
        "support": support,
        "votes": votes,
        "signature": f"0x{signature.hex()}",
    }
    return cast | changes


def request(
    commune, who, module, function, *arguments, nonce, gas=1_500_000, deadline=None, **changes
) -> dict:
    (account, to, gas, nonce, deadline, data), signature = commune.signed_request(
        who,
        module,
        commune.data(module, function, *arguments),
        gas=gas,
        nonce=nonce,
        deadline=deadline or commune.now + DAY,
    )
    signed = {
        "from": account,
        "to": to,
        "gas": gas,
        "nonce": str(nonce),
        "deadline": deadline,
        "data": f"0x{data.hex()}",
        "signature": f"0x{signature.hex()}",
    }
    return signed | changes


def test_good_ballots_go_in_one_transaction_and_bad_ones_are_refused_singly(node, commune, vote):
    p = commune.people
    good = [ballot(commune, p[1], vote, FOR, 5), ballot(commune, p[2], vote, AGAINST, 2)]
    bad = {
        "AssemblyBadSignature": ballot(commune, p[3], vote, FOR, 2) | {"votes": 3},
        "GovernorNonexistentProposal": ballot(commune, p[3], vote) | {"proposalId": "5"},
        "AssemblyNotInElectorate": ballot(commune, p[3], vote) | {"memberId": 99},
        "AssemblyUnknownSupport": ballot(commune, p[3], vote, support=3),
        "AssemblyVotesOutOfRange": ballot(commune, p[3], vote, votes=32),
        "VoiceCreditsExceeded": ballot(commune, p[3], vote, votes=11),
        "RelayMalformed": ballot(commune, p[3], vote) | {"signature": "0x1"},
        "RelayTwiceInOneList": good[0],
    }
    ticket, told = node.take("ballots", [*good, *bad.values()])
    assert told == [("Queued", None)] * 2 + [("Refused", error) for error in bad]
    assert node.work(ticket)[:2] == [("Included", None)] * 2
    assert node.sent == 1
    assert commune.call("assembly", "ballotOf", vote, 1)[:3] == (True, FOR, 5)
    assert commune.call("assembly", "ballotOf", vote, 2)[:3] == (True, AGAINST, 2)
    assert commune.call("assembly", "ballotOf", vote, 3)[0] is False
    _, told = node.take("ballots", good[:1])
    assert told == [("Refused", "AssemblyAlreadyVoted")]


@pytest.mark.parametrize(
    "item",
    [
        None,
        [],
        "x",
        {},
        {"proposalId": "1"},
        {"memberId": -1},
        {"memberId": True},
        {"memberId": 2**32},
        {"support": 256},
        {"votes": 1.5},
        {"signature": "0x" + "00" * 5_000},
        {"signature": 7},
        {"proposalId": "1" * 79},
        {"colour": "red"},
    ],
)
def test_what_is_no_ballot_is_refused_without_asking_the_chain(node, commune, item):
    whole = {"proposalId": "1", "memberId": 1, "support": 1, "votes": 1, "signature": "0x"}
    given = whole | item if isinstance(item, dict) and item not in ({}, {"proposalId": "1"}) else item
    node.take("ballots", [given])
    requests = node.relay.rpc.requests
    _, told = node.take("ballots", [given])
    assert told == [("Refused", "RelayMalformed")]
    assert node.relay.rpc.requests <= requests


def test_a_vote_that_is_over_is_not_relayed(node, commune, vote):
    late = ballot(commune, commune.people[1], vote)
    commune.to_end(vote)
    assert node.take("ballots", [late])[1] == [("Refused", "RelayVotingIsOver")]


def test_a_ballot_that_came_too_late_in_the_queue_is_skipped_with_the_reason(node, commune, vote):
    p = commune.people
    ticket, told = node.take("ballots", [ballot(commune, p[1], vote), ballot(commune, p[2], vote)])
    assert told == [("Queued", None)] * 2
    commune.send(p[1], "assembly", "castBallot", vote, ABSTAIN, 1)
    assert node.work(ticket) == [("Skipped", "AssemblyAlreadyVoted"), ("Included", None)]


def test_someone_without_gas_joins_and_members_act_by_signature(node, commune):
    p = commune.people
    newcomer = p[12]
    asked = request(commune, newcomer, "admission", "applyToJoin", text_hash("I am new"), nonce=1)
    ticket, told = node.take("requests", [asked])
    assert told == [("Queued", None)]
    assert node.work(ticket) == [("Included", None)]
    application = commune.call("admission", "applicationOf", newcomer.address)
    vouches = [
        request(commune, who, "admission", "vouch", application, nonce=2**200 + who.index) for who in p[1:3]
    ]
    ticket, _ = node.take("requests", vouches)
    assert node.work(ticket) == [("Included", None)] * 2
    assert commune.call("admission", "vouchersOf", application) == (1, 2)
    assert node.sent == 2


def test_requests_that_would_fail_or_are_no_member_s_are_refused_singly(node, commune, vote):
    p = commune.people
    stranger = p[14]
    spent = request(commune, p[4], "membership", "leave", nonce=5)
    commune.send(p[4], "forwarder", "cancel", 5)
    bad = [
        ("MembershipNotMember", request(commune, stranger, "docket", "sponsor", 1, 1, nonce=1)),
        ("RelayFunctionNotAllowed", request(commune, p[1], "membership", "expel", 2, nonce=1)),
        (
            "RelayFunctionNotAllowed",
            request(commune, p[1], "membership", "setObserver", 0, p[1].address, nonce=1),
        ),
        ("RelayFunctionNotAllowed", request(commune, p[1], "credits", "open", [1], nonce=1)),
        ("ForwarderNonceUsed", spent),
        (
            "ForwarderExpired",
            request(commune, p[1], "membership", "leave", nonce=2, deadline=commune.now - 1),
        ),
        ("ForwarderBadSignature", request(commune, p[1], "membership", "leave", nonce=3) | {"nonce": "4"}),
        ("RelayTooMuchGas", request(commune, p[1], "membership", "leave", nonce=6, gas=6_000_000)),
        ("DocketUnknownTopic", request(commune, p[1], "docket", "sponsor", 7, 99, nonce=7)),
        ("RelayMalformed", request(commune, p[1], "membership", "leave", nonce=8) | {"data": "0x"}),
    ]
    bad[-1] = ("RelayMalformed", bad[-1][1] | {"to": "0x12"})
    _, told = node.take("requests", [item for _, item in bad])
    assert told == [("Refused", error) for error, _ in bad]
    assert node.sent == 0


def test_a_request_whose_call_fails_after_all_is_reported_as_failed(node, commune):
    """Between the last look and the block somebody else was faster."""
    p = commune.people
    application = commune.apply(p[12], "I am new")
    ticket, _ = node.take("requests", [request(commune, p[1], "admission", "vouch", application, nonce=1)])
    commune.chain.rpc("evm_setAutomine", False)
    data = commune.data("admission", "vouch", application)
    first = {
        "from": p[1].address,
        "to": commune.addresses["admission"],
        "data": f"0x{data.hex()}",
        "gas": hex(1_000_000),
        "gasPrice": hex(10**11),
    }
    node.do(lambda relay: relay.step())
    commune.chain.rpc("eth_sendTransaction", first)
    commune.chain.mine()
    commune.chain.rpc("evm_setAutomine", True)
    assert node.work(ticket) == [("Failed", "AdmissionVouchTwice")]


def test_a_contract_wallet_signs_by_erc_1271(node, commune):
    p = commune.people
    artifact = json.loads((ROOT / "build/contracts/SigningWallet.json").read_text())
    owner = p[13]
    data = bytes.fromhex(artifact["bytecode"]) + encode(
        ["address", "uint256", "uint256"], [owner.address, 50_000, 32]
    )
    wallet = commune.transact(p[0], None, data)["contractAddress"]
    fields = ("from", "to", "gas", "nonce", "deadline", "data")
    values = (
        wallet,
        commune.addresses["admission"],
        1_000_000,
        3,
        commune.now + DAY,
        commune.data("admission", "applyToJoin", text_hash("A wallet of many")),
    )
    types = dict(zip(fields, ("address", "address", "uint256", "uint256", "uint48", "bytes"), strict=True))
    typed = commune.typed_data(
        "forwarder", "Dual Power Forwarder", "ForwardRequest", types, dict(zip(fields, values, strict=True))
    )
    signed = dict(zip(fields, values, strict=True)) | {
        "data": f"0x{values[-1].hex()}",
        "signature": f"0x{owner.sign(typed).hex()}",
    }
    forged = signed | {"signature": f"0x{p[1].sign(typed).hex()}"}
    ticket, told = node.take("requests", [forged, signed | {"nonce": "4"}])
    assert told == [("Refused", "ForwarderBadSignature")] * 2
    ticket, told = node.take("requests", [signed])
    assert told == [("Queued", None)]
    assert node.work(ticket) == [("Included", None)]
    assert commune.call("admission", "applicationOf", wallet) == 1


def test_a_member_who_asks_for_too_much_has_to_wait(commune, vote, tmp_path):
    node = Node(commune, tmp_path, per_minute=3)
    p = commune.people
    many = [request(commune, p[1], "docket", "sponsor", n, 1, nonce=n) for n in range(5)]
    _, told = node.take("requests", many)
    assert Counter(told) == {("Queued", None): 3, ("Refused", "RelayRateLimited"): 2}
    # Others are not affected, and forged ones count for nobody.
    forged = ballot(commune, p[2], vote) | {"votes": 2}
    node.take("ballots", [forged] * 10)
    _, told = node.take("ballots", [ballot(commune, p[2], vote)])
    assert told == [("Queued", None)]


def test_what_is_on_its_way_is_not_taken_again(node, commune, vote):
    cast = ballot(commune, commune.people[1], vote)
    ticket, _ = node.take("ballots", [cast])
    assert node.take("ballots", [cast])[1] == [("Refused", "RelayOnItsWay")]
    assert node.work(ticket) == [("Included", None)]


def test_a_relay_killed_before_it_sent_sends_the_same_transaction(node, commune, vote, monkeypatch):
    ticket, _ = node.take("ballots", [ballot(commune, commune.people[1], vote)])

    async def killed(self, transaction):
        raise Unreachable("killed")

    monkeypatch.setattr(Relay, "_broadcast", killed)
    with pytest.raises(Unreachable):
        node.do(lambda relay: relay.step())
    monkeypatch.undo()
    assert node.outcome(ticket) == [("Sent", None)]
    assert node.sent == 0
    (recorded,) = node.content.transactions(1)
    assert node.work(ticket) == [("Included", None)]
    assert node.sent == 1
    assert commune.chain.receipt(f"0x{recorded.transaction_hash.hex()}")["status"] == "0x1"


def test_a_relay_killed_after_it_sent_does_not_send_again(node, commune, vote):
    ticket, _ = node.take("ballots", [ballot(commune, commune.people[1], vote)])
    node.do(lambda relay: relay.step())
    assert node.sent == 1
    assert node.outcome(ticket) == [("Sent", None)]
    assert node.work(ticket) == [("Included", None)]
    assert node.sent == 1


def test_a_batch_that_lost_its_nonce_is_checked_and_sent_anew(node, commune, vote, monkeypatch):
    p = commune.people
    ticket, _ = node.take("ballots", [ballot(commune, p[1], vote), ballot(commune, p[2], vote)])

    async def killed(self, transaction):
        raise Unreachable("killed")

    monkeypatch.setattr(Relay, "_broadcast", killed)
    with pytest.raises(Unreachable):
        node.do(lambda relay: relay.step())
    monkeypatch.undo()
    # Somebody used the key elsewhere, and one of the members voted by themselves.
    commune.chain.rpc("eth_sendTransaction", {"from": p[SENDER].address, "to": p[0].address, "value": "0x1"})
    commune.send(p[1], "assembly", "castBallot", vote, FOR, 1)
    assert node.work(ticket)[1] == ("Included", None)
    assert commune.call("assembly", "ballotOf", vote, 2)[0] is True
    assert node.sent == 2


def test_a_stuck_transaction_is_replaced_by_one_that_pays_more(commune, vote, tmp_path):
    node = Node(commune, tmp_path, stuck=-1.0)
    commune.chain.rpc("evm_setAutomine", False)
    ticket, _ = node.take("ballots", [ballot(commune, commune.people[1], vote)])
    for _ in range(3):
        node.do(lambda relay: relay.step())
    transactions = node.content.transactions(1)
    assert len(transactions) == 3
    fees = [transaction.fee for transaction in transactions]
    assert all(higher >= 1.25 * lower for higher, lower in pairwise(fees))
    commune.chain.mine()
    commune.chain.rpc("evm_setAutomine", True)
    assert node.work(ticket) == [("Included", None)]
    assert node.sent == 1


def test_a_batch_whose_block_left_the_chain_is_sent_again(node, commune, vote):
    before = commune.chain.rpc("evm_snapshot")
    ticket, _ = node.take("ballots", [ballot(commune, commune.people[1], vote)])
    assert node.work(ticket) == [("Included", None)]
    commune.chain.rpc("evm_revert", before)
    assert commune.call("assembly", "ballotOf", vote, 1)[0] is False
    assert node.work(ticket) == [("Included", None)]
    assert commune.call("assembly", "ballotOf", vote, 1)[0] is True


def test_a_sender_without_money_keeps_the_queue_and_says_so(node, commune, vote):
    address = commune.people[SENDER].address
    commune.chain.rpc("anvil_setBalance", address, "0x1")
    ticket, _ = node.take("ballots", [ballot(commune, commune.people[1], vote)])
    node.do(lambda relay: relay.step())
    assert "has 1 wei" in node.relay.obstacle
    assert node.outcome(ticket) == [("Queued", None)]
    commune.chain.rpc("anvil_setBalance", address, hex(10**20))
    assert node.work(ticket) == [("Included", None)]
    assert node.relay.obstacle is None


def test_a_batch_takes_no_more_than_a_block_has_room_for(node, commune, vote):
    """Two ballots of 250,000 gas fit into 80 % of a million, beside what the transaction takes itself."""
    commune.chain.rpc("evm_setBlockGasLimit", hex(1_000_000))
    commune.chain.mine()
    p = commune.people
    ticket, _ = node.take("ballots", [ballot(commune, who, vote) for who in p[1:6]])
    assert node.work(ticket) == [("Included", None)] * 5
    assert node.sent == 3


def test_published_keys_pay_on_local_chains_only(tmp_path):
    settings = RelaySettings(test_key=0)
    assert load_key(settings, CHAIN_ID, "http://127.0.0.1:8545").address.startswith("0xf39F")
    with pytest.raises(KeyRefused, match="not for chain 1"):
        load_key(settings, 1, "http://127.0.0.1:8545")
    with pytest.raises(KeyRefused, match="chain of this machine"):
        load_key(settings, CHAIN_ID, "http://rpc.example:8545")
    with pytest.raises(KeyRefused, match="either a keystore file or"):
        load_key(RelaySettings(), CHAIN_ID, "http://127.0.0.1:8545")


def test_a_keystore_opens_with_its_password_only(tmp_path):
    from eth_account import Account

    keystore, password = tmp_path / "key.json", tmp_path / "password"
    made = Account.create()
    keystore.write_text(json.dumps(Account.encrypt(made.key, "right", iterations=2)))
    password.write_text("right\n")
    settings = RelaySettings(keystore=keystore, password=password)
    assert load_key(settings, 1, "https://rpc.example").address == made.address
    password.write_text("wrong")
    with pytest.raises(KeyRefused, match="does not open"):
        load_key(settings, 1, "https://rpc.example")
    with pytest.raises(KeyRefused, match="needs a file with its password"):
        load_key(replace(settings, password=None), 1, "https://rpc.example")
