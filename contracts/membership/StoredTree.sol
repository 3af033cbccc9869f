// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Poseidon} from "./Poseidon.sol";

/// @title A full LeanIMT (Semaphore V4's Merkle tree) whose nodes are stored
/// @notice The tree has 2^depth leaves: those given so far, and empty ones (0) after them. parent = Poseidon2(left,
/// right), so that every leaf is `depth` steps from the root: a proof made at that depth has no step left to go on from
/// a leaf to something below it. Changing a leaf reads every sibling from storage, so that whoever changes it needs to
/// know nothing about the others.
/// @dev Stored are the leaves given, and each node all of whose leaves are given. A node whose leaves are all empty is
/// a constant of its level. The one node of a level that has both kinds below it changes with every leaf given, and is
/// worked out from the two others where it is asked for. `count` is how many leaves are given, at most 2^32.
library StoredTree {
    /// @dev How deep a tree gets: Semaphore has keys up to this depth.
    uint256 internal constant MAX_DEPTH = 32;

    /// @dev Nodes by level (0: leaves) and position, see `_key`.
    struct Tree {
        mapping(uint256 key => uint256) nodes;
        uint256[MAX_DEPTH] empty;
    }

    /// @notice Works out the roots of empty trees, which `root` and `siblings` read. Once, before anything else.
    function initialise(Tree storage tree, address poseidon) internal {
        uint256 node;
        for (uint256 level = 1; level < MAX_DEPTH; ++level) {
            node = Poseidon.hash(poseidon, node, node);
            tree.empty[level] = node;
        }
    }

    /// @notice Writes a leaf and every stored node above it. The leaf after the last is given by counting it: that
    /// completes one node on average, however large the tree.
    /// @param count how many leaves are given, this one included
    /// @param index of the leaf, below `count`
    function set(Tree storage tree, address poseidon, uint256 count, uint256 index, uint256 leaf) internal {
        uint256 node = leaf;
        tree.nodes[_key(0, index)] = leaf;
        // At most 32 levels: up to the first node that has leaves still to be given.
        for (uint256 level = 0; ((index >> (level + 1)) + 1) << (level + 1) <= count; ++level) {
            uint256 position = index >> level;
            uint256 sibling = tree.nodes[_key(level, position ^ 1)];
            node = position % 2 == 1 ? Poseidon.hash(poseidon, sibling, node) : Poseidon.hash(poseidon, node, sibling);
            tree.nodes[_key(level + 1, position >> 1)] = node;
        }
    }

    /// @notice The root, 0 for an empty tree. Hashes once for each level at most.
    function root(Tree storage tree, address poseidon, uint256 count) internal view returns (uint256) {
        return count == 0 ? 0 : _node(tree, poseidon, count, depth(count), 0);
    }

    /// @notice How many levels are above the leaves: ceil(log2(count)), 0 for up to one leaf.
    function depth(uint256 count) internal pure returns (uint256 levels) {
        while (count > uint256(1) << levels) ++levels;
    }

    /// @notice A leaf, 0 where none is given yet.
    function leafAt(Tree storage tree, uint256 index) internal view returns (uint256) {
        return tree.nodes[_key(0, index)];
    }

    /// @notice The siblings of a leaf from the bottom up.
    function siblings(
        Tree storage tree,
        address poseidon,
        uint256 count,
        uint256 index
    ) internal view returns (uint256[] memory found) {
        found = new uint256[](depth(count));
        for (uint256 level = 0; level < found.length; ++level) {
            found[level] = _node(tree, poseidon, count, level, (index >> level) ^ 1);
        }
    }

    /// @dev The value of any node of the tree.
    function _node(
        Tree storage tree,
        address poseidon,
        uint256 count,
        uint256 level,
        uint256 position
    ) private view returns (uint256 node) {
        uint256 full = count >> level;
        if (position < full) return tree.nodes[_key(level, position)];
        if (position << level >= count) return tree.empty[level];
        // The one in between: fold the given leaves after the last full node of each level below it, which begin
        // where `count` has its lowest bit.
        bool begun;
        for (uint256 below = 0; below < level; ++below) {
            if ((count >> below) % 2 == 1) {
                uint256 left = tree.nodes[_key(below, (count >> below) - 1)];
                node = Poseidon.hash(poseidon, left, begun ? node : tree.empty[below]);
                begun = true;
            } else if (begun) {
                node = Poseidon.hash(poseidon, node, tree.empty[below]);
            }
        }
    }

    /// @dev Positions are below 2^32.
    function _key(uint256 level, uint256 position) private pure returns (uint256) {
        return (level << 32) | position;
    }
}
