// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IMembershipObserver} from "./IMembership.sol";

/// @title MemberGroup: the members' Semaphore group
/// @notice A LeanIMT (Semaphore V4) whose leaves are the commitments of active members' identities. Members prove that
/// they are one of them without saying which. A leaf follows its member: leaving, expulsion, dormancy and recovery empty
/// it in the same transaction, waking fills it again. Every node is stored, so that no caller supplies a sibling.
///
///     commitment = Poseidon2(Ax, Ay)          parent = Poseidon2(left, right), or left where there is no right
///
/// The contract computes the commitment itself. A commitment taken from a caller could be an inner node of a tree of
/// their own, Poseidon2(Poseidon2(c1, c2), c3), and vote once with each of c1, c2 and c3.
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
    error MemberGroupUnknownLeaf(uint32 index, uint32 size);

    /// @notice A member's public key, its commitment and its leaf.
    event IdentityRegistered(uint32 indexed memberId, uint32 indexed index, uint256 ax, uint256 ay, uint256 commitment);

    /// @notice A leaf's new value (0: empty), and the root after it. Enough to rebuild the tree at any time.
    event LeafChanged(uint32 indexed index, uint32 indexed memberId, uint256 leaf, uint256 root);

    /// @notice Lists the caller's identity by its public key (a point on BabyJubJub, coordinates below the field's
    /// order), or replaces it. Active members; directly or through the forwarder. The first registration ever is free;
    /// after it one a season, and one more after each recovery. A key belongs for ever to the member who registered it
    /// first.
    function register(uint256 ax, uint256 ay) external;

    /// @notice The root; 0 while the tree is empty, or its only leaf is. Proofs against root 0 must never be accepted.
    function root() external view returns (uint256);

    /// @notice How many leaves there are, empty ones included.
    function size() external view returns (uint32);

    /// @notice The tree's depth: 0 for up to one leaf, else ceil(log2(size)).
    function depth() external view returns (uint256);

    /// @notice How many leaves hold a commitment.
    function listed() external view returns (uint32);

    function identityOf(uint32 memberId) external view returns (Identity memory);

    /// @notice Who registered a commitment, ever, or 0.
    function ownerOf(uint256 commitment) external view returns (uint32 memberId);

    /// @notice A leaf's commitment, 0 where it is empty; reverts at `size` and beyond.
    function leafAt(uint32 index) external view returns (uint256);

    /// @notice The siblings of a leaf from the bottom up, for checking a node's answer; reverts at `size` and beyond. A
    /// client that asks for one leaf's path tells whom it asks which leaf is its own: take all leaves instead.
    function siblingsOf(uint32 index) external view returns (uint256[] memory);
}
