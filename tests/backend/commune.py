"""A commune on a real chain, deployed as scripts/commune.py does it, and people who act in it.

The node's environment has no Brownie: contracts come compiled from build/contracts, calls are encoded with
eth-abi and sent through the chain's unlocked accounts.
"""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi import decode, encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from eth_utils import to_checksum_address
from rlp import encode as rlp_encode

from backend.decode import Calls
from backend.deployment import MODULES, Contract, Deployment
from scripts.poseidon import init_code
from tests.backend.chains import CHAIN_ID, MNEMONIC, ROOT, Chain

DAY = 86_400
PEOPLE = 24
GAS = 8_000_000
AGAINST, FOR, ABSTAIN = range(3)
GENERAL, FOOD = 1, 2
POINT = 1_000_000
CHARTER = "We govern this together."
ETH = f"0x{0:040x}"

# As in scripts/commune.py.
ROLES = (
    (1, ("founding",), (("membership", "admitFounder"), ("constitution", "constitute"))),
    (2, ("admission",), (("membership", "admit"),)),
    (3, ("presence",), (("membership", "setDormant"), ("membership", "wake"))),
    (4, ("recovery",), (("membership", "moveAccount"),)),
    (
        5,
        ("assembly",),
        (
            ("membership", "expel"),
            ("admission", "admitByVote"),
            ("recovery", "recoverByVote"),
            ("panels", "overrule"),
            ("panels", "grant"),
        ),
    ),
    (6, ("timelock", "reviews", "mediation", "panels"), (("reputation", "award"),)),
    (
        7,
        ("admission", "penalties", "reviews", "panels"),
        (("reputation", "penalise"), ("reputation", "penaliseAcross")),
    ),
    (8, ("assembly", "recall"), (("offices", "recall"),)),
    (9, ("elections",), (("offices", "appoint"),)),
    (10, ("offices",), (("commons", "payStipend"),)),
    (
        11,
        ("timelock", "elections", "assignments", "reviews", "mediation", "panels"),
        (("draws", "open"), ("draws", "openAmong")),
    ),
    (12, ("timelock", "elections"), (("polls", "open"),)),
    (13, ("timelock", "consent"), (("commons", "pay"),)),
    (14, ("timelock", "consent", "offices"), (("constitution", "adopt"),)),
    (15, ("timelock", "offices"), (("constitution", "setDaoURI"),)),
    (16, ("offices", "assignments"), ()),
    (17, ("timelock", "offices", "series"), (("assignments", "create"), ("series", "create"))),
    (
        18,
        ("reviews",),
        (
            ("assignments", "markDelivered"),
            ("assignments", "markRework"),
            ("assignments", "markDone"),
            ("assignments", "markFailed"),
            ("assignments", "markOverturned"),
        ),
    ),
    (19, ("reviews", "panels"), (("penalties", "impose"),)),
    (20, ("panels",), (("reviews", "overturn"),)),
    (21, ("panels",), (("mediation", "convene"),)),
    (22, ("timelock", "series"), ()),
)
RULES = (
    ("reputation", "award", 1),
    ("constitution", "adopt", 1),
    ("constitution", "addTopic", 1),
    ("constitution", "setDaoURI", 1),
    ("polls", "open", 1),
    ("draws", "open", 1),
    ("commons", "pay", 1),
    ("commons", "openPurse", 1),
    ("commons", "setPurseCap", 1),
    ("commons", "closePurse", 1),
    ("offices", "setStipend", 1),
    ("offices", "abolish", 1),
    ("assignments", "create", 1),
    ("assignments", "cancel", 1),
    ("series", "create", 1),
    ("series", "stop", 1),
    ("penalties", "strike", 1),
    ("reviews", "decide", 1),
    ("recovery", "recoverByVote", 2),
    ("panels", "overrule", 2),
    ("panels", "grant", 2),
    ("admission", "admitByVote", 3),
    ("membership", "expel", 4),
    ("offices", "recall", 5),
)

CONSENT = (
    ("constitution", "adopt", bytes(32), (True, False, 0, 0)),
    ("commons", "pay", bytes(32), (True, True, 3, 10**17)),
)

Account.enable_unaudited_hdwallet_features()
_nonces = itertools.count(1)


