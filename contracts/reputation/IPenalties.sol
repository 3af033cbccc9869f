// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Reason} from "./IReputation.sol";

/// @title Penalties: what is to be lost, and waits
/// @notice A penalty that a module imposes by itself (for not answering as a reviewer or panelist) shows at once and counts
/// only after `penalty.window`. In that time the member can appeal, once, which lets it wait for `penalty.appeal` more: time
/// for a decision to strike it. What a panel decides waits by itself, see `ICasePanels`.
interface IPenalties {
    enum PenaltyState {
        Unknown,
        Pending,
        Carried,
        Struck
    }

    /// @param amount micro-points
    /// @param evidence what it is for, as `IReputation` records it
    /// @param source the module that imposed it
    /// @param dueAt from when it can be carried out, Unix seconds
    struct Penalty {
        uint32 memberId;
        uint16 topic;
        uint64 amount;
        Reason reason;
        PenaltyState state;
        bool appealed;
        uint48 dueAt;
        bytes32 evidence;
        address source;
    }

    error PenaltiesUnknown(uint32 penaltyId);
    error PenaltiesUnknownMember(uint32 memberId);
    error PenaltiesUnknownTopic(uint16 topic);
    error PenaltiesZeroAmount();
    error PenaltiesEmptyEvidence();
    error PenaltiesEmptyGrounds();
    error PenaltiesEmptyReason();
    error PenaltiesWrongState(uint32 penaltyId, PenaltyState state);
    error PenaltiesNotTheirs(uint32 penaltyId, address account);
    error PenaltiesAppealedTwice(uint32 penaltyId);
    error PenaltiesAppealTooLate(uint32 penaltyId, uint48 dueAt);
    error PenaltiesTooEarly(uint32 penaltyId, uint48 dueAt);

    event PenaltyImposed(uint32 indexed penaltyId, uint32 indexed memberId, uint16 indexed topic, Penalty penalty);
    event PenaltyAppealed(uint32 indexed penaltyId, uint32 indexed memberId, bytes32 grounds, uint48 dueAt);
    event PenaltyStruck(uint32 indexed penaltyId, bytes32 reason);
    /// @param taken micro-points, never more than the score
    event PenaltyCarried(uint32 indexed penaltyId, uint32 indexed memberId, uint64 taken);

    /// @notice Records a penalty. Restricted (reviews, panels).
    function impose(
        uint32 memberId,
        uint16 topic,
        uint64 amount,
        Reason reason,
        bytes32 evidence
    ) external returns (uint32 penaltyId);

    /// @notice Asks for it to be struck. Whose it is, before it is due, once, also after leaving.
    /// @param grounds keccak256 of the UTF-8 text that says why
    function appeal(uint32 penaltyId, bytes32 grounds) external;

    /// @notice Strikes a pending penalty. Restricted (ordinary). `reason` is keccak256 of the UTF-8 text that says why.
    function strike(uint32 penaltyId, bytes32 reason) external;

    /// @notice Carries out a penalty that is due. Anyone.
    function carryOut(uint32 penaltyId) external returns (uint64 taken);

    function penaltyCount() external view returns (uint32);
    function penalty(uint32 penaltyId) external view returns (Penalty memory);
}
