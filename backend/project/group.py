"""The members' group: whose commitment stands in which leaf, and every leaf there ever was.

The tree itself is not kept: it follows from the leaves, which `leaf_changes` holds for any moment, and each
change names the root that it led to.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.membership import STATUSES
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

_ENDINGS = ("Left", "Expelled")


@table("leaves", key=["leaf_index"], indexes=[["member_id"]])
class Leaf(msgspec.Struct, frozen=True):
    """`leaf`: a commitment, or 0 where the leaf is empty."""

    leaf_index: int
    member_id: int
    leaf: Uint256
    since: int


@table(
    "leaf_changes", key=["block", "position"], indexes=[["leaf_index", "block", "position"], ["changed_at"]]
)
class LeafChange(msgspec.Struct, frozen=True):
    """`before`: what the leaf was, 0 for a new one too. `root`: the group's after the change."""

    block: int
    position: int
    leaf_index: int
    member_id: int
    before: Uint256
    leaf: Uint256
    root: Uint256
    changed_at: int


@table("identities", key=["member_id"])
class Identity(msgspec.Struct, frozen=True):
    """`commitment`: kept while dormant; 0 after leaving, expulsion and recovery, until the member registers
    again. `listed`: whether the leaf holds it."""

    member_id: int
    leaf_index: int
    commitment: Uint256
    listed: bool
    registered_at: int


@table("identity_keys", key=["commitment"], indexes=[["member_id"]])
class IdentityKey(msgspec.Struct, frozen=True):
    """A public key that a member registered, and to whom it therefore belongs for ever."""

    commitment: Uint256
    member_id: int
    ax: Uint256
    ay: Uint256
    first_registered_at: int


@table("member_groups", key=["commune"])
class MemberGroup(msgspec.Struct, frozen=True):
    """One row, keyed 1. `size` counts the tree's leaves, those included that are empty or not given yet: a
    power of two, 0 while there is none. `root` is 0 then too."""

    commune: int = 1
    root: Uint256 = 0
    size: int = 0
    listed: int = 0


group = Projection("group", tables=[Leaf, LeafChange, Identity, IdentityKey, MemberGroup])


@group.on(events.MemberGroupIdentityRegistered)
def identity_registered(state: State, event: events.MemberGroupIdentityRegistered) -> None:
    now = event.at.timestamp
    if state.get(IdentityKey, event.commitment) is None:
        state.insert(IdentityKey(event.commitment, event.member_id, event.ax, event.ay, now))
    listed = (known := state.get(Leaf, event.index)) is not None and known.leaf == event.commitment
    state.put(Identity(event.member_id, event.index, event.commitment, listed, now))


@group.on(events.MemberGroupLeafChanged)
def leaf_changed(state: State, event: events.MemberGroupLeafChanged) -> None:
    at = event.at
    known = state.get(Leaf, event.index)
    before = known.leaf if known else 0
    state.put(Leaf(event.index, event.member_id, event.leaf, at.timestamp))
    state.insert(
        LeafChange(
            at.block, at.index, event.index, event.member_id, before, event.leaf, event.root, at.timestamp
        )
    )
    totals = state.get(MemberGroup, 1) or MemberGroup()
    listed = totals.listed + (event.leaf != 0) - (before != 0)
    size = max(totals.size, 1 << event.index.bit_length())
    state.put(MemberGroup(1, event.root, size, listed))
    if (identity := state.get(Identity, event.member_id)) is not None:
        state.put(msgspec.structs.replace(identity, listed=event.leaf != 0))


@group.on(events.MembershipStatusChanged)
def membership_ended(state: State, event: events.MembershipStatusChanged) -> None:
    if STATUSES[event.to] in _ENDINGS:
        _forget(state, event.member_id)


@group.on(events.MembershipAccountMoved)
def account_moved(state: State, event: events.MembershipAccountMoved) -> None:
    _forget(state, event.member_id)


def _forget(state: State, member_id: int) -> None:
    if (known := state.get(Identity, member_id)) is not None:
        state.put(msgspec.structs.replace(known, commitment=0, listed=False))
