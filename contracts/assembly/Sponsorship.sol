// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @dev Who sponsors a draft, in one storage slot; from the lowest bit: up to five memberIds of 32 bits, the first
/// lowest; since 48; topic 16; count 8.
type Sponsorship is uint256;

using SponsorshipLibrary for Sponsorship global;

/// @title Collecting sponsors
library SponsorshipLibrary {
    uint256 internal constant LIMIT = 5;
    uint256 private constant SINCE = 160;
    uint256 private constant TOPIC = 208;
    uint256 private constant COUNT = 224;

    function start(uint16 topic_, uint48 since_) internal pure returns (Sponsorship) {
        return Sponsorship.wrap((uint256(since_) << SINCE) | (uint256(topic_) << TOPIC));
    }

    /// @dev The caller keeps the count below LIMIT.
    function add(Sponsorship self, uint32 memberId) internal pure returns (Sponsorship) {
        uint256 word = Sponsorship.unwrap(self) | (uint256(memberId) << (self.count() * 32));
        return Sponsorship.wrap(word + (1 << COUNT));
    }

    /// @notice The sponsorship as one that never expires.
    function keep(Sponsorship self) internal pure returns (Sponsorship) {
        return Sponsorship.wrap(Sponsorship.unwrap(self) | (uint256(type(uint48).max) << SINCE));
    }

    function count(Sponsorship self) internal pure returns (uint256) {
        return uint8(Sponsorship.unwrap(self) >> COUNT);
    }

    function topic(Sponsorship self) internal pure returns (uint16) {
        return uint16(Sponsorship.unwrap(self) >> TOPIC);
    }

    /// @notice When the first sponsor signed, Unix seconds; 0 where there is none, the most there is where it is kept.
    function since(Sponsorship self) internal pure returns (uint256) {
        return uint48(Sponsorship.unwrap(self) >> SINCE);
    }

    function sponsorAt(Sponsorship self, uint256 i) internal pure returns (uint32) {
        return uint32(Sponsorship.unwrap(self) >> (i * 32));
    }
}
