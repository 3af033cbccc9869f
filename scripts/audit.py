"""Prove on a live deployment that only contracts of the commune hold powers.

    ./dev brownie run audit --network demo

What the deployer set up and the founders did not sign must be what every commune begins with: what passes by
consent, the unit of pay, no office, no purse and no work.

Every event that grants or withdraws a power is replayed from the deployment's first block: roles and target
functions in the table of powers (OpenZeppelin AccessManager), roles of the timelock, and the powers that
modules keep in their own storage (spenders, openers, followers, observers). The audit fails if a holder
is the zero address, an externally owned or delegated (EIP-7702) account, or a contract that the
constitution does not list as a module; if a restricted function, or the granting of a role, is open to
everybody; or if a module answers to another table of powers.

What members may do as holders of an office is reported too: which calls, how often, who holds it and until
when. It fails if somebody holds an office, or a mandate lists a call, that no event tells of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from brownie import ZERO_ADDRESS, web3

from scripts import commune as communes

PUBLIC_ROLE = 2**64 - 1
POWERS_ROLES = {role: label for label, (role, _, _) in communes.ROLES.items()} | {communes.ADMIN: "ADMIN"}
TIMELOCK_ROLES = {bytes(32): "DEFAULT_ADMIN"} | {
    bytes(web3.keccak(text=f"{label}_ROLE")): label for label in ("PROPOSER", "CANCELLER", "EXECUTOR")
}
PAGE = 5_000
DAY = 86_400
# Status in contracts/membership/IMembership.sol
ACTIVE = 1
DELEGATED_ACCOUNT = b"\xef\x01\x00"


@dataclass(frozen=True, order=True)
class Power:
    """Something a holder may do: `where` names the contract that grants it, `what` the power."""

    where: str
    what: str
    holder: str


@dataclass(frozen=True)
class Call:
    """A call of a mandate, as `IOffices.Mandate` has it."""

    target: str
    selector: str
    calls: int
    argument: int
    cap: int


@dataclass(frozen=True)
class Tenure:
    """One person's hold of a seat that has not ended; `given_at` is when, both in Unix seconds."""

    member: int
    start: int
    until: int
    given_at: int


@dataclass
class Office:
    """An office that was not abolished, as its events tell; `term` in seconds."""

    number: int
    seats: int
    term: int
    mandate: tuple[Call, ...] = ()
    tenures: dict[int, Tenure] = field(default_factory=dict)


class AuditFailed(Exception):
    """A power is held by something that must not hold it."""


def main(record: str | None = None) -> None:
    """Print every power and its holder; fail if one is not a contract of the commune."""
    report(communes.recorded(Path(record) if record else communes.record_path()))


def report(commune: communes.Commune) -> None:
    """Print every power and its holder; raise `AuditFailed` if one is not a contract of the commune."""
    names = {c.address: name for name, c in commune.modules().items()}
    for power in sorted(powers(commune)):
        print(f"  {power.where:12} {power.what:20} held by {names.get(power.holder, power.holder)}")
    for office in offices(commune):
        for line in _told(commune, office):
            print(f"  {line}")
    require_clean(commune)
    print("audit: no externally owned account holds any power")


def require_clean(commune: communes.Commune) -> None:
    """Raise `AuditFailed` with every violation, if there is any."""
    if found := violations(commune):
        raise AuditFailed("\n".join(found))


def powers(commune: communes.Commune) -> set[Power]:
    """Every power that someone holds now."""
    held: set[Power] = set()
    for where, what, holder, granted in _changes(commune):
        power = Power(where, what, holder)
        if granted:
            held.add(power)
        else:
            held.discard(power)
    return held


def violations(commune: communes.Commune) -> list[str]:
    """What is wrong, one sentence each; empty if only the commune's contracts hold powers."""
    modules = _listed_modules(commune)
    found = [
        f"{power.where}: {power.what} is held by {power.holder}, {reason}"
        for power in sorted(powers(commune))
        if (reason := _objection(power.holder, modules))
    ]
    found += _unsigned(commune)
    for target, selector, role in _target_functions(commune).values():
        if role == PUBLIC_ROLE:
            found.append(f"powers: {selector} of {target} is open to everybody")
    for (keeper, role), place in _role_keepers(commune).items():
        if place == PUBLIC_ROLE:
            found.append(f"powers: role {POWERS_ROLES.get(role, role)}: anybody is its {keeper}")
    for name, contract in commune.modules().items():
        if hasattr(contract, "authority") and contract.authority() != commune.powers.address:
            found.append(f"{name}: answers to {contract.authority()}, not to the commune's table of powers")
    return found + list(_beyond_mandates(commune))


