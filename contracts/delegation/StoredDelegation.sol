// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IDelegation} from "./IDelegation.sol";

/// @dev `IDelegation.Delegate` in one storage slot; from the lowest bit: delegate 32, maxVotes 8, maxCredits 16, since 48,
/// changes before this one 32. A word is never 0 but where there never was a delegation.
type StoredDelegation is uint256;

using StoredDelegationLibrary for StoredDelegation global;

/// @title Reading and packing one member's delegation in one topic
library StoredDelegationLibrary {
    function pack(
        uint32 to,
        uint8 maxVotes_,
        uint16 maxCredits_,
        uint48 since_,
        uint32 changes_
    ) internal pure returns (StoredDelegation) {
        return
            StoredDelegation.wrap(
                uint256(to) |
                    (uint256(maxVotes_) << 32) |
                    (uint256(maxCredits_) << 40) |
                    (uint256(since_) << 56) |
                    (uint256(changes_) << 104)
            );
    }

    function delegate(StoredDelegation self) internal pure returns (uint32) {
        return uint32(StoredDelegation.unwrap(self));
    }

    function maxVotes(StoredDelegation self) internal pure returns (uint256) {
        return uint8(StoredDelegation.unwrap(self) >> 32);
    }

    function maxCredits(StoredDelegation self) internal pure returns (uint256) {
        return uint16(StoredDelegation.unwrap(self) >> 40);
    }

    function since(StoredDelegation self) internal pure returns (uint48) {
        return uint48(StoredDelegation.unwrap(self) >> 56);
    }

    /// @notice How many older words there are.
    function changes(StoredDelegation self) internal pure returns (uint32) {
        return uint32(StoredDelegation.unwrap(self) >> 104);
    }

    function unpack(StoredDelegation self) internal pure returns (IDelegation.Delegate memory d) {
        d.delegate = self.delegate();
        d.maxVotes = uint8(self.maxVotes());
        d.maxCredits = uint16(self.maxCredits());
        d.since = self.since();
    }
}
