"""A commune's contracts: deploying them, founding with signatures, and the record of where they are.

The deployer holds powers only between deploying and founding. `deploy` sets everything up, `announce` fixes
the list of founders and what they sign, `found` renounces the powers, hands in the signatures in pages, and
starts the commune; see docs/specification.md, section Founding.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from brownie import ZERO_ADDRESS, Contract, project, web3
from eth_abi import encode as abi_encode

from scripts.poseidon import init_code

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CONSTITUTION = ROOT / "scripts" / "constitutions" / "default.toml"
FOUNDERS_PER_PAGE = 20

# Roles in the table of powers (contracts/constitution/Roles.sol): who holds each, and what it may call.
ADMIN = 0
ROLES = {
    "FOUNDING": (1, ("founding",), (("membership", "admitFounder"), ("constitution", "constitute"))),
    "ADMISSION": (2, ("admission",), (("membership", "admit"),)),
    "PRESENCE": (3, ("presence",), (("membership", "setDormant"), ("membership", "wake"))),
    "RECOVERY": (4, ("recovery",), (("membership", "moveAccount"),)),
    "PERSON": (
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
    "AWARD": (6, ("timelock", "reviews", "mediation", "panels"), (("reputation", "award"),)),
    "PENALISE": (
        7,
        ("admission", "penalties", "reviews", "panels"),
        (("reputation", "penalise"), ("reputation", "penaliseAcross")),
    ),
    "RECALL": (8, ("assembly", "recall"), (("offices", "recall"),)),
    "SEATS": (9, ("elections",), (("offices", "appoint"),)),
    "STIPEND": (10, ("offices",), (("commons", "payStipend"),)),
    "DRAW": (
        11,
        ("timelock", "elections", "assignments", "reviews", "mediation", "panels"),
        (("draws", "open"), ("draws", "openAmong")),
    ),
    "POLL": (12, ("timelock", "elections"), (("polls", "open"),)),
    "PAY": (13, ("timelock", "consent"), (("commons", "pay"),)),
    "RESOLVE": (14, ("timelock", "consent", "offices"), (("constitution", "adopt"),)),
    "DESCRIBE": (15, ("timelock", "offices"), (("constitution", "setDaoURI"),)),
    "PURSE": (16, ("offices", "assignments"), ()),
    "ASSIGN": (17, ("timelock", "offices", "series"), (("assignments", "create"), ("series", "create"))),
    "REVIEW": (
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
    "IMPOSE": (19, ("reviews", "panels"), (("penalties", "impose"),)),
    "OVERTURN": (20, ("panels",), (("reviews", "overturn"),)),
    "CONVENE": (21, ("panels",), (("mediation", "convene"),)),
    "PAID_WORK": (22, ("timelock", "series"), ()),
}
# IConstitution.RuleKind
CONSTITUTIONAL, ORDINARY, PERSON, ADMISSION, EXPULSION, RECALL = range(6)
RULES = (
    ("reputation", "award", ORDINARY),
    ("constitution", "adopt", ORDINARY),
    ("constitution", "addTopic", ORDINARY),
    ("constitution", "setDaoURI", ORDINARY),
    ("polls", "open", ORDINARY),
    ("draws", "open", ORDINARY),
    ("commons", "pay", ORDINARY),
    ("commons", "openPurse", ORDINARY),
    ("commons", "setPurseCap", ORDINARY),
    ("commons", "closePurse", ORDINARY),
    ("offices", "setStipend", ORDINARY),
    ("offices", "abolish", ORDINARY),
    ("assignments", "create", ORDINARY),
    ("assignments", "cancel", ORDINARY),
    ("series", "create", ORDINARY),
    ("series", "stop", ORDINARY),
    ("penalties", "strike", ORDINARY),
    ("reviews", "decide", ORDINARY),
    ("recovery", "recoverByVote", PERSON),
    ("panels", "overrule", PERSON),
    ("panels", "grant", PERSON),
    ("admission", "admitByVote", ADMISSION),
    ("membership", "expel", EXPULSION),
    ("offices", "recall", RECALL),
)
OBSERVERS = ("admission", "presence", "recovery", "group")
SPENDERS = ("assembly", "polls")
OPENERS = ("admission", "docket", "consent", "recall", "panels")
# Where votes are held that the delegation module records followed ballots in.
FOLLOWED = ("assembly", "polls")
# Pay is counted in ETH, a unit being a millionth of it: (asset, smallest parts of it).
PAY_UNIT = (ZERO_ADDRESS, 10**12)
# What may be done by consent: (target, function, key, (allowed, keyed, argument, cap)), see IConsent. Texts,
# and up to a tenth of an ETH.
CONSENT = (
    ("constitution", "adopt", bytes(32), (True, False, 0, 0)),
    ("commons", "pay", bytes(32), (True, True, 3, 10**17)),
)
# Contracts whose name is not their module's with a capital letter.
CONTRACTS = {
    "credits": "VoiceCredits",
    "timelock": "AssemblyTimelock",
    "poseidon": "PoseidonT3",
    "group": "MemberGroup",
    "panels": "CasePanels",
}


@dataclass(frozen=True)
class Constitution:
    """What a commune is deployed with; see scripts/constitutions/default.toml."""

    parameters: tuple[tuple[str, int, int, int], ...]
    half_life: int
    min_queue: int
    topics: tuple[str, ...]
    charter: str

    @classmethod
    def load(cls, path: Path = DEFAULT_CONSTITUTION, **overrides: Any) -> Constitution:
        """Read a constitution; `overrides` replace entries, `parameters={name: value}` single values."""
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        values: dict[str, int] = overrides.pop("parameters", {})
        known = [entry["name"] for entry in data["parameter"]]
        if unknown := sorted(set(values) - set(known)):
            raise ValueError(f"unknown parameters {unknown}; known are {known}")
        return cls(
            parameters=tuple(
                (e["name"], values.get(e["name"], e["value"]), e["floor"], e["ceiling"])
                for e in data["parameter"]
            ),
            half_life=overrides.get("half_life", data["half_life"]),
            min_queue=overrides.get("min_queue", data["min_queue"]),
            topics=tuple(overrides.get("topics", data["topics"])),
            charter=overrides.get("charter", data["charter"]),
        )


@dataclass
class Commune:
    """The deployed contracts of one commune, by their module names."""

    forwarder: Any
    powers: Any
    constitution: Any
    membership: Any
    reputation: Any
    credits: Any
    timelock: Any
    docket: Any
    assembly: Any
    admission: Any
    presence: Any
    recovery: Any
    poseidon: Any
    group: Any
    verifier: Any
    polls: Any
    delegation: Any
    commons: Any
    draws: Any
    consent: Any
    offices: Any
    recall: Any
    elections: Any
    penalties: Any
    assignments: Any
    series: Any
    reviews: Any
    mediation: Any
    panels: Any
    founding: Any
    deployed_at: int = field(default=0)

    def modules(self) -> dict[str, Any]:
        """Every contract by its name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "deployed_at"}