def offices(commune: communes.Commune) -> list[Office]:
    """Every office that there is, its mandate, and the tenures that run or are to come."""
    contract = commune.offices
    found: dict[int, Office] = {}
    events = ("OfficeCreated", "OfficeAbolished", "MandateSet", "TenureGiven", "TenureEnded")
    for e in _merged(commune, contract, *events):
        number = e["officeId"]
        if e["event"] == "OfficeCreated":
            found[number] = Office(number, e["office"]["seats"], e["office"]["term"])
        elif e["event"] == "OfficeAbolished":
            del found[number]
        elif e["event"] == "MandateSet":
            found[number].mandate = tuple(_call(c) for c in e["mandate"])
        elif e["event"] == "TenureGiven":
            given_at = web3.eth.get_block(e["position"][0])["timestamp"]
            tenure = Tenure(e["memberId"], e["from"], e["until"], given_at)
            found[number].tenures[e["tenureId"]] = tenure
        elif number in found:
            del found[number].tenures[e["tenureId"]]
    now = web3.eth.get_block("latest")["timestamp"]
    for office in found.values():
        office.tenures = {t: tenure for t, tenure in office.tenures.items() if tenure.until > now}
    return list(found.values())


def _call(mandate: Any) -> Call:
    target, selector, calls, argument, cap = (
        mandate[name] for name in ("target", "selector", "calls", "argument", "cap")
    )
    return Call(target, "0x" + bytes(selector).hex(), calls, argument, cap)


def _told(commune: communes.Commune, office: Office) -> Iterator[str]:
    """An office in words: seats, mandate, holders and terms."""
    holders = _holders(commune, office)
    term = f"terms of {office.term / DAY:g} days"
    yield f"office {office.number:<5} {len(holders)} of {office.seats} seats held, {term}"
    for call in office.mandate:
        amount = f", {call.cap} in all by argument {call.argument}" if call.argument else ""
        yield f"  may call {_named(commune, call)}, {call.calls} times a period{amount}"
    for tenure in office.tenures.values():
        account = commune.membership.accountOf(tenure.member)
        held = "holds it" if tenure.member in holders else "does not hold it now"
        span = f"from {_date(tenure.start)} to {_date(tenure.until)}"
        yield f"  member {tenure.member} ({account}) {held}, {span}"


def _named(commune: communes.Commune, call: Call) -> str:
    """`module.function` for a call to one of the commune's contracts, else the target and selector."""
    for name, contract in commune.modules().items():
        if contract.address == call.target:
            return f"{name}.{contract.selectors.get(call.selector, call.selector)}"
    return f"{call.selector} of {call.target}"


