// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Forwarder: members act without gas
/// @notice ERC-2771 forwarder. A member signs a request (EIP-712), any node pays for it, none can alter it. Nonces are
/// unordered: each is a bit of the signer's, so that requests signed together can be sent in any order and cancelled
/// one by one. Contract wallets sign by ERC-1271 with capped gas (100,000). Immutable, holds nothing, sends no value.
/// @dev EIP-712 domain "Dual Power Forwarder", version "1"; signed is
/// `ForwardRequest(address from,address to,uint256 gas,uint256 nonce,uint48 deadline,bytes data)`. A call always gets
/// all the gas that was signed for: a relayer who gives less cannot make a request fail, only their own transaction.
interface IForwarder {
    /// @param from who acts
    /// @param to a module that trusts this forwarder
    /// @param gas for the call
    /// @param nonce any number the signer has not used; take random ones
    /// @param deadline last second of validity, Unix seconds
    /// @param data the call
    struct ForwardRequest {
        address from;
        address to;
        uint256 gas;
        uint256 nonce;
        uint48 deadline;
        bytes data;
    }

    error ForwarderExpired(uint48 deadline);
    error ForwarderNonceUsed(address from, uint256 nonce);
    error ForwarderBadSignature(address from);
    error ForwarderUntrustfulTarget(address to);
    error ForwarderTooLittleGas(uint256 given, uint256 needed);
    error ForwarderLengthMismatch(uint256 requests, uint256 signatures);

    /// @notice A request was carried out; `success` false: the call reverted with `result`, and the nonce is used.
    /// @param result what the call returned or reverted with; of a batch's call the first 1,024 bytes
    event Forwarded(address indexed from, uint256 indexed nonce, address indexed to, bool success, bytes result);
    event NonceCancelled(address indexed from, uint256 indexed nonce);
    /// @notice One request of a batch was skipped (its nonce stays unused); `reason` is the error's data.
    event RequestSkipped(uint256 indexed index, address indexed from, uint256 indexed nonce, bytes reason);

    /// @notice Carries out one request; reverts with the call's own error if it fails.
    function execute(ForwardRequest calldata request, bytes calldata signature) external returns (bytes memory);

    /// @notice Carries out many; a bad one is skipped and logged.
    /// @return done how many calls succeeded
    function executeBatch(
        ForwardRequest[] calldata requests,
        bytes[] calldata signatures
    ) external returns (uint256 done);

    /// @notice Makes one of the caller's nonces unusable. A member without gas signs a harmless request with the same
    /// nonce instead: whichever is carried out first voids the other.
    function cancel(uint256 nonce) external;

    function isNonceUsed(address from, uint256 nonce) external view returns (bool);

    /// @notice Whether a request would be accepted now (its call may still revert).
    function verify(ForwardRequest calldata request, bytes calldata signature) external view returns (bool);
}
