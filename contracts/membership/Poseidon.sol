// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";

/// @title Poseidon of two field elements, as circomlib and Semaphore V4 define it
/// @dev The poseidon-solidity library is deployed as it is and called like a contract. Linking it would call it by
/// DELEGATECALL, which no contract of the commune makes; inlining it would break it, since it reads its arguments at a
/// fixed place in memory.
library Poseidon {
    error PoseidonFailed(address poseidon);

    /// @notice The hash of two values, each taken modulo the field's order: callers hand in smaller ones only.
    /// @param poseidon the deployed PoseidonT3
    function hash(address poseidon, uint256 left, uint256 right) internal view returns (uint256) {
        // Two words are the same calldata as the array of two that the library takes.
        (bool success, bytes memory result) = poseidon.staticcall(
            abi.encodeWithSelector(PoseidonT3.hash.selector, left, right)
        );
        // An address without code succeeds and returns nothing.
        if (!success || result.length != 32) revert PoseidonFailed(poseidon);
        return abi.decode(result, (uint256));
    }
}
