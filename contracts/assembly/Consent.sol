// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IMembership} from "../membership/IMembership.sol";
import {Descriptions} from "./Descriptions.sol";
import {IAssembly} from "./IAssembly.sol";
import {IConsent} from "./IConsent.sol";
import {IDocket} from "./IDocket.sol";

/// @title Consent
contract Consent is IConsent, Module {
    uint256 private constant BPS = 10_000;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IAssembly private immutable _assembly;
    IDocket private immutable _docket;

    /// @dev An allowance for every first argument is kept under key 0, which it cannot share with a keyed one.
    mapping(address target => mapping(bytes4 selector => mapping(bytes32 key => Allowance))) private _allowances;
    mapping(uint256 proposalId => ConsentProposal) private _proposals;
    mapping(uint256 proposalId => mapping(uint32 memberId => Response)) private _responses;
    mapping(uint32 memberId => uint256 proposalId) private _lastProposal;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IAssembly assembly_,
        IDocket docket
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _assembly = assembly_;
        _docket = docket;
    }

    // ------------------------------------------------------------------ the list

    /// @inheritdoc IConsent
    function setAllowance(
        address target,
        bytes4 selector,
        bytes32 key,
        Allowance calldata allowance
    ) external restricted {
        if (!allowance.keyed && key != 0) revert ConsentNeedlessKey(key);
        _allowances[target][selector][key] = allowance;
        emit AllowanceSet(target, selector, key, allowance);
    }

    /// @inheritdoc IConsent
    function allowanceFor(
        address target,
        bytes4 selector,
        bytes32 firstArgument
    ) public view returns (Allowance memory allowance) {
        mapping(bytes32 => Allowance) storage byKey = _allowances[target][selector];
        allowance = byKey[firstArgument];
        if (allowance.allowed && allowance.keyed) return allowance;
        allowance = byKey[0];
        if (allowance.keyed) delete allowance;
    }

    /// @dev Amounts under one allowance add up, over however many calls they are spread. Actions are few: their number has
    /// a ceiling.
    function _requireAllowed(address[] calldata targets, bytes[] calldata calldatas) private view {
        bytes32[] memory lines = new bytes32[](targets.length);
        uint256[] memory amounts = new uint256[](targets.length);
        for (uint256 i; i < targets.length; ++i) {
            bytes4 selector = bytes4(calldatas[i]);
            bytes32 first = calldatas[i].length < 36 ? bytes32(0) : bytes32(calldatas[i][4:36]);
            Allowance memory allowance = allowanceFor(targets[i], selector, first);
            if (!allowance.allowed) revert ConsentNotAllowed(targets[i], selector);
            if (allowance.keyed) _requireLength(targets[i], calldatas[i], 36);
            if (allowance.argument == 0) continue;

            lines[i] = keccak256(abi.encode(targets[i], selector, allowance.keyed ? first : bytes32(0)));
            amounts[i] = _amountIn(targets[i], calldatas[i], allowance.argument);
            uint256 total;
            for (uint256 j; j <= i; ++j) {
                if (lines[j] == lines[i]) total = Math.saturatingAdd(total, amounts[j]);
            }
            if (total > allowance.cap) revert ConsentOverCap(targets[i], selector, total, allowance.cap);
        }
    }

    function _amountIn(address target, bytes calldata data, uint256 argument) private pure returns (uint256) {
        uint256 end = 4 + argument * 32;
        _requireLength(target, data, end);
        return uint256(bytes32(data[end - 32:end]));
    }

    function _requireLength(address target, bytes calldata data, uint256 needed) private pure {
        if (data.length < needed) revert ConsentShortCall(target, data.length, needed);
    }

    // ------------------------------------------------------------------ opening

    /// @inheritdoc IConsent
    function open(
        address[] calldata targets,
        bytes[] calldata calldatas,
        string calldata description
    ) external returns (uint256 proposalId) {
        uint32 opener = _membership.requireActive(_msgSender());
        uint256 live = liveProposalOf(opener);
        if (live != 0) revert ConsentLiveProposal(opener, live);
        if (!Descriptions.namesProposer(description, address(this))) revert ConsentDescriptionSuffix(address(this));
        proposalId = _idOf(targets, calldatas, keccak256(bytes(description)));
        ConsentProposal storage p = _proposals[proposalId];
        if (p.end != 0) revert ConsentAlreadyOpened(proposalId);
        bytes32 pin = _classified(proposalId, targets, calldatas);

        p.topic = _docket.keepSponsorship(proposalId);
        p.opener = opener;
        p.pin = pin;
        _freeze(p);
        _lastProposal[opener] = proposalId;
        emit ConsentOpened(proposalId, opener, p.topic, targets, calldatas, description, p);
    }

    /// @dev Parameters have 32 bits, times 48; heads are counted in 32.
    function _freeze(ConsentProposal storage p) private {
        uint256 numbers = _constitution.word(Parameters.CONSENT);
        uint48 electorateAt = uint48(block.timestamp) - 1;
        uint256 base = _membership.quorumBase(electorateAt);
        uint256 active = _membership.activeCountAt(electorateAt);
        uint256 floor = Parameters.at(_constitution.word(Parameters.ASSEMBLY), Parameters.QUORUM_FLOOR);
        uint256 share = Math.ceilDiv(base * Parameters.at(numbers, Parameters.CONSENT_ACK_BPS), BPS);
        uint256 blockShare = Math.ceilDiv(active * Parameters.at(numbers, Parameters.CONSENT_BLOCK_BPS), BPS);
        p.electorateAt = electorateAt;
        p.end = uint48(block.timestamp + Parameters.at(numbers, Parameters.CONSENT_WINDOW));
        p.expiry = uint48(p.end + Parameters.at(numbers, Parameters.CONSENT_EXPIRY));
        p.needed = uint32(Math.max(Math.max(share, Math.min(floor, base)), 1));
        p.limit = uint32(Math.max(Parameters.at(numbers, Parameters.CONSENT_BLOCKS), blockShare));
    }

    /// @dev Everything that must hold of the actions, when it opens and again when it is carried out. What cannot be opened
    /// as an ordinary proposal passes by consent even less.
    function _classified(
        uint256 proposalId,
        address[] calldata targets,
        bytes[] calldata calldatas
    ) private view returns (bytes32 pin) {
        IConstitution.RuleKind kind;
        (kind, , , pin) = _constitution.classify(targets, new uint256[](targets.length), calldatas);
        _requireAllowed(targets, calldatas);
        if (kind != IConstitution.RuleKind.Ordinary) revert ConsentNotOrdinary(proposalId);
    }

    // ------------------------------------------------------------------ responses

    /// @inheritdoc IConsent
    function respond(uint256 proposalId, Response response, bytes32 reason) external {
        address account = _msgSender();
        ConsentProposal storage p = _in(proposalId, ConsentState.Open);
        uint32 memberId = _membership.voterOf(account, p.electorateAt);
        if (memberId == 0) revert ConsentNotInElectorate(proposalId, account);
        Response previous = _responses[proposalId][memberId];
        if (response == Response.None || response == previous) {
            revert ConsentSameResponse(proposalId, memberId, response);
        }
        if (response != Response.Acknowledge && reason == 0) revert ConsentReasonNeeded(response);

        _responses[proposalId][memberId] = response;
        if (response == Response.Acknowledge) ++p.acknowledged;
        else if (response == Response.Block) ++p.blocks;
        else ++p.stoodAside;
        if (previous == Response.Acknowledge) --p.acknowledged;
        else if (previous == Response.Block) --p.blocks;
        else if (previous == Response.StandAside) --p.stoodAside;
        emit Responded(proposalId, memberId, response, previous, reason);
    }

    // ------------------------------------------------------------------ outcome

    /// @inheritdoc IConsent
    function execute(address[] calldata targets, bytes[] calldata calldatas, bytes32 descriptionHash) external {
        uint256 proposalId = _idOf(targets, calldatas, descriptionHash);
        ConsentProposal storage p = _in(proposalId, ConsentState.Passed);
        bytes32 found = _classified(proposalId, targets, calldatas);
        if (found != p.pin) revert ConsentCodeChanged(proposalId, p.pin, found);

        p.executed = true;
        emit ConsentExecuted(proposalId);
        for (uint256 i; i < targets.length; ++i) {
            (bool success, bytes memory reason) = targets[i].call(calldatas[i]);
            if (!success) revert ConsentCallFailed(i, reason);
        }
    }

    /// @inheritdoc IConsent
    function escalate(address[] calldata targets, bytes[] calldata calldatas, string calldata description) external {
        uint256 proposalId = _idOf(targets, calldatas, keccak256(bytes(description)));
        ConsentProposal storage p = _in(proposalId, ConsentState.Blocked);

        p.escalated = true;
        emit ConsentEscalated(proposalId);
        _assembly.openFor(targets, new uint256[](targets.length), calldatas, description);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IConsent
    function consentProposal(uint256 proposalId) external view returns (ConsentProposal memory) {
        return _proposals[proposalId];
    }

    /// @inheritdoc IConsent
    function state(uint256 proposalId) public view returns (ConsentState) {
        ConsentProposal storage p = _proposals[proposalId];
        if (p.end == 0) return ConsentState.Unknown;
        if (p.executed) return ConsentState.Executed;
        if (p.escalated) return ConsentState.Escalated;
        if (block.timestamp <= p.end) return ConsentState.Open;
        bool blocked = p.blocks >= p.limit;
        if (!blocked && p.acknowledged < p.needed) return ConsentState.Lapsed;
        if (block.timestamp > p.expiry) return ConsentState.Expired;
        return blocked ? ConsentState.Blocked : ConsentState.Passed;
    }

    /// @inheritdoc IConsent
    function responseOf(uint256 proposalId, uint32 memberId) external view returns (Response) {
        return _responses[proposalId][memberId];
    }

    /// @inheritdoc IConsent
    function liveProposalOf(uint32 memberId) public view returns (uint256 proposalId) {
        proposalId = _lastProposal[memberId];
        ConsentState current = state(proposalId);
        if (current != ConsentState.Open && current != ConsentState.Passed) return 0;
    }

    function _idOf(
        address[] calldata targets,
        bytes[] calldata calldatas,
        bytes32 descriptionHash
    ) private view returns (uint256) {
        uint256[] memory values = new uint256[](targets.length);
        return IGovernor(address(_assembly)).getProposalId(targets, values, calldatas, descriptionHash);
    }

    function _in(uint256 proposalId, ConsentState required) private view returns (ConsentProposal storage p) {
        p = _proposals[proposalId];
        ConsentState current = state(proposalId);
        if (current != required) revert ConsentWrongState(proposalId, current, required);
    }
}