def _date(t: int) -> str:
    return datetime.fromtimestamp(t, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _holders(commune: communes.Commune, office: Office) -> list[int]:
    """Who can exercise an office: whose tenure runs, who is active, and has not left since it was given."""
    now = web3.eth.get_block("latest")["timestamp"]
    return sorted(
        tenure.member
        for tenure in office.tenures.values()
        if tenure.start <= now < tenure.until
        for member in [commune.membership.member(tenure.member)]
        if member["status"] == ACTIVE and member["joinedAt"] <= tenure.given_at
    )


def _beyond_mandates(commune: communes.Commune) -> Iterator[str]:
    """Where the offices let somebody do what no event tells of."""
    told = {office.number: office for office in offices(commune)}
    for number in range(1, commune.offices.officeCount() + 1):
        office = told.get(number, Office(number, 0, 0))
        for member in sorted(set(commune.offices.holdersOf(number)) - set(_holders(commune, office))):
            yield f"offices: member {member} holds office {number}, and no event tells of it"
        if commune.offices.office(number)["abolished"]:
            continue
        listed = {_call(call) for call in commune.offices.mandateOf(number)}
        for call in sorted(listed - set(office.mandate), key=str):
            yield f"offices: office {number} may call {_named(commune, call)}, and no event tells of it"


def _unsigned(commune: communes.Commune) -> list[str]:
    """What the deployer set up that the founders did not sign: nothing but what every commune begins with."""
    modules = commune.modules()
    usual = {
        ("consent", modules[target].address, communes.selector(modules[target], function), key, *allowance)
        for target, function, key, allowance in communes.CONSENT
    } | {("commons", *communes.PAY_UNIT)}
    return [
        f"{found[0]}: {name} by the deployer, unsigned: {list(found[1:])}"
        for name, found in _before_the_founding(commune)
        if found not in usual
    ]


def _before_the_founding(commune: communes.Commune) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The event and (module, values) of each setting that is not in the constitution's hash, nor a power."""
    constituted = _events(commune, commune.constitution, "Constituted")
    end = constituted[0]["position"] if constituted else (web3.eth.block_number + 1, 0)

    def early(module: str, name: str) -> Iterator[dict[str, Any]]:
        return (e for e in _events(commune, commune.modules()[module], name) if e["position"] < end)

    for e in early("consent", "AllowanceSet"):
        allowance = (e["allowance"][field] for field in ("allowed", "keyed", "argument", "cap"))
        selector = "0x" + bytes(e["selector"]).hex()
        yield e["event"], ("consent", e["target"], selector, bytes(e["key"]), *allowance)
    for e in early("commons", "PayUnitSet"):
        yield e["event"], ("commons", e["asset"], e["unit"])
    for e in early("commons", "PurseOpened"):
        yield e["event"], ("commons", e["purseId"], e["controller"], e["cap"])
    for module, name, number in (
        ("offices", "OfficeCreated", "officeId"),
        ("assignments", "AssignmentCreated", "assignmentId"),
        ("series", "SeriesCreated", "seriesId"),
    ):
        for e in early(module, name):
            yield e["event"], (module, e[number])


def _objection(holder: str, modules: set[str]) -> str:
    if holder == ZERO_ADDRESS:
        return "the zero address"
    code = bytes(web3.eth.get_code(holder))
    if not code:
        return "an externally owned account"
    if code.startswith(DELEGATED_ACCOUNT):
        return "a delegated externally owned account"
    if holder not in modules:
        return "a contract that the constitution does not list"
    return ""


def _listed_modules(commune: communes.Commune) -> set[str]:
    listed = {e["name"]: e["module"] for e in _events(commune, commune.constitution, "ModuleSet")}
    return set(listed.values())


def _changes(commune: communes.Commune) -> Iterator[tuple[str, str, str, bool]]:
    """(where, what, holder, granted) in the order it happened, contract by contract."""
    for e in _merged(commune, commune.powers, "RoleGranted", "RoleRevoked"):
        yield (
            "powers",
            f"role {POWERS_ROLES.get(e['roleId'], e['roleId'])}",
            e["account"],
            e["event"] == "RoleGranted",
        )
    for e in _merged(commune, commune.timelock, "RoleGranted", "RoleRevoked"):
        role = TIMELOCK_ROLES.get(bytes(e["role"]), f"0x{bytes(e['role']).hex()}")
        yield "timelock", f"role {role}", e["account"], e["event"] == "RoleGranted"
    for e in _events(commune, commune.credits, "SpenderSet"):
        yield "credits", "spend", e["spender"], e["allowed"]
    for e in _events(commune, commune.assembly, "OpenerSet"):
        yield "assembly", "openFor", e["module"], e["allowed"]
    for name in communes.FOLLOWED:
        contract = commune.modules()[name]
        yield from _successive(commune, contract, name, "FollowerSet", "follower", lambda e: "castFollowed")
    yield from _successive(
        commune,
        commune.membership,
        "membership",
        "ObserverSet",
        "observer",
        lambda e: f"observer {e['slot']}",
    )


def _successive(
    commune: communes.Commune, contract: Any, where: str, event: str, argument: str, what: Any
) -> Iterator[tuple[str, str, str, bool]]:
    """A power with one holder at a time: the next one ends the last one's, the zero address ends it."""
    holders: dict[str, str] = {}
    for e in _events(commune, contract, event):
        power = what(e)
        if power in holders:
            yield where, power, holders.pop(power), False
        if e[argument] != ZERO_ADDRESS:
            holders[power] = e[argument]
            yield where, power, e[argument], True


def _target_functions(commune: communes.Commune) -> dict[tuple[str, str], tuple[str, str, int]]:
    return {
        (e["target"], selector): (e["target"], selector, e["roleId"])
        for e in _events(commune, commune.powers, "TargetFunctionRoleUpdated")
        for selector in ["0x" + bytes(e["selector"]).hex()]
    }


def _role_keepers(commune: communes.Commune) -> dict[tuple[str, int], int]:
    """The roles that grant a role (admin) or stop what its holders have scheduled (guardian)."""
    return {
        (keeper, e["roleId"]): e[keeper]
        for keeper, event in (("admin", "RoleAdminChanged"), ("guardian", "RoleGuardianChanged"))
        for e in _events(commune, commune.powers, event)
    }


def _merged(commune: communes.Commune, contract: Any, *names: str) -> list[dict[str, Any]]:
    return sorted((e for n in names for e in _events(commune, contract, n)), key=lambda e: e["position"])


def _events(commune: communes.Commune, contract: Any, name: str) -> list[dict[str, Any]]:
    """All events of one kind since the deployment, as dicts of their arguments."""
    event = web3.eth.contract(address=contract.address, abi=contract.abi).events[name]()
    last = web3.eth.block_number
    return [
        dict(log["args"]) | {"event": name, "position": (log["blockNumber"], log["logIndex"])}
        for start in range(commune.deployed_at, last + 1, PAGE)
        for log in event.get_logs(from_block=start, to_block=min(start + PAGE - 1, last))
    ]
