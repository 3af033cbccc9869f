// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Where chains of delegations end, remembered for one page
/// @notice What many followers share (a delegate, or a stretch of chain) is walked once. A member has one place, by their
/// id; whoever comes to the same place later takes it, and what is forgotten is walked again: an outcome does not depend
/// on what is remembered.
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

    /// @dev `ends` packs, from the lowest bit: memberId 32, voter 32, late 8, hops 8. `ballots` has a voter's at the voter's
    /// own place. `members` is an open-addressed set of those whom the page names.
    /// @param end the one in hand
    struct Page {
        uint256[] ends;
        uint256[] ballots;
        uint256[] members;
        End end;
    }

    uint256 private constant LEAST_PLACES = 16;
    uint256 private constant MOST_PLACES = 1024;

    function forMembers(uint256 members) internal pure returns (Page memory page) {
        uint256 places = LEAST_PLACES;
        while (places < 8 * members && places < MOST_PLACES) places *= 2;
        page.ends = new uint256[](places);
        page.ballots = new uint256[](places);
        page.members = new uint256[](2 * members);
    }

    /// @notice Whether the page has not named this member before.
    function isFirst(Page memory page, uint32 memberId) internal pure returns (bool) {
        uint256[] memory members = page.members;
        uint256 place = memberId % members.length;
        while (members[place] != 0) {
            if (members[place] == memberId) return false;
            place = (place + 1) % members.length;
        }
        members[place] = memberId;
        return true;
    }

    /// @notice Takes what is known of a member's chain in hand.
    function recall(Page memory page, uint32 memberId) internal pure returns (bool known) {
        uint256[] memory ends = page.ends;
        uint256 word = _get(ends, memberId);
        // memberIds count from 1.
        if (uint32(word) != memberId) return false;
        uint32 voter = uint32(word >> 32);
        if (voter != 0) {
            if (uint32(_get(ends, voter)) != voter) return false;
            page.end.ballot = _get(page.ballots, voter);
        }
        page.end.voter = voter;
        page.end.late = uint8(word >> 64) == 1;
        page.end.hops = uint8(word >> 72);
        return true;
    }

    /// @notice Remembers that the end in hand is this member's own: they voted, or delegated to nobody.
    function keepOwn(Page memory page, uint32 memberId) internal pure {
        page.end.hops = 0;
        _set(page.ends, memberId, memberId | _pack(page.end));
        _set(page.ballots, memberId, page.end.ballot);
    }

    /// @notice Remembers that the first `count` of these members lead to the end in hand, which is that of the member after
    /// them, each in one hop more than the next.
    /// @return hops of the first; below 256
    function keepAll(Page memory page, uint32[8] memory passed, uint256 count) internal pure returns (uint256 hops) {
        uint256[] memory ends = page.ends;
        uint256 word = _pack(page.end);
        hops = page.end.hops;
        while (count != 0) {
            unchecked {
                --count; // not 0
                ++hops; // at most 8 for each of two stretches
            }
            uint32 memberId = passed[count];
            _set(ends, memberId, memberId | word | (hops << 72));
        }
    }

    /// @dev Without member and hops.
    function _pack(End memory end) private pure returns (uint256) {
        return (uint256(end.voter) << 32) | (end.late ? 1 << 64 : 0);
    }

    /// @dev A member's place in a table whose length is a power of two.
    function _get(uint256[] memory table, uint256 memberId) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(table, 32), shl(5, and(memberId, sub(mload(table), 1)))))
        }
    }

    function _set(uint256[] memory table, uint256 memberId, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(add(add(table, 32), shl(5, and(memberId, sub(mload(table), 1)))), word)
        }
    }
}
