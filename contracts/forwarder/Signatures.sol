// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Signatures of members, whatever their wallet
/// @notice A signature made with the account's own key is always good, also where the account has code (EIP-7702).
/// Otherwise an account with code is asked by ERC-1271, with capped gas, so that no wallet can burn a batch's gas.
library Signatures {
    /// @notice Too little gas is left to give the wallet all that it may use: a valid signature could look invalid.
    error SignaturesTooLittleGas(uint256 given, uint256 needed);

    /// @dev What the opcodes between the measurement and the wallet's first instruction cost at most; the account is
    /// warm by then (EXTCODESIZE), so the call itself costs 100.
    uint256 private constant CALL_MARGIN = 1_000;

    /// @notice Whether `signer` signed `digest`.
    /// @dev Never reverts because of what the signature or the wallet is: the wallet's answer is read into 32 bytes of
    /// scratch space, however much it returns. Reverts if the caller left too little gas.
    /// @param gasCap the most a contract wallet may use, in gas; of 63/64 * what is left by EIP-150
    function isValid(
        address signer,
        bytes32 digest,
        bytes memory signature,
        uint256 gasCap
    ) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(digest, signature);
        if (problem == ECDSA.RecoverError.NoError && recovered == signer) return true;
        if (signer.code.length == 0) return false;

        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        uint256 needed = gasCap + gasCap / 63 + CALL_MARGIN;
        if (gasleft() < needed) revert SignaturesTooLittleGas(gasleft(), needed);

        bool answered;
        bytes32 answer;
        assembly ("memory-safe") {
            answered := staticcall(gasCap, signer, add(question, 0x20), mload(question), 0, 0x20)
            answered := and(answered, gt(returndatasize(), 0x1f))
            answer := mload(0)
        }
        return answered && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
