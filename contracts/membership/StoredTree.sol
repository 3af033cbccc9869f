// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Poseidon} from "./Poseidon.sol";

/// @title A LeanIMT (Semaphore V4's Merkle tree) whose nodes are all stored
/// @notice parent = Poseidon2(left, right), or left where there is no right. Changing a leaf reads every sibling from
/// storage, so that whoever changes it needs to know nothing about the others.
/// @dev Stored are the leaves, and each inner node that has two children: a node without a right child equals its left
/// one, and is found where that one is stored, one read away. `size` is how many leaves there are, at most 2^32.
library StoredTree {
    /// @dev Nodes by level (0: leaves) and position, see `_key`.
    struct Tree {
        mapping(uint256 key => uint256) nodes;
    }

    /// @notice Writes a leaf and every node above it. The leaf after the last is appended by counting it in `size`.
    /// @param index of the leaf, below `size`
    /// @return node the new root
    function set(
        Tree storage tree,
        address poseidon,
        uint256 size,
        uint256 index,
        uint256 leaf
    ) internal returns (uint256 node) {
        uint256 last = size - 1;
        node = leaf;
        tree.nodes[_key(0, index)] = leaf;
        // At most 32 levels.
        for (uint256 level = 0; last >> level != 0; ++level) {
            uint256 position = index >> level;
            if (position % 2 == 1) {
                // A left sibling has all its leaves, so that it is stored where it is.
                node = Poseidon.hash(poseidon, tree.nodes[_key(level, position - 1)], node);
            } else if (position != last >> level) {
                node = Poseidon.hash(poseidon, node, _node(tree, last, level, position + 1));
            } else {
                continue;
            }
            tree.nodes[_key(level + 1, position / 2)] = node;
        }
    }

    /// @notice The root, 0 for an empty tree.
    function root(Tree storage tree, uint256 size) internal view returns (uint256) {
        return size == 0 ? 0 : _node(tree, size - 1, depth(size), 0);
    }

    /// @notice How many levels are above the leaves: ceil(log2(size)), 0 for up to one leaf.
    function depth(uint256 size) internal pure returns (uint256 levels) {
        while (size > uint256(1) << levels) ++levels;
    }

    /// @notice A leaf below `size`.
    function leafAt(Tree storage tree, uint256 index) internal view returns (uint256) {
        return tree.nodes[_key(0, index)];
    }

    /// @notice The siblings of a leaf below `size` from the bottom up, none for the levels that have none.
    function siblings(Tree storage tree, uint256 size, uint256 index) internal view returns (uint256[] memory found) {
        uint256 last = size - 1;
        found = new uint256[](depth(size));
        uint256 count;
        for (uint256 level = 0; last >> level != 0; ++level) {
            uint256 sibling = (index >> level) ^ 1;
            if (sibling > last >> level) continue;
            found[count] = _node(tree, last, level, sibling);
            ++count;
        }
        assembly ("memory-safe") {
            mstore(found, count) // shortens the list: count is at most its length
        }
    }

    /// @dev The value of a node. Only the last one of a level can lack right children: such a one is its left child,
    /// and so on down to a node that has two, or a leaf.
    function _node(Tree storage tree, uint256 last, uint256 level, uint256 position) private view returns (uint256) {
        if (position == last >> level) {
            while (level != 0 && (last >> (level - 1)) % 2 == 0) --level;
            position = last >> level;
        }
        return tree.nodes[_key(level, position)];
    }

    /// @dev Positions are below 2^32.
    function _key(uint256 level, uint256 position) private pure returns (uint256) {
        return (level << 32) | position;
    }
}
