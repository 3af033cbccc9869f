// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Shuffle} from "../draws/Shuffle.sol";

/// @title The shuffle by itself; for tests only, never deployed with a commune
contract ShuffleCheck {
    /// @notice What stands at `count` places from `from` on, at most to the last; see `Shuffle`.
    function slice(
        uint256 number,
        uint256 n,
        uint256 from,
        uint256 count
    ) external pure returns (uint256[] memory places) {
        if (from + count > n) count = n - from;
        places = new uint256[](count);
        for (uint256 i; i < count; ++i) places[i] = Shuffle.at(number, from + i, n);
    }
}
