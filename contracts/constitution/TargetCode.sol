// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title What code stands behind an address
library TargetCode {
    /// @dev The first ten bytes of an EIP-1167 minimal proxy, also of clones with immutable arguments.
    bytes10 private constant MINIMAL_PROXY = 0x363d3d373d3d3d363d73;
    /// @dev The same proxy written with PUSH0.
    bytes9 private constant MINIMAL_PROXY_PUSH0 = 0x365f5f375f5f365f73;
    /// @dev An EIP-7702 designator: this and an address.
    bytes3 private constant DELEGATED_ACCOUNT = 0xef0100;

    /// @notice The code hash, where "no code" is zero whether the account exists or not.
    function hashOf(address target) internal view returns (bytes32) {
        return target.code.length == 0 ? bytes32(0) : target.codehash;
    }

    /// @notice Whether the code is an EIP-1167 minimal proxy or an EIP-7702 designator: it would run other code.
    function isDelegating(address target) internal view returns (bool) {
        bytes32 head;
        assembly ("memory-safe") {
            // Scratch space is free to use; code shorter than 32 bytes is padded with zeros.
            extcodecopy(target, 0, 0, 32)
            head := mload(0)
        }
        return
            bytes10(head) == MINIMAL_PROXY ||
            bytes9(head) == MINIMAL_PROXY_PUSH0 ||
            (bytes3(head) == DELEGATED_ACCOUNT && target.code.length == 23);
    }
}
