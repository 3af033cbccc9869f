// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IVoiceCredits} from "../credits/IVoiceCredits.sol";
import {Signatures} from "../forwarder/Signatures.sol";
import {IAdmission} from "./IAdmission.sol";
import {IMembership, IMembershipObserver, Status} from "./IMembership.sol";
import {IPresence} from "./IPresence.sol";

/// @title Presence
contract Presence is IPresence, IMembershipObserver, Module, EIP712 {
    /// @dev One slot.
    /// @param sign the last check-in or waking, Unix seconds
    /// @param noticeAt when the last notice was given, Unix seconds; it may have lapsed
    struct Record {
        uint48 sign;
        uint48 noticeAt;
        uint32 checkIns;
        uint32 lastAttester;
    }

    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(uint32 memberId,uint32 attester,uint32 checkIn,uint48 deadline)"
    );
    /// @dev How far ahead the deadline of an attestation may be: it says that someone lives now, not next year.
    uint48 private constant ATTESTATION_LIFETIME = 30 days;
    /// @dev How long after a season's start its ballots can be cast: seasons have at most 210 days, and a vote opened
    /// on the last of them ends within 24 (the ceilings of `season.length`, and of a rule's times).
    uint48 private constant BALLOT_DAYS = 255 days;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IVoiceCredits private immutable _credits;
    IAdmission private immutable _admission;

    mapping(uint32 memberId => Record) private _records;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IVoiceCredits credits,
        IAdmission admission
    ) Module(powers, forwarder) EIP712("Dual Power Presence", "1") {
        _constitution = constitution;
        _membership = membership;
        _credits = credits;
        _admission = admission;
    }

    // ------------------------------------------------------------------ signs and their absence

    /// @inheritdoc IPresence
    function checkIn(uint32 attester, uint48 deadline, bytes calldata attestation) external {
        uint32 memberId = _membership.memberIdOf(_msgSender());
        Status status = _membership.statusOf(memberId);
        if (status != Status.Active && status != Status.Dormant) revert PresenceNotMember(memberId);
        Record storage record = _records[memberId];
        uint32 number = record.checkIns;
        _requireEligible(memberId, status, attester, record.lastAttester);
        _requireAttested(memberId, attester, number, deadline, attestation);

        record.sign = uint48(block.timestamp);
        record.checkIns = number + 1;
        record.lastAttester = attester;
        emit CheckedIn(memberId, attester, number, status == Status.Dormant);

        if (status == Status.Dormant) _membership.wake(memberId);
    }

    /// @inheritdoc IPresence
    function giveNotice(uint32 memberId) external {
        uint256 limits = _constitution.word(Parameters.MEMBERSHIP);
        uint48 running = _requireAbsent(memberId, limits);
        if (running != 0) revert PresenceNoticeAlreadyGiven(memberId, running);
        _records[memberId].noticeAt = uint48(block.timestamp);
        emit NoticeGiven(memberId, _dormantFrom(uint48(block.timestamp), limits));
    }

    /// @inheritdoc IPresence
    function markDormant(uint32 memberId) external {
        uint256 limits = _constitution.word(Parameters.MEMBERSHIP);
        uint48 running = _requireAbsent(memberId, limits);
        if (running == 0) revert PresenceWithoutNotice(memberId);
        uint48 dormantFrom = _dormantFrom(running, limits);
        if (block.timestamp < dormantFrom) revert PresenceNoticeRunning(memberId, dormantFrom);
        _records[memberId].noticeAt = 0;
        emit MarkedDormant(memberId);
        _membership.setDormant(memberId);
    }

    // ------------------------------------------------------------------ the registry

    /// @inheritdoc IMembershipObserver
    /// @notice Waking is a sign of life, whichever module brings it about.
    function onStatusChange(uint32 memberId, Status from, Status to) external {
        if (msg.sender != address(_membership)) revert PresenceOnlyRegistry(msg.sender);
        if (from == Status.Dormant && to == Status.Active) _records[memberId].sign = uint48(block.timestamp);
    }

    /// @inheritdoc IMembershipObserver
    /// @dev Signs of life hang on the memberId, and moving an account is none: others do it.
    function onAccountMoved(uint32, address, address) external view {
        if (msg.sender != address(_membership)) revert PresenceOnlyRegistry(msg.sender);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IPresence
    /// @dev Ballots older than the check-in period are not looked for.
    function lastSign(uint32 memberId) external view returns (uint48) {
        return _lastSign(memberId, _period(_constitution.word(Parameters.MEMBERSHIP)));
    }

    /// @inheritdoc IPresence
    function noticeAt(uint32 memberId) external view returns (uint48) {
        uint48 period = _period(_constitution.word(Parameters.MEMBERSHIP));
        return _runningNotice(memberId, _lastSign(memberId, period), period);
    }

    /// @inheritdoc IPresence
    function checkInCount(uint32 memberId) external view returns (uint32) {
        return _records[memberId].checkIns;
    }

    /// @inheritdoc IPresence
    function lastAttester(uint32 memberId) external view returns (uint32) {
        return _records[memberId].lastAttester;
    }

    // ------------------------------------------------------------------ attestations

    function _requireAttested(
        uint32 memberId,
        uint32 attester,
        uint32 number,
        uint48 deadline,
        bytes calldata attestation
    ) private view {
        if (block.timestamp > deadline) revert PresenceAttestationExpired(deadline);
        uint48 latest = uint48(block.timestamp) + ATTESTATION_LIFETIME;
        if (deadline > latest) revert PresenceAttestationTooLong(deadline, latest);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(ATTESTATION_TYPEHASH, memberId, attester, number, deadline))
        );
        uint256 gasCap = Parameters.at(_constitution.word(Parameters.ASSEMBLY), Parameters.SIGNATURE_GAS);
        if (!Signatures.isValid(_membership.accountOf(attester), digest, attestation, gasCap)) {
            revert PresenceBadAttestation(memberId, attester);
        }
    }

    /// @dev Where too few members are awake, dormant ones out of probation may wake each other, or a commune that slept
    /// for a year would never wake.
    function _requireEligible(uint32 memberId, Status status, uint32 attester, uint32 previous) private view {
        if (attester == memberId) revert PresenceAttestedBySelf(memberId);
        uint256 active = _membership.activeCount();
        if (!_membership.isFull(attester)) {
            uint256 wakeBelow = Parameters.at(_constitution.word(Parameters.RECOVERY), Parameters.WAKE_BELOW);
            bool mayWake =
                active < wakeBelow &&
                    _membership.statusOf(attester) == Status.Dormant &&
                    block.timestamp >= _membership.probationUntil(attester);
            if (!mayWake) revert PresenceAttesterIneligible(attester);
        }

        uint32[] memory vouchers = _admission.vouchersOfMember(memberId);
        bool byVoucher = _contains(vouchers, attester);
        bool byPrevious = attester == previous;
        if (!byVoucher && !byPrevious) return;
        uint256 others = _eligibleOthers(memberId, status, active, vouchers, previous);
        uint256 minAttesters = Parameters.at(_constitution.word(Parameters.MEMBERSHIP), Parameters.MIN_ATTESTERS);
        if (others < minAttesters) return;
        if (byVoucher) revert PresenceAttestedByVoucher(memberId, attester);
        revert PresenceSameAttesterTwice(memberId, attester);
    }

    /// @dev About how many others are eligible beside the excluded ones. Nothing may loop over members, so the smaller
    /// of two counts stands for them: who is active now, and who was when the oldest probation of today began (or at
    /// the founding, since founders have none).
    function _eligibleOthers(
        uint32 memberId,
        Status status,
        uint256 active,
        uint32[] memory vouchers,
        uint32 previous
    ) private view returns (uint256) {
        if (status == Status.Active) --active; // counts the member, so that it is at least 1
        uint256 others = _activeBeforeProbations();
        if (others != 0 && _membership.isFull(memberId)) --others;
        if (active < others) others = active;

        uint256 excluded;
        for (uint256 i = 0; i < vouchers.length; ++i) {
            if (_membership.statusOf(vouchers[i]) == Status.Active) ++excluded;
        }
        if (!_contains(vouchers, previous) && _membership.statusOf(previous) == Status.Active) ++excluded;
        return excluded < others ? others - excluded : 0;
    }

    function _activeBeforeProbations() private view returns (uint256) {
        uint256 probation = Parameters.at(_constitution.word(Parameters.ADMISSION), Parameters.PROBATION);
        uint256 t = _constitution.constitutedAt();
        // Written as a sum, so that a probation longer than the clock has run cannot underflow.
        if (block.timestamp > t + probation) t = block.timestamp - probation;
        return t < block.timestamp ? _membership.activeCountAt(uint48(t)) : _membership.activeCount();
    }

    // ------------------------------------------------------------------ absence

    /// @dev Reverts unless an active member gave no sign for a period; returns when the running notice was given, or 0.
    function _requireAbsent(uint32 memberId, uint256 limits) private view returns (uint48 running) {
        if (_membership.statusOf(memberId) != Status.Active) revert PresenceNotMember(memberId);
        uint48 period = _period(limits);
        uint48 sign = _lastSign(memberId, period);
        uint48 until = sign + period;
        if (block.timestamp < until) revert PresenceStillPresent(memberId, until);
        return _runningNotice(memberId, sign, period);
    }

    /// @dev A notice given before the last sign ran out says nothing about the absence now. It lapses after a period,
    /// since older ballots, which would have ended it, are not looked for.
    function _runningNotice(uint32 memberId, uint48 sign, uint48 period) private view returns (uint48) {
        uint48 given = _records[memberId].noticeAt;
        return given >= sign + period && given + period > block.timestamp ? given : 0;
    }

    /// @dev The latest of admission, check-in or waking, and the direct ballots of every season whose ballots could lie
    /// within the last period and after the other signs. A vote opened in one season may end in the next.
    function _lastSign(uint32 memberId, uint48 period) private view returns (uint48 sign) {
        sign = _membership.member(memberId).joinedAt;
        uint48 checkedIn = _records[memberId].sign;
        if (checkedIn > sign) sign = checkedIn;
        if (_constitution.constitutedAt() == 0) return sign;
        for (uint32 season = _constitution.currentSeason(); season > 0; --season) {
            (uint48 start, ) = _constitution.seasonBounds(season);
            uint48 end = start + BALLOT_DAYS;
            if (end <= sign || end + period <= block.timestamp) return sign;
            uint48 ballot = _credits.lastBallotDay(memberId, season);
            if (ballot > sign) sign = ballot;
        }
    }

    /// @dev 32 bits, so that sums with a timestamp stay below 2^48; so below.
    function _period(uint256 limits) private pure returns (uint48) {
        return uint48(Parameters.at(limits, Parameters.CHECK_IN_PERIOD));
    }

    function _dormantFrom(uint48 given, uint256 limits) private pure returns (uint48) {
        return given + uint48(Parameters.at(limits, Parameters.DORMANCY_NOTICE));
    }

    function _contains(uint32[] memory list, uint32 memberId) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == memberId) return true;
        }
        return false;
    }
}
