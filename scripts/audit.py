"""Prove on a live deployment that only contracts of the commune hold powers.

    ./dev brownie run audit --network demo

What the deployer set up and the founders did not sign must be what every commune begins with: what passes by
consent, the unit of pay, no office and no purse.

Every event that grants or withdraws a power is replayed from the deployment's first block: roles and target
functions in the table of powers (OpenZeppelin AccessManager), roles of the timelock, and the powers that
modules keep in their own storage (spenders, openers, followers, observers). The audit fails if a holder
is the zero address, an externally owned or delegated (EIP-7702) account, or a contract that the
constitution does not list as a module; if a restricted function, or the granting of a role, is open to
everybody; or if a module answers to another table of powers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
DELEGATED_ACCOUNT = b"\xef\x01\x00"


@dataclass(frozen=True, order=True)
class Power:
    """Something a holder may do: `where` names the contract that grants it, `what` the power."""

    where: str
    what: str
    holder: str


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
    return found


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
    for e in early("offices", "OfficeCreated"):
        yield e["event"], ("offices", e["officeId"])


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
