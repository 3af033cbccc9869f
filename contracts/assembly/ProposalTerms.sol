// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IConstitution} from "../constitution/IConstitution.sol";
import {IAssembly} from "./IAssembly.sol";

/// @dev `IAssembly.Terms` in one storage slot; from the lowest bit: kind 8, topic 16, season 16, quorum 32, forHeads 32,
/// electorateAt 40, approvalPpm 24, follow 24, queue 24, lateExtension 24, expiryHours 16.
type ProposalTerms is uint256;

using ProposalTermsLibrary for ProposalTerms global;

/// @title Reading and packing what a proposal froze
library ProposalTermsLibrary {
    function pack(IAssembly.Terms memory t) internal pure returns (ProposalTerms) {
        return
            ProposalTerms.wrap(
                uint256(uint8(t.kind)) |
                    (uint256(t.topic) << 8) |
                    (uint256(t.season) << 24) |
                    (uint256(t.quorum) << 40) |
                    (uint256(t.forHeads) << 72) |
                    (uint256(t.electorateAt) << 104) |
                    (uint256(t.approvalPpm) << 144) |
                    (uint256(t.follow) << 168) |
                    (uint256(t.queue) << 192) |
                    (uint256(t.lateExtension) << 216) |
                    (uint256(t.expiryHours) << 240)
            );
    }

    function unpack(ProposalTerms self) internal pure returns (IAssembly.Terms memory t) {
        t.kind = self.kind();
        t.topic = uint16(_field(self, 8, 16));
        t.season = self.season();
        t.quorum = uint32(self.quorum());
        t.forHeads = uint32(self.forHeads());
        t.electorateAt = uint40(self.electorateAt());
        t.approvalPpm = uint24(self.approvalPpm());
        t.follow = uint24(self.follow());
        t.queue = uint24(self.queue());
        t.lateExtension = uint24(self.lateExtension());
        t.expiryHours = uint16(_field(self, 240, 16));
    }

    function kind(ProposalTerms self) internal pure returns (IConstitution.RuleKind) {
        return IConstitution.RuleKind(_field(self, 0, 8));
    }

    function season(ProposalTerms self) internal pure returns (uint16) {
        return uint16(_field(self, 24, 16));
    }

    function quorum(ProposalTerms self) internal pure returns (uint256) {
        return _field(self, 40, 32);
    }

    function forHeads(ProposalTerms self) internal pure returns (uint256) {
        return _field(self, 72, 32);
    }

    function electorateAt(ProposalTerms self) internal pure returns (uint48) {
        return uint48(_field(self, 104, 40));
    }

    function approvalPpm(ProposalTerms self) internal pure returns (uint256) {
        return _field(self, 144, 24);
    }

    function follow(ProposalTerms self) internal pure returns (uint256) {
        return _field(self, 168, 24);
    }

    function queue(ProposalTerms self) internal pure returns (uint256) {
        return _field(self, 192, 24);
    }

    function lateExtension(ProposalTerms self) internal pure returns (uint256) {
        return _field(self, 216, 24);
    }

    /// @notice Seconds after voting in which a passed proposal can be executed.
    function expiry(ProposalTerms self) internal pure returns (uint256) {
        return _field(self, 240, 16) * 1 hours;
    }

    function _field(ProposalTerms self, uint256 offset, uint256 bits) private pure returns (uint256) {
        return (ProposalTerms.unwrap(self) >> offset) & ((1 << bits) - 1);
    }
}
