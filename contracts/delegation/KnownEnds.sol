// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Where chains of delegations end, remembered for one page
/// @notice What many followers share (a delegate, or a stretch of chain) is walked once. A member has one place, by their
/// id; whoever comes to the same place later takes it, so that what is forgotten is walked again: the outcome does not
/// depend on what is remembered.
library KnownEnds {
    /// @param voter whose direct ballot ends the chain; 0 where it ends without one
    /// @param late whether that ballot came too late to bind anybody
    /// @param hops from the member to the end
    /// @param ballot of the voter
    struct End {
        uint32 voter;
        bool late;
        uint256 hops;
        uint256 ballot;
    }

    /// @dev `ends` packs, from the lowest bit: memberId 32, voter 32, late 8, hops 8.
    struct Page {
        uint256[] ends;
        uint256[] ballots;
    }

    uint256 private constant PLACES_PER_MEMBER = 8;
    uint256 private constant MOST_PLACES = 1024;

    function forMembers(uint256 members) internal pure returns (Page memory page) {
        uint256 places = members * PLACES_PER_MEMBER + PLACES_PER_MEMBER;
        if (places > MOST_PLACES) places = MOST_PLACES;
        page.ends = new uint256[](places);
        page.ballots = new uint256[](places);
    }

    function recall(Page memory page, uint32 memberId, End memory end) internal pure returns (bool known) {
        uint256 place = memberId % page.ends.length;
        uint256 word = page.ends[place];
        // memberIds count from 1.
        if (uint32(word) != memberId) return false;
        end.voter = uint32(word >> 32);
        end.late = uint8(word >> 64) == 1;
        end.hops = uint8(word >> 72);
        end.ballot = page.ballots[place];
        return true;
    }

    /// @param hops from `memberId` to the end; below 256
    function keep(Page memory page, uint32 memberId, End memory end, uint256 hops) internal pure {
        uint256 place = memberId % page.ends.length;
        page.ends[place] = uint256(memberId) | (uint256(end.voter) << 32) | (end.late ? 1 << 64 : 0) | (hops << 72);
        page.ballots[place] = end.ballot;
    }
}
