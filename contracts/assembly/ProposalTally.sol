// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IAssembly} from "./IAssembly.sol";

/// @dev `IAssembly.Tally` in one storage slot; from the lowest bit: votes Against 40, For 40, Abstain 40, heads For 32,
/// heads 32, extended deadline 48. Votes stay below 2^37 (2^32 members with at most 31 each) and heads below 2^32, so
/// that no sum ever carries into its neighbour.
type ProposalTally is uint256;

using ProposalTallyLibrary for ProposalTally global;

/// @title Adding ballots up
library ProposalTallyLibrary {
    uint256 private constant VOTES_BITS = 40;
    uint256 private constant FOR_HEADS = 120;
    uint256 private constant HEADS = 152;
    uint256 private constant EXTENDED = 184;

    /// @notice The tally with one ballot more; a followed ballot adds votes but no head.
    /// @param support 0 Against, 1 For, 2 Abstain
    function add(
        ProposalTally self,
        uint256 support,
        uint256 votes_,
        bool followed
    ) internal pure returns (ProposalTally) {
        uint256 sum = ProposalTally.unwrap(self) + (votes_ << (support * VOTES_BITS));
        if (!followed) {
            sum += 1 << HEADS;
            if (support == 1) sum += 1 << FOR_HEADS;
        }
        return ProposalTally.wrap(sum);
    }

    /// @notice The tally with a moved deadline; it has none before.
    function extend(ProposalTally self, uint48 deadline) internal pure returns (ProposalTally) {
        return ProposalTally.wrap(ProposalTally.unwrap(self) | (uint256(deadline) << EXTENDED));
    }

    function votes(ProposalTally self, uint256 support) internal pure returns (uint256) {
        return (ProposalTally.unwrap(self) >> (support * VOTES_BITS)) & type(uint40).max;
    }

    function forHeads(ProposalTally self) internal pure returns (uint256) {
        return uint32(ProposalTally.unwrap(self) >> FOR_HEADS);
    }

    function heads(ProposalTally self) internal pure returns (uint256) {
        return uint32(ProposalTally.unwrap(self) >> HEADS);
    }

    function extendedDeadline(ProposalTally self) internal pure returns (uint256) {
        return uint48(ProposalTally.unwrap(self) >> EXTENDED);
    }

    function unpack(ProposalTally self) internal pure returns (IAssembly.Tally memory t) {
        t.againstVotes = uint40(self.votes(0));
        t.forVotes = uint40(self.votes(1));
        t.abstainVotes = uint40(self.votes(2));
        t.forHeads = uint32(self.forHeads());
        t.heads = uint32(self.heads());
        t.extendedDeadline = uint48(self.extendedDeadline());
    }
}
