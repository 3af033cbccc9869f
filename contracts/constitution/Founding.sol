// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IMembership} from "../membership/IMembership.sol";
import {Signatures} from "../forwarder/Signatures.sol";
import {IConstitution} from "./IConstitution.sol";
import {IFounding} from "./IFounding.sol";
import {Parameters} from "./Parameters.sol";
import {Roles} from "./Roles.sol";

/// @title Founding
contract Founding is IFounding, EIP712 {
    uint32 private constant MIN_FOUNDERS = 3;
    bytes32 private constant FOUNDING_TYPEHASH = keccak256("Founding(bytes32 constitutionHash,bytes32 foundersHash)");

    /// @inheritdoc IFounding
    address public immutable deployer;
    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IAccessManager private immutable _powers;

    /// @dev What the founders sign. Frozen when they are announced: what changes later cannot be constituted.
    bytes32 private _constitutionHash;
    bytes32 private _foundersHash;
    /// @dev The chain over those admitted so far; equals `_foundersHash` when all are.
    bytes32 private _admittedHash;
    uint32 private _announced;
    uint32 private _admitted;

    modifier onlyDeployer() {
        if (msg.sender != deployer) revert FoundingOnlyDeployer(msg.sender, deployer);
        _;
    }

    constructor(
        IConstitution constitution,
        IMembership membership,
        IAccessManager powers
    ) EIP712("Dual Power Founding", "1") {
        deployer = msg.sender;
        _constitution = constitution;
        _membership = membership;
        _powers = powers;
    }

    /// @inheritdoc IFounding
    function announce(bytes32 foundersHash, uint32 count) external onlyDeployer {
        if (_announced != 0) revert FoundingAlreadyAnnounced(_foundersHash);
        if (count < MIN_FOUNDERS) revert FoundingTooFewFounders(count, MIN_FOUNDERS);
        _constitutionHash = _constitution.constitutionHash();
        _foundersHash = foundersHash;
        _announced = count;
        emit FoundersAnnounced(foundersHash, count);
    }

    /// @inheritdoc IFounding
    function found(address[] calldata founders, bytes[] calldata signatures) external onlyDeployer {
        if (founders.length != signatures.length) revert FoundingLengthMismatch(founders.length, signatures.length);
        uint256 total = _admitted + founders.length;
        if (total > _announced) revert FoundingTooManyFounders(total, _announced);
        _requireRenounced();
        bytes32 digest = foundingDigest();
        uint256 gasCap = Parameters.at(_constitution.word(Parameters.ASSEMBLY), Parameters.SIGNATURE_GAS);
        for (uint256 i; i < founders.length; ++i) {
            address founder = founders[i];
            if (!Signatures.isValid(founder, digest, signatures[i], gasCap)) revert FoundingBadSignature(founder);
            _admittedHash = keccak256(abi.encode(_admittedHash, founder));
            ++_admitted;
            emit FounderSigned(_membership.admitFounder(founder), founder);
        }
    }

    /// @inheritdoc IFounding
    function constitute() external onlyDeployer {
        if (_announced == 0) revert FoundingNotAnnounced();
        if (_admitted != _announced) revert FoundingIncomplete(_admitted, _announced);
        if (_admittedHash != _foundersHash) revert FoundingHashMismatch(_admittedHash, _foundersHash);
        // Whoever else came in, by powers held before, signed nothing.
        uint256 members = _membership.memberCount();
        if (members != _admitted) revert FoundingUnsignedMembers(members, _admitted);
        bytes32 found_ = _constitution.constitutionHash();
        if (found_ != _constitutionHash) revert FoundingConstitutionChanged(found_, _constitutionHash);
        _constitution.constitute(_admitted);
    }

    /// @inheritdoc IFounding
    function foundingDigest() public view returns (bytes32) {
        if (_announced == 0) revert FoundingNotAnnounced();
        return _hashTypedDataV4(keccak256(abi.encode(FOUNDING_TYPEHASH, _constitutionHash, _foundersHash)));
    }

    /// @dev Before the first founder is in, so that nothing the deployer could do touches a member or what they signed.
    function _requireRenounced() private view {
        for (uint64 role = Roles.ADMIN; role <= Roles.LAST; ++role) {
            (bool held, ) = _powers.hasRole(role, deployer);
            if (held) revert FoundingDeployerStillHoldsPower(deployer, role);
        }
    }
}
