"""The members' group: whose commitment stands in which leaf, and every leaf there ever was.

The chain names a leaf's new value, and the root only when a poll opens. `group_nodes` is the tree as it
stands, so that each change is kept with the root that it led to; the tree at any other moment follows from
`leaf_changes`.
"""

from __future__ import annotations

from functools import cache

import msgspec

from backend import events
from backend.project.membership import STATUSES
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table
from zk import parent

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


@table("group_nodes", key=["level", "place"])
class GroupNode(msgspec.Struct, frozen=True):
    """A node above the leaves (level 1 and up) with a given leaf below it. The rest of the tree is empty
    leaves."""

    level: int
    place: int
    node: Uint256


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
    power of two, 0 while there is none. `root` is 0 then too. `agrees`: whether the last poll that froze a
    root froze this one."""

    commune: int = 1
    root: Uint256 = 0
    size: int = 0
    listed: int = 0
    agrees: bool = True


group = Projection("group", tables=[Leaf, LeafChange, GroupNode, Identity, IdentityKey, MemberGroup])


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
    totals = state.get(MemberGroup, 1) or MemberGroup()
    listed = totals.listed + (event.leaf != 0) - (before != 0)
    size = max(totals.size, 1 << event.index.bit_length())
    root = _set(state, size, event.index, event.leaf)
    state.insert(
        LeafChange(at.block, at.index, event.index, event.member_id, before, event.leaf, root, at.timestamp)
    )
    state.put(msgspec.structs.replace(totals, root=root, size=size, listed=listed))
    if (identity := state.get(Identity, event.member_id)) is not None:
        state.put(msgspec.structs.replace(identity, listed=event.leaf != 0))


def _set(state: State, size: int, index: int, leaf: int) -> int:
    """Write the nodes above a leaf of a tree with `size` leaves; the new root."""
    node = leaf
    for level in range(size.bit_length() - 1):
        place = index >> level
        sibling = _node(state, level, place ^ 1)
        node = parent(sibling, node) if place & 1 else parent(node, sibling)
        state.put(GroupNode(level + 1, place >> 1, node))
    return node


def _node(state: State, level: int, place: int) -> int:
    if level == 0:
        leaf = state.get(Leaf, place)
        return leaf.leaf if leaf else 0
    known = state.get(GroupNode, level, place)
    return known.node if known else _empty(level)


@cache
def _empty(level: int) -> int:
    """What stands above 2^level empty leaves."""
    return parent(_empty(level - 1), _empty(level - 1)) if level else 0


@group.on(events.PollsPollOpened)
def poll_opened(state: State, event: events.PollsPollOpened) -> None:
    if event.poll.secret:
        known = state.get(MemberGroup, 1) or MemberGroup()
        state.put(msgspec.structs.replace(known, agrees=event.poll.root == known.root))


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
