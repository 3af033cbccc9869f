// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Founding: the deployer's one task, with every founder's signature
/// @notice The founders sign, by EIP-712, the hash of the constitution and of the list of all founders:
/// `Founding(bytes32 constitutionHash,bytes32 foundersHash)`. The deployer renounces its powers, hands in the signatures
/// in pages, and constitutes, which works only if the constitution is the one that was signed and nobody else is a
/// member. Nothing in the commune works before that.
interface IFounding {
    error FoundingOnlyDeployer(address caller, address deployer);
    error FoundingTooFewFounders(uint256 given, uint256 required);
    error FoundingTooManyFounders(uint256 given, uint256 announced);
    error FoundingBadSignature(address founder);
    error FoundingHashMismatch(bytes32 given, bytes32 expected);
    error FoundingIncomplete(uint256 admitted, uint256 announced);
    error FoundingLengthMismatch(uint256 founders, uint256 signatures);
    error FoundingDeployerStillHoldsPower(address deployer, uint64 role);
    error FoundingAlreadyAnnounced(bytes32 foundersHash);
    error FoundingNotAnnounced();
    error FoundingUnsignedMembers(uint256 members, uint256 signed);
    error FoundingConstitutionChanged(bytes32 found, bytes32 signed);

    event FoundersAnnounced(bytes32 indexed foundersHash, uint32 count);
    event FounderSigned(uint32 indexed memberId, address indexed founder);

    /// @notice Fixes with whom, and under which constitution, the founders found the commune.
    /// @param foundersHash keccak256 chain over the addresses in order: h = keccak256(abi.encode(h, address)), from 0
    /// @param count how many, at least 3
    function announce(bytes32 foundersHash, uint32 count) external;

    /// @notice Admits the next founders in order, each with their signature. Deployer only, in pages, and never more
    /// than announced: with the last of them this door is closed for ever. The deployer has renounced its powers before.
    function found(address[] calldata founders, bytes[] calldata signatures) external;

    /// @notice Starts the commune: every announced founder, and nobody else, has signed what the constitution is now.
    /// Deployer only.
    function constitute() external;

    /// @notice What a founder signs.
    function foundingDigest() external view returns (bytes32);

    function deployer() external view returns (address);
}
