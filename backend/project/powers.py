"""Powers: who may call what. The same events that scripts/audit.py replays.

Roles and restricted functions live in the table of powers (OpenZeppelin AccessManager); the timelock has
roles of its own, and some modules keep a power in their own storage. All that is held now is one table.
"""

from __future__ import annotations

import msgspec
from eth_hash.auto import keccak

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

ADMIN = 0
PUBLIC = 2**64 - 1
_NOBODY = bytes(20)
_TIMELOCK_ROLES = {
    bytes(32): "DEFAULT_ADMIN_ROLE",
    **{keccak(name.encode()): name for name in ("PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE")},
}


@table("powers", key=["module", "power", "holder"], indexes=[["holder"]])
class Power(msgspec.Struct, frozen=True):
    """`module` grants it. `role_id` where it is a role of the table of powers; `delay` of execution in
    seconds."""

    module: str
    power: str
    holder: bytes
    role_id: Uint256 | None
    delay: int
    since: int


@table("roles", key=["role_id"])
class Role(msgspec.Struct, frozen=True):
    role_id: Uint256
    label: str = ""
    admin: Uint256 = ADMIN
    guardian: Uint256 = ADMIN
    grant_delay: int = 0


@table("function_roles", key=["target", "selector"])
class FunctionRole(msgspec.Struct, frozen=True):
    """A restricted function that another role than the admin may call."""

    target: bytes
    selector: bytes
    role_id: Uint256
    since: int


@table("closed_targets", key=["target"])
class ClosedTarget(msgspec.Struct, frozen=True):
    """A contract whose restricted functions nobody may call for now."""

    target: bytes
    since: int


powers = Projection("powers", tables=[Power, Role, FunctionRole, ClosedTarget])


def role_name(role_id: int) -> str:
    return f"role {role_id}"


def _role(state: State, role_id: int) -> Role:
    return state.get(Role, role_id) or Role(role_id, label="ADMIN" if role_id == ADMIN else "")


@powers.on(events.PowersRoleLabel)
def role_labelled(state: State, event: events.PowersRoleLabel) -> None:
    state.put(msgspec.structs.replace(_role(state, event.role_id), label=event.label))


@powers.on(events.PowersRoleAdminChanged)
def role_admin_changed(state: State, event: events.PowersRoleAdminChanged) -> None:
    state.put(msgspec.structs.replace(_role(state, event.role_id), admin=event.admin))


@powers.on(events.PowersRoleGuardianChanged)
def role_guardian_changed(state: State, event: events.PowersRoleGuardianChanged) -> None:
    state.put(msgspec.structs.replace(_role(state, event.role_id), guardian=event.guardian))


@powers.on(events.PowersRoleGrantDelayChanged)
def role_grant_delay_changed(state: State, event: events.PowersRoleGrantDelayChanged) -> None:
    state.put(msgspec.structs.replace(_role(state, event.role_id), grant_delay=event.delay))


@powers.on(events.PowersRoleGranted)
def role_granted(state: State, event: events.PowersRoleGranted) -> None:
    state.put(_role(state, event.role_id))
    power = role_name(event.role_id)
    known = state.get(Power, "powers", power, event.account)
    since = known.since if known and not event.new_member else event.since
    state.put(Power("powers", power, event.account, event.role_id, event.delay, since))


@powers.on(events.PowersRoleRevoked)
def role_revoked(state: State, event: events.PowersRoleRevoked) -> None:
    state.delete(Power, "powers", role_name(event.role_id), event.account)


@powers.on(events.PowersTargetFunctionRoleUpdated)
def target_function_role_updated(state: State, event: events.PowersTargetFunctionRoleUpdated) -> None:
    if event.role_id == ADMIN:
        state.delete(FunctionRole, event.target, event.selector)
    else:
        state.put(FunctionRole(event.target, event.selector, event.role_id, event.at.timestamp))


@powers.on(events.PowersTargetClosed)
def target_closed(state: State, event: events.PowersTargetClosed) -> None:
    if event.closed:
        state.put(ClosedTarget(event.target, event.at.timestamp))
    else:
        state.delete(ClosedTarget, event.target)


@powers.on(events.AssemblyTimelockRoleGranted)
def timelock_role_granted(state: State, event: events.AssemblyTimelockRoleGranted) -> None:
    power = _timelock_role(event.role)
    state.put(Power("timelock", power, event.account, None, 0, event.at.timestamp))


@powers.on(events.AssemblyTimelockRoleRevoked)
def timelock_role_revoked(state: State, event: events.AssemblyTimelockRoleRevoked) -> None:
    state.delete(Power, "timelock", _timelock_role(event.role), event.account)


@powers.on(events.VoiceCreditsSpenderSet)
def spender_set(state: State, event: events.VoiceCreditsSpenderSet) -> None:
    _set(state, "credits", "spend", event.spender, event.allowed, event.at.timestamp)


@powers.on(events.AssemblyOpenerSet)
def opener_set(state: State, event: events.AssemblyOpenerSet) -> None:
    _set(state, "assembly", "openFor", event.module, event.allowed, event.at.timestamp)


@powers.on(events.AssemblyFollowerSet)
def follower_set(state: State, event: events.AssemblyFollowerSet) -> None:
    _pass_on(state, "assembly", "castFollowed", event.follower, event.at.timestamp)


@powers.on(events.PollsFollowerSet)
def polls_follower_set(state: State, event: events.PollsFollowerSet) -> None:
    _pass_on(state, "polls", "castFollowed", event.follower, event.at.timestamp)


@powers.on(events.MembershipObserverSet)
def observer_set(state: State, event: events.MembershipObserverSet) -> None:
    _pass_on(state, "membership", f"observer {event.slot}", event.observer, event.at.timestamp)


def _timelock_role(role: bytes) -> str:
    return _TIMELOCK_ROLES.get(role, f"0x{role.hex()}")


def _set(state: State, module: str, power: str, holder: bytes, allowed: bool, since: int) -> None:
    if allowed:
        state.put(Power(module, power, holder, None, 0, since))
    else:
        state.delete(Power, module, power, holder)


def _pass_on(state: State, module: str, power: str, holder: bytes, since: int) -> None:
    """A power with one holder at a time; the zero address means nobody."""
    for held in state.select(Power, module=module, power=power):
        state.delete(Power, module, power, held.holder)
    if holder != _NOBODY:
        state.put(Power(module, power, holder, None, 0, since))
