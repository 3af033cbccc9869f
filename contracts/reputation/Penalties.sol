// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {IPenalties} from "./IPenalties.sol";
import {IReputation, Reason} from "./IReputation.sol";

/// @title Penalties
/// @dev What a penalty needs to be carried out is checked when it is imposed: a member once admitted has a record for
/// ever, and no topic is ever removed.
contract Penalties is IPenalties, Module {
    IMembership private immutable _membership;
    IConstitution private immutable _constitution;
    IReputation private immutable _reputation;

    /// @inheritdoc IPenalties
    uint32 public penaltyCount;

    mapping(uint32 penaltyId => Penalty) private _penalties;

    constructor(
        address powers,
        address forwarder,
        IMembership membership,
        IConstitution constitution,
        IReputation reputation
    ) Module(powers, forwarder) {
        _membership = membership;
        _constitution = constitution;
        _reputation = reputation;
    }

    /// @inheritdoc IPenalties
    function impose(
        uint32 memberId,
        uint16 topic,
        uint64 amount,
        Reason reason,
        bytes32 evidence
    ) external restricted returns (uint32 penaltyId) {
        if (_membership.statusOf(memberId) == Status.None) revert PenaltiesUnknownMember(memberId);
        if (!_constitution.topicExists(topic)) revert PenaltiesUnknownTopic(topic);
        if (amount == 0) revert PenaltiesZeroAmount();
        if (evidence == 0) revert PenaltiesEmptyEvidence();

        penaltyId = ++penaltyCount;
        Penalty storage p = _penalties[penaltyId];
        p.memberId = memberId;
        p.topic = topic;
        p.amount = amount;
        p.reason = reason;
        p.state = PenaltyState.Pending;
        // A parameter has 32 bits.
        p.dueAt = uint48(block.timestamp + _parameter(Parameters.PENALTY_WINDOW));
        p.evidence = evidence;
        p.source = msg.sender;
        emit PenaltyImposed(penaltyId, memberId, topic, p);
    }

    /// @inheritdoc IPenalties
    function appeal(uint32 penaltyId, bytes32 grounds) external {
        Penalty storage p = _pending(penaltyId);
        address account = _msgSender();
        uint32 memberId = p.memberId;
        if (_membership.memberIdOf(account) != memberId) revert PenaltiesNotTheirs(penaltyId, account);
        if (grounds == 0) revert PenaltiesEmptyGrounds();
        if (p.appealed) revert PenaltiesAppealedTwice(penaltyId);
        uint48 dueAt = p.dueAt;
        if (block.timestamp >= dueAt) revert PenaltiesAppealTooLate(penaltyId, dueAt);

        // A parameter has 32 bits.
        dueAt += uint48(_parameter(Parameters.PENALTY_APPEAL));
        p.appealed = true;
        p.dueAt = dueAt;
        emit PenaltyAppealed(penaltyId, memberId, grounds, dueAt);
    }

    /// @inheritdoc IPenalties
    function strike(uint32 penaltyId, bytes32 reason) external restricted {
        Penalty storage p = _pending(penaltyId);
        if (reason == 0) revert PenaltiesEmptyReason();
        p.state = PenaltyState.Struck;
        emit PenaltyStruck(penaltyId, reason);
    }

    /// @inheritdoc IPenalties
    function carryOut(uint32 penaltyId) external returns (uint64 taken) {
        Penalty memory p = _pending(penaltyId);
        if (block.timestamp < p.dueAt) revert PenaltiesTooEarly(penaltyId, p.dueAt);

        _penalties[penaltyId].state = PenaltyState.Carried;
        taken = _reputation.penalise(p.memberId, p.topic, p.amount, p.reason, p.evidence);
        emit PenaltyCarried(penaltyId, p.memberId, taken);
    }

    /// @inheritdoc IPenalties
    function penalty(uint32 penaltyId) external view returns (Penalty memory p) {
        p = _penalties[penaltyId];
        if (p.state == PenaltyState.Unknown) revert PenaltiesUnknown(penaltyId);
    }

    function _pending(uint32 penaltyId) private view returns (Penalty storage p) {
        p = _penalties[penaltyId];
        PenaltyState state = p.state;
        if (state == PenaltyState.Unknown) revert PenaltiesUnknown(penaltyId);
        if (state != PenaltyState.Pending) revert PenaltiesWrongState(penaltyId, state);
    }

    function _parameter(uint256 field) private view returns (uint256) {
        return Parameters.at(_constitution.word(Parameters.REVIEW), field);
    }
}
