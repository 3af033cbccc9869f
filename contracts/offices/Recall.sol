// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAssembly} from "../assembly/IAssembly.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IOffices} from "./IOffices.sol";
import {IRecall} from "./IRecall.sol";

/// @title Recall
/// @dev What became of a vote is asked of the assembly, so that nothing has to be reported back. One petition on a holder
/// runs at a time, until its vote can no longer be carried out: whatever vote is carried out belongs to the last one.
contract Recall is IRecall, ERC2771Context {
    uint256 private constant BPS = 10_000;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IAssembly private immutable _assembly;
    IOffices private immutable _offices;

    /// @inheritdoc IRecall
    uint32 public petitionCount;

    mapping(uint32 petitionId => Petition) private _petitions;
    mapping(uint32 petitionId => mapping(uint32 memberId => bool)) private _signed;
    mapping(uint32 officeId => mapping(uint32 memberId => uint32 petitionId)) private _last;

    constructor(
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IAssembly assembly_,
        IOffices offices
    ) ERC2771Context(forwarder) {
        _constitution = constitution;
        _membership = membership;
        _assembly = assembly_;
        _offices = offices;
    }

    // ------------------------------------------------------------------ petitions

    /// @inheritdoc IRecall
    function petition(uint32 officeId, uint32 memberId, bytes32 grounds) external returns (uint32 petitionId) {
        address account = _msgSender();
        uint32 petitioner = _membership.requireFull(account);
        if (grounds == 0) revert RecallEmptyGrounds();
        _requireHolds(officeId, memberId);
        uint32 last = _last[officeId][memberId];
        if (_isRunning(_petitions[last])) revert RecallRunning(officeId, memberId, last);
        uint48 until = coolingUntil(officeId, memberId);
        if (block.timestamp < until) revert RecallCoolingDown(officeId, memberId, until);

        petitionId = ++petitionCount;
        _last[officeId][memberId] = petitionId;
        Petition storage p = _petitions[petitionId];
        p.officeId = officeId;
        p.memberId = memberId;
        p.grounds = grounds;
        _freeze(p);
        emit PetitionOpened(petitionId, officeId, memberId, petitioner, grounds, p);
        _sign(petitionId, petitioner, account);
    }

    function _freeze(Petition storage p) private {
        uint256 numbers = _constitution.word(Parameters.OFFICES);
        uint48 electorateAt = uint48(block.timestamp) - 1;
        uint256 active = _membership.activeCountAt(electorateAt);
        uint256 majority = active / 2 + 1;
        uint256 share = Math.ceilDiv(active * Parameters.at(numbers, Parameters.RECALL_PETITION_BPS), BPS);
        uint256 needed = Math.max(share, Parameters.at(numbers, Parameters.RECALL_PETITION));
        p.electorateAt = electorateAt;
        // Parameters have 32 bits; members are counted in 32 bits.
        p.expiry = uint48(block.timestamp + Parameters.at(numbers, Parameters.RECALL_EXPIRY));
        p.needed = uint32(Math.min(needed, majority));
        p.immediate = uint32(majority);
    }

    /// @inheritdoc IRecall
    function sign(uint32 petitionId) external {
        address account = _msgSender();
        uint32 memberId = _membership.requireFull(account);
        PetitionState current = _stateOf(_known(petitionId));
        if (current != PetitionState.Open && current != PetitionState.Voting) {
            revert RecallWrongState(petitionId, current);
        }
        if (_signed[petitionId][memberId]) revert RecallSignedTwice(petitionId, memberId);
        _sign(petitionId, memberId, account);
    }

    function _sign(uint32 petitionId, uint32 memberId, address account) private {
        Petition storage p = _petitions[petitionId];
        if (_membership.voterOf(account, p.electorateAt) == 0) revert RecallNotInElectorate(petitionId, memberId);

        _signed[petitionId][memberId] = true;
        uint32 signatures = ++p.signatures;
        emit PetitionSigned(petitionId, memberId, signatures);
        if (signatures >= p.immediate) {
            p.recalled = true;
            emit RecalledByPetition(petitionId);
            _offices.recall(p.officeId, p.memberId);
        } else if (p.proposalId == 0 && signatures >= p.needed) {
            _openVote(petitionId, p);
        }
    }

    function _openVote(uint32 petitionId, Petition storage p) private {
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calldatas = new bytes[](1);
        targets[0] = address(_offices);
        calldatas[0] = abi.encodeCall(IOffices.recall, (p.officeId, p.memberId));
        string memory what = string.concat(
            "Recall of member ",
            Strings.toString(p.memberId),
            " from office ",
            Strings.toString(p.officeId),
            ": text:",
            Strings.toHexString(uint256(p.grounds), 32)
        );
        string memory description = string.concat(
            what,
            "#nonce=",
            Strings.toString(petitionId),
            "#proposer=",
            Strings.toHexString(address(this))
        );
        // The id is known before the call out, so that a re-entered call finds the vote open.
        uint256 proposalId = IGovernor(address(_assembly)).getProposalId(
            targets,
            values,
            calldatas,
            keccak256(bytes(description))
        );
        p.proposalId = proposalId;
        emit RecallVoteOpened(petitionId, proposalId);
        _assembly.openFor(targets, values, calldatas, description);
    }

    /// @dev A member's tenures in an office are in the order of time: the last one ends last.
    function _requireHolds(uint32 officeId, uint32 memberId) private view {
        uint32 tenureId = _offices.lastTenureOf(officeId, memberId);
        if (tenureId == 0 || _offices.tenure(tenureId).until <= block.timestamp) {
            revert RecallNotHolder(officeId, memberId);
        }
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IRecall
    function petitionOf(uint32 petitionId) external view returns (Petition memory) {
        return _known(petitionId);
    }

    /// @inheritdoc IRecall
    function state(uint32 petitionId) external view returns (PetitionState) {
        return _stateOf(_petitions[petitionId]);
    }

    /// @inheritdoc IRecall
    function hasSigned(uint32 petitionId, uint32 memberId) external view returns (bool) {
        return _signed[petitionId][memberId];
    }

    /// @inheritdoc IRecall
    function isFrozen(uint32 officeId, uint32 memberId) external view returns (bool) {
        Petition storage p = _petitions[_last[officeId][memberId]];
        return _stateOf(p) == PetitionState.Voting;
    }

    /// @inheritdoc IRecall
    function recalledByPetition(uint32 officeId, uint32 memberId) external view returns (bool) {
        return _petitions[_last[officeId][memberId]].recalled;
    }

    /// @inheritdoc IRecall
    function coolingUntil(uint32 officeId, uint32 memberId) public view returns (uint48) {
        Petition storage p = _petitions[_last[officeId][memberId]];
        if (_stateOf(p) != PetitionState.Failed) return 0;
        uint256 cooldown = Parameters.at(_constitution.word(Parameters.OFFICES), Parameters.RECALL_COOLDOWN);
        // A parameter has 32 bits, a vote's end is in the past.
        return uint48(IGovernor(address(_assembly)).proposalDeadline(p.proposalId) + cooldown);
    }

    function _known(uint32 petitionId) private view returns (Petition storage p) {
        p = _petitions[petitionId];
        if (p.officeId == 0) revert RecallUnknownPetition(petitionId);
    }

    function _stateOf(Petition storage p) private view returns (PetitionState) {
        if (p.officeId == 0) return PetitionState.Unknown;
        if (p.recalled) return PetitionState.Recalled;
        if (p.proposalId == 0) return block.timestamp <= p.expiry ? PetitionState.Open : PetitionState.Lapsed;
        if (_isVoteLive(p)) return PetitionState.Voting;
        IGovernor.ProposalState vote = _voteOf(p);
        if (vote == IGovernor.ProposalState.Executed) return PetitionState.Recalled;
        return vote == IGovernor.ProposalState.Expired ? PetitionState.Lapsed : PetitionState.Failed;
    }

    /// @dev A vote that the petition itself made needless still has to end, or to be carried out, which does nothing.
    function _isRunning(Petition storage p) private view returns (bool) {
        return _stateOf(p) == PetitionState.Open || _isVoteLive(p);
    }

    /// @dev Whether the vote runs, or passed and may still be carried out.
    function _isVoteLive(Petition storage p) private view returns (bool) {
        if (p.proposalId == 0) return false;
        IGovernor.ProposalState vote = _voteOf(p);
        return
            vote == IGovernor.ProposalState.Pending ||
            vote == IGovernor.ProposalState.Active ||
            vote == IGovernor.ProposalState.Succeeded;
    }

    function _voteOf(Petition storage p) private view returns (IGovernor.ProposalState) {
        return IGovernor(address(_assembly)).state(p.proposalId);
    }
}
