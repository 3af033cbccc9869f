// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title A shuffle of any size, one place at a time
/// @notice For each number a permutation of 0..n-1, so that people can be drawn from 100,000 without a list of them: walk
/// through places 0, 1, 2, ... and pass over who cannot be taken; everybody comes exactly once.
/// @dev A Feistel network of ten rounds over 2k bits, where 2^(2k) is the smallest such power not below n, and walking the
/// cycle until a value falls below n (J. Black, P. Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002). With
/// `number` from a draw:
///
///     left, right = x >> k, x & (2^k - 1)
///     for r in 0..9:  left, right = right, left ^ (uint256(keccak256(abi.encode(number, r, right))) & (2^k - 1))
///     x = (left << k) | right, again while x >= n
///
/// Ten, since with four a member of a small commune stands up to a third more often at some place than another; with ten
/// the difference is lost in the noise of 30,000 shuffles.
library Shuffle {
    uint256 private constant ROUNDS = 10;

    /// @notice What stands at place `i` of the shuffle of 0..n-1 that `number` fixes. `i` is below `n`, `n` below 2^64.
    function at(uint256 number, uint256 i, uint256 n) internal pure returns (uint256 x) {
        uint256 half = 1;
        while ((1 << (2 * half)) < n) ++half;
        uint256 mask = (1 << half) - 1;
        x = i;
        do {
            uint256 left = x >> half;
            uint256 right = x & mask;
            for (uint256 r; r < ROUNDS; ++r) {
                (left, right) = (right, left ^ (uint256(keccak256(abi.encode(number, r, right))) & mask));
            }
            x = (left << half) | right;
        } while (x >= n);
    }
}