def selector(contract: Any, function: str) -> str:
    """The four-byte selector of a function that has one overload."""
    return str(contract.signatures[function])


def bytes32(name: str) -> bytes:
    """A short name as Solidity's left-aligned bytes32."""
    return name.encode().ljust(32, b"\0")


def text_hash(text: str) -> str:
    """keccak256 of a text's UTF-8 bytes: how the chain refers to it."""
    return str(web3.keccak(text=text).hex())


def deploy(deployer: Any, constitution: Constitution) -> Commune:
    """Deploy and wire every contract; `deployer` keeps its powers until `renounce`."""
    p = project.get_loaded_projects()[0]
    sender = {"from": deployer}
    first_block = web3.eth.block_number + 1

    forwarder = p.Forwarder.deploy(sender)
    powers = p.Powers.deploy(deployer, sender)
    law = p.Constitution.deploy(
        powers,
        [(bytes32(name), value, floor, ceiling) for name, value, floor, ceiling in constitution.parameters],
        sender,
    )
    membership = p.Membership.deploy(powers, forwarder, law, sender)
    reputation = p.Reputation.deploy(powers, law, membership, constitution.half_life, sender)
    voice = p.VoiceCredits.deploy(powers, law, membership, reputation, sender)
    # Timelock, docket and assembly name each other: the deployer's nonce tells the assembly's address.
    expected_assembly = deployer.get_deployment_address(deployer.nonce + 2)
    timelock = p.AssemblyTimelock.deploy(constitution.min_queue, expected_assembly, sender)
    docket = p.Docket.deploy(powers, forwarder, law, membership, expected_assembly, sender)
    assembly = p.Assembly.deploy(powers, forwarder, law, membership, voice, docket, timelock, sender)
    _require_expected("assembly", assembly, expected_assembly)
    admission = p.Admission.deploy(powers, forwarder, law, membership, reputation, assembly, docket, sender)
    presence = p.Presence.deploy(powers, forwarder, law, membership, voice, admission, sender)
    recovery = p.Recovery.deploy(powers, forwarder, law, membership, sender)
    published = deployer.transfer(data=init_code(), silent=True)
    poseidon = Contract.from_abi("PoseidonT3", published.contract_address, p.PoseidonT3.abi)
    group = p.MemberGroup.deploy(forwarder, law, membership, poseidon, sender)
    verifier = p.Verifier.deploy(sender)
    polls = p.Polls.deploy(powers, forwarder, law, membership, voice, docket, group, verifier, sender)
    delegation = p.Delegation.deploy(forwarder, law, membership, voice, assembly, polls, sender)
    commons = p.Commons.deploy(powers, forwarder, law, membership, sender)
    draws = p.Draws.deploy(powers, law, sender)
    consent = p.Consent.deploy(powers, forwarder, law, membership, assembly, docket, sender)
    # Offices and recall name each other.
    expected_recall = deployer.get_deployment_address(deployer.nonce + 1)
    offices = p.Offices.deploy(powers, forwarder, law, membership, commons, expected_recall, sender)
    recall = p.Recall.deploy(forwarder, law, membership, assembly, offices, sender)
    _require_expected("recall", recall, expected_recall)
    elections = p.Elections.deploy(forwarder, law, membership, offices, polls, draws, sender)
    penalties = p.Penalties.deploy(powers, forwarder, membership, law, reputation, sender)
    assignments = p.Assignments.deploy(powers, forwarder, law, membership, reputation, commons, draws, sender)
    series = p.Series.deploy(powers, assignments, sender)
    reviews = p.Reviews.deploy(
        powers, forwarder, law, membership, admission, reputation, draws, assignments, penalties, sender
    )
    mediation = p.Mediation.deploy(
        powers, forwarder, law, membership, admission, reputation, draws, assignments, reviews, sender
    )
    panels = p.CasePanels.deploy(
        powers, forwarder, law, membership, reputation, draws, assembly, docket, mediation, reviews,
        penalties, sender,
    )  # fmt: skip
    founding = p.Founding.deploy(law, membership, powers, sender)

    commune = Commune(
        forwarder, powers, law, membership, reputation, voice, timelock, docket, assembly, admission,
        presence, recovery, poseidon, group, verifier, polls, delegation, commons, draws, consent,
        offices, recall, elections, penalties, assignments, series, reviews, mediation,
        panels, founding, first_block,
    )  # fmt: skip
    _wire(commune, constitution, sender)
    return commune


