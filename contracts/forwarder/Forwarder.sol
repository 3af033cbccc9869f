// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IForwarder} from "./IForwarder.sol";
import {Signatures} from "./Signatures.sol";

/// @title Forwarder
/// @notice See `IForwarder`.
contract Forwarder is IForwarder, EIP712 {
    bytes32 private constant REQUEST_TYPEHASH = keccak256(
        "ForwardRequest(address from,address to,uint256 gas,uint256 nonce,uint48 deadline,bytes data)"
    );

    /// @dev The most a contract wallet may use to check its signature.
    uint256 private constant SIGNATURE_GAS = 100_000;

    /// @dev The most a target may use to say whether it trusts this forwarder; our modules need under 1,000.
    uint256 private constant TRUST_GAS = 30_000;

    /// @dev What lies at most between measuring the gas and the target's first instruction: writing a nonce (22,100)
    /// and the call to an address that is warm by then (100).
    uint256 private constant CALL_MARGIN = 25_000;

    /// @dev How much of a call's result a batch copies and logs, in bytes: a target that returns a megabyte must not
    /// make a stranger's batch pay for it.
    uint256 private constant BATCH_RESULT_LIMIT = 1_024;

    /// @dev Bit `nonce % 256` of word `nonce / 256` is set once a nonce is used or cancelled.
    mapping(address from => mapping(uint256 index => uint256 bits)) private _usedNonces;

    constructor() EIP712("Dual Power Forwarder", "1") {}

    /// @inheritdoc IForwarder
    function execute(ForwardRequest calldata request, bytes calldata signature) external returns (bytes memory result) {
        bytes memory problem;
        bool success;
        (problem, success, result) = _forward(request, signature, type(uint256).max);
        if (problem.length != 0) _revertWith(problem);
        if (!success) _revertWith(result);
    }

    /// @inheritdoc IForwarder
    function executeBatch(
        ForwardRequest[] calldata requests,
        bytes[] calldata signatures
    ) external returns (uint256 done) {
        if (requests.length != signatures.length) {
            revert ForwarderLengthMismatch(requests.length, signatures.length);
        }
        for (uint256 i = 0; i < requests.length; ++i) {
            (bytes memory problem, bool success, ) = _forward(requests[i], signatures[i], BATCH_RESULT_LIMIT);
            if (problem.length != 0) {
                emit RequestSkipped(i, requests[i].from, requests[i].nonce, problem);
            } else if (success) {
                ++done;
            }
        }
    }

    /// @inheritdoc IForwarder
    function cancel(uint256 nonce) external {
        if (isNonceUsed(msg.sender, nonce)) revert ForwarderNonceUsed(msg.sender, nonce);
        _useNonce(msg.sender, nonce);
        emit NonceCancelled(msg.sender, nonce);
    }

    /// @inheritdoc IForwarder
    function isNonceUsed(address from, uint256 nonce) public view returns (bool) {
        return (_usedNonces[from][nonce >> 8] >> (nonce & 0xff)) & 1 == 1;
    }

    /// @inheritdoc IForwarder
    function verify(ForwardRequest calldata request, bytes calldata signature) external view returns (bool) {
        return _problemOf(request, signature).length == 0;
    }

    /// @dev Carries out a request, or says in `problem` (an error's data) why it is not accepted; then nothing
    /// happened. The nonce is used before the call, so that the target cannot bring the request in again.
    function _forward(
        ForwardRequest calldata request,
        bytes calldata signature,
        uint256 resultLimit
    ) private returns (bytes memory problem, bool success, bytes memory result) {
        problem = _problemOf(request, signature);
        if (problem.length != 0) return (problem, false, result);

        bytes memory payload = abi.encodePacked(request.data, request.from);
        // The call must get all the gas that was signed for, or a relayer could make it fail by giving little: EIP-150
        // lets 63/64 of what is left go into it. Too little is no failure of the request: its nonce stays unused.
        uint256 given = gasleft();
        uint256 callable = given > CALL_MARGIN ? ((given - CALL_MARGIN) / 64) * 63 : 0;
        if (callable < request.gas) {
            return (abi.encodeWithSelector(ForwarderTooLittleGas.selector, callable, request.gas), false, result);
        }

        _useNonce(request.from, request.nonce);
        (success, result) = _call(request.to, request.gas, payload, resultLimit);
        emit Forwarded(request.from, request.nonce, request.to, success, result);
    }

    function _useNonce(address from, uint256 nonce) private {
        _usedNonces[from][nonce >> 8] |= 1 << (nonce & 0xff);
    }

    /// @dev Copies at most `resultLimit` bytes of what the call returns.
    function _call(
        address to,
        uint256 gasLimit,
        bytes memory payload,
        uint256 resultLimit
    ) private returns (bool success, bytes memory result) {
        assembly ("memory-safe") {
            success := call(gasLimit, to, 0, add(payload, 0x20), mload(payload), 0, 0)
            let size := returndatasize()
            if gt(size, resultLimit) {
                size := resultLimit
            }
            result := mload(0x40)
            mstore(result, size)
            returndatacopy(add(result, 0x20), 0, size)
            mstore(0x40, and(add(add(result, size), 0x3f), not(0x1f)))
        }
    }

    /// @dev The error's data if a request is not acceptable now, else nothing.
    function _problemOf(ForwardRequest calldata request, bytes calldata signature) private view returns (bytes memory) {
        if (block.timestamp > request.deadline) {
            return abi.encodeWithSelector(ForwarderExpired.selector, request.deadline);
        }
        if (isNonceUsed(request.from, request.nonce)) {
            return abi.encodeWithSelector(ForwarderNonceUsed.selector, request.from, request.nonce);
        }
        if (!_isTrustedBy(request.to)) {
            return abi.encodeWithSelector(ForwarderUntrustfulTarget.selector, request.to);
        }
        if (!Signatures.isValid(request.from, _digestOf(request), signature, SIGNATURE_GAS)) {
            return abi.encodeWithSelector(ForwarderBadSignature.selector, request.from);
        }
        return "";
    }

    /// @dev Only contracts that say so get calls in a member's name; this contract does not say so of itself, nor does
    /// an account without code.
    function _isTrustedBy(address target) private view returns (bool trusted) {
        bytes memory question = abi.encodeCall(ERC2771Context.isTrustedForwarder, (address(this)));
        assembly ("memory-safe") {
            trusted := staticcall(TRUST_GAS, target, add(question, 0x20), mload(question), 0, 0x20)
            trusted := and(trusted, and(gt(returndatasize(), 0x1f), eq(mload(0), 1)))
        }
    }

    function _digestOf(ForwardRequest calldata request) private view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        REQUEST_TYPEHASH,
                        request.from,
                        request.to,
                        request.gas,
                        request.nonce,
                        request.deadline,
                        keccak256(request.data)
                    )
                )
            );
    }

    function _revertWith(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
