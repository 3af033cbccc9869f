// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title The suffix of a proposal's description
/// @notice `#nonce=<digits>#proposer=0x<40 hex digits>` ends every description. It is hashed into the proposal's id: the
/// proposer keeps others from taking the id, the nonce keeps recurring actions apart. As OpenZeppelin's optional
/// `#proposer=` suffix, but required.
library Descriptions {
    bytes12 private constant PROPOSER = "#proposer=0x";
    bytes7 private constant NONCE = "#nonce=";
    uint256 private constant PROPOSER_LENGTH = 52;
    uint256 private constant NONCE_LENGTH = 7;

    /// @notice Whether a description ends in a nonce and this proposer; upper and lower case hex digits are alike.
    function namesProposer(string calldata description, address proposer) internal pure returns (bool) {
        bytes calldata text = bytes(description);
        uint256 length = text.length;
        if (length < PROPOSER_LENGTH + NONCE_LENGTH + 1) return false;
        uint256 end = length - PROPOSER_LENGTH;
        if (bytes12(text[end:end + 12]) != PROPOSER) return false;
        (bytes32 head, bytes8 tail) = _hexOf(proposer);
        if (_lower(bytes32(text[end + 12:end + 44])) != head) return false;
        if (bytes8(_lower(bytes32(bytes8(text[end + 44:length])))) != tail) return false;

        uint256 start = end;
        while (start > NONCE_LENGTH && text[start - 1] >= "0" && text[start - 1] <= "9") --start;
        return start < end && bytes7(text[start - NONCE_LENGTH:start]) == NONCE;
    }

    /// @dev Sets bit 5 of every byte: letters become lower case, digits stay. It also maps a few control characters onto
    /// digits; they cannot make two descriptions one, since the id hashes the text as it is.
    function _lower(bytes32 characters) private pure returns (bytes32) {
        return characters | 0x2020202020202020202020202020202020202020202020202020202020202020;
    }

    /// @dev The forty lower-case hex digits of an address: the first 32, and the last 8.
    function _hexOf(address account) private pure returns (bytes32 head, bytes8 tail) {
        uint256 value = uint160(account);
        head = bytes32(_hexDigits(value >> 32));
        tail = bytes8(bytes32(_hexDigits(value & type(uint32).max) << 192));
    }

    /// @dev 32 lower-case hex digits of the lowest 128 bits: spreads the nibbles over bytes, halving the distance each
    /// time, then adds "0", or "a" - 10 where the nibble is above 9 (0x27 more).
    function _hexDigits(uint256 value) private pure returns (uint256 x) {
        x = value & type(uint128).max;
        x = (x | (x << 64)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        x = (x | (x << 32)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
        x = (x | (x << 16)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
        x = (x | (x << 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
        x = (x | (x << 4)) & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
        // A nibble of 10 to 15 carries into bit 4 when 6 is added. No byte carries into the next.
        uint256 letters =
            ((x + 0x0606060606060606060606060606060606060606060606060606060606060606) >> 4) &
                0x0101010101010101010101010101010101010101010101010101010101010101;
        x += 0x3030303030303030303030303030303030303030303030303030303030303030 + letters * 0x27;
    }
}