class Reverted(Exception):
    """A transaction failed; the message is the contract's error."""


@dataclass(frozen=True)
class Person:
    index: int
    address: str
    key: bytes

    @property
    def account(self) -> bytes:
        return bytes.fromhex(self.address[2:])

    def sign(self, typed_data: dict[str, Any]) -> bytes:
        return bytes(Account.sign_message(encode_typed_data(full_message=typed_data), self.key).signature)


@dataclass(frozen=True)
class Draft:
    targets: tuple[str, ...]
    values: tuple[int, ...]
    calldatas: tuple[bytes, ...]
    description: str

    @property
    def arguments(self) -> tuple[list[str], list[int], list[bytes]]:
        return list(self.targets), list(self.values), list(self.calldatas)

    @property
    def text_hash(self) -> bytes:
        return keccak(self.description.encode())


def person(index: int) -> Person:
    wallet = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return Person(index, wallet.address, bytes(wallet.key))


def text_hash(text: str) -> bytes:
    return keccak(text.encode())


def bytes32(name: str) -> bytes:
    return name.encode().ljust(32, b"\0")


class Commune:
    """`deployer` is the chain's account 0; the others are people."""

    def __init__(self, chain: Chain, people: int = PEOPLE) -> None:
        self.chain = chain
        self.people = [person(index) for index in range(people)]
        self.deployer = self.people[0]
        self.abis: dict[str, list[dict[str, Any]]] = {}
        self.addresses: dict[str, str] = {}
        self.block = 0

    # Deploying

    @classmethod
    def founded(cls, chain: Chain, founders: int, *, people: int = PEOPLE, **parameters: int) -> Commune:
        """Deployed and founded by people 1 to `founders`; `parameters` with `__` for the dot, whose floors
        give way, so that a few people can hold a secret poll."""
        commune = cls(chain, people)
        commune.deploy(parameters)
        commune.found(commune.people[1 : founders + 1])
        return commune

    def deploy(self, parameters: dict[str, int]) -> None:
        law = tomllib.loads((ROOT / "scripts/constitutions/default.toml").read_text())
        values = {name.replace("__", "."): value for name, value in parameters.items()}
        inits = [
            (bytes32(p["name"]), values.get(p["name"], p["value"]), _floor(p, values), p["ceiling"])
            for p in law["parameter"]
        ]
        self.block = self.chain.head + 1
        a = self.addresses
        self._create("forwarder")
        self._create("powers", self.deployer.address)
        self._create("constitution", a["powers"], inits)
        self._create("membership", a["powers"], a["forwarder"], a["constitution"])
        self._create("reputation", a["powers"], a["constitution"], a["membership"], law["half_life"])
        self._create("credits", a["powers"], a["constitution"], a["membership"], a["reputation"])
        assembly = self._address_in(2)
        self._create("timelock", law["min_queue"], assembly)
        modules = (a["powers"], a["forwarder"], a["constitution"], a["membership"])
        self._create("docket", *modules, assembly)
        self._create("assembly", *modules, a["credits"], a["docket"], a["timelock"])
        assert a["assembly"] == assembly
        self._create("admission", *modules, a["reputation"], a["assembly"], a["docket"])
        self._create("presence", *modules, a["credits"], a["admission"])
        self._create("recovery", *modules)
        self._create("poseidon")
        self._create("group", a["forwarder"], a["constitution"], a["membership"], a["poseidon"])
        self._create("verifier")
        self._create("polls", *modules, a["credits"], a["docket"], a["group"], a["verifier"])
        followed = (a["assembly"], a["polls"])
        self._create("delegation", *modules[1:], a["credits"], *followed)
        self._create("commons", *modules)
        self._create("draws", a["powers"], a["constitution"])
        self._create("consent", *modules, a["assembly"], a["docket"])
        recall = self._address_in(1)
        self._create("offices", *modules, a["commons"], recall)
        members = modules[1:]
        self._create("recall", *members, a["assembly"], a["offices"])
        assert a["recall"] == recall
        self._create("elections", *members, a["offices"], a["polls"], a["draws"])
        self._create("penalties", *modules[:2], a["membership"], a["constitution"], a["reputation"])
        self._create("assignments", *modules, a["reputation"], a["commons"], a["draws"])
        self._create("series", a["powers"], a["assignments"])
        work = (a["reputation"], a["draws"], a["assignments"])
        self._create("reviews", *modules, a["admission"], *work, a["penalties"])
        self._create("mediation", *modules, a["admission"], *work, a["reviews"])
        asked = (a["assembly"], a["docket"], a["mediation"], a["reviews"], a["penalties"])
        self._create("panels", *modules, a["reputation"], a["draws"], *asked)
        self._create("founding", a["constitution"], a["membership"], a["powers"])
        self._wire()

    def _address_in(self, transactions: int) -> str:
        """Where the deployer's contract will be that comes after so many other transactions."""
        nonce = int(self.chain.rpc("eth_getTransactionCount", self.deployer.address, "latest"), 16)
        return to_checksum_address(keccak(rlp_encode([self.deployer.account, nonce + transactions]))[12:])

    def _create(self, module: str, *arguments: Any) -> None:
        artifact = json.loads((ROOT / "build/contracts" / f"{MODULES[module]}.json").read_text())
        self.abis[module] = artifact["abi"]
        code = init_code() if module == "poseidon" else artifact["bytecode"]
        constructor = next((e for e in artifact["abi"] if e["type"] == "constructor"), {"inputs": []})
        data = bytes.fromhex(code.removeprefix("0x")) + encode(_types(constructor), arguments)
        receipt = self.transact(self.deployer, None, data, gas=16_000_000)
        self.addresses[module] = to_checksum_address(receipt["contractAddress"])

    def _wire(self) -> None:
        d, a = self.deployer, self.addresses
        for role, holders, calls in ROLES:
            self.send(d, "powers", "labelRole", role, f"ROLE{role}")
            for holder in holders:
                self.send(d, "powers", "grantRole", role, a[holder], 0)
            for target, function in calls:
                selectors = [self.selector(target, function)]
                self.send(d, "powers", "setTargetFunctionRole", a[target], selectors, role)
        for slot, name in enumerate(("admission", "presence", "recovery", "group")):
            self.send(d, "membership", "setObserver", slot, a[name])
        for spender in ("assembly", "polls"):
            self.send(d, "credits", "setSpender", a[spender], True)
        for opener in ("admission", "docket", "consent", "recall", "panels"):
            self.send(d, "assembly", "setOpener", a[opener], True)
        for module in ("assembly", "polls"):
            self.send(d, module, "setFollower", a["delegation"])
        self.send(d, "commons", "setPayUnit", ETH, 10**12)
        for target, function, *terms in CONSENT:
            self.send(d, "consent", "setAllowance", a[target], self.selector(target, function), *terms)
        for target, function, kind in RULES:
            self.send(d, "constitution", "setRule", a[target], self.selector(target, function), kind)
        for topic in ("general", "food"):
            self.send(d, "constitution", "addTopic", topic)
        self.send(d, "constitution", "setCharter", text_hash(CHARTER))
        for name, address in a.items():
            self.send(d, "constitution", "setModule", bytes32(name), address)

    def found(self, founders: Sequence[Person], *, constitute: bool = True) -> None:
        d = self.deployer
        chained = bytes(32)
        for founder in founders:
            chained = keccak(encode(["bytes32", "address"], [chained, founder.address]))
        self.send(d, "founding", "announce", chained, len(founders))
        message = {
            "constitutionHash": self.call("constitution", "constitutionHash"),
            "foundersHash": chained,
        }
        fields = {"constitutionHash": "bytes32", "foundersHash": "bytes32"}
        typed = self.typed_data("founding", "Dual Power Founding", "Founding", fields, message)
        signatures = [founder.sign(typed) for founder in founders]
        self.send(d, "powers", "grantRole", 0, self.addresses["timelock"], 0)
        self.send(d, "powers", "renounceRole", 0, d.address)
        for page in range(0, len(founders), 20):
            addresses = [f.address for f in founders[page : page + 20]]
            self.send(d, "founding", "found", addresses, signatures[page : page + 20])
        if constitute:
            self.send(d, "founding", "constitute")
            self.wait(DAY)

    @property
    def deployment(self) -> Deployment:
        contracts = {
            MODULES[module]: Contract(address, self.abis[module])
            for module, address in self.addresses.items()
        }
        return Deployment(CHAIN_ID, self.block, contracts)

    @property
    def record(self) -> dict[str, Any]:
        """As scripts/commune.py writes it."""
        return {
            "chainId": CHAIN_ID,
            "genesis": self.chain.block(0)["hash"],
            "block": self.block,
            "halfLife": self.call("reputation", "halfLife"),
            "contracts": self.addresses,
        }

    # Calling

    def function(self, module: str, name: str) -> dict[str, Any]:
        return next(e for e in self.abis[module] if e["type"] == "function" and e["name"] == name)

    def selector(self, module: str, name: str) -> bytes:
        return keccak(f"{name}({','.join(_types(self.function(module, name)))})".encode())[:4]

    def data(self, module: str, name: str, *arguments: Any) -> bytes:
        return self.selector(module, name) + encode(_types(self.function(module, name)), arguments)

    def call(self, module: str, name: str, *arguments: Any, block: int | str = "latest") -> Any:
        """A view's value; a tuple where it returns several."""
        call = {"to": self.addresses[module], "data": f"0x{self.data(module, name, *arguments).hex()}"}
        result = self.chain.rpc("eth_call", call, hex(block) if isinstance(block, int) else block)
        types = _types({"inputs": self.function(module, name)["outputs"]})
        values = decode(types, bytes.fromhex(result[2:]))
        return values[0] if len(values) == 1 else values

    def send(self, sender: Person, module: str, name: str, *arguments: Any) -> dict[str, Any]:
        """A transaction's receipt; raises `Reverted`."""
        return self.transact(sender, self.addresses[module], self.data(module, name, *arguments))

    def transact(self, sender: Person, to: str | None, data: bytes, *, gas: int = GAS) -> dict[str, Any]:
        transaction = {"from": sender.address, "data": f"0x{data.hex()}", "gas": hex(gas)}
        if to is not None:
            transaction["to"] = to
        receipt = self.chain.receipt(self.chain.rpc("eth_sendTransaction", transaction))
        if int(receipt["status"], 16) != 1:
            try:
                self.chain.rpc("eth_call", transaction, receipt["blockNumber"])
            except RuntimeError as error:
                data = re.search(r"'data': '0x([0-9a-f]*)'", str(error))
                refusal = Calls(self.deployment.interfaces).refusal(bytes.fromhex(data[1]) if data else b"")
                raise Reverted(f"{refusal.error}: {refusal.words}") from None
            raise Reverted(f"{receipt['transactionHash']} reverted, and its call does not")
        return receipt

    def typed_data(
        self, module: str, name: str, primary: str, fields: dict[str, str], message: dict[str, Any]
    ) -> dict[str, Any]:
        domain = {
            "name": name,
            "version": "1",
            "chainId": CHAIN_ID,
            "verifyingContract": self.addresses[module],
        }
        types = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
        return {
            "types": {
                "EIP712Domain": [{"name": n, "type": t} for n, t in types.items()],
                primary: [{"name": n, "type": t} for n, t in fields.items()],
            },
            "primaryType": primary,
            "domain": domain,
            "message": message,
        }

    # Time

    @property
    def now(self) -> int:
        return int(self.chain.block(self.chain.head)["timestamp"], 16)

    def wait(self, seconds: int) -> None:
        self.chain.rpc("evm_increaseTime", seconds)
        self.chain.mine()

    def wait_until(self, t: int) -> None:
        """The next block's timestamp is after `t`."""
        if t >= self.now:
            self.wait(t - self.now + 1)

    # What people do

    def member_id(self, who: Person) -> int:
        return int(self.call("membership", "memberIdOf", who.address))

    def apply(self, who: Person, profile: str) -> int:
        self.send(who, "admission", "applyToJoin", text_hash(profile))
        return int(self.call("admission", "applicationOf", who.address))

    def join(self, who: Person, vouchers: Iterable[Person]) -> int:
        application = self.apply(who, f"I am person {who.index}")
        for voucher in vouchers:
            self.send(voucher, "admission", "vouch", application)
        self.wait(3 * DAY + 1)
        self.send(who, "admission", "admit", application)
        return self.member_id(who)

    def draft(self, author: Person | str, *actions: tuple[str, bytes], text: str = "We decide") -> Draft:
        """`actions`: (module, calldata) pairs."""
        proposer = author if isinstance(author, str) else author.address
        return Draft(
            tuple(self.addresses[module] for module, _ in actions),
            (0,) * len(actions),
            tuple(data for _, data in actions),
            f"{text}#nonce={next(_nonces)}#proposer={proposer.lower()}",
        )

    def proposal_id(self, draft: Draft) -> int:
        return int(self.call("assembly", "getProposalId", *draft.arguments, draft.text_hash))

    def sponsor(self, draft: Draft, sponsors: Iterable[Person], topic: int = GENERAL) -> int:
        proposal = self.proposal_id(draft)
        for sponsor in sponsors:
            self.send(sponsor, "docket", "sponsor", proposal, topic)
        return proposal

    def propose(self, draft: Draft, author: Person, sponsors: Iterable[Person], topic: int = GENERAL) -> int:
        proposal = self.sponsor(draft, sponsors, topic)
        self.send(author, "assembly", "propose", *draft.arguments, draft.description)
        return proposal

    def to_voting(self, proposal: int) -> None:
        self.wait_until(int(self.call("assembly", "proposalSnapshot", proposal)) + 1)

    def to_end(self, proposal: int) -> None:
        self.wait_until(int(self.call("assembly", "followEnd", proposal)) + 1)

    def carry_out(self, draft: Draft) -> None:
        """Queues and executes a proposal that passed."""
        proposal = self.proposal_id(draft)
        self.send(self.people[1], "assembly", "queue", *draft.arguments, draft.text_hash)
        self.wait_until(int(self.call("assembly", "proposalEta", proposal)) + 1)
        self.send(self.people[1], "assembly", "execute", *draft.arguments, draft.text_hash)

    def signed_ballot(self, who: Person, proposal: int, support: int, votes: int = 1) -> tuple[Any, ...]:
        """(proposalId, memberId, support, votes, signature) as Assembly.castBallots takes it."""
        member = self.member_id(who)
        fields = {"proposalId": "uint256", "memberId": "uint32", "support": "uint8", "votes": "uint8"}
        message = {"proposalId": proposal, "memberId": member, "support": support, "votes": votes}
        typed = self.typed_data("assembly", "Dual Power Assembly", "MemberBallot", fields, message)
        return proposal, member, support, votes, who.sign(typed)

    def attestation(self, member: int, attester: Person, deadline: int) -> bytes:
        fields = {"memberId": "uint32", "attester": "uint32", "checkIn": "uint32", "deadline": "uint48"}
        message = {
            "memberId": member,
            "attester": self.member_id(attester),
            "checkIn": self.call("presence", "checkInCount", member),
            "deadline": deadline,
        }
        return attester.sign(
            self.typed_data("presence", "Dual Power Presence", "Attestation", fields, message)
        )

    def signed_request(
        self, who: Person, module: str, data: bytes, *, gas: int = 1_500_000, nonce: int, deadline: int
    ) -> tuple[tuple[Any, ...], bytes]:
        """A ForwardRequest and its signature."""
        fields = {
            "from": "address",
            "to": "address",
            "gas": "uint256",
            "nonce": "uint256",
            "deadline": "uint48",
            "data": "bytes",
        }
        request = (who.address, self.addresses[module], gas, nonce, deadline, data)
        message = dict(zip(fields, request, strict=True))
        typed = self.typed_data("forwarder", "Dual Power Forwarder", "ForwardRequest", fields, message)
        return request, who.sign(typed)


def _floor(parameter: dict[str, Any], values: dict[str, int]) -> int:
    return min(int(parameter["floor"]), values.get(parameter["name"], parameter["floor"]))


def _types(entry: dict[str, Any]) -> list[str]:
    return [_canonical(argument) for argument in entry["inputs"]]


def _canonical(argument: dict[str, Any]) -> str:
    declared: str = argument["type"]
    if declared.startswith("tuple"):
        return f"({','.join(_canonical(part) for part in argument['components'])}){declared[5:]}"
    return declared
