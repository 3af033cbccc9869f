// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title A poll's ballot in one word
/// @notice Bits 4i to 4i+3 are the votes (0 to 15) on option i, of at most 60; the other bits are 0.
library PollBallot {
    /// @dev Options to a slot of a tally, each in 32 bits.
    uint256 internal constant OPTIONS_PER_SLOT = 8;

    /// @notice Whether a ballot votes for nothing but the first `options` options.
    function isWithin(uint256 ballot, uint256 options) internal pure returns (bool) {
        return ballot >> (options * 4) == 0;
    }

    /// @notice Credits that a ballot costs: the sum of the squares of its votes.
    function cost(uint256 ballot) internal pure returns (uint256 sum) {
        for (; ballot != 0; ballot >>= 4) {
            uint256 votes = ballot & 15;
            // 64 terms of at most 225.
            unchecked {
                sum += votes * votes;
            }
        }
    }

    /// @notice The ballot with at most `most` votes on each option.
    function capped(uint256 ballot, uint256 most) internal pure returns (uint256 result) {
        for (uint256 shift; ballot >> shift != 0; shift += 4) {
            uint256 votes = (ballot >> shift) & 15;
            result |= (votes < most ? votes : most) << shift;
        }
    }

    /// @notice The votes on eight options (32 bits of a ballot) as a slot of a tally has them: 32 bits an option.
    /// @dev Halves are moved apart three times: 4 options to 128 bits each, 2 to 64, 1 to 32.
    function spread(uint256 votes) internal pure returns (uint256) {
        votes = (votes | (votes << 112)) & 0x0000000000000000000000000000ffff0000000000000000000000000000ffff;
        votes = (votes | (votes << 56)) & 0x00000000000000ff00000000000000ff00000000000000ff00000000000000ff;
        return (votes | (votes << 28)) & 0x0000000f0000000f0000000f0000000f0000000f0000000f0000000f0000000f;
    }
}