def _require_expected(name: str, contract: Any, expected: str) -> None:
    if contract.address != expected:
        raise RuntimeError(
            f"the {name} is at {contract.address}, others expect it at {expected}: another transaction of "
            "the deployer came in between; deploy again"
        )


def _wire(commune: Commune, constitution: Constitution, sender: dict[str, Any]) -> None:
    modules = commune.modules()
    for label, (role, holders, calls) in ROLES.items():
        commune.powers.labelRole(role, label, sender)
        for holder in holders:
            commune.powers.grantRole(role, modules[holder], 0, sender)
        for target, function in calls:
            commune.powers.setTargetFunctionRole(
                modules[target], [selector(modules[target], function)], role, sender
            )
    for slot, name in enumerate(OBSERVERS):
        commune.membership.setObserver(slot, modules[name], sender)
    for name in SPENDERS:
        commune.credits.setSpender(modules[name], True, sender)
    for name in OPENERS:
        commune.assembly.setOpener(modules[name], True, sender)
    for name in FOLLOWED:
        modules[name].setFollower(commune.delegation, sender)
    commune.commons.setPayUnit(*PAY_UNIT, sender)
    for target, function, key, allowance in CONSENT:
        commune.consent.setAllowance(
            modules[target], selector(modules[target], function), key, allowance, sender
        )

    law = commune.constitution
    for target, function, kind in RULES:
        law.setRule(modules[target], selector(modules[target], function), kind, sender)
    for topic in constitution.topics:
        law.addTopic(topic, sender)
    law.setCharter(text_hash(constitution.charter), sender)
    for name, contract in modules.items():
        law.setModule(bytes32(name), contract, sender)


