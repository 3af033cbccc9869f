// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IMembershipObserver} from "./IMembership.sol";

/// @title MemberGroup: the members' Semaphore group
/// @notice A LeanIMT (Semaphore V4) whose leaves are the commitments of active members' identities. Members prove that
/// they are one of them without saying which. A leaf follows its member: leaving, expulsion, dormancy and recovery empty
/// it in the same transaction, waking fills it again. The nodes are stored, so that no caller supplies a sibling.
///
///     commitment = Poseidon2(Ax, Ay)          parent = Poseidon2(left, right)
///
/// A leaf is hashed like the nodes above it, so that one may pass for a small tree of its own: with
/// Ax = Poseidon2(c1, c2), both c1 and c2 would prove membership below it, and vote twice. Two things prevent that. The
/// contract takes a public key, a point of the curve, and hashes it itself, so that nobody hands in a finished node. And
/// the tree is full: leaves not given yet are there and empty, every leaf is `depth` steps below the root, and proofs
/// are verified with the key of exactly that depth, which goes no further.
interface IMemberGroup is IMembershipObserver {
    /// @notice What stands for a member in the group.
    /// @param commitment of their identity; kept while dormant, 0 before registering and after leaving, expulsion and
    /// recovery
    /// @param index of their leaf, the same for life; meaningless before the first registration
    /// @param listed whether the leaf holds the commitment now
    struct Identity {
        uint256 commitment;
        uint32 index;
        bool listed;
    }

    error MemberGroupOnlyMembership(address caller);
    error MemberGroupOffCurve(uint256 ax, uint256 ay);
    error MemberGroupWeakKey(uint256 ax, uint256 ay);
    error MemberGroupKeyTaken(uint256 commitment, uint32 memberId);
    error MemberGroupKeyUnchanged(uint256 commitment);
    error MemberGroupReregistered(uint32 memberId, uint32 season);
    error MemberGroupUnknownLeaf(uint32 index, uint256 size);

    /// @notice A member's public key, its commitment and its leaf.
    event IdentityRegistered(uint32 indexed memberId, uint32 indexed index, uint256 ax, uint256 ay, uint256 commitment);

    /// @notice A leaf's new value (0: empty). Enough to rebuild the tree as it was at any time. The root is not in it: it
    /// takes a hash for each level, which a poll pays for when it opens, and not everyone who registers.
    event LeafChanged(uint32 indexed index, uint32 indexed memberId, uint256 leaf);

    /// @notice Lists the caller's identity by its public key (a point on BabyJubJub, coordinates below the field's
    /// order), or replaces it. Active members; directly or through the forwarder. The first registration ever is free;
    /// after it one a season, and one more after each recovery. A key belongs for ever to the member who registered it
    /// first.
    function register(uint256 ax, uint256 ay) external;

    /// @notice The root, worked out when asked for with at most one hash for each level; 0 while the tree is empty, or
    /// its only leaf is. Proofs against root 0 must never be accepted.
    function root() external view returns (uint256);

    /// @notice How many leaves there are, empty ones included: 2^depth, or 0 while nobody ever registered.
    function size() external view returns (uint256);

    /// @notice The tree's depth: as small as holds every leaf given, 0 for up to one. Proofs are verified with the key
    /// of this depth (of 1 at least), never of a greater one.
    function depth() external view returns (uint256);

    /// @notice How many leaves hold a commitment.
    function listed() external view returns (uint32);

    function identityOf(uint32 memberId) external view returns (Identity memory);

    /// @notice Who registered a commitment, ever, or 0.
    function ownerOf(uint256 commitment) external view returns (uint32 memberId);

    /// @notice A leaf's commitment, 0 where it is empty or not given yet; reverts at `size` and beyond.
    function leafAt(uint32 index) external view returns (uint256);

    /// @notice The siblings of a leaf from the bottom up, for checking a node's answer; reverts at `size` and beyond. A
    /// client that asks for one leaf's path tells whom it asks which leaf is its own: take all leaves instead.
    function siblingsOf(uint32 index) external view returns (uint256[] memory);
}
