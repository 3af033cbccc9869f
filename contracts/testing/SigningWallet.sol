// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract wallet with one owner; for tests only, never deployed with a commune
/// @notice Acts for its owner, and accepts by ERC-1271 what its owner signed, after using as much gas as it was made to
/// use, in an answer as long as it was made to give.
contract SigningWallet is IERC1271 {
    address private immutable _owner;
    uint256 private immutable _gasToUse;
    uint256 private immutable _answerLength;

    error SigningWalletOnlyOwner(address caller);

    /// @param gasToUse before answering; more than there is burns all of it
    /// @param answerLength in bytes; a well-behaved wallet's is 32
    constructor(address owner, uint256 gasToUse, uint256 answerLength) {
        _owner = owner;
        _gasToUse = gasToUse;
        _answerLength = answerLength;
    }

    /// @notice Calls `to` as the wallet; the owner only.
    function act(address to, bytes calldata data) external {
        if (msg.sender != _owner) revert SigningWalletOnlyOwner(msg.sender);
        (bool success, bytes memory result) = to.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        uint256 gasAtStart = gasleft();
        (address signer, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(digest, signature);
        bool good = problem == ECDSA.RecoverError.NoError && signer == _owner;
        bytes4 answer = good ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
        uint256 length = _answerLength;
        uint256 rounds;
        while (gasAtStart - gasleft() < _gasToUse) ++rounds;
        assembly {
            mstore(0, answer)
            return(0, length)
        }
    }
}