def founders_hash(founders: Iterable[Any]) -> bytes:
    """The chain over the founders' addresses in order that `Founding.announce` takes."""
    chain = bytes(32)
    for founder in founders:
        chain = bytes(web3.keccak(abi_encode(["bytes32", "address"], [chain, str(founder)])))
    return chain


def announce(commune: Commune, founders: Sequence[Any], deployer: Any) -> bytes:
    """Fix the list of founders; returns the digest that each of them signs."""
    commune.founding.announce(founders_hash(founders), len(founders), {"from": deployer})
    return bytes(commune.founding.foundingDigest())


def founding_message(commune: Commune, founders: Sequence[Any]) -> dict[str, Any]:
    """What each founder signs, as EIP-712 typed data for any wallet."""
    return {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Founding": [
                {"name": "constitutionHash", "type": "bytes32"},
                {"name": "foundersHash", "type": "bytes32"},
            ],
        },
        "primaryType": "Founding",
        "domain": {
            "name": "Dual Power Founding",
            "version": "1",
            "chainId": web3.eth.chain_id,
            "verifyingContract": commune.founding.address,
        },
        "message": {
            "constitutionHash": bytes(commune.constitution.constitutionHash()),
            "foundersHash": founders_hash(founders),
        },
    }


def found(commune: Commune, founders: Sequence[Any], signatures: Sequence[bytes], deployer: Any) -> None:
    """Renounce the deployer's powers, hand in the founders' signatures in pages, and start the commune."""
    renounce(commune, deployer)
    for start in range(0, len(founders), FOUNDERS_PER_PAGE):
        page = slice(start, start + FOUNDERS_PER_PAGE)
        commune.founding.found(list(founders[page]), list(signatures[page]), {"from": deployer})
    commune.founding.constitute({"from": deployer})


def renounce(commune: Commune, deployer: Any) -> None:
    """Hand the table of powers to the timelock and give up the deployer's own."""
    commune.powers.grantRole(ADMIN, commune.timelock, 0, {"from": deployer})
    commune.powers.renounceRole(ADMIN, deployer, {"from": deployer})


def record_path() -> Path:
    """Where the connected chain's commune is recorded: DUALPOWER_DEPLOYMENT, or deployments/<chain>.json."""
    return Path(os.environ.get("DUALPOWER_DEPLOYMENT", ROOT / "deployments" / f"{web3.eth.chain_id}.json"))


def record(commune: Commune, constitution: Constitution, path: Path) -> Path:
    """Write where the contracts are, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "chainId": web3.eth.chain_id,
        "genesis": "0x" + bytes(web3.eth.get_block(0).hash).hex(),
        "block": commune.deployed_at,
        "halfLife": constitution.half_life,
        "contracts": {name: contract.address for name, contract in commune.modules().items()},
    }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)
    return path


def recorded(path: Path) -> Commune:
    """The commune recorded at `path`, on the chain Brownie is connected to."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if content["chainId"] != web3.eth.chain_id:
        raise ValueError(f"{path} is of chain {content['chainId']}, connected is chain {web3.eth.chain_id}")
    p = project.get_loaded_projects()[0]
    contracts = {
        name: getattr(p, CONTRACTS.get(name, name.capitalize())).at(address)
        for name, address in content["contracts"].items()
    }
    return Commune(**contracts, deployed_at=content["block"])
