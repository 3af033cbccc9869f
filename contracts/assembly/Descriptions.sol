// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title The suffix of a proposal's description
/// @notice `#nonce=<digits>#proposer=0x<40 hex digits>` ends every description. It is hashed into the proposal's id: the
/// proposer keeps others from taking the id, the nonce keeps recurring actions apart. As OpenZeppelin's optional
/// `#proposer=` suffix, but required.
library Descriptions {
    bytes10 private constant PROPOSER = "#proposer=";
    bytes7 private constant NONCE = "#nonce=";
    uint256 private constant PROPOSER_LENGTH = 52;
    uint256 private constant NONCE_LENGTH = 7;

    /// @notice Whether a description ends in a nonce and this proposer.
    function namesProposer(string memory description, address proposer) internal pure returns (bool) {
        bytes memory text = bytes(description);
        uint256 length = text.length;
        if (length < PROPOSER_LENGTH + NONCE_LENGTH + 1) return false;
        uint256 end = length - PROPOSER_LENGTH;
        if (bytes10(_at(text, end)) != PROPOSER) return false;
        (bool isAddress, address named) = Strings.tryParseAddress(description, length - 42, length);
        if (!isAddress || named != proposer) return false;

        uint256 start = end;
        while (start > NONCE_LENGTH && text[start - 1] >= "0" && text[start - 1] <= "9") --start;
        return start < end && bytes7(_at(text, start - NONCE_LENGTH)) == NONCE;
    }

    /// @dev The 32 bytes at `offset`, which callers keep within the text; what lies beyond its end is cut by them.
    function _at(bytes memory text, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(add(text, 0x20), offset))
        }
    }
}
