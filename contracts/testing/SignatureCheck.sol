// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Signatures} from "../forwarder/Signatures.sol";

/// @title The signature check by itself; for tests only, never deployed with a commune
contract SignatureCheck {
    /// @notice See `Signatures`.
    function isValid(
        address signer,
        bytes32 digest,
        bytes calldata signature,
        uint256 gasCap
    ) external view returns (bool) {
        return Signatures.isValid(signer, digest, signature, gasCap);
    }
}
